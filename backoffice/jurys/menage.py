"""What the juries do not keep: the individual voices, once nothing can make anybody count them again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from registre.quotidien import quotidienne

from .models import Inscription, Recours, Scrutin, SessionJury, Voix

RECOURS_EN_COURS = (Recours.Etat.DEPOSE, Recours.Etat.EN_EXAMEN)


@quotidienne("Détruit les voix individuelles des votes dont le PV est définitif et le délai de recours passé")
def purger_voix() -> str:
    """The counts stay in the minutes; an appeal under way keeps the voices until it is answered."""
    closes = Inscription.objects.filter(
        session__etat=SessionJury.Etat.SCELLEE, scrutins__voix__isnull=False
    ).select_related("session", "candidature__parcours")
    dues = [
        i.pk
        for i in closes.exclude(recours__etat__in=RECOURS_EN_COURS).distinct()
        if _recours_eteint(i, timezone.now())
    ]
    with transaction.atomic():
        # First the date, which opens the door of the sealed minutes (`scelles.py`), then the voices.
        scrutins = Scrutin.objects.filter(inscription__in=dues, voix_detruites_le=None)
        scrutins.update(voix_detruites_le=timezone.now())
        nombre, _ = Voix.objects.filter(scrutin__inscription__in=dues).delete()
    return f"{nombre} voix individuelle{'s' if nombre > 1 else ''} détruite{'s' if nombre > 1 else ''}."


def _recours_eteint(inscription: Inscription, maintenant) -> bool:
    """The delay runs from the day the candidate was told; from the closing while nothing was told yet."""
    depart = inscription.notifiee_le or inscription.session.close_le
    return depart + timedelta(days=inscription.candidature.parcours.delai_recours) < maintenant
