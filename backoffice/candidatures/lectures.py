"""The readings of a dossier by the members of a jury: one entry of the journal per person and day."""

from django.db import transaction
from django.utils import timezone

from registre import journal

from .models import Candidature

ACTE = "consulter_dossier"


def noter_lecture(candidature: Candidature, personne, role: str = "jury") -> None:
    """Write that this person read this dossier today, if it is not written yet."""
    cle = f"lecture:{personne.pk}:{timezone.localdate():%Y%m%d}"
    if journal.deja_fait(cle, ACTE, candidature):
        return
    with transaction.atomic():
        # Of two pages opened at once, the second one waits and finds the entry.
        Candidature.objects.select_for_update(of=("self",)).get(pk=candidature.pk)
        if not journal.deja_fait(cle, ACTE, candidature):
            journal.consigner(personne, role, ACTE, candidature, cle=cle)
