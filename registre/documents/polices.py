"""The faces of documents: where they are, how wide a text is, and which letters they have.

One whole file per face, from the packages that carry Source Serif and Source Sans: subsets joined under one family
break PDF/A, and a system face would change with the machine.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files

from fontTools.ttLib import TTFont

POLICES = {
    "serif": ("font_source_serif_pro", "SourceSerifPro-Regular.otf"),
    "serif-italique": ("font_source_serif_pro", "SourceSerifPro-It.otf"),
    "serif-demi": ("font_source_serif_pro", "SourceSerifPro-Semibold.otf"),
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.otf"),
    "sans-demi": ("font_source_sans_pro", "SourceSansPro-Semibold.otf"),
}
# Set in any of these, a text of the record must be drawn; the italic knows fewer letters and sets no name.
DU_TEXTE = tuple(nom for nom in POLICES if nom != "serif-italique")


def octets(nom: str) -> bytes:
    """Return the file of a face.

    Raises:
        KeyError: no such face.
    """
    paquet, fichier = POLICES[nom]
    return (files(paquet) / "files" / fichier).read_bytes()


def glyphes_absents(texte: str, noms: Iterable[str] = DU_TEXTE) -> set[str]:
    """Return the characters of `texte` that at least one of the faces cannot draw."""
    return {c for c in texte if not c.isspace() and any(ord(c) not in _avances(nom) for nom in noms)}


def corps_ajuste(texte: str, nom: str, largeur: float, hauteur: float, maximum: float, interligne: float) -> float:
    """Return the largest size, in points, at which `texte` fits in a box, cut at spaces only.

    Args:
        largeur, hauteur: the box, in points.
        maximum: the size of a text that has all the room it wants.
        interligne: height of a line over the size.
    """
    corps = maximum
    while corps > 5 and not _tient(texte, nom, largeur, hauteur, corps, interligne):
        corps -= 0.5
    return corps


def _tient(texte: str, nom: str, largeur: float, hauteur: float, corps: float, interligne: float) -> bool:
    lignes, courante = 1, 0.0
    espace = _largeur(" ", nom) * corps
    for mot in texte.split(" "):
        mot_large = _largeur(mot, nom) * corps
        if mot_large > largeur:
            return False
        if courante and courante + espace + mot_large > largeur:
            lignes, courante = lignes + 1, mot_large
        else:
            courante += mot_large + (espace if courante else 0)
    return lignes * interligne * corps <= hauteur


def _largeur(texte: str, nom: str) -> float:
    """Return the width of a text set at 1 point. A letter the face lacks counts as the widest."""
    avances = _avances(nom)
    return sum(avances.get(ord(c), 1.0) for c in texte)


@cache
def _avances(nom: str) -> dict[int, float]:
    paquet, fichier = POLICES[nom]
    with as_file(files(paquet) / "files" / fichier) as chemin, TTFont(chemin) as police:
        unite, largeurs = police["head"].unitsPerEm, police["hmtx"]
        return {code: largeurs[glyphe][0] / unite for code, glyphe in police.getBestCmap().items()}
