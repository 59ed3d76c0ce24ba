"""The test suite: as the demonstration, quicker where safety costs time, and a data folder of its own."""

import atexit
import shutil
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import DATABASES, STORAGES

DEBUG = False
SECRET_KEY = "cle-de-la-suite-de-tests-sans-valeur-hors-des-tests-0123456789"
ALLOWED_HOSTS = ["*"]
PAGES_DE_DEVELOPPEMENT = True
COURRIELS_A_LIRE = True

DONNEES = Path(tempfile.mkdtemp(prefix="cqp-tests-"))
atexit.register(shutil.rmtree, DONNEES, ignore_errors=True)
MEDIA_ROOT = DONNEES / "media"
STATIC_ROOT = DONNEES / "staticfiles"
DOSSIER_CLES = DONNEES / "cles"
STORAGES["prive"]["OPTIONS"]["location"] = str(DONNEES / "prive")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: in memory, every thread of the live server would share one connection, without WAL nor real locks.
    DATABASES["default"]["NAME"] = str(DONNEES / "base.sqlite3")
    DATABASES["default"]["TEST"] = {"NAME": str(DONNEES / "essai.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# One memory under two names: emptied together.
CACHES = dict.fromkeys(("default", "processus", "pages"), {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"})
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Counts are written when a test says so.
COMPTAGE_DELAI = 0
