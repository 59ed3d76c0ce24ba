"""Pages of the project itself: errors and health."""

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render


def erreur_csrf(request, reason=""):
    """A form sent without its token: the page was too old, or opened elsewhere."""
    return render(request, "403_csrf.html", status=403)


def sante(request):
    """Answer « ok » when the database answers. Nothing about the installation is told."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
