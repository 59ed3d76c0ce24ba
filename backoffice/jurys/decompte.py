"""Counting the voices on one bloc: a decision, whichever it is, needs the majority that the parcours asks for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backoffice.parcours.models import Majorite

from .corps import COLLEGES, Regles
from .models import Voix

POUR, CONTRE, ABSTENTION = Voix.Choix.POUR, Voix.Choix.CONTRE, Voix.Choix.ABSTENTION


@dataclass(frozen=True)
class Bulletin:
    """One voice expressed on one bloc: of which collège, what it says, whether it is that of who chairs."""

    college: str
    choix: str
    preside: bool = False


@dataclass(frozen=True)
class Depouillement:
    """What was counted. `acquis` is None when neither side has the majority: nothing is decided then.

    `corps` counts the voices called, `majorite` those needed (in each collège when the rule asks for both: 0 then).
    """

    pour: int
    contre: int
    abstentions: int
    corps: int
    majorite: int
    acquis: bool | None
    preponderante: bool = False

    @property
    def raison(self) -> str:
        """Why nothing is decided, with the numbers; empty when something is."""
        if self.acquis is not None:
            return ""
        compte = f"{self.pour} pour, {self.contre} contre, {self.abstentions} abstention"
        compte += "s" if self.abstentions > 1 else ""
        if self.pour == self.contre:
            return f"Les voix se partagent\u00a0: {compte}."
        suite = f"\u202f; il en faut {self.majorite}." if self.majorite else " dans les deux collèges ensemble."
        return f"Aucune majorité\u00a0: {compte}{suite}"


def depouiller(bulletins: Iterable[Bulletin], appeles: Sequence[str], regles: Regles) -> Depouillement:
    """Count the voices on one bloc.

    Args:
        bulletins: the voices expressed, abstentions included.
        appeles: the collège of every voice called, expressed or not; a voice not expressed counts as an abstention.
        regles: the majority asked for, and whether the chair has the casting vote.

    Raises:
        ValueError: more voices expressed than called.
    """
    bulletins = list(bulletins)
    muets = Counter(appeles) - Counter(b.college for b in bulletins)
    if len(bulletins) > len(appeles):
        raise ValueError("plus de voix exprimées que de voix appelées")
    choix = Counter(b.choix for b in bulletins)
    pour, contre = choix[POUR], choix[CONTRE]
    abstentions = choix[ABSTENTION] + muets.total()
    seuil = _seuil(pour + contre, len(appeles), regles)
    acquis, preponderante = _majorite(bulletins, appeles, regles, seuil), False
    if acquis is None and pour == contre and _se_tranche(pour, seuil, regles):
        tranche = next((b.choix for b in bulletins if b.preside and b.choix != ABSTENTION), None)
        if tranche is not None:
            acquis, preponderante = tranche == POUR, True
    return Depouillement(pour, contre, abstentions, len(appeles), seuil, acquis, preponderante)


def _se_tranche(voix: int, seuil: int, regles: Regles) -> bool:
    """Would the chair's voice, counted twice, give the majority asked for?

    Otherwise a « pour » more could undo what a split had granted: 2 to 2 with two abstentions would decide, and 3 to 1
    would not.
    """
    return regles.voix_preponderante and regles.majorite != Majorite.UNANIMITE and 0 < seuil <= voix + 1


def _seuil(exprimes: int, appeles: int, regles: Regles) -> int:
    """How many voices decide; 0 when each collège is counted apart."""
    if regles.majorite == Majorite.COLLEGES:
        return 0
    if regles.majorite == Majorite.UNANIMITE:
        return max(appeles, 1)
    # Never fewer than the voices called: both sides could not win.
    sieges = max(2 * regles.sieges_par_college, appeles)
    base = {Majorite.EXPRIMES: exprimes, Majorite.SIEGES: sieges}.get(regles.majorite, appeles)
    return base // 2 + 1


def _majorite(bulletins, appeles, regles: Regles, seuil: int) -> bool | None:
    """True or False for the side that has the majority, None when no side has it."""
    for choix, acquis in ((POUR, True), (CONTRE, False)):
        if seuil:
            gagne = sum(b.choix == choix for b in bulletins) >= seuil
        else:
            gagne = all(
                sum(b.choix == choix for b in bulletins if b.college == c) > sum(a == c for a in appeles) / 2
                for c in COLLEGES
            )
        if gagne:
            return acquis
    return None
