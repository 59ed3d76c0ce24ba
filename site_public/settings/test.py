"""The test suite: as the demonstration, quicker where safety costs time, and a data folder of its own."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import STORAGES, TEMPLATES

DEBUG = False
SECRET_KEY = "cle-de-la-suite-de-tests-sans-valeur-hors-des-tests-0123456789"
ALLOWED_HOSTS = ["*"]
PAGES_DE_DEVELOPPEMENT = True

DONNEES = Path(tempfile.mkdtemp(prefix="cqp-tests-"))
MEDIA_ROOT = DONNEES / "media"
DOSSIER_CLES = DONNEES / "cles"
STORAGES["prive"]["OPTIONS"]["location"] = str(DONNEES / "prive")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class VariableAbsente(str):
    """An undefined template variable fails the test instead of printing nothing."""

    def __mod__(self, nom):
        if str(nom) in {"user", "request", "self"} or str(nom).startswith(("wagtail", "forloop")):
            return ""
        raise AssertionError(f"variable de gabarit inconnue : {nom}")

    def __contains__(self, morceau):
        return morceau == "%s"


_ = TEMPLATES, VariableAbsente
