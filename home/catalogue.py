"""The catalogue: one fiche per published CQP, criteria read from the address, facets with exact counts.

The registry holds at most a few hundred CQPs: it is read whole, in three queries, and sorted in memory. That is what
lets each count say exactly how many CQPs a click would give (see docs/decisions/0005-portail.md).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.text import slugify

from home.recherche import contient, mots
from registre.models import Certification, VersionCertification, VoieAcces
from registre.textes import plier

ADRESSE = "/cqp/"
# The facets, in the order of the page.
FACETTES = {
    "filiere": "Filière",
    "etat": "Enregistrement",
    "repertoire": "Reconnaissance",
    "niveau": "Niveau",
    "voie": "Voie d’accès",
    "porteur": "Porteur",
}
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


@dataclass(frozen=True)
class Fiche:
    """A CQP as the catalogue shows it: its current version, and what one may search it by."""

    certification: Certification
    version: VersionCertification
    jour: date

    @property
    def carte(self) -> dict:
        """The parameters of the card component."""
        _, mots_etat, ton = etat(self.version, self.jour)
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
    def titre_plie(self) -> str:
        """Folded titles and numbers of every version: people look for the title they once knew."""
        versions = self.certification.versions.all()
        numeros = " ".join(v.numero.lstrip("RNCPS") for v in versions)
        return " ".join([plier(self.certification.intitule_usuel), *(v.intitule_plie for v in versions), numeros])

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
            "voie": {v.voie.lower(): v.get_voie_display().capitalize() for v in version.voies.all()},
            "porteur": {slugify(str(certification.porteur)): str(certification.porteur)},
        }


def fiches(jour: date | None = None, pages: Iterable[int] | None = None) -> list[Fiche]:
    """Every CQP whose page is published (or only those of these `pages`), in three queries whatever their number."""
    jour = jour or timezone.localdate()
    versions = VersionCertification.objects.defer(*TEXTES_LONGS).prefetch_related("voies")
    publiees = Certification.objects.filter(page__live=True).annotate(page_pk=F("page__pk"))
    publiees = publiees.select_related("filiere", "porteur")
    if pages is not None:
        publiees = publiees.filter(page__in=pages)
    lues = []
    for certification in publiees.prefetch_related(Prefetch("versions", queryset=versions)):
        version = certification.version_actuelle(jour)
        if version is not None:
            lues.append(Fiche(certification, version, jour))
    return lues


@dataclass(frozen=True)
class Criteres:
    """What the visitor asked, as read from the address: unknown facets are ignored."""

    requete: str
    choix: dict[str, tuple[str, ...]]

    @classmethod
    def lire(cls, parametres) -> "Criteres":
        """Read a QueryDict; a repeated value counts once."""
        choix = {nom: tuple(dict.fromkeys(v[:100] for v in parametres.getlist(nom) if v)) for nom in FACETTES}
        return cls(" ".join(parametres.get("q", "")[:200].split()), {nom: v for nom, v in choix.items() if v})

    def __bool__(self):
        return bool(self.requete or self.choix)

    def avec(self, nom: str, valeur: str) -> "Criteres":
        return Criteres(self.requete, {**self.choix, nom: (*self.choix.get(nom, ()), valeur)})

    def sans(self, nom: str, valeur: str) -> "Criteres":
        reste = tuple(v for v in self.choix.get(nom, ()) if v != valeur)
        choix = {cle: v for cle, v in self.choix.items() if cle != nom}
        return Criteres(self.requete, {**choix, nom: reste} if reste else choix)

    def adresse(self) -> str:
        """The shareable address: same criteria, same address, whatever the order of the clicks."""
        paires = [("q", self.requete)] if self.requete else []
        paires += [(nom, v) for nom in FACETTES for v in sorted(self.choix.get(nom, ()))]
        return f"{ADRESSE}?{urlencode(paires)}" if paires else ADRESSE


class Catalogue:
    """The fiches sorted by some criteria, with the facets that lead further."""

    def __init__(self, lues: list[Fiche], criteres: Criteres):
        self.toutes = lues
        self.criteres = criteres
        self.racines = mots(criteres.requete)

    def _retenues(self, sauf: str = "") -> list[Fiche]:
        """The fiches that satisfy every criterion, the facet `sauf` apart."""
        exiges = {nom: set(v) for nom, v in self.criteres.choix.items() if nom != sauf}
        return [
            fiche
            for fiche in self.toutes
            if contient(fiche.texte_plie, self.racines)
            and all(exige & set(fiche.valeurs[nom]) for nom, exige in exiges.items())
        ]

    @cached_property
    def resultats(self) -> list[Fiche]:
        """Running registrations first, then titles that hold the words, then the alphabet."""
        rang = {cle: n for n, (cle, _, _) in enumerate(ETATS)}
        return sorted(
            self._retenues(),
            key=lambda f: (
                rang[etat(f.version, f.jour)[0]],
                not contient(f.titre_plie, self.racines),
                plier(f.certification.intitule_usuel),
                f.certification.pk,
            ),
        )

    @cached_property
    def facettes(self) -> list[dict]:
        """The parameters of the facets component; each count is what that choice alone would give in its facet."""
        return [
            {
                "nom": nom,
                "libelle": libelle,
                "ouvert": nom in self.criteres.choix or rang == 0,
                "choix": choix,
            }
            for rang, (nom, libelle) in enumerate(FACETTES.items())
            if len(choix := self._choix(nom)) > 1 or any(c["coche"] for c in choix)
        ]

    def _choix(self, nom: str) -> list[dict]:
        comptes = Counter(valeur for fiche in self._retenues(sauf=nom) for valeur in fiche.valeurs[nom])
        mots_des_valeurs = {v: m for fiche in self.toutes for v, m in fiche.valeurs[nom].items()}
        coches = self.criteres.choix.get(nom, ())
        return [
            {"valeur": v, "libelle": mots_des_valeurs[v], "compte": comptes[v], "coche": v in coches}
            for v in sorted(mots_des_valeurs, key=lambda v: self._rang(nom, v, mots_des_valeurs[v]))
            if comptes[v] or v in coches
        ]

    def _rang(self, nom: str, valeur: str, libelle: str) -> tuple:
        ordres = {
            "etat": [cle for cle, _, _ in ETATS],
            "repertoire": list(RECONNAISSANCES),
            "voie": [v.lower() for v in VoieAcces.Voie.values],
            "filiere": list(self._filieres),
        }
        return (ordres[nom].index(valeur) if nom in ordres else 0, plier(libelle))

    @cached_property
    def _filieres(self) -> dict[str, str]:
        toutes = {f.certification.filiere.slug: f.certification.filiere for f in self.toutes}
        return {s: f.libelle for s, f in sorted(toutes.items(), key=lambda p: (p[1].ordre, p[1].libelle))}

    @property
    def puces(self) -> list[dict]:
        """The active criteria, each with the address of the list without it."""
        connus = {(f["nom"], c["valeur"]): c["libelle"] for f in self.facettes for c in f["choix"]}
        retires = []
        if self.criteres.requete:
            sans_texte = Criteres("", self.criteres.choix)
            retires.append({"libelle": f"« {self.criteres.requete} »", "url": sans_texte.adresse()})
        for nom, valeurs in self.criteres.choix.items():
            retires += [
                {"libelle": connus.get((nom, v), v), "url": self.criteres.sans(nom, v).adresse()} for v in valeurs
            ]
        return retires

    def filieres(self) -> list[dict]:
        """The trades of the whole catalogue, with their number of CQPs and the address of their list."""
        comptes = Counter(f.certification.filiere.slug for f in self.toutes)
        return [
            {"libelle": libelle, "compte": comptes[slug], "url": Criteres("", {"filiere": (slug,)}).adresse()}
            for slug, libelle in self._filieres.items()
        ]
