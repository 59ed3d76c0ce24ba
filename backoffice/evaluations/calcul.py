"""The arithmetic of an evaluation: marks, weights, thresholds, agreement. Pure functions, exact numbers, no database.

A conclusion has three values: True (acquis), False (non acquis) and None (the évaluateurs do not agree, and the rule
of the parcours leaves it to the jury). What is shown is cut, never rounded up: a bloc shown at its threshold has
reached it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from backoffice.parcours.models import Concordance, ModeEvaluation, Parcours

CENTIEME = Decimal("0.01")
Conclusion = bool | None


@dataclass(frozen=True)
class Regles:
    """The evaluation rules of one parcours."""

    mode: str = ModeEvaluation.ACQUIS
    note_maximale: int = 20
    seuil_competence: Decimal = Decimal(10)
    seuil_bloc: int = 100
    concordance: str = Concordance.HABILITE

    @classmethod
    def de(cls, parcours: Parcours) -> "Regles":
        return cls(
            parcours.mode_evaluation,
            parcours.note_maximale,
            parcours.seuil_competence,
            parcours.seuil_bloc,
            parcours.concordance,
        )

    @property
    def en_notes(self) -> bool:
        return self.mode == ModeEvaluation.NOTES

    @property
    def note_du_bloc(self) -> Decimal:
        """The weighted mark from which a bloc is acquired."""
        return Decimal(self.seuil_bloc * self.note_maximale) / 100

    def acquise(self, note: Decimal | None) -> Conclusion:
        """Does this mark acquire the compétence? At the threshold, yes; None without a mark."""
        return None if note is None else note >= self.seuil_competence


def part(acquises: int, total: int) -> Fraction:
    """The share of a bloc in percent, exact; 0 for an empty bloc."""
    return Fraction(100 * acquises, total) if total else Fraction(0)


def note_ponderee(notes: Sequence[tuple[Decimal, Decimal]]) -> Fraction | None:
    """The weighted mean of (mark, coefficient) pairs, exact whatever their order; None without any."""
    poids = sum((Fraction(coefficient) for _, coefficient in notes), Fraction(0))
    if not poids:
        return None
    return sum((Fraction(note) * Fraction(coefficient) for note, coefficient in notes), Fraction(0)) / poids


def arrondie(valeur: Fraction | None) -> Decimal | None:
    """Two decimals, cut: what is printed reaches a threshold only when the exact value does."""
    if valeur is None:
        return None
    return (Decimal(int(valeur * 100)) / 100).quantize(CENTIEME, rounding=ROUND_DOWN)


def concorder(avis: Iterable[Conclusion], regle: str) -> Conclusion:
    """What is concluded from several opinions, that of the évaluateur habilité first. An absent first opinion is a no.

    `habilite`: the first one. `favorables`: all of them. `jury`: what they agree on, None when they do not.
    """
    premier, *autres = (bool(a) for a in avis)
    if regle == Concordance.HABILITE:
        return premier
    if regle == Concordance.FAVORABLES:
        return premier and all(autres)
    return premier if all(a == premier for a in autres) else None


def bloc_par_competences(conclusions: Sequence[Conclusion], seuil: int) -> Conclusion:
    """Is the bloc acquired, by the share of its compétences? None when those left to the jury make the difference."""
    total = len(conclusions)
    if part(sum(c is True for c in conclusions), total) >= seuil:
        return True
    if part(sum(c is not False for c in conclusions), total) < seuil:
        return False
    return None


def note_suffit(notes: Sequence[tuple[Decimal | None, Decimal]], regles: Regles) -> bool:
    """Does this grid reach the mark of the bloc? Not before every compétence has its mark."""
    if not notes or any(note is None for note, _ in notes):
        return False
    return note_ponderee(notes) >= Fraction(regles.note_du_bloc)
