"""What the API answers, made from the data dictionary: a column explained once is explained everywhere."""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import create_model

from home.ouvert import adresse_publique
from home.registre_public.dictionnaire import Jeu
from home.registre_public.jeux import BLOCS, VERSIONS

GENRES = {"string": str, "integer": int, "boolean": bool, "date": date, "datetime": datetime, "array": list[str]}


def _champs(jeu: Jeu) -> dict:
    """The fields of one table as pydantic takes them."""
    champs = {}
    for champ in jeu.champs:
        genre = Literal[champ.valeurs] if champ.valeurs else GENRES[champ.genre]
        if not champ.obligatoire and champ.genre != "array":
            genre = genre | None
        champs[champ.nom] = (genre, Field(..., title=champ.titre, description=champ.description))
    return champs


Version = create_model("Version", __base__=Schema, **_champs(VERSIONS))
Bloc = create_model("Bloc", __base__=Schema, **_champs(BLOCS))


class VersionComplete(Version):
    """A version with its blocs and its long texts."""

    blocs: list[Bloc]
    activites_visees: str | None = Field(..., description="Texte de la fiche.")
    capacites_attestees: str | None = Field(..., description="Texte de la fiche.")
    prerequis_entree: str | None = Field(..., description="Prérequis à l’entrée en formation.")
    prerequis_validation: str | None = Field(..., description="Prérequis à la validation.")


class Certification(Schema):
    """A CQP over time: what stays when a renewal changes its number."""

    identifiant: str = Field(..., description="Nom dans les adresses\u202f; ne change jamais.")
    intitule_usuel: str
    nature: Literal["CQP", "CQPI"]
    filiere: str
    porteur: str
    accroche: str | None = Field(..., description="Le métier en une ou deux phrases.")
    page: str = Field(..., description="Sa page sur ce site.")
    version_actuelle: str | None = Field(..., description="Identifiant de la version à montrer aujourd’hui.")
    versions: list[str] = Field(..., description="Identifiants de toutes ses versions.")


class Organisme(Schema):
    """A body that delivers or carries certifications. Neither address, nor mail, nor telephone."""

    identifiant: str = Field(..., description="Son SIRET\u202f; sans SIRET, ORG- suivi d’un rang.")
    raison_sociale: str
    sigle: str | None
    nom_commercial: str | None
    siret: str | None = Field(..., description="Vide pour la plupart des commissions paritaires.")
    site: str | None
    nombre_versions: int = Field(..., description="Versions publiées qui le nomment.")


class Probleme(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class _Liste(Schema):
    total: int = Field(..., description="Nombre d’objets en tout.")
    page: int
    taille: int
    precedente: str | None = Field(..., description="Adresse de la page précédente.")
    suivante: str | None = Field(..., description="Adresse de la page suivante.")


class Versions(_Liste):
    resultats: list[Version]


class Certifications(_Liste):
    resultats: list[Certification]


class Blocs(_Liste):
    resultats: list[Bloc]


class Organismes(_Liste):
    resultats: list[Organisme]


def en_liste(request, objets, page: int, taille: int, lire) -> dict:
    """One page of these objects, with the addresses of the next ones."""
    total = objets.count()
    debut = (page - 1) * taille

    def adresse(numero):
        parametres = request.GET.copy()
        parametres["page"] = numero
        return adresse_publique(f"{request.path}?{parametres.urlencode()}")

    return {
        "total": total,
        "page": page,
        "taille": taille,
        "precedente": adresse(page - 1) if page > 1 else None,
        "suivante": adresse(page + 1) if debut + taille < total else None,
        "resultats": [lire(objet) for objet in objets[debut : debut + taille]],
    }
