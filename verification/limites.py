"""How many checks one address may ask for: enough for a recruiter, too few to walk through the numbers.

Counters only: the cache holds a keyed hash of the address for the length of a window, nothing of what was looked for.
Those of what can be guessed are shared by all processes. A signed token cannot: its counter spares the machine, and is
kept by each process in its memory, since in the database it would cost ten times the check.
"""

import hmac
import ipaddress
import time

from django.conf import settings
from django.core.cache import cache, caches

FENETRE = 600
PAR_PROCESSUS = {"jeton"}
TOLERANCES = {"jeton": 120, "saisie": 20, "partage": 60}


def depassee(request, portee: str) -> bool:
    """Count this request, and tell whether its address went beyond what `portee` allows in ten minutes."""
    cle = _cle(request.META.get("REMOTE_ADDR", ""), portee)
    compteurs = caches["processus"] if portee in PAR_PROCESSUS else cache
    compteurs.add(cle, 0, timeout=2 * FENETRE)
    try:
        nombre = compteurs.incr(cle)
        # In the database, counting puts back a timeout shorter than the window.
        compteurs.touch(cle, 2 * FENETRE)
        return nombre > TOLERANCES[portee]
    except ValueError:
        # The counter was evicted between the two calls: this request is the first of a new count.
        compteurs.set(cle, 1, timeout=2 * FENETRE)
        return False


def _cle(adresse: str, portee: str) -> str:
    fenetre = int(time.time()) // FENETRE
    message = f"verification|{portee}|{fenetre}|{_reseau(adresse)}".encode()
    return f"verification:{hmac.new(settings.SECRET_KEY.encode(), message, 'sha256').hexdigest()}"


def _reseau(adresse: str) -> str:
    """Return the address, or the /64 of an IPv6 one: a subscriber owns all the addresses of it."""
    try:
        ip = ipaddress.ip_address(adresse)
    except ValueError:
        return adresse
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
