"""The project's own schemas judge as the official one was seen to: each line accepted or refused (docs/cpf.md)."""

import io
import re

import pytest
from lxml import etree

from cpf import flux

from . import fabrique

NIL = ' xsi:nil="true"/>'
INSEE = "<cpf:codeInseeNaissance><cpf:codeInsee>31555</cpf:codeInsee></cpf:codeInseeNaissance>"
POSTAL_NIL = f"<cpf:codePostalNaissance><cpf:codePostal{NIL}</cpf:codePostalNaissance>"
HEURE = "2026-11-22T10:30:00+01:00"
MODALITE = "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION"
NIR = (
    "<cpf:identifiantNational><cpf:nir>2900531555001</cpf:nir>"
    "<cpf:nomNaissance>Lefèvre</cpf:nomNaissance></cpf:identifiantNational>"
)

ACCEPTES = {
    "décalage +02:00": (HEURE, "2026-11-22T10:30:00+02:00"),
    "décalage -03:00": (HEURE, "2026-11-22T10:30:00-03:00"),
    "décalage nul": (HEURE, "2026-11-22T10:30:00+00:00"),
    "ordre libre": (
        "<cpf:presenceNiveauLangueEuro>false</cpf:presenceNiveauLangueEuro>"
        "<cpf:presenceNiveauNumeriqueEuro>false</cpf:presenceNiveauNumeriqueEuro>",
        "<cpf:presenceNiveauNumeriqueEuro>0</cpf:presenceNiveauNumeriqueEuro>"
        "<cpf:presenceNiveauLangueEuro>1</cpf:presenceNiveauLangueEuro>",
    ),
    "code postal nil": (INSEE, POSTAL_NIL),
    "INSEE corse": ("31555", "2A004"),
    "INSEE d’un pays": ("31555", "99109"),
    "pays à trois chiffres": ("<cpf:libellePays", "<cpf:codePaysNaissance>109</cpf:codePaysNaissance><cpf:libellePays"),
    "pays en lettres": ("<cpf:libellePays", "<cpf:codePaysNaissance>FRA</cpf:codePaysNaissance><cpf:libellePays"),
    "VAE sans voie": (MODALITE, "VAE"),
    "score nil": ("PAR_ADMISSION", "PAR_SCORING"),
    "modalité nil": (f"<cpf:modaliteAcces>{MODALITE}</cpf:modaliteAcces>", f"<cpf:modaliteAcces{NIL}"),
    "type CQP": (">RNCP<", ">CQP<"),
    "code sans préfixe": ("RNCP41346", "41346"),
    "31 février à la naissance": (
        "<cpf:moisNaissance>5</cpf:moisNaissance><cpf:jourNaissance>12",
        "<cpf:moisNaissance>2</cpf:moisNaissance><cpf:jourNaissance>31",
    ),
    "mois avec zéro": ("<cpf:moisNaissance>5<", "<cpf:moisNaissance>05<"),
    "le mot nil comme score": (f"<cpf:scoring{NIL}", "<cpf:scoring>nil</cpf:scoring>"),
    "accents et ligatures": ("Lefèvre", "L’Œuvre-Ñandú"),
    "dossier de formation": None,
    "préfixe par défaut": None,
    "même identifiant deux fois": None,
    "deux blocs de même code": None,
}
REFUSES = {
    "heure en Z": (HEURE, "2026-11-22T10:30:00Z"),
    "fraction de seconde": (HEURE, "2026-11-22T10:30:00.123+01:00"),
    "sans décalage": (HEURE, "2026-11-22T10:30:00"),
    "décalage sans deux-points": (HEURE, "2026-11-22T10:30:00+0100"),
    "décalage à un chiffre": (HEURE, "2026-11-22T10:30:00+1:00"),
    "nom d’usage absent": (f"<cpf:nomUsage{NIL}", ""),
    "mois absent": ("<cpf:moisNaissance>5</cpf:moisNaissance>", ""),
    "INSEE nil": ("<cpf:codeInsee>31555</cpf:codeInsee>", f"<cpf:codeInsee{NIL}"),
    "INSEE de quatre caractères": ("31555", "3155"),
    "les deux codes ensemble": (INSEE, INSEE + POSTAL_NIL),
    "pays à cinq chiffres": (
        "<cpf:libellePays",
        "<cpf:codePaysNaissance>99109</cpf:codePaysNaissance><cpf:libellePays",
    ),
    "pays vide": ("<cpf:libellePays", "<cpf:codePaysNaissance/><cpf:libellePays"),
    "voie de VAE à un s": ("<cpf:initiative", "<cpf:voieAccesVAE>CONGES_VAE</cpf:voieAccesVAE><cpf:initiative"),
    "modalité au singulier": ("modalitesInscription", "modaliteInscription"),
    "30 février": ("2026-11-20", "2026-02-30"),
    "matricule entouré de lignes": ("12ABC345", "\n12ABC345\n"),
    "nom de 61 caractères": ("Lefèvre", "L" * 61),
    "booléen de Python": ("<cpf:donneeCertifiee>true", "<cpf:donneeCertifiee>True"),
    "nil non vide": (f"<cpf:scoring{NIL}", '<cpf:scoring xsi:nil="true"> </cpf:scoring>'),
    "élément vide": ("<cpf:prenom1>Anaïs</cpf:prenom1>", "<cpf:prenom1/>"),
    "action en 1.1.2": ("<cpf:emetteur>", "<cpf:action>CREATION</cpf:action><cpf:emetteur>"),
    "modalité recopiée du dictionnaire": (MODALITE, "EQUIVALENCE_(DIPLOME_ETRANGER)"),
    "second certificateur": None,
    "aucun passage": None,
    "NIR en 1.1.2": None,
}


