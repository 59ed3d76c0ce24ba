"""Account screens: one of ours, and those of allauth that need one more thing."""

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.shortcuts import redirect
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import TOUS_ET_LE_SITE, Ecran

from .appareils import appareil
from .bascule import RETOUR, accueil_de, choisir
from .forms import consommer_code


class MonCompte(Ecran, TemplateView):
    """Who I am here, what I may do, and how my account is protected."""

    roles = TOUS_ET_LE_SITE
    template_name = "comptes/moi.html"

    def get_context_data(self, **kwargs):
        facteurs = list(self.request.user.authenticator_set.all())
        types = Authenticator.Type
        return super().get_context_data(
            roles=self.request.user.tous_les_roles,
            application=next((f for f in facteurs if f.type == types.TOTP), None),
            cles=[f for f in facteurs if f.type == types.WEBAUTHN],
            codes=next((len(f.wrap().get_unused_codes()) for f in facteurs if f.type == types.RECOVERY_CODES), 0),
            **kwargs,
        )


class ChoisirRole(Ecran, View):
    """Act under one of one's roles, or under all of them; back to the same page when it is still open."""

    roles = TOUS_ET_LE_SITE
    http_method_names = ["post"]

    def post(self, request):
        if not choisir(request, request.POST.get("role", ""), request.POST.get("page", "")):
            messages.error(request, "Ce rôle n’est pas, ou n’est plus, l’un des vôtres.")
        return redirect(request.session.get(RETOUR) or accueil_de(request.user))


class ActiverApplication(ActivateTOTPView):
    """Set up the authenticator application; the session that proved the first code goes on, now with two factors."""

    def form_valid(self, form):
        reponse = super().form_valid(form)
        facteur = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        # The code of the activation has been shown to this page: it must not open a session as well.
        facteur = consommer_code(facteur, form.cleaned_data["code"].replace(" ", "")) or facteur
        post_authentication(self.request, facteur, reauthenticated=True)
        return reponse


class AjouterCle(AddWebAuthnView):
    """Register a passkey; the session that has just presented it goes on with two factors."""

    def form_valid(self, form):
        reponse = super().form_valid(form)
        cle = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        post_authentication(self.request, cle, reauthenticated=True)
        return reponse


class MesSessions(ListUserSessionsView):
    """Where this account is open, in words, and one button to close the other sessions."""

    def get_context_data(self, **kwargs):
        contexte = super().get_context_data(**kwargs)
        for session in contexte["sessions"]:
            session.appareil = appareil(session.user_agent)
        return contexte
