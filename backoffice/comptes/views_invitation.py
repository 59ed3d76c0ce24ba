"""Inviting people, following the invitations, accepting or declining one."""

import secrets

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from backoffice.acces import TOUS_ET_LE_SITE, Ecran
from backoffice.actes import actes_possibles
from registre.transitions import Refus, executer, verbes_de

from .attente import offres_a
from .forms_invitation import CompteForm, InvitationForm
from .invitations import INVITANTS, INVITATION, Invite, empreinte, inviter
from .models import Invitation, Utilisateur


class Inviter(Ecran, View):
    """Offer a role to an address."""

    roles = INVITANTS

    def get(self, request):
        return self._page(InvitationForm(acteur=request.user))

    def post(self, request):
        form = InvitationForm(request.POST, acteur=request.user)
        if not form.is_valid():
            return self._page(form, statut=422)
        saisie, cle = form.cleaned_data, request.POST.get("cle", "")[:64]
        offre = [saisie[nom] for nom in ("au_titre_de", "courriel", "role", "organisme")]
        try:
            invitation = inviter(request.user, *offre, cle=cle, debut=saisie["debut"], fin=saisie["fin"])
        except Refus as refus:
            return self._page(form, refus.phrases, refus.statut)
        messages.success(request, "L’invitation est partie.")
        return redirect(invitation)

    def _page(self, form, phrases=(), statut=200):
        contexte = {"form": form, "phrases": phrases, "cle": secrets.token_hex(16)}
        return render(self.request, "comptes/inviter.html", contexte, status=statut)


class UneInvitation(Ecran, TemplateView):
    """One invitation: whom, to what, until when; send it again or revoke it."""

    roles = (*INVITANTS, "auditeur")
    model = Invitation
    template_name = "comptes/invitation.html"

    def get_context_data(self, **kwargs):
        invitation = get_object_or_404(self.get_queryset().select_related("organisme"), pk=self.kwargs["pk"])
        actes = actes_possibles(invitation, self.request.user, verbes_de(invitation))
        return super().get_context_data(objet=invitation, actes=actes, **kwargs)


class AccepterIci(Ecran, View):
    """A role offered to who is logged in already, at the address of their account: no need of the link."""

    roles = TOUS_ET_LE_SITE

    def get(self, request, pk):
        return self._page(self._offre(pk))

    def post(self, request, pk):
        invitation = self._offre(pk)
        if "decliner" in request.POST:
            executer(INVITATION, "decliner", invitation, Invite(invitation, request.user))
            messages.success(request, "L’invitation est déclinée\u00a0: la personne qui l’a envoyée en est prévenue.")
            return redirect("pilotage:accueil")
        try:
            executer(INVITATION, "accepter", invitation, Invite(invitation, request.user))
        except Refus as refus:
            return self._page(invitation, refus.phrases, refus.statut)
        messages.success(request, "Votre rôle est ouvert. Reconnectez-vous pour commencer.")
        return redirect("account_login")

    def _offre(self, pk):
        return get_object_or_404(offres_a(self.request.user).select_related("organisme"), pk=pk)

    def _page(self, invitation, phrases=(), statut=200):
        contexte = {"invitation": invitation, "phrases": phrases}
        return render(self.request, "comptes/accepter_ici.html", contexte, status=statut)


@method_decorator(never_cache, name="dispatch")
class Accepter(View):
    """The page behind the link. A GET shows, only a POST accepts or declines: scanners of mails consume nothing."""

    def get(self, request, jeton):
        invitation = self._invitation(jeton)
        if invitation is None or invitation.raison_de_fermeture():
            return self._close(invitation)
        return self._page(invitation, CompteForm())

    def post(self, request, jeton):
        invitation = self._invitation(jeton)
        if invitation is None or invitation.raison_de_fermeture():
            return self._close(invitation)
        if "decliner" in request.POST:
            return self._close(executer(INVITATION, "decliner", invitation, Invite(invitation)), 200)
        donnees, form = {}, CompteForm(request.POST)
        if not self._compte(invitation):
            if not form.is_valid():
                return self._page(invitation, form, statut=422)
            donnees = form.cleaned_data
        connecte = request.user if request.user.is_authenticated else None
        try:
            executer(INVITATION, "accepter", invitation, Invite(invitation, connecte), donnees)
        except Refus as refus:
            return self._page(invitation, form, refus.phrases, refus.statut)
        messages.success(request, "Votre rôle est ouvert. Connectez-vous pour commencer.")
        return redirect("account_login")

    @staticmethod
    def _invitation(jeton):
        lues = Invitation.objects.select_related("organisme")
        return lues.filter(empreinte_jeton=empreinte(jeton)).first()

    @staticmethod
    def _compte(invitation):
        return Utilisateur.objects.filter(email=invitation.courriel).first()

    def _page(self, invitation, form, phrases=(), statut=200):
        compte, visiteur = self._compte(invitation), self.request.user
        contexte = {
            "invitation": invitation,
            "form": None if compte else form,
            "est_la_personne": bool(compte) and visiteur.is_authenticated and visiteur.pk == compte.pk,
            "autre_compte": visiteur.is_authenticated and (compte is None or visiteur.pk != compte.pk),
            "connexion": f"{reverse('account_login')}?{urlencode({'next': self.request.path})}",
            "phrases": phrases,
        }
        return self._repondre("comptes/accepter.html", contexte, statut)

    def _close(self, invitation, statut=410):
        contexte = {"raison": invitation.raison_de_fermeture() if invitation else "", "invitation": invitation}
        return self._repondre("comptes/accepter_close.html", contexte, statut if invitation else 404)

    def _repondre(self, gabarit, contexte, statut):
        reponse = render(self.request, gabarit, contexte, status=statut)
        # The address of this page is a secret. Not « no-referrer »: browsers then send « Origin: null » with the form,
        # and the CSRF check refuses the answer.
        reponse.headers["Referrer-Policy"] = "same-origin"
        reponse.headers["X-Robots-Tag"] = "noindex"
        return reponse
