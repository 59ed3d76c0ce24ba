"""Who may see a screen: every view under /gestion/ declares its roles here and nowhere else."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

TOUS = ("candidat", "employeur", "evaluateur", "gestionnaire", "jury", "certificateur", "signataire", "auditeur")
# Paths a person must reach to set up or prove the second factor.
_LIBRES = ("/compte/", settings.STATIC_URL, "/verifier", "/v/", "/V/")


class Ecran(AccessMixin):
    """Base of every screen of the back office: login, declared roles, scope.

    `roles` names the roles that may open the screen. Views of objects read them through `visibles_par`, so that what is
    out of scope does not exist (404), and what is visible but not permitted is refused (403).
    """

    roles: tuple[str, ...] = ()

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not request.user.a_role(*self.roles):
            raise PermissionDenied("Cette page ne fait pas partie de ce que votre rôle permet.")
        reponse = super().dispatch(request, *args, **kwargs)
        reponse.headers.setdefault("Cache-Control", "no-store, private")
        return reponse

    def get_queryset(self):
        """The objects this person may see, through the trade's own rule."""
        source = self.queryset if getattr(self, "queryset", None) is not None else self.model.objects.all()
        return source.all().visibles_par(self.request.user)


def _session_a_deux_facteurs(request) -> bool:
    """Was this session opened with a second factor (code, recovery code or passkey)?"""
    return any(
        trace.get("method") == "mfa" or trace.get("type") == "webauthn"
        for trace in get_authentication_records(request)
    )


class ExigerDoubleAuthentification:
    """Keep protected roles out until their second factor is set up and used, whatever door they came through."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        utilisateur = request.user
        if (
            utilisateur.is_authenticated
            and not request.path.startswith(_LIBRES)
            and utilisateur.exige_double_authentification
            and not _session_a_deux_facteurs(request)
        ):
            if utilisateur.authenticator_set.exists():
                logout(request)
                return redirect(f"{reverse('account_login')}?next={request.path}")
            return redirect("mfa_activate_totp")
        return self.get_response(request)
