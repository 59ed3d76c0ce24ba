"""For an address that does not exist: the pages whose address or title resembles it."""

import difflib

from django.core.cache import caches
from wagtail.models import Page

from home.recherche import contient, mots
from registre.textes import plier

# Where a wrong address is not a visitor's: nothing is looked for.
AILLEURS = ("/gestion/", "/admin/", "/compte/", "/v/", "/static/", "/media/", "/api/", "/invitation/", "/partage/")
AU_PLUS, PROCHE = 4, 0.6
LONGUEURS = range(3, 81)
MEMOIRE = 60


def pages_voisines(chemin: str) -> list[dict]:
    """Title and address of the pages that the visitor may have wanted, the nearest first; empty when none is near."""
    dernier = chemin.strip("/").rpartition("/")[2].partition(".")[0]
    if len(dernier) not in LONGUEURS or chemin.startswith(AILLEURS):
        return []
    pages = _pages()
    proches = difflib.get_close_matches(dernier.lower(), pages, n=AU_PLUS, cutoff=PROCHE)
    racines = mots(dernier.replace("-", " "))
    parlantes = [slug for slug, (titre, _) in pages.items() if racines and contient(plier(titre), racines)]
    choisies = list(dict.fromkeys([*proches, *parlantes]))[:AU_PLUS]
    return [{"titre": pages[slug][0], "url": pages[slug][1]} for slug in choisies]


def _pages() -> dict[str, tuple[str, str]]:
    """Each live page by slug; remembered a minute, for those who try many addresses."""
    return caches["processus"].get_or_set("voisines", _lire, MEMOIRE)


def _lire() -> dict[str, tuple[str, str]]:
    lignes = Page.objects.live().public().filter(depth__gte=3).values_list("slug", "title", "url_path")
    return {slug: (titre, "/" + chemin.split("/", 2)[2]) for slug, titre, chemin in lignes}
