"""Each day: old links of sharing, counts of checks older than five years, verifications answered a year ago."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from registre.models import ComptageVerification, Partage
from registre.quotidien import quotidienne

from .models import VerificationEtatCivil

APRES_FERMETURE = timedelta(days=30)
APRES_REPONSE = timedelta(days=365)
ANNEES_DES_COMPTES = 5


@quotidienne("Efface les liens de partage fermés depuis 30 jours et les comptes de vérifications de plus de cinq ans")
def purger_partages() -> str:
    limite, aujourd_hui = timezone.now() - APRES_FERMETURE, timezone.localdate()
    liens, _ = Partage.objects.filter(Q(revoque_le__lt=limite) | Q(expire_le__lt=limite)).delete()
    mois = aujourd_hui.replace(year=aujourd_hui.year - ANNEES_DES_COMPTES, day=1)
    comptes, _ = ComptageVerification.objects.filter(mois__lt=mois).delete()
    return f"{liens} lien(s) de partage et {comptes} compte(s) de vérifications effacé(s)."


@quotidienne("Efface les vérifications d’état civil closes ou expirées depuis un an")
def purger_verifications() -> str:
    limite = timezone.now() - APRES_REPONSE
    finies = VerificationEtatCivil.objects.filter(Q(close_le__lt=limite) | Q(close_le=None, expire_le__lt=limite))
    nombre, _ = finies.delete()
    return f"{nombre} vérification(s) d’état civil effacée(s)."
