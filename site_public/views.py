"""Pages of the project itself: errors and health."""

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from home.voisines import pages_voisines

trace = logging.getLogger(__name__)


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


def erreur_404(request, exception=None):
    """What does not exist; a visitor of the public site is shown what resembles the address."""
    return render(request, "404.html", {"voisines": pages_voisines(request.path)}, status=404)


def erreur_500(request):
    """What broke, in the dress of the site; without it, when the dress itself is what broke."""
    try:
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:
        trace.exception("page d’erreur indisponible")
        return HttpResponse(render_to_string("500_nue.html"), status=500)


def trop_lourd() -> HttpResponse:
    """The page that says how heavy a file may be."""
    return HttpResponse(render_to_string("413.html"), status=413)


def sante(request):
    """Answer « ok » when the database answers. Nothing about the installation is told."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
