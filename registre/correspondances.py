"""Which bloc of a version is worth which bloc of another: told by the room that decides it, read by the portal."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Correspondance:
    """A bloc already acquired, and the bloc of the newer version that it gives."""

    acquis: str
    version_acquise: int
    vise: str
    version_visee: int


Source = Callable[[set[int]], list[Correspondance]]
_SOURCES: list[Source] = []


def source(fonction: Source) -> Source:
    """Register who knows the correspondences that touch these versions."""
    _SOURCES.append(fonction)
    return fonction


def correspondances(versions: set[int]) -> list[Correspondance]:
    """Those that begin or end at one of these versions, in the order of the blocs."""
    return [lien for fonction in _SOURCES for lien in fonction(versions)]
