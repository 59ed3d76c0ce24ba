"""The linter of a parcours: what it refuses, what it warns of. Pure functions of one `Releve`; nothing is written.

Three families: what the law or the registers forbid, what no dossier could ever pass, what contradicts itself.
"""

from .constats import Constat, Gravite
from .controle_chemin import REGLES as CHEMIN
from .controle_coherence import REGLES as COHERENCE
from .controle_jury import REGLES as JURY
from .controle_licite import REGLES as LICITE
from .releve import Releve


def controler(releve: Releve) -> list[Constat]:
    """Every finding on these rules, refusals first, then in the order of the rules."""
    constats = [constat for regle in (*LICITE, *CHEMIN, *JURY, *COHERENCE) for constat in regle(releve)]
    return sorted(constats, key=lambda constat: constat.gravite != Gravite.REFUS)


def refus(constats: list[Constat]) -> list[Constat]:
    """Those that prevent the publication."""
    return [constat for constat in constats if constat.gravite == Gravite.REFUS]
