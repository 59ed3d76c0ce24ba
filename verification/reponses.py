"""What every public answer shares: no trace left behind, and the page of who asks too often."""

from functools import wraps

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from . import limites


def sans_trace(vue):
    """Keep a page out of caches, search engines and the Referer of whatever is opened next."""

    @wraps(vue)
    def entouree(request, *args, **kwargs):
        reponse = vue(request, *args, **kwargs)
        reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        reponse.headers["Referrer-Policy"] = "no-referrer"
        return reponse

    return never_cache(entouree)


def fichier_public(contenu: dict, genre: str = "application/json", fraicheur: int = 300) -> JsonResponse:
    """A JSON file that any page of any site may read, and any cache keep for `fraicheur` seconds."""
    reponse = JsonResponse(contenu, content_type=genre)
    reponse.headers["Cache-Control"] = f"public, max-age={fraicheur}"
    reponse.headers["Access-Control-Allow-Origin"] = "*"
    return reponse


def trop(request):
    """The page of who asks too often."""
    reponse = render(request, "429.html", status=429)
    reponse.headers["Retry-After"] = str(limites.FENETRE)
    return reponse
