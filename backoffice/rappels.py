"""What « À faire » says besides the acts that wait: each room, and each sibling, registers its own terms to watch."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rappel:
    """One thing that a person must not let pass: what, why it matters, where it is dealt with."""

    titre: str
    texte: str
    url: str
    lien: str
    ton: str = "partiel"


_RAPPELS: list[Callable] = []


def rappel(fonction: Callable) -> Callable:
    """Register a function of a person that yields their `Rappel`s; it looks at their roles before it counts."""
    _RAPPELS.append(fonction)
    return fonction


def rappels_de(utilisateur) -> list[Rappel]:
    """All that this person is reminded of today."""
    return [dit for fonction in _RAPPELS for dit in fonction(utilisateur)]
