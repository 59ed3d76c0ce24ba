"""Pages of the project itself: errors and health."""

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def erreur_csrf(request, reason=""):
    """A form sent without its token: the page was too old, or opened elsewhere."""
    return render(request, "403_csrf.html", status=403)


def erreur_400(request, exception=None):
    """A request that the server refuses to read, or that weighs too much (413).

    Nothing is asked of the request: its host may be what is refused.
    """
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return trop_lourd()
    return HttpResponse(render_to_string("400.html"), status=400)


def trop_lourd() -> HttpResponse:
    """The page that says how heavy a file may be."""
    return HttpResponse(render_to_string("413.html"), status=413)


def sante(request):
    """Answer « ok » when the database answers. Nothing about the installation is told."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
