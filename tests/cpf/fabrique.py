"""Frozen records, snapshots and accusés for the tests of the accrochage: invented people only."""

import copy
import secrets
import uuid
from datetime import UTC, date, datetime, timedelta
from unittest import mock

from django.utils import timezone
from hypothesis import strategies as st

from cpf import workflow
from cpf.controles import INITIATIVES, MODALITES
from cpf.flux import Emission
from cpf.instantane import instantane
from cpf.models import LotCPF, ParametresCPF
from registre import jetons
from registre.models import Parchemin, SerieNumeros
from registre.transitions import executer

from ..fabriques import OrganismeFactory, TitulaireFactory, UtilisateurFactory, VersionFactory

JOUR = date(2026, 11, 22)
ENREGISTREMENT = {
    "format": "cqp-enregistrement-1",
    "nature": "parchemin",
    "numero": "FTC-2026-00001",
    "delivre_le": "2026-11-20",
    "lieu": "Paris",
    "certification": {
        "slug": "operateur-de-fabrication",
        "nature": "CQP",
        "repertoire": "rncp",
        "numero_fiche": "RNCP41346",
        "intitule": "Opérateur de fabrication",
        "option": "",
        "niveau": 3,
        "niveau_cec": 3,
        "date_decision": "2025-09-25",
        "duree_enregistrement": 5,
        "nsf": [],
    },
    "certificateurs": [],
    "titulaire": {
        "sexe": "F",
        "nom_naissance": "Lefèvre",
        "nom_usage": "",
        "prenom1": "Anaïs",
        "prenom2": "",
        "prenom3": "",
        "annee_naissance": 1990,
        "mois_naissance": 5,
        "jour_naissance": 12,
        "code_insee_naissance": "31555",
        "code_postal_naissance": "31000",
        "commune_naissance": "Toulouse",
        "pays_naissance": "99100",
        "libelle_pays_naissance": "France",
    },
    "jury": {"date": "2026-11-19", "pv": "PV-1"},
    "blocs": [],
    "acces": {
        "modalite": "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
        "voie_vae": "",
        "initiative": "EMPLOYEUR",
        "inscrit_le": "2026-01-05",
        "examen_debut": "",
        "examen_fin": "",
    },
    "signataires": [],
    "modele": {"couleur": "#123456", "graine": "g"},
}
BERLIN = {
    "code_insee_naissance": "",
    "code_postal_naissance": "",
    "commune_naissance": "BERLIN",
    "pays_naissance": "99109",
    "libelle_pays_naissance": "ALLEMAGNE",
}


def enregistrement(
    acces: dict | None = None, certification: dict | None = None, racine: dict | None = None, **titulaire
):
    """A frozen record; keyword arguments change the holder."""
    copie = copy.deepcopy(ENREGISTREMENT)
    copie["titulaire"] |= titulaire
    copie["acces"] |= acces or {}
    copie["certification"] |= certification or {}
    return copie | (racine or {})


def passage(rang: int = 1, adresse: str = "https://registre.example.org/v/1", **options) -> dict:
    """A snapshot; `rang` gives its identifier."""
    return instantane(enregistrement(**options), f"{rang:032x}", adresse)


def emission(profil: str = "1.1.2", horodatage: datetime = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)) -> Emission:
    return Emission(
        uuid.UUID("6e3c7378-bda4-497a-9bd6-dc203f903ed9"), horodatage, profil, "12ABC345", "E564ACB0", "MCFCER000123"
    )


_LETTRES = st.sampled_from(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÆŒàâäçéèêëîïôöùûüÿæœßøłńșțžışğ&'’-"
)
_NOMS = st.text(_LETTRES, min_size=1, max_size=60).filter(lambda nom: any(caractere.isalpha() for caractere in nom))
_NOMS_OU_RIEN = st.one_of(st.just(""), _NOMS)


@st.composite
def naissances(draw) -> dict:
    """A possible birth: whole or partial date, in France or abroad."""
    jour = draw(st.dates(date(1930, 1, 1), date(2008, 12, 31)))
    precision = draw(st.sampled_from(["annee", "mois", "jour"]))
    lieu = draw(
        st.sampled_from(
            [
                {},
                BERLIN,
                {"code_insee_naissance": "2A004", "commune_naissance": "Ajaccio"},
                {"code_insee_naissance": "", "code_postal_naissance": "01234"},
                {"code_insee_naissance": "", "code_postal_naissance": "", "commune_naissance": ""},
                {"code_insee_naissance": "154640", "code_postal_naissance": "15000"},
                {"pays_naissance": "99139", "libelle_pays_naissance": "PORTUGAL", "commune_naissance": ""},
            ]
        )
    )
    return {
        "annee_naissance": jour.year,
        "mois_naissance": None if precision == "annee" else jour.month,
        "jour_naissance": jour.day if precision == "jour" else None,
        **lieu,
    }


