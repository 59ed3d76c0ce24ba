"""Open a session in a test: one line for the test client, one for the browser."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from allauth.usersessions.models import UserSession

PERIODE = 30
_derniers_compteurs: dict[str, int] = {}


def activer_totp(utilisateur) -> str:
    """Give this person an authenticator application and return its secret (the one they already have, if any)."""
    facteur = Authenticator.objects.filter(user=utilisateur, type=Authenticator.Type.TOTP).first()
    if facteur:
        return decrypt(facteur.data["secret"])
    secret = generate_totp_secret()
    TOTP.activate(utilisateur, secret)
    return secret


def code_totp(secret: str, compteur: int | None = None) -> str:
    """The six digits of this instant, or of another counter."""
    compteur = int(time.time()) // PERIODE if compteur is None else compteur
    return format_hotp_value(hotp_value(secret, compteur))


def code_totp_neuf(secret: str) -> str:
    """A code that this test session has not used yet: a code serves once, and the next one is accepted in advance."""
    maintenant = int(time.time()) // PERIODE
    compteur = max(maintenant, _derniers_compteurs.get(secret, 0) + 1)
    while compteur > int(time.time()) // PERIODE + 1:
        time.sleep(0.5)
    _derniers_compteurs[secret] = compteur
    return code_totp(secret, compteur)


def connecter(client, utilisateur):
    """Log `utilisateur` in the Django test client as if by password and second factor; return the client.

    The person gets an authenticator application if they have no second factor yet.
    """
    activer_totp(utilisateur)
    client.force_login(utilisateur)
    maintenant = time.time()
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": maintenant, "email": utilisateur.email, "reauthenticated": True},
        {"method": "mfa", "at": maintenant, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(utilisateur.pk)
    session.save()
    UserSession.objects.update_or_create(
        session_key=session.session_key, defaults={"user": utilisateur, "ip": "127.0.0.1", "user_agent": "essai"}
    )
    return client


def se_connecter(page, adresse, courriel, mot_de_passe, secret_totp=None):
    """Log in through the screens with Playwright, second factor included when its secret is given.

    `adresse` is the root of the server ("" when the page has a base address). Returns the page, past the login.
    """
    page.goto(f"{adresse}/compte/login/")
    page.fill("#id_login", courriel)
    page.fill("#id_password", mot_de_passe)
    page.locator("form:has(#id_password) button[type=submit]").first.click()
    if secret_totp:
        page.wait_for_selector("#id_code")
        page.fill("#id_code", code_totp_neuf(secret_totp))
        page.locator("form:has(#id_code) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/compte/login/" not in url and "/compte/2fa/authenticate/" not in url)
    return page
