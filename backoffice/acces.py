"""Who may see a screen: every view under /gestion/ declares its roles here and nowhere else."""

import logging
from datetime import date

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

trace = logging.getLogger(__name__)

TOUS = ("candidat", "employeur", "evaluateur", "gestionnaire", "jury", "certificateur", "signataire", "auditeur")
# And those who write the public site: they have an account, and nothing of the management.
TOUS_ET_LE_SITE = (*TOUS, "editeur", "publicateur")
# Where one works, as opposed to the public pages: a person without the right session is sent to log in.
PORTES = ("/gestion/", "/admin/")
# Session key: the page asked for before the second factor was set up.
SUITE = "suite"


class Ecran(AccessMixin):
    """Base of every screen of the back office: login, declared roles, scope.

    `roles` names the roles that may open the screen. Views of objects read them through `visibles_par`, so that what is
    out of scope does not exist (404), and what is visible but not permitted is refused (403).
    """

    roles: tuple[str, ...] = ()

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not request.user.tous_les_roles:
            return self._sans_role(request)
        if not request.user.a_role(*self.roles):
            raise PermissionDenied("Cette page ne fait pas partie de ce que votre rôle permet.")
        try:
            reponse = super().dispatch(request, *args, **kwargs)
        except FileNotFoundError:
            trace.exception("fichier absent du rangement", extra={"ecran": type(self).__name__, "cle": kwargs})
            reponse = render(request, "gestion/fichier_absent.html", status=404)
        reponse.headers.setdefault("Cache-Control", "no-store, private")
        return reponse

    @staticmethod
    def _sans_role(request):
        """Say why nothing opens, since when or until when, and whom to ask."""
        roles = sorted(request.user.roles.select_related("organisme"), key=lambda r: r.fin or date.max)
        a_venir = next((r for r in roles if r.moment == "a_venir"), None)
        contexte = {"a_venir": a_venir, "dernier": roles[-1] if roles else None, "contact": settings.COURRIEL_CONTACT}
        return render(request, "gestion/sans_role.html", contexte, status=403)

    def get_queryset(self):
        """The objects this person may see, through the trade's own rule."""
        source = self.queryset if getattr(self, "queryset", None) is not None else self.model.objects.all()
        return source.all().visibles_par(self.request.user)


def _session_a_deux_facteurs(request, utilisateur) -> bool:
    """Was this session opened with a second factor (code, recovery code or passkey)?"""
    return any(trace.get("method") == "mfa" for trace in get_authentication_records(request, utilisateur))


def _second_facteur_ailleurs(request, utilisateur) -> bool:
    """Did a trusted identity provider ask for the second factor of this session?"""
    return any(
        trace.get("method") == "mfa" and trace.get("type") == "oidc"
        for trace in get_authentication_records(request, utilisateur)
    )


class ExigerDoubleAuthentification:
    """Keep protected roles out until their second factor is set up and used, whatever door they came through.

    Without a factor, a session reaches the account pages only, where the factor is set up; everywhere else it counts
    for nothing. A session opened before the factor was there is ended.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        utilisateur = request.user
        reponse = self._repondre(request, utilisateur)
        if utilisateur.is_authenticated:
            # Recovery codes, sessions, dossiers: nothing that somebody saw here stays in a cache.
            reponse.headers.setdefault("Cache-Control", "no-store, private")
        return reponse

    def _repondre(self, request, utilisateur):
        if not utilisateur.is_authenticated or not utilisateur.exige_double_authentification:
            return self.get_response(request)
        siens = utilisateur.authenticator_set.exclude(type=Authenticator.Type.RECOVERY_CODES)
        if not _second_facteur_ailleurs(request, utilisateur) and not siens.exists():
            return self._sans_facteur(request)
        if _session_a_deux_facteurs(request, utilisateur):
            if request.path.startswith(PORTES):
                request.session.pop(SUITE, None)
            return self.get_response(request)
        logout(request)
        if request.path.startswith(PORTES):
            return redirect_to_login(_suite(request), settings.LOGIN_URL)
        return self.get_response(request)

    def _sans_facteur(self, request):
        if request.path.startswith(PORTES):
            request.session[SUITE] = _suite(request)
            return redirect("mfa_activate_totp")
        if not request.path.startswith("/compte/"):
            request.user = AnonymousUser()
        return self.get_response(request)


def _suite(request) -> str:
    """Where to go once the second factor is there: the page that was asked for, never a form sent again."""
    return request.get_full_path() if request.method == "GET" else "/gestion/"
