"""What follows from a document being stored, in the transaction that stores it: rooms above register it here."""

from collections.abc import Callable

from .models import Parchemin

SUITES: list[Callable[[Parchemin], None]] = []


def suite_du_rangement(fonction: Callable[[Parchemin], None]) -> Callable:
    """Register what else happens once a document has its file: nothing tells anybody before."""
    SUITES.append(fonction)
    return fonction


def annoncer(parchemin: Parchemin) -> None:
    """Carry out what was registered. Runs inside the transaction of the storage: neither happens without the other."""
    for suite in SUITES:
        suite(parchemin)
