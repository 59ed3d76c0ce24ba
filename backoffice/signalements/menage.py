"""Each day: reports closed for a year go away, their photograph first."""

from datetime import timedelta

from django.utils import timezone

from registre.models.parchemins import stockage_prive
from registre.quotidien import quotidienne

from .models import Signalement

APRES_CLOTURE = timedelta(days=365)


@quotidienne("Efface les signalements clos depuis un an")
def purger_signalements() -> str:
    dus = Signalement.objects.filter(clos_le__lt=timezone.now() - APRES_CLOTURE)
    photos = [nom for nom in dus.values_list("photo", flat=True) if nom]
    for nom in photos:
        stockage_prive().delete(nom)
    nombre, _ = dus.delete()
    return f"{nombre} signalement(s) effacé(s), dont {len(photos)} avec une photographie."
