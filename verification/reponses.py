"""What every public answer shares: no trace left behind, and the page of who asks too often."""

import re
from collections import OrderedDict
from functools import wraps
from itertools import count

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.html import escape
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


class Valeur(str):
    """A text of the context that changes from one document to the next; it is printed, never compared nor cut."""


# Of each shape of each page: its bytes, cut where the values stand, and which value stands in each cut.
_pages: OrderedDict[tuple, tuple[list[bytes], list[int]]] = OrderedDict()
_PAGES_GARDEES = 200
# A mark is a number in letters, repeated to the length of a token: printed as it is in a page and in its addresses.
_CHIFFRES, _LETTRES, _FOIS = "0123456789", "QXZJKWYVHB", 42
_REPERE = re.compile(rf"([{_LETTRES}]{{4}})\1{{{_FOIS - 1}}}")


def rendre_page(gabarit: str, contexte: dict) -> HttpResponse:
    """Render a page that knows nothing of who asks: its template runs once for each shape, then values are set in it.

    This page is read far more often than any other, and its template was most of its cost. The shape is all of the
    context but the texts given as `Valeur`. A test compares each answer with the ordinary rendering.
    """
    valeurs: list[str] = []
    forme = (gabarit, settings.NOM_DU_SITE, _forme(contexte, valeurs))
    if forme in _pages:
        _pages.move_to_end(forme)
    else:
        _pages[forme] = _decouper(gabarit, contexte)
        if len(_pages) > _PAGES_GARDEES:
            _pages.popitem(last=False)
    morceaux, rangs = _pages[forme]
    propres = [escape(valeur).encode() for valeur in valeurs]
    page = [morceaux[0]]
    for rang, morceau in zip(rangs, morceaux[1:], strict=True):
        page += propres[rang], morceau
    return HttpResponse(b"".join(page))


def _forme(contexte, valeurs: list[str]):
    """Return what makes two contexts one page, and gather the values, in the order met."""
    if isinstance(contexte, dict):
        return tuple((nom, _forme(partie, valeurs)) for nom, partie in contexte.items())
    if isinstance(contexte, list):
        return tuple(_forme(partie, valeurs) for partie in contexte)
    if isinstance(contexte, Valeur):
        valeurs.append(contexte)
        return Valeur
    return contexte


def _decouper(gabarit: str, contexte: dict) -> tuple[list[bytes], list[int]]:
    """Run the template with marks in the place of the values, for a visitor of whom nothing is known."""
    page = get_template(gabarit).render(_marquer(contexte, count()), HttpRequest())
    morceaux = _REPERE.split(page)
    rangs = [int(repere.translate(str.maketrans(_LETTRES, _CHIFFRES))) for repere in morceaux[1::2]]
    return [morceau.encode() for morceau in morceaux[::2]], rangs


def _marquer(contexte, rangs: count):
    """Put the marks in the place of the values, in the order in which `_forme` meets them."""
    if isinstance(contexte, dict):
        return {nom: _marquer(partie, rangs) for nom, partie in contexte.items()}
    if isinstance(contexte, list):
        return [_marquer(partie, rangs) for partie in contexte]
    if isinstance(contexte, Valeur):
        return f"{next(rangs):04d}".translate(str.maketrans(_CHIFFRES, _LETTRES)) * _FOIS
    return contexte


def trop(request):
    """The page of who asks too often."""
    reponse = render(request, "429.html", status=429)
    reponse.headers["Retry-After"] = str(limites.FENETRE)
    return reponse