@st.composite
def enregistrements(draw) -> dict:
    """Any record that the platform may issue for a registered certification."""
    fiche = draw(st.sampled_from([("rncp", "RNCP41346"), ("rs", "RS6610"), ("rncp", "RNCP9")]))
    return enregistrement(
        sexe=draw(st.sampled_from("MF")),
        nom_naissance=draw(_NOMS),
        nom_usage=draw(_NOMS_OU_RIEN),
        prenom1=draw(_NOMS),
        prenom2=draw(_NOMS_OU_RIEN),
        prenom3=draw(_NOMS_OU_RIEN),
        certification={
            "repertoire": fiche[0],
            "numero_fiche": fiche[1],
            "option": draw(st.sampled_from(["", "Soudage à l’arc & TIG", "O" * 255])),
        },
        acces={
            "modalite": draw(st.sampled_from(["", *MODALITES])),
            "voie_vae": draw(st.sampled_from(["", "CONGES_VAE", "VAE_CLASSIQUE"])),
            "initiative": draw(st.sampled_from(["", *INITIATIVES])),
            "inscrit_le": draw(st.sampled_from(["", "2026-01-05"])),
            "examen_debut": draw(st.sampled_from(["", "2026-11-10"])),
            "examen_fin": draw(st.sampled_from(["", "2026-11-12"])),
        },
        **draw(naissances()),
    )


_N_IMPORTE_QUOI = st.one_of(
    st.text(max_size=70), _NOMS, st.sampled_from(["nil", "", " ", "#VALEUR!", "A\x00B", "\ufeff"])
)


@st.composite
def instantanes_sauvages(draw) -> dict:
    """A snapshot whose every field may be anything of its type: what a dirty takeover could leave."""
    copie = passage()
    personne = copie["titulaire"]
    for champ in ("nom_naissance", "nom_usage", "prenom1", "prenom2", "prenom3", "commune", "pays"):
        personne[champ] = draw(_N_IMPORTE_QUOI)
    for champ in ("code_insee", "code_postal", "code_pays"):
        personne[champ] = draw(st.sampled_from(["", "31555", "99109", "109", "99100", "0", "1234567890", "２A004"]))
    for champ in ("annee_naissance", "mois_naissance", "jour_naissance"):
        personne[champ] = draw(st.sampled_from([None, 0, 1, 2, 29, 31, 1990, 2150]))
    personne["sexe"] = draw(st.sampled_from(["M", "F", "", "X"]))
    for champ in ("debut_examen", "fin_examen", "debut_validite", "fin_validite", "inscrit_le"):
        copie[champ] = draw(st.sampled_from(["", "2026-11-20", "2026-02-30", "27/07/2022", "2021-06-30", "20260101"]))
    for champ in ("libelle_option", "scoring", "url_preuve", "id_technique"):
        copie[champ] = draw(_N_IMPORTE_QUOI)
    for champ in ("mention", "modalite_acces", "voie_vae", "initiative", "obtention"):
        copie[champ] = draw(st.sampled_from(["", copie[champ], "VAE", "AUTRE", "PAR_SCORING", "VAE_CLASSIQUE"]))
    copie["type"] = draw(st.sampled_from(["RNCP", "RS", "CQP", ""]))
    return copie


def accuse(id_flux: str, acceptes=(), refuses: dict[str, list[str]] | None = None) -> bytes:
    """An accusé de traitement in the form seen from the Caisse des dépôts."""
    refus = "".join(
        f"<passage><idTechnique>{identifiant}</idTechnique>"
        + "".join(f"<messageErreur>{message}</messageErreur>" for message in messages)
        + "</passage>"
        for identifiant, messages in (refuses or {}).items()
    )
    ok = "".join(f"<idTechnique>{identifiant}</idTechnique>" for identifiant in acceptes)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<rapport xmlns:ns2="urn:cdc:cpf:pc5:rapport:schema"><nomFichier>flux.xml</nomFichier>'
        f"<idFlux>{id_flux}</idFlux><idTraitement>67598</idTraitement>"
        f"<PassagesKO>{refus}</PassagesKO><PassagesOK>{ok}</PassagesOK></rapport>"
    ).encode()


