"""Small official lists shipped with the product: national levels, NSF groups, countries, some communes, first names.

Sources and licences: `SOURCES.md` beside this file. Every list is read once, then kept.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from registre.textes import plier

DOSSIER = Path(__file__).parent
FRANCE = "99100"

# Third dimension of the NSF, as met in the fiches of technical and professional domains.
FONCTIONS_NSF = {
    "m": "sans autre indication",
    "n": "conception",
    "p": "organisation, gestion",
    "r": "contrôle, prévention, entretien",
    "s": "production",
    "t": "réalisation du service",
    "u": "conduite, surveillance de machines",
    "v": "production à caractère artistique",
    "w": "commercialisation",
}


@dataclass(frozen=True)
class Niveau:
    """A level of the national framework (décret n° 2019-14) and what it answers to."""

    niveau: int
    niveau_cec: int
    ancien_niveau: str
    reperes: str


@dataclass(frozen=True)
class Commune:
    """A commune or municipal arrondissement of the code officiel géographique, with its main postcode."""

    code_insee: str
    libelle: str
    code_postal: str


@dataclass(frozen=True)
class Pays:
    """A country or territory by its INSEE code (99xxx)."""

    code: str
    iso2: str
    libelle: str


def _lignes(nom: str) -> Iterator[list[str]]:
    with (DOSSIER / nom).open(encoding="utf-8", newline="") as fichier:
        lecteur = csv.reader(fichier, delimiter=";")
        next(lecteur)
        yield from lecteur


@cache
def niveaux() -> dict[int, Niveau]:
    """The eight levels, by number."""
    return {int(n): Niveau(int(n), int(cec), ancien, reperes) for n, cec, ancien, reperes in _lignes("niveaux.csv")}


def niveau_cec(niveau: int | None) -> int | None:
    """The European level that answers to a national level; None for None.

    Raises KeyError for a level that does not exist.
    """
    return niveaux()[niveau].niveau_cec if niveau is not None else None


@cache
def nsf() -> dict[str, str]:
    """Label of each NSF group, by its three digits."""
    return dict(_lignes("nsf.csv"))


def libelle_nsf(code: str) -> str:
    """Label of an NSF code, with its function when it has a letter (`232s`); '' for an unknown group."""
    groupe = nsf().get(code[:3], "")
    fonction = FONCTIONS_NSF.get(code[3:], "")
    return f"{groupe} ({fonction})" if groupe and fonction else groupe


@cache
def pays() -> dict[str, Pays]:
    """Countries by INSEE code, in the alphabetical order of their French names."""
    return {code: Pays(code, iso2, libelle) for code, iso2, libelle in _lignes("pays.csv")}


def libelle_pays(code: str) -> str:
    """French name of a country by its INSEE code; '' when unknown."""
    trouve = pays().get(code)
    return trouve.libelle if trouve else ""


@cache
def communes() -> tuple[Commune, ...]:
    """The communes built in for the demonstration; a real birthplace is not limited to them."""
    return tuple(Commune(*ligne) for ligne in _lignes("communes.csv"))


@cache
def prenoms_accentues() -> dict[str, str]:
    """French first names that are hardly ever written without their accent, by their folded form."""
    return {plier(prenom): prenom for (prenom,) in _lignes("prenoms.csv")}
