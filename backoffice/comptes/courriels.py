"""Mails about an account: they leave through the outbox, and their links begin with our own address."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from registre.courriels import Message, deposer
from registre.journal import consigner

from .models import Utilisateur

# The journal names acts in French; allauth names them by the template of their mail.
ACTES = {
    "mfa/email/totp_activated": "activer_application",
    "mfa/email/totp_deactivated": "desactiver_application",
    "mfa/email/webauthn_added": "ajouter_cle",
    "mfa/email/webauthn_removed": "retirer_cle",
    "mfa/email/recovery_codes_generated": "renouveler_codes_de_secours",
    "account/email/password_changed": "changer_mot_de_passe",
    "account/email/password_set": "choisir_mot_de_passe",
    "account/email/password_reset": "reinitialiser_mot_de_passe",
}


def _composer(gabarit: str, destinataire: str, secret: str = "", **contexte) -> Message:
    contexte |= {"site": settings.NOM_DU_SITE, "adresse": settings.ADRESSE_PUBLIQUE}
    sujet = render_to_string(f"{gabarit}_subject.txt", contexte).strip()
    corps = render_to_string(f"{gabarit}_message.txt", contexte).strip() + "\n"
    page = reverse("comptes:moi")
    return Message(destinataire=destinataire, sujet=sujet, corps=corps, modele=gabarit, secret=secret, lien=page)


def prevenir(utilisateur: Utilisateur, gabarit: str, **contexte) -> None:
    """Journal a change of this account's protection and tell its owner, in one transaction.

    Raises:
        KeyError: `gabarit` is not one of `ACTES`.
    """
    with transaction.atomic():
        cause = consigner(utilisateur, "compte", ACTES[gabarit], utilisateur)
        deposer(_composer(gabarit, utilisateur.email, **contexte), cause)


def lien_mot_de_passe(utilisateur: Utilisateur) -> tuple[str, str]:
    """The address where this person chooses a password, and the token in it: single-use, for two hours."""
    jeton = default_token_generator.make_token(utilisateur)
    cle = {"uidb36": user_pk_to_url_str(utilisateur), "key": jeton}
    return settings.ADRESSE_PUBLIQUE + reverse("account_reset_password_from_key", kwargs=cle), jeton


@task()
def envoyer_lien_mot_de_passe(courriel: str) -> None:
    """Send a link to choose a password to the active account of this address; nothing when there is none.

    The worker looks the address up: the page that asks answers the same words, in the same time, known or not.
    """
    utilisateur = Utilisateur.objects.filter(email=courriel.lower(), is_active=True).first()
    if utilisateur is None:
        return
    with transaction.atomic():
        lien, jeton = lien_mot_de_passe(utilisateur)
        message = _composer(
            "account/email/password_reset_key",
            utilisateur.email,
            secret=jeton,
            lien=lien,
            heures=settings.PASSWORD_RESET_TIMEOUT // 3600,
        )
        deposer(message, consigner(None, "", "demander_mot_de_passe", utilisateur))
