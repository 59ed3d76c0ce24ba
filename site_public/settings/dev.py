"""The demonstration: what `script/server` runs. DEBUG stays off so that people see the real error pages."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import DONNEES, STORAGES, env
from .cle import cle_locale

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = cle_locale(DONNEES)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.list("HOTES", default=[])]
if DEBUG and env.list("HOTES", default=[]):
    raise ImproperlyConfigured(
        "DEBUG montre le code et les réglages\u00a0: il ne s’emploie pas sous un nom public (HOTES)."
    )

PAGES_DE_DEVELOPPEMENT = True

# Mails of the demonstration are files; /style/courriels/ shows them, unless the site has a public name.
COURRIELS_A_LIRE = set(env.list("HOTES", default=[])) <= {"localhost", "127.0.0.1", "[::1]"}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DONNEES / "courriels")
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