def flux_de_base(profil="1.1.2") -> str:
    sortie = io.BytesIO()
    flux.ecrire(sortie, fabrique.emission(profil), [fabrique.passage()])
    return sortie.getvalue().decode()


def bloc(xml: str, balise: str) -> str:
    """The whole element of this name, tags included."""
    return re.search(rf"<cpf:{balise}[ >].*?</cpf:{balise}>", xml, re.DOTALL)[0]


def transformer(cas: str, remplacement) -> str:
    xml = flux_de_base()
    passage, certification = bloc(xml, "passageCertification"), bloc(xml, "certification")
    if cas == "dossier de formation":
        dossier = (
            "<cpf:dossierFormation><cpf:idDossier>1234567891011</cpf:idDossier>"
            "<cpf:nomTitulaire>Lefèvre</cpf:nomTitulaire><cpf:prenom1Titulaire>Anaïs</cpf:prenom1Titulaire>"
            "</cpf:dossierFormation>"
        )
        return xml.replace(bloc(xml, "titulaire"), dossier)
    if cas == "préfixe par défaut":
        return xml.replace("<cpf:", "<").replace("</cpf:", "</").replace("xmlns:cpf=", "xmlns=")
    if cas == "même identifiant deux fois":
        return xml.replace(passage, passage * 2)
    if cas == "deux blocs de même code":
        return xml.replace(certification, certification * 2)
    if cas == "second certificateur":
        certificateur = bloc(xml, "certificateur")
        return xml.replace(certificateur, certificateur * 2)
    if cas == "aucun passage":
        return xml.replace(passage, "")
    if cas == "NIR en 1.1.2":
        return xml.replace(bloc(xml, "titulaire"), NIR)
    avant, apres = remplacement
    assert avant in xml, f"le cas « {cas} » ne change rien"
    return xml.replace(avant, apres)


def est_valide(xml: str, profil="1.1.2") -> bool:
    return flux.schema(profil).validate(etree.fromstring(xml.encode()))


@pytest.mark.parametrize("cas", ACCEPTES)
def test_le_schema_accepte(cas):
    """Accepted by the official schema, hence by ours: what is wrong among these is for our own checks."""
    assert est_valide(transformer(cas, ACCEPTES[cas])), flux.schema("1.1.2").error_log


@pytest.mark.parametrize("cas", REFUSES)
def test_le_schema_refuse(cas):
    """Refused by the official schema, hence by ours."""
    assert est_valide(flux_de_base())
    assert not est_valide(transformer(cas, REFUSES[cas]))


@pytest.mark.parametrize(
    ("nir", "valide"),
    [("2900531555001", True), ("1850599109001", True), ("190032A004001", True), ("290053155500142", False),
     ("3900531555001", False), ("29005315550", False)],
)  # fmt: skip
def test_le_schema_de_2026_connait_l_identifiant_national(nir, valide):
    """1.1.5 admits the thirteen characters of the NIR, without key nor provisional numbers; we never write it."""
    xml = flux_de_base("1.1.5")
    assert est_valide(xml, "1.1.5")
    assert est_valide(xml.replace(bloc(xml, "titulaire"), NIR.replace("2900531555001", nir)), "1.1.5") is valide


def test_le_schema_de_2026_demande_l_action():
    """1.1.5 wants CREATION or SUPPRESSION in the header."""
    xml = flux_de_base("1.1.5")
    action = "<cpf:action>CREATION</cpf:action>"
    assert est_valide(xml.replace("CREATION", "SUPPRESSION"), "1.1.5")
    assert not est_valide(xml.replace("CREATION", "MODIFICATION"), "1.1.5")
    assert not est_valide(xml.replace(action, ""), "1.1.5")
