"""The staff's screens of a verification: what the register knows of a holder, the link sent to them, what they said."""

import secrets
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre.models import Titulaire
from registre.transitions import Refus, verbes_de
from registre.vraisemblance import avertissements

from .forms import VerificationForm
from .models import DemandeCorrection, VerificationEtatCivil
from .verifications import STAFF, demander_verification


class Demander(Ecran, View):
    """What is stored about a holder, the doubts, what was asked before; a short form sends them a link."""

    roles = STAFF

    @cached_property
    def titulaire(self) -> Titulaire:
        titulaire = get_object_or_404(Titulaire, pk=self.kwargs["pk"])
        roles = DemandeCorrection(titulaire=titulaire).roles_de(self.request.user)
        if not roles:
            raise Http404
        if not roles.intersection(STAFF):
            raise PermissionDenied("Cette demande ne fait pas partie de ce que votre rôle permet.")
        return titulaire

    def get(self, request, pk):
        return self._page(VerificationForm())

    def post(self, request, pk):
        cle, form = request.POST.get("cle", "")[:64], VerificationForm(request.POST)
        if not form.is_valid():
            return self._page(form, cle, statut=422)
        saisie = form.cleaned_data
        try:
            verification = demander_verification(
                request.user, self.titulaire, saisie["consigne"], saisie["preuve"], cle
            )
        except Refus as refus:
            return self._page(form, phrases=refus.phrases, statut=refus.statut)
        messages.success(request, "Le lien est parti\u00a0: un courriel vous dira la réponse.")
        return redirect(verification)

    def _page(self, form, cle="", phrases=(), statut=200):
        titulaire = self.titulaire
        contexte = {
            "titulaire": titulaire,
            "doutes": avertissements(titulaire),
            "form": form,
            "cle": cle or secrets.token_hex(16),
            "phrases": phrases,
            "verifications": titulaire.verifications.select_related("envoyee_par"),
            "corrections": titulaire.corrections.all(),
        }
        return render(self.request, "espace/demander_verification.html", contexte, status=statut)


class Verification(Ecran, DetailView):
    """One link: to whom, until when, what came of it."""

    roles = (*STAFF, "auditeur", "candidat")
    model = VerificationEtatCivil
    template_name = "espace/verification.html"
    context_object_name = "verification"

    def get_queryset(self):
        return super().get_queryset().select_related("titulaire", "envoyee_par", "correction")

    def get_context_data(self, **kwargs):
        moi, verification = self.request.user, self.object
        return super().get_context_data(
            actes=actes_possibles(verification, moi, verbes_de(verification)),
            raison=verification.raison_de_fermeture(),
            de_la_gestion=bool(verification.roles_de(moi) - {"candidat"}),
            **kwargs,
        )
