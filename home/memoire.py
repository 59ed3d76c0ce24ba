"""Public pages kept in memory for visitors who are not logged in, and thrown away by the edit that makes them false.

The base itself counts the editions: a trigger on each table that public pages read adds one, whoever writes (screen,
command, raw SQL), in the very transaction of the edit. A page is kept under the edition read before it was drawn; each
visit reads the current one, in one query. Figures of the register (documents delivered) may be a minute late.
"""

import hashlib

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from registre.declencheurs import Echo, inscrire
from registre.quotidien import quotidienne

EDITION = "home_edition"
# With these, a page answers with a part of itself at the same address.
EN_PARTIE = ("HX-Request", "HX-History-Restore-Request")
DUREE = 60
# Work, files and forms: nothing there is kept.
AILLEURS = (
    *("/admin/", "/gestion/", "/compte/", "/static/", "/media/", "/documents/"),
    *("/v/", "/V/", "/verifier/", "/invitation/", "/etat-civil/", "/nous-ecrire/", "/partage/", "/sante/", "/style/"),
    *("/.well-known/", "/statuts/", "/journal", "/api/", "/registre/", "/aide/", "/robots.txt", "/favicon.ico"),
)
# What public pages are made of.
TABLES = (
    *("wagtailcore_page", "wagtailcore_site", "wagtailcore_pageviewrestriction"),
    *("wagtailimages_image", "wagtaildocs_document"),
    *("home_pageaccueil", "home_pagecatalogue", "home_pagecqp", "home_pagelibre"),
    *("home_pageactualites", "home_pageactualite", "home_identitedusite"),
    *("registre_certification", "registre_versioncertification", "registre_versioncertification_succede_a"),
    *("registre_rolecertification", "registre_bloc", "registre_competence", "registre_voieacces"),
    *("registre_codenomenclature", "registre_optioncertification", "registre_filiere", "registre_organisme"),
)

# On SQLite writers come one by one, and one row is enough. Elsewhere each writer adds a row of its own: nobody waits.
ORDRES = {
    "sqlite": f"DELETE FROM {EDITION}; INSERT INTO {EDITION} (id) VALUES (NULL)",  # noqa: S608 - a constant of ours
    "postgresql": f"INSERT INTO {EDITION} DEFAULT VALUES",
}
inscrire(
    Echo(f"edition_{table}_{geste.lower()}"[:60], table, geste, "", ordres=tuple(ORDRES.items()))
    for table in TABLES
    for geste in ("INSERT", "UPDATE", "DELETE")
)


def edition() -> tuple:
    """What changes with each edit. The count tells a row that was committed after a later one."""
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT COUNT(*), MAX(id) FROM {EDITION}")  # noqa: S608 - a constant of ours
        return curseur.fetchone()


@quotidienne("Oublie les anciennes éditions du site public")
def oublier_les_editions() -> str:
    from home.models import Edition

    derniere = Edition.objects.order_by("-pk").first()
    nombre = Edition.objects.filter(pk__lt=derniere.pk).delete()[0] if derniere else 0
    return f"{nombre} édition(s) oubliée(s)."


class MemoireDesPages:
    """Answer from memory to whoever reads without a session; keep what a page of the portal says may be kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not _est_de_passage(request):
            return self.get_response(request)
        memoire = caches["pages"]
        cle = _cle(request)
        if gardee := memoire.get(cle):
            contenu, entetes = gardee
            return HttpResponse(contenu, headers=entetes)
        reponse = self.get_response(request)
        if _se_garde(request, reponse):
            memoire.set(cle, (reponse.content, dict(reponse.items())), DUREE)
        return reponse


def _cle(request) -> str:
    """The page asked for, whole or in part, today, in the current edition."""
    quoi = f"{request.scheme}|{request.get_host()}|{request.get_full_path()}|{timezone.localdate()}|{edition()}"
    quoi += "".join(f"|{nom in request.headers}" for nom in EN_PARTIE)
    return hashlib.blake2b(quoi.encode(), digest_size=16).hexdigest()


def _est_de_passage(request) -> bool:
    """Someone who reads a public page, and whom nothing tells apart from another. A preview comes from an editor."""
    if request.method != "GET" or request.path.startswith(AILLEURS) or getattr(request, "is_dummy", False):
        return False
    return not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


def _se_garde(request, reponse) -> bool:
    """A page that says so, and that carries nothing made for one visitor: cookie, number used once."""
    permise = reponse.status_code == 200 and getattr(reponse, "a_garder", False)
    return permise and not reponse.cookies and getattr(request, "_csp_nonce", None) is None
