"""What every public answer shares: no trace left behind, and the page of who asks too often."""

from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import Context, Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
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


# Of each page, what stands before its title, between title and content, and after: the same for everybody.
_cadres: dict[tuple[str, str], tuple[str, str, str]] = {}


def rendre_page(gabarit: str, contexte: dict) -> HttpResponse:
    """Render a page that knows nothing of who asks: the frame around its title and its content is made once.

    This page is read far more often than any other, and its frame was half of its cost. Only these two blocks may
    speak of the document: a test compares the answer with the ordinary rendering.
    """
    patron, cle = get_template(gabarit), (gabarit, settings.NOM_DU_SITE)
    titre, contenu = (_bloc(patron.template, nom, contexte) for nom in ("titre", "contenu"))
    if cle not in _cadres:
        # A visitor of whom nothing is known: neither name nor message of anybody stays in the frame.
        avant, reste = patron.render(contexte, HttpRequest()).split(f"<title>{titre}", 1)
        entre, apres = reste.split(contenu)
        _cadres[cle] = (f"{avant}<title>", entre, apres)
    avant, entre, apres = _cadres[cle]
    return HttpResponse("".join((avant, titre, entre, contenu, apres)))


def _bloc(patron: Template, nom: str, contexte: dict) -> str:
    """What one block of a template says."""
    bloc = next(b for b in patron.nodelist.get_nodes_by_type(BlockNode) if b.name == nom)
    lie = Context(dict(contexte))
    with lie.bind_template(patron):
        return bloc.render(lie)


def trop(request):
    """The page of who asks too often."""
    reponse = render(request, "429.html", status=429)
    reponse.headers["Retry-After"] = str(limites.FENETRE)
    return reponse
