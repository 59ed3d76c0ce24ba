"""Each day: messages answered for six months, or left for a year, go away."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from registre.quotidien import quotidienne

from .models import Message

APRES_REPONSE, SANS_REPONSE = timedelta(days=183), timedelta(days=365)


@quotidienne("Efface les messages du public répondus depuis six mois, ou reçus depuis un an")
def purger_messages() -> str:
    maintenant = timezone.now()
    dus = Q(clos_le__lt=maintenant - APRES_REPONSE) | Q(recu_le__lt=maintenant - SANS_REPONSE)
    nombre, _ = Message.objects.filter(dus).delete()
    return f"{nombre} message(s) effacé(s)."
