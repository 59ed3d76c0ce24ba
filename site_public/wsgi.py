"""WSGI entry point (gunicorn); production sets DJANGO_SETTINGS_MODULE itself."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_public.settings.dev")
application = get_wsgi_application()
