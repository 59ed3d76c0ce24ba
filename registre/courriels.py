"""The outbox: a mail is stored with the act that causes it, then sent by the worker until it leaves."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from .models import CourrielSortant, EntreeJournal

trace = logging.getLogger(__name__)

DELAIS = (1, 5, 15, 60, 180, 360, 720)  # minutes between tries, then every twelve hours
ESSAIS_MAXIMUM = 20


@dataclass(frozen=True)
class Message:
    """A mail to send. The subject must not hold personal data: it is seen on locked screens and in logs."""

    destinataire: str
    sujet: str
    corps: str
    modele: str
    # A single-use token quoted in the text: masked in the outbox once the mail has left.
    secret: str = ""


def deposer(message: Message, cause: EntreeJournal) -> CourrielSortant:
    """Queue `message` in the transaction of its cause; the same cause never sends the same mail twice."""
    graine = f"{cause.empreinte}|{message.modele}|{message.destinataire}".encode()
    domaine = settings.ADRESSE_PUBLIQUE.split("//", 1)[1].split(":")[0]
    courriel, nouveau = CourrielSortant.objects.get_or_create(
        identifiant_message=f"<{hashlib.sha256(graine).hexdigest()[:40]}@{domaine}>",
        defaults={
            "destinataire": message.destinataire,
            "sujet": message.sujet,
            "corps": message.corps,
            "modele": message.modele,
            "secret": message.secret,
            "cause": cause,
            "cree_le": timezone.now(),
            "prochain_essai": timezone.now(),
        },
    )
    if nouveau:
        # The task row belongs to the same transaction: no mail without its act, no act without its mail.
        envoyer.enqueue(courriel.pk)
    return courriel


@task()
def envoyer(pk: int) -> None:
    """Send one queued mail; on failure plan the next try. Sending a mail already gone does nothing."""
    with transaction.atomic():
        courriel = CourrielSortant.objects.select_for_update().get(pk=pk)
        if courriel.envoye_le:
            return
        courriel.essais += 1
        message = EmailMessage(
            courriel.sujet,
            courriel.corps,
            settings.DEFAULT_FROM_EMAIL,
            [courriel.destinataire],
            headers={"Message-ID": courriel.identifiant_message},
        )
        try:
            message.send()
        except OSError as erreur:  # smtplib's errors are OSError
            attente = timedelta(minutes=DELAIS[min(courriel.essais, len(DELAIS)) - 1])
            courriel.derniere_erreur = type(erreur).__name__
            courriel.prochain_essai = timezone.now() + attente if courriel.essais < ESSAIS_MAXIMUM else None
            trace.warning("courriel %s non parti, essai %s", pk, courriel.essais)
        else:
            courriel.envoye_le, courriel.prochain_essai, courriel.derniere_erreur = timezone.now(), None, ""
            if courriel.secret:
                courriel.corps, courriel.secret = courriel.corps.replace(courriel.secret, "•••"), ""
        courriel.save()
    if courriel.prochain_essai:
        envoyer.using(run_after=courriel.prochain_essai).enqueue(pk)
