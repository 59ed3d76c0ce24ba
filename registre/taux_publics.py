"""Rates that the public may read of a CQP, told by the rooms that know them: success before juries, insertion.

The portal imports no room: each declares what it knows with `source`. A rate shows only when neither those who have,
nor those who have not, are a small count (registre/secret_statistique.py). Counted once a day.
"""

from collections.abc import Callable
from datetime import date

from django.core.cache import caches
from django.utils import timezone

from registre.secret_statistique import taux

DUREE = 24 * 3600
# What gives {certification: (part, whole)} on a day.
Source = Callable[[date], dict[int, tuple[int, int]]]
SOURCES: dict[str, Source] = {}


def source(nom: str) -> Callable[[Source], Source]:
    """Register who knows a rate: « reussite » (certified, decided) or « insertion » (employed, answered)."""

    def enregistrer(fonction: Source) -> Source:
        SOURCES[nom] = fonction
        return fonction

    return enregistrer


def taux_publics(nom: str, jour: date | None = None) -> dict[int, int | None]:
    """The rates of that name by certification; None for what would tell a small count, nothing when nobody knows."""
    jour = jour or timezone.localdate()
    memoire, cle = caches["processus"], f"taux-{nom}-{jour:%Y-%m-%d}"
    connus = memoire.get(cle)
    if connus is None:
        lus = SOURCES[nom](jour) if nom in SOURCES else {}
        connus = {certification: taux(part, tout) for certification, (part, tout) in lus.items()}
        memoire.set(cle, connus, DUREE)
    return connus