# In the database ---------------------------------------------------------------------------------------------------


class Bureau:
    """A certificateur with its settings and its person, and a certification to declare."""

    def __init__(self, parametres: bool = True, profil: str = "1.1.5", **version):
        self.organisme = OrganismeFactory(raison_sociale="CPNE de la couverture", sigle="")
        self.personne = UtilisateurFactory(role=("certificateur", self.organisme))
        self.version = VersionFactory(**version)
        self.prefixe = f"T{self.organisme.pk}"
        if parametres:
            self.parametres = ParametresCPF.objects.create(
                certificateur=self.organisme,
                id_client="12ABC345",
                id_client_emetteur="12ABC345",
                id_contrat="MCFCER000123",
                profil=profil,
            )

    def parchemin(self, version=None, champs: dict | None = None, **titulaire) -> Parchemin:
        """One more issued parchemin; `champs` change the row, the others its holder."""
        version = version or self.version
        champs = {"delivre_le": timezone.localdate() - timedelta(days=10), "nature": "parchemin", **(champs or {})}
        rang = Parchemin.objects.filter(certificateur=self.organisme).count() + 1
        numero = f"{self.prefixe}-2026-{rang:05d}"
        contenu = enregistrement(
            nom_naissance=titulaire.pop("nom_naissance", f"Lefèvre {_lettres(rang)}"),
            certification={"repertoire": version.repertoire, "numero_fiche": version.numero},
            racine={"numero": numero, "nature": champs["nature"], "delivre_le": champs["delivre_le"].isoformat()},
            acces={"inscrit_le": ""},
            **titulaire,
        )
        identifiant = secrets.token_hex(16)
        serie, _ = SerieNumeros.objects.get_or_create(
            certificateur=self.organisme, nature=champs["nature"], annee=2026, prefixe=self.prefixe
        )
        return Parchemin.objects.create(
            serie=serie,
            rang=rang,
            numero=numero,
            titulaire=TitulaireFactory(**contenu["titulaire"]),
            version=version,
            certificateur=self.organisme,
            lieu="Paris",
            enregistrement=contenu,
            identifiant=identifiant,
            sel="0" * 64,
            kid=1,
            jeton=jetons.signer(contenu, identifiant),
            **{"sha256": "f" * 64, **champs},
        )

    def lot(self, nombre: int = 0) -> LotCPF:
        """A lot of everything that is due, after `nombre` more parchemins."""
        for _ in range(nombre):
            self.parchemin()
        return workflow.constituer(self.personne, self.organisme)

    def lot_en_ecriture(self, nombre: int = 1) -> LotCPF:
        """A lot left to a worker that has not come."""
        with mock.patch("cpf.workflow.SEUIL", 0), mock.patch("cpf.workflow.ecrire"):
            return self.lot(nombre)

    def lot_depose(self, nombre: int = 2) -> LotCPF:
        return self.faire(self.lot(nombre), "declarer_depot", jour=timezone.localdate())

    def annuler(self, parchemin: Parchemin) -> None:
        Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())

    def refuser_deux_fois(self) -> LotCPF:
        """Everything that is due, and one more, refused in two deposits."""
        for nouveaux in (1, 0):
            lot = self.lot_depose(nouveaux)
            lot = self.repondre(lot, [], {i: ["Plusieurs titulaires ont été identifiés"] for i in identifiants(lot)})
        return lot

    def faire(self, lot: LotCPF, nom: str, personne=None, **donnees) -> LotCPF:
        """Carry out one verb on a lot."""
        return executer(workflow.MODELE, nom, lot, personne or self.personne, donnees)

    def repondre(self, lot: LotCPF, acceptes=(), refuses: dict[str, list[str]] | None = None) -> LotCPF:
        """Integrate an accusé with these answers."""
        return workflow.integrer_accuse(self.personne, lot, accuse(str(lot.id_flux), acceptes, refuses), "accuse.xml")


def _lettres(rang: int) -> str:
    """A name per rank, without digits: twins would be duplicates."""
    return "".join(chr(ord("A") + int(chiffre)) for chiffre in str(rang))


def identifiants(lot: LotCPF) -> list[str]:
    return list(lot.passages.order_by("parchemin__rang").values_list("id_technique", flat=True))
