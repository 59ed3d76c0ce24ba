"""What every open answer shares: read from anywhere, asked again cheaply, and not without end.

The tag is that of the bytes themselves, so that it is right whatever changed: a version, a page withdrawn, or only the
day. `Last-Modified` is when this process first gave these bytes: later than the truth at worst, never earlier.
"""

import functools
import hashlib
import hmac
import ipaddress
import json
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

METHODES = "GET, HEAD, OPTIONS"
FRAICHEUR = 60
FENETRE = 60
TOLERANCE = 240
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
PROBLEMES = {
    400: "Requête illisible",
    404: "Introuvable",
    405: "Méthode refusée",
    406: "Format inconnu",
    422: "Paramètre refusé",
    429: "Trop de demandes",
    500: "Panne du service",
}


def adresse_publique(chemin: str) -> str:
    """The absolute address: from the settings, never from the request."""
    return f"{settings.ADRESSE_PUBLIQUE}{chemin}"


def probleme(statut: int, detail: str, chemin: str, **autres) -> HttpResponse:
    """An error as machines read it (RFC 9457), in French."""
    corps = {"type": "about:blank", "title": PROBLEMES[statut], "status": statut, "detail": detail, "instance": chemin}
    contenu = json.dumps({**corps, **autres}, ensure_ascii=False)
    return HttpResponse(contenu, status=statut, content_type="application/problem+json; charset=utf-8")


def _cle(*parties: str) -> str:
    message = "|".join(parties).encode()
    return f"ouvert:{hmac.new(settings.SECRET_KEY.encode(), message, 'sha256').hexdigest()}"


def _visiteur(request) -> str:
    """The address, or the /64 of an IPv6 one: a subscriber owns all of it."""
    adresse = request.META.get("REMOTE_ADDR", "")
    try:
        ip = ipaddress.ip_address(adresse)
    except ValueError:
        return adresse
    return str(ip if ip.version == 4 else ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def _trop(request) -> bool:
    """Count this request in the memory of the process: enough for a harvest, too few to wear the machine out."""
    compteurs, cle = caches["processus"], _cle("frein", _visiteur(request), str(int(time.time()) // FENETRE))
    compteurs.add(cle, 0, timeout=2 * FENETRE)
    try:
        return compteurs.incr(cle) > TOLERANCE
    except ValueError:
        return False


def _depuis_quand(request, etiquette: str) -> int:
    """When this process first gave these bytes at this address."""
    cle = _cle("depuis", request.get_full_path(), etiquette)
    return caches["processus"].get_or_set(cle, lambda: int(time.time()), timeout=30 * 24 * 3600)


def ouvertes(vue: Callable) -> Callable:
    """An open answer: GET, HEAD and the preflight of browsers; `ETag`, `Last-Modified` and 304; throttled."""

    @functools.wraps(vue)
    def repondre(request, *args, **kwargs):
        if request.method == "OPTIONS":
            reponse = HttpResponse(status=204)
        elif request.method not in ("GET", "HEAD"):
            reponse = probleme(405, "Ces données se lisent seulement\u00a0: demandez-les par GET.", request.path)
            reponse.headers["Allow"] = METHODES
        elif _trop(request):
            reponse = probleme(429, f"Patientez {FENETRE}\u00a0secondes avant de redemander.", request.path)
            reponse.headers["Retry-After"] = str(FENETRE)
        else:
            reponse = _avec_validateurs(request, vue(request, *args, **kwargs))
        return _partagee(reponse)

    # Nothing is written and no cookie is read: the preflight of a browser must not meet the check of forms.
    repondre.csrf_exempt = True
    return repondre


def _avec_validateurs(request, reponse):
    if reponse.status_code != 200:
        return reponse
    etiquette = f'"{hashlib.sha256(reponse.content).hexdigest()[:32]}"'
    depuis = _depuis_quand(request, etiquette)
    reponse.headers["ETag"] = etiquette
    reponse.headers["Last-Modified"] = http_date(depuis)
    reponse.headers.setdefault("Cache-Control", f"public, max-age={FRAICHEUR}")
    return get_conditional_response(request, etag=etiquette, last_modified=depuis, response=reponse)


def _partagee(reponse):
    """Readable by the scripts of any site: nothing here is personal, and no cookie is needed."""
    entetes = reponse.headers
    entetes["Access-Control-Allow-Origin"] = "*"
    entetes["Access-Control-Allow-Methods"] = METHODES
    entetes["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since"
    entetes["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Retry-After, Content-Disposition"
    entetes["Access-Control-Max-Age"] = "86400"
    entetes["Cross-Origin-Resource-Policy"] = "cross-origin"
    entetes["X-Content-Type-Options"] = "nosniff"
    entetes.setdefault("Link", f'<{LICENCE}>; rel="license"')
    return reponse
