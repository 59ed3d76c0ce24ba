"""The flux as it leaves: valid for the schemas, faithful to the records, at the right time of Paris."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from cpf import controles, flux
from cpf.instantane import instantane

from . import fabrique

DONNEES = Path(__file__).parent / "donnees"
CPF = {"cpf": flux.ESPACE}
CHAMPS = {
    "idTechnique": "id_technique",
    "urlPreuve": "url_preuve",
    "libelleOption": "libelle_option",
    "dateDebutExamen": "debut_examen",
    "dateFinExamen": "fin_examen",
    "dateDebutValidite": "debut_validite",
    "modalitesInscription/cpf:modaliteAcces": "modalite_acces",
    "modalitesInscription/cpf:voieAccessVAE": "voie_vae",
    "modalitesInscription/cpf:initiativeInscription": "initiative",
    "modalitesInscription/cpf:dateInscription": "inscrit_le",
}
CHAMPS_TITULAIRE = {
    "nomNaissance": "nom_naissance",
    "nomUsage": "nom_usage",
    "prenom1": "prenom1",
    "prenom2": "prenom2",
    "prenom3": "prenom3",
    "anneeNaissance": "annee_naissance",
    "moisNaissance": "mois_naissance",
    "jourNaissance": "jour_naissance",
    "sexe": "sexe",
    "codeCommuneNaissance/cpf:codeInseeNaissance/cpf:codeInsee": "code_insee",
    "codeCommuneNaissance/cpf:codePostalNaissance/cpf:codePostal": "code_postal",
    "libelleCommuneNaissance": "commune",
    "codePaysNaissance": "code_pays",
    "libellePaysNaissance": "pays",
}


def ecrire(passages, profil="1.1.2", **options) -> bytes:
    sortie = io.BytesIO()
    flux.ecrire(sortie, fabrique.emission(profil, **options), passages)
    return sortie.getvalue()


def relire(element) -> dict:
    """What a reader of the flux finds again, with the names of the snapshot; absent and nil read as empty."""

    def textes(racine, champs):
        return {champ: racine.findtext(f"cpf:{chemin}", "", CPF) or "" for chemin, champ in champs.items()}

    titulaire = element.find("cpf:identificationTitulaire/cpf:titulaire", CPF)
    return textes(element, CHAMPS) | {"titulaire": textes(titulaire, CHAMPS_TITULAIRE)}


def attendu(passage: dict) -> dict:
    personne = passage["titulaire"]
    return {champ: passage[champ] for champ in CHAMPS.values()} | {
        "titulaire": {champ: str(personne[champ] or "") for champ in CHAMPS_TITULAIRE.values()}
    }


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fabrique.enregistrements())
def test_tout_titulaire_donne_un_flux_valide_et_fidele(enregistrement):
    """Any record that the platform issues passes the checks, is valid for both schemas and is read back unchanged."""
    passage = instantane(enregistrement, "a" * 32, "https://registre.example.org/v/1")
    assert controles.bloquantes(controles.controler(passage, fabrique.JOUR)) == []
    for profil in flux.PROFILS:
        arbre = etree.fromstring(ecrire([passage], profil))
        assert flux.schema(profil).validate(arbre), flux.schema(profil).error_log
        assert relire(arbre.find(f".//{flux.PASSAGE}")) == attendu(passage)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fabrique.instantanes_sauvages())
def test_ce_qui_passe_les_controles_est_valide(passage):
    """Whatever a dirty snapshot holds, no blocking anomaly means a flux valid for both schemas."""
    if controles.bloquantes(controles.controler(passage, fabrique.JOUR)):
        return
    for profil in flux.PROFILS:
        arbre = etree.fromstring(ecrire([passage], profil))
        assert flux.schema(profil).validate(arbre), flux.schema(profil).error_log


def passages_de_reference() -> list[dict]:
    return [
        fabrique.passage(1, nom_usage="O’Brien & Fils", prenom2="Zoé"),
        fabrique.passage(
            2, **fabrique.BERLIN, nom_naissance="Müller", sexe="M", mois_naissance=None, jour_naissance=None
        ),
        fabrique.passage(
            3,
            adresse="",
            acces={"modalite": "VAE", "voie_vae": "VAE_CLASSIQUE"},
            certification={"repertoire": "rs", "numero_fiche": "RS6610", "option": "Soudage"},
            code_insee_naissance="",
            code_postal_naissance="",
        ),
    ]


@pytest.mark.parametrize("profil", flux.PROFILS)
def test_le_flux_de_reference_ne_change_pas(profil):
    """Two certifications, a birth in France, one abroad, a VAE, unknown values: byte for byte the golden file."""
    assert ecrire(passages_de_reference(), profil) == (DONNEES / f"flux-{profil}.xml").read_bytes()


@pytest.mark.parametrize(
    ("instant", "ecrit"),
    [
        (datetime(2026, 7, 1, 12, 0, 0, 999_999, tzinfo=UTC), "2026-07-01T14:00:00+02:00"),
        (datetime(2026, 1, 15, 23, 30, tzinfo=UTC), "2026-01-16T00:30:00+01:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T02:30:00+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T02:30:00+01:00"),
    ],
)
def test_l_horodatage_porte_le_vrai_decalage_de_paris(instant, ecrit):
    """Summer, winter and the night of the change: true offset, no fraction, never Z."""
    arbre = etree.fromstring(ecrire([fabrique.passage()], horodatage=instant))
    assert arbre.findtext("cpf:horodatage", namespaces=CPF) == ecrit


def test_un_horodatage_sans_fuseau_est_refuse():
    """A naive date has no true offset: it can't head a flux."""
    with pytest.raises(ValueError, match="fuseau"):
        fabrique.emission(horodatage=datetime(2026, 1, 1))


