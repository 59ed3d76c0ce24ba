"""What follows from a document being stored, or from its file being impossible to make: rooms above register it here.

Each runs inside the transaction that writes the fact: neither happens without the other.
"""

from collections.abc import Callable

from .models import Duplicata, Parchemin

SUITES: list[Callable[[Parchemin], None]] = []
SUITES_DU_DUPLICATA: list[Callable[[Duplicata], None]] = []
SUITES_DE_L_ECHEC: list[Callable[[Parchemin], None]] = []


def suite_du_rangement(fonction: Callable[[Parchemin], None]) -> Callable:
    """Register what else happens once a document has its file: nothing tells anybody before."""
    SUITES.append(fonction)
    return fonction


def suite_du_duplicata(fonction: Callable[[Duplicata], None]) -> Callable:
    """The same for a duplicata."""
    SUITES_DU_DUPLICATA.append(fonction)
    return fonction


def suite_de_l_echec(fonction: Callable[[Parchemin], None]) -> Callable:
    """Register what else happens when the file of a document cannot be made, whatever is tried."""
    SUITES_DE_L_ECHEC.append(fonction)
    return fonction


def annoncer(parchemin: Parchemin) -> None:
    """Carry out what was registered for a document stored."""
    for suite in SUITES:
        suite(parchemin)


def annoncer_le_duplicata(duplicata: Duplicata) -> None:
    for suite in SUITES_DU_DUPLICATA:
        suite(duplicata)


def annoncer_l_echec(parchemin: Parchemin) -> None:
    for suite in SUITES_DE_L_ECHEC:
        suite(parchemin)
