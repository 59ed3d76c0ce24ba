"""Statistical secrecy: which counts may be published, and which others must be hidden so that these stay hidden.

A CQP often certifies a handful of people whom one could name. From 1 to 4 a count is hidden; zero names nobody and is
shown. One hidden figure beside a shown total is recomputed by a subtraction, so others are hidden with it
(complementary suppression). Everything that the public reads of people goes through here: figures of the portal,
statistics page, open data. Hidden is None: what is published never says whether a figure is hidden because it is small
or for the sake of another.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

SEUIL = 5
# The key of the margins, in a crossed table.
TOTAL = None

Cle = tuple[Hashable, Hashable]


def est_petit(effectif: int) -> bool:
    """Would this count, shown alone, point at people?"""
    return 0 < effectif < SEUIL


def masquer(effectif: int) -> str:
    """A count shown alone: « Moins de 5 » from 1 to 4, else the number as the French write it."""
    return f"Moins de {SEUIL}" if est_petit(effectif) else number_format(effectif, force_grouping=True)


def taux(part: int, tout: int) -> int | None:
    """The rounded percentage; None when it would tell a small count: of all, of these, or of the others."""
    if tout < SEUIL or est_petit(part) or est_petit(tout - part):
        return None
    return round(100 * part / tout)


@dataclass(frozen=True)
class Serie:
    """Counts beside their total, as they may be published; None for what is hidden."""

    valeurs: tuple[int | None, ...]
    total: int | None


def proteger_serie(effectifs: Sequence[int]) -> Serie:
    """Hide what must be in a series published with its total.

    The hidden figures together are known (the total less the shown ones): they must be several, not all equal, and
    weigh at least the threshold together. Then any two of them that differ may be exchanged without changing anything
    that is published, even for who knows this rule: none can be recomputed. So equal figures are hidden together.
    """
    caches = {n for n in effectifs if est_petit(n)}
    valeurs = [n for n in effectifs if n in caches]
    total: int | None = sum(effectifs)
    if valeurs and (len(caches) < 2 or sum(valeurs) < SEUIL):
        autres = [n for n in effectifs if n >= SEUIL]
        if autres:
            caches.add(min(autres))
        else:
            total = None
    return Serie(tuple(None if n in caches else n for n in effectifs), total)


@dataclass(frozen=True)
class Tableau:
    """A table crossed with its margins, as it may be published; what is absent is zero, what is hidden is None."""

    cellules: dict[Cle, int | None]

    def __getitem__(self, cle: Cle) -> int | None:
        """The figure of (row, column); `TOTAL` in place of one gives the margin, of both the whole."""
        return self.cellules.get(cle, 0)


def proteger_tableau(effectifs: Mapping[Cle, int]) -> Tableau:
    """Hide what must be in a table {(row, column): count} published with the totals of its rows and columns.

    Each hidden figure ends at a corner of a rectangle of four hidden ones between which one person may be moved:
    every sum stays what it is, so none of the four can be recomputed. Rectangles take in the margins, and are chosen
    so as to hide the fewest people. What is hidden in a line whose total is shown weighs at least the threshold.
    """
    croisement = _Croisement(effectifs)
    croisement.proteger()
    return Tableau({cle: None if cle in croisement.caches else n for cle, n in croisement.valeurs.items()})


class _Croisement:
    """The figures of a table, margins included, and those hidden so far."""

    def __init__(self, effectifs: Mapping[Cle, int]):
        self.valeurs: dict[Cle, int] = defaultdict(int)
        for (ligne, colonne), n in effectifs.items():
            if n:
                for cle in ((ligne, colonne), (ligne, TOTAL), (TOTAL, colonne), (TOTAL, TOTAL)):
                    self.valeurs[cle] += n
        # Where figures stand, rows by column and columns by row: all, then the hidden ones. The order is theirs.
        self.places = _Places(self.valeurs)
        self.caches: set[Cle] = set()
        self.places_cachees = _Places(())
        self._cacher(cle for cle, n in self.valeurs.items() if est_petit(n))

    def _cacher(self, cles: Iterable[Cle]) -> None:
        for cle in cles:
            self.caches.add(cle)
            self.places_cachees.ajouter(cle)

    def proteger(self) -> None:
        # Hiding more never exposes what was safe: each figure is looked at until it is, then no more.
        a_garder, gardees = list(self.caches), set()
        while a_garder:
            for cle in a_garder:
                if not any(self._echange_possible(cle, *coins) for coins in self._rectangles(cle, cachees=True)):
                    self._cacher(self._moindre_rectangle(cle))
                gardees.add(cle)
            self._alourdir()
            a_garder = [cle for cle in self.valeurs if cle in self.caches and cle not in gardees]

    def _moindre_rectangle(self, cle: Cle) -> tuple[Cle, ...]:
        """The rectangle that hides the fewest people more; that of the three margins is always there."""
        # First those that lean on another hidden figure of the column: fewer to try, and they hide less.
        for appui in (True, False):
            possibles = [c for c in self._rectangles(cle, appui=appui) if self._echange_possible(cle, *c)]
            if possibles:
                break
        return min(possibles, key=lambda coins: sum(self.valeurs[c] for c in coins if c not in self.caches))

    def _rectangles(self, cle: Cle, *, cachees: bool = False, appui: bool = False) -> Iterator[tuple[Cle, Cle, Cle]]:
        """The other three corners of each rectangle of which this is one: all hidden, or at least the next one down."""
        ligne, colonne = cle
        places = self.places_cachees if cachees else self.places
        for autre_colonne in places.par_ligne[ligne]:
            if autre_colonne == colonne:
                continue
            colonnes = (self.places_cachees if cachees or appui else places).par_colonne[colonne]
            for autre_ligne in colonnes:
                if autre_ligne != ligne and autre_ligne in places.par_colonne[autre_colonne]:
                    yield (ligne, autre_colonne), (autre_ligne, colonne), (autre_ligne, autre_colonne)

    def _echange_possible(self, cle: Cle, en_ligne: Cle, en_colonne: Cle, oppose: Cle) -> bool:
        """May one person be moved, one way or the other, so that each hidden figure stays at least 1?"""
        # A margin is the sum of the others: it moves the other way.
        sens = [1 if _rang(c) % 2 == 0 else -1 for c in (cle, oppose)]
        sens += [-1 if _rang(c) % 2 == 0 else 1 for c in (en_ligne, en_colonne)]
        coins = (cle, oppose, en_ligne, en_colonne)
        return any(
            all(self.valeurs[c] > 1 for c, pas in zip(coins, sens, strict=True) if pas == sortant)
            for sortant in (1, -1)
        )

    def _alourdir(self) -> None:
        """Hide more where the hidden figures of a line, known together, are a small count."""
        for total, cles in self.places.lignes_et_colonnes():
            caches = [c for c in cles if c in self.caches]
            if total in self.caches or not est_petit(sum(self.valeurs[c] for c in caches)):
                continue
            visibles = [c for c in cles if c not in self.caches]
            self._cacher([min(visibles, key=self.valeurs.__getitem__) if visibles else total])


def _rang(cle: Cle) -> int:
    """0 for a figure, 1 for the total of a line, 2 for the whole."""
    return sum(partie is TOTAL for partie in cle)


class _Places:
    """Which rows a column has, and which columns a row has (dictionaries used as ordered sets)."""

    def __init__(self, cles: Iterable[Cle]):
        self.par_ligne: dict[Hashable, dict[Hashable, None]] = defaultdict(dict)
        self.par_colonne: dict[Hashable, dict[Hashable, None]] = defaultdict(dict)
        for cle in cles:
            self.ajouter(cle)

    def ajouter(self, cle: Cle) -> None:
        ligne, colonne = cle
        self.par_ligne[ligne][colonne] = None
        self.par_colonne[colonne][ligne] = None

    def lignes_et_colonnes(self) -> Iterator[tuple[Cle, list[Cle]]]:
        """Each total with the figures it is the sum of."""
        for ligne, colonnes in self.par_ligne.items():
            yield (ligne, TOTAL), [(ligne, c) for c in colonnes if c is not TOTAL]
        for colonne, lignes in self.par_colonne.items():
            yield (TOTAL, colonne), [(ligne, colonne) for ligne in lignes if ligne is not TOTAL]
