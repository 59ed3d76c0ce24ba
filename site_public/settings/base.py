"""Settings shared by every environment. What differs stands in dev, test and production."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything the product writes (database, private files, keys, logs) stays under one folder.
DONNEES = Path(env("DOSSIER_DONNEES", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "site_public",
    "home",
    "verification",
    "cpf",
    "backoffice",
    "backoffice.pilotage",
    "backoffice.espace",
    "backoffice.contacts",
    "backoffice.signalements",
    "backoffice.repertoires",
    "backoffice.delivrances",
    "backoffice.remises",
    "backoffice.jurys",
    "backoffice.evaluations",
    "backoffice.candidatures",
    "backoffice.parcours",
    "backoffice.comptes",
    "backoffice.listes",
    "backoffice.notifications",
    "backoffice.aide",
    "registre",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "site_public.middleware.AdresseDuVisiteur",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "site_public.middleware.EntetesDeSecurite",
    # Above whatever may answer by itself: an error page has its policy too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "site_public.middleware.PoidsDesRequetes",
    # Before whatever looks at who is asking: what it keeps is the same for all.
    "home.memoire.MemoireDesPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "backoffice.comptes.duree.FinDeSession",
    "backoffice.acces.ExigerDoubleAuthentification",
    "backoffice.comptes.bascule.AgirSousUnRole",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "site_public.urls"
WSGI_APPLICATION = "site_public.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "site_public.contexte.site",
                "backoffice.menu.contexte",
            ],
        },
    }
]
FORM_RENDERER = "site_public.formulaires.Rendu"

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DONNEES / 'base.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a deferred transaction that turns into a writer fails at once when another one writes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Counters of attempts live here: Django's 300 entries would forget them under the first scan.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What spares the machine only, and may differ from one process to the next.
    "processus": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "processus",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Public pages of some 50 KB, for a minute (`home/memoire.py`).
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# Seconds between two writings of the counts of public checks.
COMPTAGE_DELAI = 60

AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/gestion/"
ACCOUNT_ADAPTER = "backoffice.comptes.adaptateurs.AdaptateurCompte"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Five links per hour and per address: who asks in vain has five good ones in the mailbox already.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key"}
ACCOUNT_FORMS = {
    "login": "backoffice.comptes.forms.ConnexionForm",
    "reauthenticate": "backoffice.comptes.forms.ConfirmationForm",
    "reset_password": "backoffice.comptes.forms.DemandeMotDePasseForm",
    "reset_password_from_key": "backoffice.comptes.forms.ChoixMotDePasseForm",
    "set_password": "backoffice.comptes.forms.PremierMotDePasseForm",
    "change_password": "backoffice.comptes.forms.ChangementMotDePasseForm",
}
PASSWORD_RESET_TIMEOUT = 2 * 3600
MFA_ADAPTER = "backoffice.comptes.adaptateurs.AdaptateurSecondFacteur"
MFA_FORMS = {
    "authenticate": "backoffice.comptes.forms.CodeForm",
    "reauthenticate": "backoffice.comptes.forms.ConfirmationCodeForm",
    "activate_totp": "backoffice.comptes.forms.ActivationForm",
    "add_webauthn": "backoffice.comptes.forms.CleForm",
    "edit_webauthn": "backoffice.comptes.forms.NomDeCleForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Clocks of telephones drift; our forms accept each code once, whatever the tolerance.
MFA_TOTP_TOLERANCE = 1
# Addresses come from invitations, already proved; allauth's own confirmation is off.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Login through an identity provider (OpenID Connect): off unless an address and a client are given.
OIDC = {
    "decouverte": env("OIDC_DECOUVERTE", default=""),
    "client": env("OIDC_CLIENT", default=""),
    "secret": env("OIDC_SECRET", default=""),
    "nom": env("OIDC_NOM", default="votre organisation"),
    "portee": env("OIDC_PORTEE", default="openid email"),
    "claim_courriel": env("OIDC_CLAIM_COURRIEL", default="email"),
    "claim_verifie": env("OIDC_CLAIM_VERIFIE", default="email_verified"),
    # What the provider answers when it has asked for two factors itself; empty: ours is asked.
    "acr_surs": env.list("OIDC_ACR_SURS", default=[]),
    "amr_surs": env.list("OIDC_AMR_SURS", default=[]),
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DONNEES / "staticfiles"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "site_public.fichiers.ChercheurPlotly",
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_URL = "/media/"
MEDIA_ROOT = DONNEES / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files of dossiers and issued documents: no address of their own, a view with a policy serves them.
    "prive": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(DONNEES / "prive"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What carries the files of the accrochage: cpf/transport.py.
CPF_TRANSPORT = env("CPF_TRANSPORT", default="cpf.transport.DepotManuel")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# In hours: without a page asked for, and in all, whatever the activity.
SESSION_INACTIVITE = env.int("SESSION_INACTIVITE_HEURES", default=8)
SESSION_DUREE = env.int("SESSION_DUREE_HEURES", default=12)
# Longer than both, a week-end included: who comes back on Monday reads why their session is over.
SESSION_COOKIE_AGE = 3 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "site_public.views.erreur_csrf"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# The heaviest thing a form accepts is an accusé of 20 MB.
TAILLE_MAXIMALE_REQUETE = 25 * 1024 * 1024
# Except, for who is logged in, a whole national register in its zip (71 MB in 2026).
TAILLES_PARTICULIERES = {"/gestion/repertoires/": 125 * 1024 * 1024}
# How many proxies of ours stand before the application; their X-Forwarded-For is believed.
PROXYS_DE_CONFIANCE = 0
FILE_UPLOAD_PERMISSIONS = 0o600

# The Wagtail editor needs inline styles and scripts; it gets the looser policy of its own prefix.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
    },
}

# Django alone writes nothing once DEBUG is off: an error would leave no trace at all.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"()": "site_public.traces.LigneJson"}},
    "handlers": {"sortie": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["sortie"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["sortie"], "level": "INFO", "propagate": False},
        # Glyphs and rules of style sheets, one line each: not facts of the service.
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        # It tells each certificate that it does not trust: any file dropped on the verification page may hold one.
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# A mail is sent under the lock of its row: a server that does not answer must not hold it.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("COURRIEL_EXPEDITEUR", default="registre@example.org")
# Where undelivered mails come back (each with its own « +jeton »), and the mailbox that `lire_retours` reads.
ADRESSE_DES_RETOURS = env("ADRESSE_DES_RETOURS", default="")
BOITE_DES_RETOURS = env("BOITE_DES_RETOURS", default="")

WAGTAIL_SITE_NAME = "Registre des CQP"
WAGTAILADMIN_BASE_URL = env("ADRESSE_PUBLIQUE", default="http://localhost:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024

# Our own.
# Address printed on documents and mails: never taken from a request.
ADRESSE_PUBLIQUE = env("ADRESSE_PUBLIQUE", default="http://localhost:8000").rstrip("/")
DOSSIER_CLES = DONNEES / "cles"
# What was last issued, remembered outside the database: never restored with it.
FICHIER_DU_GARDIEN = env("FICHIER_DU_GARDIEN", default=str(DONNEES / "gardien.json"))
# The PEM or PKCS#12 file that seals documents: ours, in the folder of the keys, when none is named. A timestamp server
# (RFC 3161) is asked for each document when its address is given.
SCEAU_FICHIER = env("SCEAU_FICHIER", default="")
SCEAU_MOT_DE_PASSE = env("SCEAU_MOT_DE_PASSE", default="")
SCEAU_HORODATAGE = env("SCEAU_HORODATAGE", default="")
# Those who cosign the public log: the line that each one’s program prints, separated by commas.
TEMOINS_DU_JOURNAL = env.list("TEMOINS_DU_JOURNAL", default=[])
PAGES_DE_DEVELOPPEMENT = False
# Mails of the demonstration hold links that open accounts: read where nobody else comes.
COURRIELS_A_LIRE = False
# Shown to who can do nothing any more.
COURRIEL_CONTACT = env("COURRIEL_CONTACT", default=DEFAULT_FROM_EMAIL)
NOM_DU_SITE = env("NOM_DU_SITE", default="Registre des CQP")
TAILLE_MAXIMALE_PIECE = 10 * 1024 * 1024
PAGES_MAXIMALES_PIECE = 50
# How long one may still write about a dossier after its decision, its delivery or its closing.
JOURS_D_ECHANGE_APRES_LA_FIN = env.int("JOURS_D_ECHANGE_APRES_LA_FIN", default=90)