def test_l_action_n_est_ecrite_que_dans_le_profil_2026():
    """Profile 1.1.5 says CREATION; the older schema would refuse the element."""
    for profil, action in (("1.1.2", None), ("1.1.5", "CREATION")):
        arbre = etree.fromstring(ecrire([fabrique.passage()], profil))
        assert arbre.findtext("cpf:action", namespaces=CPF) == action


def test_les_noms_ne_peuvent_pas_casser_le_fichier():
    """Marks of XML in a name are escaped, and read back as they were."""
    arbre = etree.fromstring(ecrire([fabrique.passage(nom_naissance="D’Arc & <Fils> ]]>")]))
    assert arbre.findtext(".//cpf:nomNaissance", namespaces=CPF) == "D’Arc & <Fils> ]]>"


def test_un_flux_vide_ou_non_groupe_est_refuse():
    """No passage, or a certification that comes back after another: nothing valid can be written."""
    with pytest.raises(ValueError, match="au moins un passage"):
        ecrire([])
    autre = fabrique.passage(2, certification={"repertoire": "rs", "numero_fiche": "RS6610"})
    with pytest.raises(ValueError, match="groupés"):
        ecrire([fabrique.passage(1), autre, fabrique.passage(3)])


def test_chaque_certification_a_un_seul_bloc_et_tous_ses_passages():
    """Passages are grouped under their certification, in the order given."""
    rs = {"repertoire": "rs", "numero_fiche": "RS6610"}
    arbre = etree.fromstring(ecrire([fabrique.passage(1), fabrique.passage(2), fabrique.passage(3, certification=rs)]))
    blocs = [
        (bloc.findtext("cpf:code", namespaces=CPF), len(bloc.findall(f".//{flux.PASSAGE}")))
        for bloc in arbre.iterfind(".//cpf:certification", CPF)
    ]
    assert blocs == [("RNCP41346", 2), ("RS6610", 1)]


@pytest.mark.parametrize("profil", flux.PROFILS)
def test_valider_ne_trouve_rien_dans_un_fichier_sain(tmp_path, profil):
    """A written file is valid, from the file itself and line by line."""
    fichier = tmp_path / "flux.xml"
    assert flux.ecrire(fichier, fabrique.emission(profil), (fabrique.passage(i) for i in range(50))) == 50
    assert flux.valider(fichier, profil) == []


def test_valider_dit_la_ligne_et_le_passage_en_faute(tmp_path):
    """Each fault names its line, its element and the passage that carries it, in French."""
    passages = [fabrique.passage(i) for i in range(1, 5)]
    passages[2]["titulaire"]["sexe"] = "X"
    passages[3]["titulaire"]["nom_naissance"] = "N" * 61
    fichier = tmp_path / "flux.xml"
    flux.ecrire(fichier, fabrique.emission(), passages)
    erreurs = flux.valider(fichier, "1.1.2")
    lignes = fichier.read_text().splitlines()
    assert [e.id_technique for e in erreurs] == [passages[2]["id_technique"], passages[3]["id_technique"]]
    assert all(e.id_technique in lignes[e.ligne - 1] for e in erreurs)
    assert "«\u202fsexe\u202f»" in erreurs[0].phrase and "liste permise" in erreurs[0].phrase
    assert "«\u202fnomNaissance\u202f»" in erreurs[1].phrase and "trop longue" in erreurs[1].phrase


