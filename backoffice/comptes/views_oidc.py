"""Logging in through the identity provider of one's organisation, when there is one."""

import logging

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from . import oidc
from .models import Utilisateur

trace = logging.getLogger(__name__)
GARDE = "oidc"
TOLERANCE = {"oidc": "30/m/ip"}


@method_decorator(never_cache, name="dispatch")
class _Porte(View):
    """404 as long as no provider is configured; a refusal is a page that says why and leads back to the login."""

    def dispatch(self, request, *args, **kwargs):
        if not oidc.active():
            raise Http404
        if not ratelimit.consume(request, app="backoffice.comptes", action="oidc", config=TOLERANCE):
            return ratelimit.respond_429(request)
        try:
            return super().dispatch(request, *args, **kwargs)
        except oidc.ConnexionRefusee as refus:
            trace.warning("connexion par un fournisseur d’identité refusée\u00a0: %s", refus)
            contexte = {"motif": refus.motif, "organisation": settings.OIDC["nom"]}
            return render(request, "account/oidc_refus.html", contexte, status=403)


class Partir(_Porte):
    """A page that leads to the provider. Not a redirection: browsers hold a form to its own site, and ours says so."""

    http_method_names = ["post"]

    def post(self, request):
        suite = request.POST.get("next", "")
        suite = suite if get_adapter().is_safe_url(suite) else ""
        adresse, request.session[GARDE] = oidc.partir(reverse("oidc_retour"), suite)
        return render(request, "account/oidc_depart.html", {"adresse": adresse, "organisation": settings.OIDC["nom"]})


class Revenir(_Porte):
    """The person is back: an account that exists, at an address that the provider has verified, or nothing."""

    http_method_names = ["get"]

    def get(self, request):
        garde = request.session.pop(GARDE, None)
        identite = oidc.revenir(request.GET, garde, reverse("oidc_retour"))
        compte = Utilisateur.objects.filter(email=identite.courriel, is_active=True).first()
        if compte is None:
            raise oidc.ConnexionRefusee("inconnue")
        if request.user.is_authenticated:
            logout(request)
        record_authentication(request, compte, method="oidc")
        etat = {}
        if identite.deux_facteurs:
            # The provider asked for two factors, in a way that this installation trusts.
            record_authentication(request, compte, method="mfa", type="oidc")
            etat = {"second_facteur_ailleurs": True}
        connexion = Login(user=compte, email=compte.email, redirect_url=garde["suite"] or None, state=etat)
        return perform_login(request, connexion)
