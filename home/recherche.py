"""What people type in the search box, compared with titles whatever accents, plurals and feminine forms."""

import difflib
import re

from registre.textes import plier

# Words that sort nothing here: every page is about a CQP.
MOTS_VIDES = frozenset("a au aux avec cqp cqpi d de des du en et l la le les ou par pour sur un une".split())
# (ending typed, ending kept): « travaux » finds « travail », « couvreuse » finds « couvreur ».
TERMINAISONS = (
    ("eaux", "eau"),
    ("aux", "a"),
    ("trices", "t"),
    ("trice", "t"),
    ("euses", "eu"),
    ("euse", "eu"),
    ("ennes", "en"),
    ("enne", "en"),
    ("ieres", "ier"),
    ("iere", "ier"),
    ("ees", "e"),
    ("es", ""),
    ("s", ""),
    ("x", ""),
    ("e", ""),
)
LONGUEUR_MINIMALE = 3


def racine(mot: str) -> str:
    """The part of a folded word shared by its plural and feminine forms; never shorter than three letters."""
    for fin, reste in TERMINAISONS:
        if mot.endswith(fin) and len(mot) - len(fin) + len(reste) >= LONGUEUR_MINIMALE:
            return mot[: len(mot) - len(fin)] + reste
    return mot


def mots(requete: str) -> list[str]:
    """The roots to look for in `requete`; « RNCP 41346 » is one word, as in the register."""
    texte = re.sub(r"\b(rncp|rs) (?=\d)", r"\1", plier(requete))
    return [racine(mot) for mot in texte.split() if mot not in MOTS_VIDES]


def contient(texte_plie: str, racines: list[str]) -> bool:
    """Does each root begin a word of `texte_plie`?"""
    entoure = f" {texte_plie}"
    return all(f" {r}" in entoure for r in racines)


def suggestion(requete: str, textes_plies: list[str]) -> str:
    """The query with its unknown words replaced by the nearest known ones; empty when nothing is near."""
    connus = sorted({mot for texte in textes_plies for mot in texte.split() if len(mot) > LONGUEUR_MINIMALE})
    proposes, change = [], False
    for mot in plier(requete).split():
        if mot in MOTS_VIDES or any(contient(texte, [racine(mot)]) for texte in textes_plies):
            proposes.append(mot)
            continue
        proches = difflib.get_close_matches(mot, connus, n=1, cutoff=0.75)
        if not proches:
            return ""
        proposes.append(proches[0])
        change = True
    return " ".join(proposes) if change else ""
