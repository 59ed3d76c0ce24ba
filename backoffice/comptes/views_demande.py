"""Asking for an account without having one, and answering."""

from allauth.core.internal import ratelimit
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre.transitions import verbes_de

from .forms_demande import DemandeCompteForm
from .models import DemandeCompte
from .workflow import recevoir

# Per address of origin: an accountant asks for several établissements in a row, nobody for a hundred.
TOLERANCE = {"demande_compte": "30/h/ip"}
LECTEURS = ("gestionnaire", "certificateur", "auditeur")


@method_decorator(never_cache, name="dispatch")
class Demander(View):
    """The public page. Whatever is known of the établissement, the answer is the same."""

    def get(self, request):
        return self._page(DemandeCompteForm(initial={"ouverte": DemandeCompteForm.ouverture()}))

    def post(self, request):
        if not ratelimit.consume(request, app="backoffice.comptes", action="demande_compte", config=TOLERANCE):
            return ratelimit.respond_429(request)
        form = DemandeCompteForm(request.POST)
        if not form.is_valid():
            form.rouvrir()
            return self._page(form, 422)
        if not form.vient_d_un_automate():
            recevoir(form.instance)
        return redirect("demande_compte_recue")

    def _page(self, form, statut=200):
        return render(self.request, "comptes/demander.html", {"form": form}, status=statut)


class DemandeRecue(TemplateView):
    """The one answer to every request."""

    template_name = "comptes/demande_recue.html"


class Demande(Ecran, TemplateView):
    """One request: who asks, for which établissement, and the answer to give."""

    roles = LECTEURS
    model = DemandeCompte
    template_name = "comptes/demande.html"

    def get_context_data(self, **kwargs):
        demande = get_object_or_404(self.get_queryset().select_related("porteur"), pk=self.kwargs["pk"])
        actes = actes_possibles(demande, self.request.user, verbes_de(demande))
        return super().get_context_data(objet=demande, actes=actes, **kwargs)
