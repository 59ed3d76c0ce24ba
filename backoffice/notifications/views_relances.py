"""The settings of the reminders, one line per kind."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.views import View

from backoffice.acces import Ecran
from registre import journal

from .forms import RelanceForm
from .relances import GENRES, reglages


class Relances(Ecran, View):
    """What is reminded, to whom, when; the certificateur changes it."""

    roles = ("certificateur", "gestionnaire", "auditeur")

    def get(self, request):
        return self._page(self._formulaires())

    def post(self, request):
        if not request.user.a_role("certificateur"):
            raise PermissionDenied("Le certificateur règle les relances\u00a0; vous les lisez.")
        formulaires = self._formulaires(request.POST)
        if not all(form.is_valid() for form in formulaires.values()):
            return self._page(formulaires, 422)
        with transaction.atomic():
            for code, form in formulaires.items():
                if form.has_changed():
                    reglage = form.save()
                    details = {"genre": code, "active": reglage.active, "jours": reglage.jours}
                    details["maximum"] = reglage.maximum
                    journal.consigner(request.user, "certificateur", "regler_relance", reglage, details=details)
        messages.success(request, "Les relances sont réglées.")
        return redirect("notifications:relances")

    @staticmethod
    def _formulaires(donnees=None) -> dict:
        return {
            code: RelanceForm(donnees, instance=reglage, prefix=code, genre=GENRES[code])
            for code, reglage in reglages().items()
        }

    def _page(self, formulaires, statut=200):
        lignes = [{"genre": GENRES[code], "form": form} for code, form in formulaires.items()]
        contexte = {"lignes": lignes, "peut_regler": self.request.user.a_role("certificateur")}
        return render(self.request, "notifications/relances.html", contexte, status=statut)
