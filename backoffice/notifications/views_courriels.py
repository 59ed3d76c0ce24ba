"""One mail: what became of it, and repairing it."""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from backoffice.acces import Ecran
from registre.models import CourrielSortant
from registre.suites_courriel import classer, libelle_de_la_cause, objet_de, renvoyer
from registre.transitions import Refus

from .forms import RenvoiForm

REPARATEURS = ("certificateur", "gestionnaire")
LECTEURS = (*REPARATEURS, "auditeur")


class UnCourriel(Ecran, View):
    """One mail: to whom, why, when, its text; send it again to a good address, or file it."""

    roles = LECTEURS
    model = CourrielSortant

    def get(self, request, pk):
        courriel = self._courriel(pk)
        return self._page(courriel, RenvoiForm(initial={"adresse": courriel.destinataire}))

    def post(self, request, pk):
        courriel, geste = self._courriel(pk), request.POST.get("geste", "")
        role = next((nom for nom in REPARATEURS if request.user.a_role(nom)), "")
        if not role:
            raise PermissionDenied("Vous lisez les courriels\u00a0; le porteur ou le certificateur les répare.")
        form, cle = RenvoiForm(request.POST), request.POST.get("cle", "")[:64]
        if geste == "renvoyer" and not form.is_valid():
            return self._page(courriel, form, statut=422)
        try:
            suite = self._faire(courriel, geste, role, form, cle)
        except Refus as refus:
            return self._page(courriel, form, refus.phrases, refus.statut)
        messages.success(request, "Le courriel repart." if geste == "renvoyer" else "Le courriel est classé.")
        return redirect(suite)

    def _faire(self, courriel, geste, role, form, cle):
        if geste == "renvoyer":
            return renvoyer(courriel, self.request.user, role, form.cleaned_data["adresse"], cle)
        if geste != "classer":
            raise Refus("Cette page ne connaît pas cet acte.")
        classer(courriel, self.request.user, role, cle)
        return courriel

    def _courriel(self, pk):
        lus = self.get_queryset().select_related("cause", "remplace_par", "remplace").avec_adresse_signalee()
        return get_object_or_404(lus, pk=pk)

    def _page(self, courriel, form, phrases=(), statut=200):
        objet = objet_de(courriel)
        contexte = {
            "courriel": courriel,
            "form": form,
            "phrases": phrases,
            "cause": libelle_de_la_cause(courriel),
            "page_de_l_objet": objet.get_absolute_url() if hasattr(objet, "get_absolute_url") else "",
            "peut_reparer": self.request.user.a_role(*REPARATEURS)
            and courriel.situation in {"echec", "retour"}
            and not courriel.lien_perdu,
            "peut_classer": self.request.user.a_role(*REPARATEURS) and courriel.situation in {"echec", "retour"},
            "cle": secrets.token_hex(16),
        }
        return render(self.request, "notifications/courriel.html", contexte, status=statut)
