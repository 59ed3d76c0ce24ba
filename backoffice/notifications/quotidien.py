"""The daily tasks of the room: the reminders that are due, what is no longer kept."""

from registre.models import Notification
from registre.quotidien import quotidienne

from .relances import GENRES, relancer


@quotidienne("Envoie les rappels et les relances dus")
def envoyer_relances() -> str:
    """Send each reminder that is due today, once; see `relances`."""
    parties = {genre.code: relancer(genre) for genre in GENRES.values()}
    detail = ", ".join(f"{code} {nombre}" for code, nombre in sorted(parties.items()) if nombre)
    return f"{sum(parties.values())} relance(s) envoyée(s){f' ({detail})' if detail else ''}."


@quotidienne("Efface les notifications lues depuis 90 jours, ou vieilles d’un an")
def purger_notifications() -> str:
    """Delete what the retention of notifications no longer covers."""
    effacees, _ = Notification.objects.a_purger().delete()
    return f"{effacees} notification(s) effacée(s)."