def test_valider_dit_les_fautes_de_l_entete_et_des_fichiers_casses(tmp_path):
    """A fault of the header belongs to no passage; a broken file is said broken; the report stays bounded."""
    fichier = tmp_path / "flux.xml"
    contenu = ecrire([fabrique.passage()])
    fichier.write_bytes(contenu.replace(b"12ABC345", b"12ABC"))
    (erreur,) = flux.valider(fichier, "1.1.2")
    assert (erreur.id_technique, "«\u202fidClient\u202f»" in erreur.phrase) == ("", True)
    fichier.write_bytes(contenu[:-40])
    (erreur,) = flux.valider(fichier, "1.1.2")
    assert "mal formé" in erreur.phrase
    fichier.write_bytes(contenu.replace(b"<cpf:sexe>F</cpf:sexe>", b"<cpf:sexe>X</cpf:sexe>" * 500))
    assert 0 < len(flux.valider(fichier, "1.1.2")) <= flux.ERREURS_MAXIMALES


def test_un_flux_de_2026_n_est_pas_valide_pour_le_schema_de_2021(tmp_path):
    """The two profiles are not interchangeable: the action of 1.1.5 is unknown to 1.1.2, and missing the other way."""
    for ecrit, lu in (("1.1.5", "1.1.2"), ("1.1.2", "1.1.5")):
        fichier = tmp_path / f"{ecrit}.xml"
        flux.ecrire(fichier, fabrique.emission(ecrit), [fabrique.passage()])
        assert flux.valider(fichier, lu) != []


def test_le_schema_officiel_depose_remplace_celui_du_projet(tmp_path):
    """A stricter schema given by the certificateur is the one that judges."""
    fichier = tmp_path / "flux.xml"
    flux.ecrire(fichier, fabrique.emission(), [fabrique.passage(nom_naissance="N" * 60)])
    projet = (flux.DOSSIER_SCHEMAS / "cpf-1.1.2.xsd").read_bytes()
    strict = projet.replace(b'<xs:maxLength value="60"/>', b'<xs:maxLength value="40"/>')
    assert flux.valider(fichier, "1.1.2", io.BytesIO(projet)) == []
    assert flux.valider(fichier, "1.1.2", io.BytesIO(strict)) != []


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"pas du XML",
        b"<a/>",
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:autre"/>',
        b'<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:cdc:cpf:pc5:schema:1.0.0"/>',
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:cdc:cpf:pc5:schema:1.0.0">'
        b'<xs:include schemaLocation="http://localhost:9/x.xsd"/></xs:schema>',
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:cdc:cpf:pc5:schema:1.0.0">'
        b'<xs:element name="a" type="absent"/></xs:schema>',
    ],
)
def test_un_faux_schema_officiel_est_refuse_en_francais(contenu):
    """Not a schema, another schema, one that fetches files: refused with a sentence, whatever it is."""
    with pytest.raises(flux.SchemaRefuse, match="schéma"):
        flux.schema("1.1.2", io.BytesIO(contenu))


@pytest.mark.parametrize("avec_numero", [True, False])
@pytest.mark.parametrize(("profil", "autre"), [("1.1.2", "1.1.5"), ("1.1.5", "1.1.2")])
def test_le_schema_officiel_doit_etre_celui_du_profil(profil, autre, avec_numero):
    """By its number, or by the action of its header without number: the other version is refused, ours is not."""
    for version, accepte in ((profil, True), (autre, False)):
        octets = (flux.DOSSIER_SCHEMAS / f"cpf-{version}.xsd").read_bytes()
        if not avec_numero:
            octets = octets.replace(f' version="{version}"'.encode(), b"")
        if accepte:
            assert flux.schema(profil, io.BytesIO(octets))
        else:
            with pytest.raises(flux.SchemaRefuse, match=f"version {profil}"):
                flux.schema(profil, io.BytesIO(octets))


def test_une_suppression_repete_la_declaration_sous_une_autre_action():
    """Same passages, another action; the older profile knows none and refuses it."""
    ecrits = []
    for action in (flux.CREATION, flux.SUPPRESSION):
        sortie = io.BytesIO()
        flux.ecrire(sortie, replace(fabrique.emission("1.1.5"), action=action), [fabrique.passage()])
        ecrits.append(sortie.getvalue())
    assert ecrits[1] == ecrits[0].replace(b">CREATION<", b">SUPPRESSION<") != ecrits[0]
    with pytest.raises(ValueError, match="ne connaît pas l’action"):
        replace(fabrique.emission("1.1.2"), action=flux.SUPPRESSION)
