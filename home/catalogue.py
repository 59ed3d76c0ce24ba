"""The catalogue: one fiche per published CQP, with what one may search and sort it by.

The registry holds at most a thousand CQPs. It is read whole, in three queries, and sorted in memory: each
count says exactly how many CQPs a click would give (docs/decisions/0005-portail.md). Rows are read as plain values:
a thousand CQPs cost five times less than as model instances.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.text import slugify

from home.criteres import ADRESSE
from registre.models import Certification, Filiere, Organisme, VersionCertification, VoieAcces
from registre.models.certifications import Echeances, choisir_version
from registre.textes import plier

# What people see of a registration: state, words, tone of the card.
EN_COURS = ("en-cours", "En cours", "valide")
DELIVRABLE = ("delivrable", "Échu, encore délivrable", "partiel")
ECHU = ("echu", "Échu", "neutre")
ETATS = (EN_COURS, DELIVRABLE, ECHU)
RECONNAISSANCES = {
    "rncp": "Inscrit au RNCP",
    "rs": "Inscrit au répertoire spécifique",
    "branche": "CQP de branche",
}
TEXTES_LONGS = (
    "activites_visees",
    "capacites_attestees",
    "secteurs_activite",
    "objectifs_contexte",
    "prerequis_entree",
    "prerequis_validation",
    "reglementation",
)


def adresse(certification: Certification) -> str:
    """Address of the page of a CQP: a promise made to printed documents, so it never depends on the page tree."""
    return f"{ADRESSE}{certification.slug}/"


def etat(version: VersionCertification, jour: date) -> tuple[str, str, str]:
    """State of a registration for the public: « échu » does not mean that no jury may award it any more."""
    if version.est_en_vigueur(jour):
        return EN_COURS
    return DELIVRABLE if version.est_delivrable(jour) else ECHU


@dataclass(slots=True)
class VersionLue(Echeances):
    """What the catalogue reads of a version."""

    pk: int
    certification_id: int
    repertoire: str
    numero: str
    intitule: str
    intitule_plie: str
    niveau: int | None
    date_decision: date | None
    date_fin_enregistrement: date | None
    date_limite_delivrance: date | None
    emplois_accessibles: str


COLONNES = tuple(VersionLue.__dataclass_fields__)
VOIES = {str(cle): (str(cle).lower(), libelle.capitalize()) for cle, libelle in VoieAcces.Voie.choices}


@dataclass(frozen=True)
class Fiche:
    """A CQP as the catalogue shows it: its current version, and what one may search it by."""

    certification: Certification
    version: VersionLue
    versions: list[VersionLue]
    voies: list[str]
    jour: date

    @cached_property
    def etat(self) -> tuple[str, str, str]:
        return etat(self.version, self.jour)

    @property
    def carte(self) -> dict:
        """The parameters of the card component."""
        _, mots_etat, ton = self.etat
        return {
            "url": adresse(self.certification),
            "titre": self.version.intitule,
            "numero": self.version.numero,
            "nature": self.certification.nature,
            "niveau": self.version.niveau,
            "porteur": str(self.certification.porteur),
            "filiere": self.certification.filiere.libelle,
            "accroche": self.certification.accroche,
            "etat_libelle": "" if ton == "valide" else mots_etat,
            "etat_ton": ton,
        }

    @cached_property
    def intitule_plie(self) -> str:
        return plier(self.certification.intitule_usuel)

    @cached_property
    def titre_plie(self) -> str:
        """Folded titles and numbers of every version: people look for the title they once knew."""
        numeros = " ".join(v.numero.lstrip("RNCPS") for v in self.versions)
        return " ".join([self.intitule_plie, *(v.intitule_plie for v in self.versions), numeros])

    @cached_property
    def texte_plie(self) -> str:
        certification = self.certification
        autour = plier(f"{certification.filiere} {certification.accroche} {self.version.emplois_accessibles}")
        return f"{self.titre_plie} {certification.porteur.nom_plie} {autour}"

    @cached_property
    def valeurs(self) -> dict[str, dict[str, str]]:
        """For each facet, the values of this CQP and their words."""
        version, certification = self.version, self.certification
        cle_etat, mots_etat, _ = etat(version, self.jour)
        niveau = {str(version.niveau): f"Niveau {version.niveau}"} if version.niveau else {"sans": "Sans niveau"}
        return {
            "filiere": {certification.filiere.slug: certification.filiere.libelle},
            "etat": {cle_etat: mots_etat},
            "repertoire": {version.repertoire: RECONNAISSANCES[version.repertoire]},
            "niveau": niveau,
            "voie": dict(VOIES[voie] for voie in self.voies),
            "porteur": {certification.porteur.identifiant: str(certification.porteur)},
        }


def fiches(jour: date | None = None, pages: Iterable[int] | None = None) -> list[Fiche]:
    """Every CQP whose page is published (or only those of these `pages`), in three queries whatever their number."""
    jour = jour or timezone.localdate()
    publiees = _certifications(pages)
    versions = _versions(publiees)
    actuelles = {pk: choisir_version(siennes, jour) for pk, siennes in versions.items()}
    voies = _voies([version.pk for version in actuelles.values()])
    return [
        Fiche(c, actuelles[c.pk], versions[c.pk], voies[actuelles[c.pk].pk], jour)
        for c in publiees
        if c.pk in actuelles
    ]


def _certifications(pages: Iterable[int] | None) -> list[Certification]:
    """Those of these pages, with their trade and their porteur: a few of each, shared."""
    lignes = Certification.objects.filter(page__live=True)
    if pages is not None:
        lignes = lignes.filter(page__in=pages)
    filieres, porteurs, publiees = {}, {}, []
    colonnes = ("pk", "slug", "intitule_usuel", "nature", "accroche")
    de_filiere = ("pk", "libelle", "slug", "ordre")
    de_porteur = ("pk", "sigle", "raison_sociale", "nom_plie")
    liees = [*(f"filiere__{nom}" for nom in de_filiere), *(f"porteur__{nom}" for nom in de_porteur)]
    for page, *valeurs in lignes.values_list("page__pk", *colonnes, *liees):
        propres, filiere, porteur = valeurs[:5], valeurs[5:9], valeurs[9:]
        certification = Certification(**dict(zip(colonnes, propres, strict=True)))
        certification.page_pk = page
        if filiere[0] not in filieres:
            filieres[filiere[0]] = Filiere(**dict(zip(de_filiere, filiere, strict=True)))
        if porteur[0] not in porteurs:
            porteurs[porteur[0]] = Organisme(**dict(zip(de_porteur, porteur, strict=True)))
            porteurs[porteur[0]].identifiant = slugify(str(porteurs[porteur[0]]))
        certification.filiere, certification.porteur = filieres[filiere[0]], porteurs[porteur[0]]
        publiees.append(certification)
    return publiees


def _versions(certifications: list[Certification]) -> dict[int, list[VersionLue]]:
    siennes = defaultdict(list)
    for valeurs in VersionCertification.objects.filter(certification__in=certifications).values_list(*COLONNES):
        version = VersionLue(*valeurs)
        siennes[version.certification_id].append(version)
    return siennes


def _voies(versions: list[int]) -> dict[int, list[str]]:
    siennes = defaultdict(list)
    for version, voie in VoieAcces.objects.filter(version__in=versions).order_by("pk").values_list("version", "voie"):
        siennes[version].append(voie)
    return siennes
