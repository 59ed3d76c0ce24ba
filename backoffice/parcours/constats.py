"""What the control of a version finds: how grave, where, why, on which ground, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Gravite(StrEnum):
    """A refusal prevents the publication; a warning asks to be read."""

    REFUS = "refus"
    AVERTISSEMENT = "avertissement"


@dataclass(frozen=True)
class Constat:
    """One finding. `section` is the page of the draft where it is corrected, `champ` the field of that page."""

    gravite: Gravite
    section: str
    champ: str
    texte: str
    remede: str
    source: str = ""


def refuse(section: str, champ: str, texte: str, remede: str, source: str = "") -> Constat:
    return Constat(Gravite.REFUS, section, champ, texte, remede, source)


def avertit(section: str, champ: str, texte: str, remede: str, source: str = "") -> Constat:
    return Constat(Gravite.AVERTISSEMENT, section, champ, texte, remede, source)
