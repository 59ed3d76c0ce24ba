"""A Merkle tree as RFC 6962 hashes it: root, proof that a leaf is in it, proof that it only grew.

The tree is read through `lire(niveau, rang)`, the hash of the complete subtree of 2**niveau leaves that stands at
that rank: where these hashes are kept is somebody else's business.
"""

import hashlib
from collections.abc import Callable, Sequence

Lecteur = Callable[[int, int], bytes]
VIDE = hashlib.sha256(b"").digest()


class PreuveFausse(ValueError):
    """The proof does not lead to this root."""


def hacher_feuille(octets: bytes) -> bytes:
    """Return the hash of one leaf (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + octets).digest()


def hacher_noeud(gauche: bytes, droite: bytes) -> bytes:
    """Return the hash of a node from those of its two children."""
    return hashlib.sha256(b"\x01" + gauche + droite).digest()


def lecteur(feuilles: Sequence[bytes]) -> Lecteur:
    """Read a tree held whole in memory, from the hashes of its leaves."""

    def lire(niveau: int, rang: int) -> bytes:
        if niveau == 0:
            return feuilles[rang]
        return hacher_noeud(lire(niveau - 1, 2 * rang), lire(niveau - 1, 2 * rang + 1))

    return lire


def _coupe(taille: int) -> int:
    """The largest power of two smaller than `taille`: where RFC 6962 cuts a tree."""
    return 1 << (taille - 1).bit_length() - 1


def _sous_arbre(lire: Lecteur, debut: int, fin: int) -> bytes:
    taille = fin - debut
    if taille & (taille - 1) == 0:
        niveau = taille.bit_length() - 1
        return lire(niveau, debut >> niveau)
    coupe = debut + _coupe(taille)
    return hacher_noeud(_sous_arbre(lire, debut, coupe), _sous_arbre(lire, coupe, fin))


def racine(lire: Lecteur, taille: int) -> bytes:
    """Return the root of the first `taille` leaves."""
    return _sous_arbre(lire, 0, taille) if taille else VIDE


def preuve_inclusion(lire: Lecteur, rang: int, taille: int) -> list[bytes]:
    """Return the hashes that lead from leaf `rang` to the root of the first `taille` leaves (RFC 6962 §2.1.1).

    Raises:
        IndexError: this leaf is not among the first `taille`.
    """
    if not 0 <= rang < taille:
        raise IndexError(rang)
    preuve, debut, fin = [], 0, taille
    while fin - debut > 1:
        coupe = debut + _coupe(fin - debut)
        if rang < coupe:
            preuve.append(_sous_arbre(lire, coupe, fin))
            fin = coupe
        else:
            preuve.append(_sous_arbre(lire, debut, coupe))
            debut = coupe
    return preuve[::-1]


def preuve_coherence(lire: Lecteur, ancienne: int, taille: int) -> list[bytes]:
    """Return what shows that the tree of `ancienne` leaves begins the one of `taille` leaves (RFC 6962 §2.1.2).

    Raises:
        IndexError: the former tree is empty or larger.
    """
    if not 0 < ancienne <= taille:
        raise IndexError(ancienne)
    preuve, debut, fin, entier = [], 0, taille, True
    while ancienne != fin:
        coupe = debut + _coupe(fin - debut)
        if ancienne <= coupe:
            preuve.append(_sous_arbre(lire, coupe, fin))
            fin = coupe
        else:
            preuve.append(_sous_arbre(lire, debut, coupe))
            debut, entier = coupe, False
    if not entier:
        preuve.append(_sous_arbre(lire, debut, fin))
    return preuve[::-1]


def verifier_inclusion(feuille: bytes, rang: int, taille: int, preuve: Sequence[bytes], attendue: bytes) -> None:
    """Check that the leaf of this hash stands at `rang` in the tree of `taille` leaves and root `attendue`.

    Raises:
        PreuveFausse: it does not, or the proof is not the one for this rank.
    """
    if not 0 <= rang < taille:
        raise PreuveFausse("rang hors de l’arbre")
    position, dernier, calculee = rang, taille - 1, feuille
    for voisin in preuve:
        if dernier == 0:
            raise PreuveFausse("preuve trop longue")
        if position & 1 or position == dernier:
            calculee = hacher_noeud(voisin, calculee)
            while not position & 1 and position:
                position, dernier = position >> 1, dernier >> 1
        else:
            calculee = hacher_noeud(calculee, voisin)
        position, dernier = position >> 1, dernier >> 1
    if dernier or calculee != attendue:
        raise PreuveFausse("la preuve ne mène pas à cette racine")


def verifier_coherence(
    ancienne: int, taille: int, racine_ancienne: bytes, attendue: bytes, preuve: Sequence[bytes]
) -> None:
    """Check that nothing of the first `ancienne` leaves was changed or removed (RFC 9162 §2.1.4.2).

    Raises:
        PreuveFausse: the tree of root `attendue` does not begin with that of root `racine_ancienne`.
    """
    if not 0 < ancienne <= taille:
        raise PreuveFausse("tailles impossibles")
    preuve = list(preuve)
    if ancienne == taille:
        if preuve or racine_ancienne != attendue:
            raise PreuveFausse("deux racines pour la même taille")
        return
    if ancienne & (ancienne - 1) == 0:
        preuve.insert(0, racine_ancienne)
    if not preuve:
        raise PreuveFausse("preuve vide")
    position, dernier = ancienne - 1, taille - 1
    while position & 1:
        position, dernier = position >> 1, dernier >> 1
    avant = apres = preuve[0]
    for voisin in preuve[1:]:
        if dernier == 0:
            raise PreuveFausse("preuve trop longue")
        if position & 1 or position == dernier:
            avant, apres = hacher_noeud(voisin, avant), hacher_noeud(voisin, apres)
            while not position & 1 and position:
                position, dernier = position >> 1, dernier >> 1
        else:
            apres = hacher_noeud(apres, voisin)
        position, dernier = position >> 1, dernier >> 1
    if dernier or avant != racine_ancienne or apres != attendue:
        raise PreuveFausse("l’arbre n’est pas la suite de l’ancien")
