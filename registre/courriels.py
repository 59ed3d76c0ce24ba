"""The outbox: a mail is stored with the act that causes it, then sent by the worker until it leaves."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.mime.text import MIMEText
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from .models import CourrielSortant, EntreeJournal, Notification, PreferenceNotification
from .pannes_courriel import diagnostiquer

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
    # In whose name it leaves (id of a body).
    porteur: int | None = None
    # May its recipient prefer to read it in the application only?
    facultatif: bool = False
    # Shown in the application too, to whoever has an account; `lien`: other page than that of the object of the act.
    dans_application: bool = True
    lien: str | None = None
    # What is attached: {"genre": who builds it, …: ids}. It is built when the mail leaves, from what is true then.
    piece: dict = field(default_factory=dict)


@dataclass(frozen=True)
class PieceJointe:
    """A text file attached to a mail; `parametres` go with its type (« method » for a calendar)."""

    nom: str
    sous_type: str
    contenu: str
    parametres: dict[str, str] = field(default_factory=dict)

    def en_mime(self) -> MIMEText:
        partie = MIMEText(self.contenu, self.sous_type, "utf-8")
        for nom, valeur in self.parametres.items():
            partie.set_param(nom, valeur)
        partie.add_header("Content-Disposition", "attachment", filename=self.nom)
        return partie


PIECES: dict[str, Callable[..., PieceJointe | None]] = {}


def piece_jointe(genre: str) -> Callable:
    """Register the decorated function as the builder of this kind of attachment.

    It receives the mail and the ids of its message; None: there is nothing to attach any more.

    Raises:
        ValueError: another builder has this kind.
    """

    def inscrire(construire):
        if genre in PIECES:
            raise ValueError(f"pièce jointe déjà inscrite\u00a0: {genre}")
        PIECES[genre] = construire
        return construire

    return inscrire


def _piece_de(courriel: CourrielSortant) -> PieceJointe | None:
    ids = dict(courriel.piece)
    construire = PIECES.get(ids.pop("genre", ""))
    return construire(courriel, **ids) if construire else None


def deposer(message: Message, cause: EntreeJournal) -> CourrielSortant | None:
    """Queue `message` in the transaction of its cause; the same cause never sends the same mail twice.

    Whoever has an account finds it in the application too. Returns None when they want it there only.
    """
    compte = get_user_model().objects.filter(email=message.destinataire.lower(), is_active=True).first()
    if compte and message.dans_application:
        _notifier(compte, message, cause)
    if compte and message.facultatif and _prefere_l_application(compte, message.modele):
        return None
    graine = f"{cause.empreinte}|{message.modele}|{message.destinataire}".encode()
    domaine = urlsplit(settings.ADRESSE_PUBLIQUE).hostname
    courriel, nouveau = CourrielSortant.objects.get_or_create(
        identifiant_message=f"<{hashlib.sha256(graine).hexdigest()[:40]}@{domaine}>",
        defaults={
            "destinataire": message.destinataire,
            "sujet": message.sujet,
            "corps": message.corps,
            "modele": message.modele,
            "secret": message.secret,
            "piece": message.piece,
            "porteur_id": message.porteur,
            "cause": cause,
            "cree_le": timezone.now(),
            "prochain_essai": timezone.now(),
        },
    )
    if nouveau:
        # The task row belongs to the same transaction: no mail without its act, no act without its mail.
        envoyer.enqueue(courriel.pk)
    return courriel


def _notifier(compte, message: Message, cause: EntreeJournal) -> None:
    Notification.objects.get_or_create(
        cause=cause,
        modele=message.modele,
        destinataire=compte,
        defaults={"titre": message.sujet, "lien": _page(message, cause), "cree_le": timezone.now()},
    )


def _page(message: Message, cause: EntreeJournal) -> str:
    """Where the notification leads: the page of the object of the act. A single-use link stays in its mail."""
    if message.secret:
        return ""
    if message.lien is not None:
        return message.lien
    objet = apps.get_model(cause.objet_type)(pk=cause.objet_id)
    return objet.get_absolute_url() if hasattr(objet, "get_absolute_url") else ""


def _prefere_l_application(compte, modele: str) -> bool:
    return PreferenceNotification.objects.filter(utilisateur=compte, modele=modele, par_courriel=False).exists()


def expediteur(courriel: CourrielSortant) -> tuple[str, dict[str, str]]:
    """The envelope sender and the headers: with a mailbox for returns, each mail has its own return address."""
    entetes = {"Message-ID": courriel.identifiant_message, "Auto-Submitted": "auto-generated"}
    if not settings.ADRESSE_DES_RETOURS:
        return settings.DEFAULT_FROM_EMAIL, entetes
    boite, domaine = settings.ADRESSE_DES_RETOURS.rsplit("@", 1)
    jeton = courriel.identifiant_message[1:].split("@")[0]
    return f"{boite}+{jeton}@{domaine}", entetes | {"From": settings.DEFAULT_FROM_EMAIL}


@task()
def envoyer(pk: int) -> None:
    """Send one queued mail; on failure plan the next try. Sending a mail already gone or given up does nothing."""
    with transaction.atomic():
        courriel = CourrielSortant.objects.select_for_update().get(pk=pk)
        if courriel.envoye_le or courriel.echec_le:
            return
        courriel.essais += 1
        adresse, entetes = expediteur(courriel)
        message = EmailMessage(courriel.sujet, courriel.corps, adresse, [courriel.destinataire], headers=entetes)
        if piece := _piece_de(courriel):
            message.attach(piece.en_mime())
        try:
            message.send()
        except OSError as erreur:  # smtplib's errors are OSError
            _noter_la_panne(courriel, erreur)
        else:
            courriel.envoye_le, courriel.prochain_essai, courriel.derniere_erreur = timezone.now(), None, ""
            courriel.motif_echec = courriel.code_reponse = ""
            courriel.masquer()
        courriel.save()
    if courriel.prochain_essai:
        envoyer.using(run_after=courriel.prochain_essai).enqueue(pk)


def _noter_la_panne(courriel: CourrielSortant, erreur: OSError) -> None:
    """Why this try failed; the next one is planned unless the same mail would fail again."""
    diagnostic = diagnostiquer(erreur)
    courriel.derniere_erreur = type(erreur).__name__
    courriel.motif_echec, courriel.code_reponse = diagnostic.panne, diagnostic.code
    if diagnostic.definitif or courriel.essais >= ESSAIS_MAXIMUM:
        courriel.echec_le, courriel.prochain_essai = timezone.now(), None
    else:
        attente = timedelta(minutes=DELAIS[min(courriel.essais, len(DELAIS)) - 1])
        courriel.prochain_essai = timezone.now() + attente
    trace.warning("courriel %s non parti, essai %s", courriel.pk, courriel.essais)
