"""The tree of the public log cut in files of 256 hashes, which never change once full (C2SP tlog-tiles)."""

import re
import struct
from collections.abc import Callable

from .arbre import Lecteur, hacher_noeud

HAUTEUR = 8
LARGEUR = 1 << HAUTEUR
TAILLE_DE_HACHAGE = 32
_RANG = re.compile(r"(?:x[0-9]{3}/)*[0-9]{3}")


def largeur(niveau: int, rang: int, taille: int) -> int:
    """How many hashes tile `rang` of this level holds in a tree of `taille` leaves; 0 when it does not exist."""
    presents = (taille >> HAUTEUR * niveau) - rang * LARGEUR
    return max(0, min(LARGEUR, presents))


def ecrire_rang(rang: int) -> str:
    """Write the rank of a tile as its path does: 1234067 is « x001/x234/067 »."""
    groupes = [f"{rang % 1000:03d}"]
    while rang := rang // 1000:
        groupes.insert(0, f"x{rang % 1000:03d}")
    return "/".join(groupes)


def lire_rang(texte: str) -> int:
    """Read the rank of a tile from its path.

    Raises:
        ValueError: not a rank, or not its only writing.
    """
    if not _RANG.fullmatch(texte):
        raise ValueError(texte)
    rang = int("".join(groupe.lstrip("x") for groupe in texte.split("/")))
    if ecrire_rang(rang) != texte:
        raise ValueError(texte)
    return rang


def lecteur_de_tuiles(tuile: Callable[[int, int], bytes]) -> Lecteur:
    """Read the tree from its tiles: `tuile(niveau, rang)` returns the hashes of one, side by side."""

    def lire(niveau: int, rang: int) -> bytes:
        couche, reste = divmod(niveau, HAUTEUR)
        premier = rang << reste
        octets = tuile(couche, premier // LARGEUR)
        debut = premier % LARGEUR
        hachages = [
            octets[TAILLE_DE_HACHAGE * i : TAILLE_DE_HACHAGE * (i + 1)] for i in range(debut, debut + (1 << reste))
        ]
        return _sommet(hachages)

    return lire


def _sommet(hachages: list[bytes]) -> bytes:
    while len(hachages) > 1:
        hachages = [hacher_noeud(g, d) for g, d in zip(hachages[::2], hachages[1::2], strict=True)]
    return hachages[0]


def sommet(tuile: bytes) -> bytes:
    """Return the hash above a full tile: one entry of the tile of the next level."""
    return _sommet([tuile[i : i + TAILLE_DE_HACHAGE] for i in range(0, len(tuile), TAILLE_DE_HACHAGE)])


def lier_entrees(entrees: list[bytes]) -> bytes:
    """Return a bundle of entries, each after its length on two bytes."""
    return b"".join(struct.pack(">H", len(entree)) + entree for entree in entrees)


def delier_entrees(octets: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        ValueError: it is cut.
    """
    entrees = []
    while octets:
        longueur = struct.unpack(">H", octets[:2])[0] if len(octets) > 1 else len(octets)
        if len(octets) < 2 + longueur:
            raise ValueError("paquet d’entrées coupé")
        entrees.append(octets[2 : 2 + longueur])
        octets = octets[2 + longueur :]
    return entrees
