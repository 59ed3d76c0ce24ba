"""How long a session lasts: a post left open in the evening is not open the next morning."""

import logging
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError

from backoffice.acces import PORTES

trace = logging.getLogger(__name__)
HEURE = 3600
# Keys of the session: when it began, and its last page, noted once a minute.
OUVERTE, VUE = "ouverte_le", "vue_le"
PRECISION = 60


class FinDeSession:
    """Close a session left idle, or open for too long; the person comes back to their page, where drafts wait.

    Public pages simply go on, without a name.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        phrase = self._fin(request.session, time.time())
        if not phrase:
            return self.get_response(request)
        suite = _page(request)
        logout(request)
        if not request.path.startswith(PORTES):
            return self.get_response(request)
        messages.warning(request, phrase)
        return redirect_to_login(suite, settings.LOGIN_URL)

    @staticmethod
    def _fin(session, maintenant) -> str:
        """The sentence that says why this session ends now; empty, and the time noted, when it goes on."""
        ouverte, vue = session.get(OUVERTE), session.get(VUE)
        if ouverte is None:
            _noter(session, **{OUVERTE: maintenant, VUE: maintenant})
            return ""
        if maintenant - vue > settings.SESSION_INACTIVITE * HEURE:
            cause = f"après {_heures(settings.SESSION_INACTIVITE)} sans activité"
        elif maintenant - ouverte > settings.SESSION_DUREE * HEURE:
            cause = f"au bout de {_heures(settings.SESSION_DUREE)}"
        else:
            if maintenant - vue > PRECISION:
                _noter(session, **{VUE: maintenant})
            return ""
        return (
            f"Par sécurité, votre session s’est fermée {cause}. Reconnectez-vous\u00a0: vous reviendrez à la même "
            "page, et ce que vous y aviez saisi dans cet onglet vous sera rendu."
        )


def _noter(session, **instants) -> None:
    """Write at once: an act that ends this very session must not find it changed, and saved again, after it."""
    session.update(instants)
    try:
        session.save()
    except UpdateError:
        # Ended on another device a moment ago: the next page says so.
        trace.info("session close pendant sa lecture")
    session.modified = False


def _heures(nombre: int) -> str:
    return f"{nombre}\u00a0heure{'s' if nombre > 1 else ''}"


def _page(request) -> str:
    """The page to come back to: the one asked for, or the one whose form was being sent."""
    if request.method == "GET":
        return request.get_full_path()
    venue = urlsplit(request.headers.get("Referer", ""))
    if venue.netloc == request.get_host() and venue.path.startswith(PORTES):
        return f"{venue.path}?{venue.query}" if venue.query else venue.path
    return "/gestion/"
