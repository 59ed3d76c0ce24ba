"""The daily tasks of the room: what is no longer kept."""

from registre.models import Notification
from registre.quotidien import quotidienne


@quotidienne("Efface les notifications lues depuis 90 jours, ou vieilles d’un an")
def purger_notifications() -> str:
    """Delete what the retention of notifications no longer covers."""
    effacees, _ = Notification.objects.a_purger().delete()
    return f"{effacees} notification(s) effacée(s)."
