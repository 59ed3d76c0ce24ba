"""The demonstration: what `script/server` runs. DEBUG stays off so that people see the real error pages."""

from .base import *  # noqa: F403
from .base import DONNEES, STORAGES, env
from .cle import cle_locale

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = cle_locale(DONNEES)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.list("HOTES", default=[])]
PAGES_DE_DEVELOPPEMENT = True

# Mails of the demonstration are files; /style/courriels/ shows them.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DONNEES / "courriels")
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
