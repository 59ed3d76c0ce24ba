"""The texts of the mails: which ones exist, how one's body writes them, what they give."""

import secrets

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import Ecran
from registre.transitions import Refus

from .catalogue import COURRIELS, VARIABLES, apercu
from .forms import TexteForm
from .textes import ROLES, Atelier, liste, organismes_de

LECTEURS = (*ROLES, "auditeur")


def _organisme_choisi(request, organismes):
    """The body of « ?pour= » if it is one of this person's, else their first one; None when they have none."""
    voulu = request.GET.get("pour", "")
    return next((o for o in organismes if str(o.pk) == voulu), organismes[0] if organismes else None)


def _modifiable(code: str) -> bool:
    return code in COURRIELS and COURRIELS[code].modifiable


class Textes(Ecran, TemplateView):
    """Every mail with when it goes, to whom, and whose text leaves."""

    roles = LECTEURS
    template_name = "notifications/textes.html"

    def get_context_data(self, **kwargs):
        organismes = organismes_de(self.request.user)
        organisme = _organisme_choisi(self.request, organismes)
        onglets = [{"libelle": o, "url": f"?pour={o.pk}", "actif": o == organisme} for o in organismes]
        contexte = {"familles": liste(organisme), "organisme": organisme, "onglets": onglets}
        return super().get_context_data(**contexte, **kwargs)


class UnTexte(Ecran, View):
    """Write one mail for one of one's bodies: preview with invented data, save, give ours back."""

    roles = ROLES

    def get(self, request, organisme, code):
        return self._page(self._atelier(), None)

    def post(self, request, organisme, code):
        atelier, geste, cle = self._atelier(), request.POST.get("geste", ""), request.POST.get("cle", "")[:64]
        ici = reverse("notifications:texte", args=[organisme, code])
        if geste == "retablir":
            atelier.retablir(request.user, cle)
            messages.success(request, "Le texte d’origine est rétabli\u00a0; le vôtre reste dans l’historique.")
            return redirect(ici)
        form = TexteForm(request.POST, courriel=atelier.courriel)
        if not form.is_valid():
            return self._page(atelier, form, statut=422)
        if geste == "apercu":
            return self._page(atelier, form)
        try:
            atelier.ecrire(request.user, form.cleaned_data["sujet"], form.cleaned_data["corps"], cle)
        except Refus as refus:
            return self._page(atelier, form, refus.phrases, refus.statut)
        messages.success(request, "Votre texte est enregistré\u00a0: il part dès le prochain courriel.")
        return redirect(ici)

    def _atelier(self) -> Atelier:
        organisme = next((o for o in organismes_de(self.request.user) if o.pk == self.kwargs["organisme"]), None)
        if organisme is None or not _modifiable(self.kwargs["code"]):
            raise Http404
        return Atelier(COURRIELS[self.kwargs["code"]], organisme)

    def _page(self, atelier, form, phrases=(), statut=200):
        declare, versions = atelier.courriel, atelier.versions()
        sujet, corps = atelier.en_vigueur()
        if form is None:
            form = TexteForm(initial={"sujet": sujet, "corps": corps}, courriel=declare)
        elif form.is_valid():
            sujet, corps = form.cleaned_data["sujet"], form.cleaned_data["corps"]
        contexte = {
            "courriel": declare,
            "organisme": atelier.organisme,
            "form": form,
            "phrases": phrases,
            "apercu": apercu(declare, sujet, corps),
            "variables": [
                {"v": VARIABLES[n], "obligatoire": n in declare.obligatoires, "sujet": n in declare.du_sujet}
                for n in declare.variables
            ],
            "versions": versions,
            "adapte": any(v.retire_le is None for v in versions),
            "cle": secrets.token_hex(16),
        }
        return render(self.request, "notifications/texte.html", contexte, status=statut)
