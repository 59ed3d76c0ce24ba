"""The data dictionary: each published column once. Exports, API, JSON and the page that explains them all read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from home.ouvert import LICENCE, adresse_publique

SEPARATEUR = "|"
# Words of the page for the types of Table Schema.
TYPES = {
    "string": "texte",
    "integer": "nombre entier",
    "boolean": "oui ou non (true, false)",
    "date": "date (AAAA-MM-JJ)",
    "datetime": "instant (ISO 8601)",
    "array": f"liste (séparée par «\u202f{SEPARATEUR}\u202f» en CSV et en Excel)",
}


@dataclass(frozen=True)
class Champ:
    """One column: its name for ever, how it is read, what it means; `equivalent` is its name at France compétences."""

    nom: str
    titre: str
    lire: Callable
    description: str
    genre: str = "string"
    equivalent: str = ""
    valeurs: tuple[str, ...] = ()
    obligatoire: bool = False

    @property
    def genre_en_clair(self) -> str:
        return TYPES[self.genre]

    @property
    def en_table_schema(self) -> dict:
        """The same for programs (https://specs.frictionlessdata.io/table-schema/)."""
        # In a CSV, a list is text: the separator is told, the type of the cell is true.
        genre = "string" if self.genre == "array" else self.genre
        contraintes = {"required": self.obligatoire} if self.obligatoire else {}
        if self.valeurs:
            contraintes["enum"] = list(self.valeurs)
        dit = {"name": self.nom, "title": self.titre, "description": self.description, "type": genre}
        if self.genre == "array":
            dit["description"] += f" Valeurs séparées par «\u202f{SEPARATEUR}\u202f»."
        if self.equivalent:
            dit["franceCompetences"] = self.equivalent
        return {**dit, "constraints": contraintes} if contraintes else dit


@dataclass(frozen=True)
class Jeu:
    """One table of open data."""

    nom: str
    titre: str
    description: str
    cle: tuple[str, ...]
    champs: tuple[Champ, ...]

    def ligne(self, objet) -> dict:
        return {champ.nom: champ.lire(objet) for champ in self.champs}

    @property
    def table_schema(self) -> dict:
        return {
            "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
            "name": self.nom,
            "title": self.titre,
            "description": self.description,
            "homepage": adresse_publique("/registre/donnees/"),
            "licenses": [{"name": "etalab-2.0", "title": "Licence Ouverte 2.0", "path": LICENCE}],
            "fields": [champ.en_table_schema for champ in self.champs],
            "primaryKey": list(self.cle),
            "missingValues": [""],
        }


def en_texte(valeur) -> str:
    """A value as a cell of a CSV."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, datetime):
        return valeur.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, list):
        return SEPARATEUR.join(valeur)
    return str(valeur)


def en_json(valeur):
    """A value as JSON says it."""
    return en_texte(valeur) if isinstance(valeur, date) else valeur
