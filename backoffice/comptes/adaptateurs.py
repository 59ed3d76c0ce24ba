"""What allauth does our way: no free sign-up, mails through the outbox, our sentences, secrets sealed at rest."""

import time
from base64 import urlsafe_b64encode
from io import BytesIO

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from qrcode.image.svg import SvgPathFillImage

from .appareils import appareil
from .bascule import ACCUEIL, accueil_de
from .courriels import prevenir


class AdaptateurCompte(DefaultAccountAdapter):
    """Accounts are opened by invitation: the sign-up page stays closed."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est fermé.",
        "email_password_mismatch": "Adresse ou mot de passe incorrect. Vérifiez les deux, puis recommencez.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "invalid_password_reset": "Ce lien ne vaut plus\u00a0: il a déjà servi, ou il est trop ancien.",
        "rate_limited": "Trop d’essais à la suite. Patientez quelques minutes, puis recommencez.",
        "too_many_login_attempts": "Trop d’essais à la suite. Patientez cinq minutes, puis recommencez.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_login_stages(self):
        """Ours in place of allauth's second factor: a provider that is trusted may have asked for it already."""
        sien, notre = "allauth.mfa.stages.AuthenticateStage", "backoffice.comptes.adaptateurs.EtapeSecondFacteur"
        return [notre if etape == sien else etape for etape in super().get_login_stages()]

    def get_login_redirect_url(self, request):
        """Lead an editor who has no other role to the editing of the site: the back office would refuse them."""
        accueil = accueil_de(request.user)
        return accueil if accueil != ACCUEIL else super().get_login_redirect_url(request)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # Failures are counted per address AND origin: counted per address alone, anyone could lock its owner out.
        return f"{get_ip(request)}:{credentials.get('email', '').lower()}"

    def is_reauthentication_required(self, *, app, **kwargs):
        """Spare those who have just logged in for their first second factor from typing their password again."""
        requete = self.request
        if app == "allauth.mfa" and not is_mfa_enabled(requete.user):
            traces = get_authentication_records(requete, requete.user)
            if traces and time.time() - traces[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
                return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user):
        libelles = {
            "reauthenticate": "Donner mon mot de passe",
            "mfa_reauthenticate": "Donner un code de mon application",
            "mfa_reauthenticate:webauthn": "Présenter ma clé d’accès",
        }
        return [m | {"description": libelles[m["id"]]} for m in super().get_reauthentication_methods(user)]

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        prevenir(
            user,
            template_prefix,
            origine=self.get_client_ip(self.request),
            navigateur=appareil(self.get_http_user_agent(self.request)),
        )


class EtapeSecondFacteur(AuthenticateStage):
    """Ask for the second factor, unless a trusted provider did (see `views_oidc.Revenir`)."""

    def handle(self):
        return (None, True) if self.login.state.get("second_facteur_ailleurs") else super().handle()


def _coffre() -> MultiFernet:
    cles = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(
        [
            Fernet(
                urlsafe_b64encode(salted_hmac("comptes.second_facteur", "", secret=cle, algorithm="sha256").digest())
            )
            for cle in cles
        ]
    )


class AdaptateurSecondFacteur(DefaultMFAAdapter):
    """Second factors: named after the site, sealed with the secret key so that a stolen database opens nothing."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et saisissez-le.",
        "cannot_delete_authenticator": "Ce second facteur ne peut pas être retiré.",
        "cannot_generate_recovery_codes": "Activez d’abord une application ou une clé d’accès.",
    }

    def _get_site_name(self):
        return settings.NOM_DU_SITE

    def get_totp_issuer(self):
        return settings.NOM_DU_SITE

    def build_totp_svg(self, url):
        """The QR code on its own white ground: a dark page would make it unreadable."""
        tampon = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(tampon)
        return tampon.getvalue().decode()

    def generate_authenticator_name(self, user, type):
        return f"Clé {user.authenticator_set.filter(type=type).count() + 1}"

    def encrypt(self, text):
        return _coffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _coffre().decrypt(encrypted_text.encode()).decode()
