"""Each day: addresses used for a sending a month ago, those that nobody used, old sendings."""

from datetime import timedelta

from django.utils import timezone

from registre.quotidien import quotidienne

from .models import Envoi

APRES_ENVOI = timedelta(days=30)
CONSERVATION = timedelta(days=5 * 365)


@quotidienne("Efface les adresses postales 30 jours après l’envoi, et les envois finis depuis cinq ans")
def purger_adresses() -> str:
    maintenant, aujourd_hui = timezone.now(), timezone.localdate()
    envoyes = Envoi.objects.filter(envoye_le__lt=aujourd_hui - APRES_ENVOI, etat=Envoi.Etat.ENVOYE)
    dus = envoyes.filter(adresse_effacee_le=None)
    vide = dict.fromkeys(Envoi.CHAMPS_ADRESSE, "")
    nombre = dus.update(**vide, adresse_effacee_le=maintenant)
    finis = (Envoi.Etat.ENVOYE, Envoi.Etat.REVENU, Envoi.Etat.RENONCE)
    vieux, _ = Envoi.objects.filter(etat__in=finis, demande_le__lt=maintenant - CONSERVATION).delete()
    return f"{nombre} adresse(s) postale(s) effacée(s), {vieux} ligne(s) d’envois de plus de cinq ans."
