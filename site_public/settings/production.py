"""Production: everything comes from the environment, and an unsafe start is refused."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import DATABASES, DOSSIER_CLES, env

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
    raise ImproperlyConfigured("SECRET_KEY\u00a0: au moins 50 caractères variés, propres à cette installation.")

ALLOWED_HOSTS = env.list("HOTES")
ADRESSE_PUBLIQUE = env("ADRESSE_PUBLIQUE").rstrip("/")
WAGTAILADMIN_BASE_URL = ADRESSE_PUBLIQUE
if not ADRESSE_PUBLIQUE.startswith("https://"):
    raise ImproperlyConfigured("ADRESSE_PUBLIQUE\u00a0: une adresse en https:// est attendue.")
CSRF_TRUSTED_ORIGINS = [ADRESSE_PUBLIQUE]

for cle in [*DOSSIER_CLES.glob("*.pem"), *DOSSIER_CLES.glob("sceau/*.pem")]:
    if cle.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"La clé {cle.name} est lisible par d’autres\u00a0: chmod 600 {cle.name}.")

DATABASES["default"]["CONN_MAX_AGE"] = 60

# Number of proxies in front of us: the throttling counts per address of the visitor, not of the proxy.
PROXYS_DE_CONFIANCE = env.int("PROXYS_DE_CONFIANCE", default=1)

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
