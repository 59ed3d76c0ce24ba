"""Which act of a session comes next, and so is offered first: the calendar says it as much as the state does."""

from collections.abc import Iterable

from django.utils import timezone

from .models import SessionJury
from .preparation import Preparatif

# Signed in and opened on the day: before it they wait in the menu, where a session moved forward finds them.
DU_JOUR = {"emarger", "ouvrir_session"}


def jour_venu(session: SessionJury) -> bool:
    """Is it the day of this session, or later?"""
    return timezone.localdate() >= timezone.localdate(session.debut)


def acte_suivant(session: SessionJury, prets: list[dict], preparatifs: Iterable[Preparatif]) -> dict | None:
    """The button to show first: `prets` are the acts of this person that nothing prevents (`actes_possibles`).

    On a planned session, before its day: the first thing left to prepare, for who organises it. On the day, and once
    it is open: the first main act that is ready.
    """
    attendus = [a for a in prets if a["verbe"].principal and (jour_venu(session) or a["verbe"].nom not in DU_JOUR)]
    if attendus:
        return {"libelle": attendus[0]["verbe"].libelle, "url": attendus[0]["url"]}
    premier = next(iter(preparatifs), None)
    return {"libelle": premier.libelle, "url": premier.url} if premier else None
