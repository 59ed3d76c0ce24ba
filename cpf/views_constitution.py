"""Preview, dry run and constitution of the next lot."""

import secrets
from itertools import islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from registre.models import Organisme
from registre.transitions import Refus

from . import workflow
from .forms_suites import ConstitutionForm, SelectionForm
from .models import Action, LotCPF, ParametresCPF
from .views import EXAMEN_MAXIMAL, PAR_PAGE, EcranCPF, examiner_pour_ecran

# Up to here, each parchemin has its box.
AU_CHOIX = 200


class Constitution(EcranCPF, FormView):
    """What the next lot would take, without writing anything; then its dry run, or the lot."""

    form_class = ConstitutionForm
    template_name = "cpf/constituer.html"

    @cached_property
    def certificateur(self) -> Organisme:
        return self.certificateur_choisi(self.kwargs["certificateur"])

    @cached_property
    def periode(self) -> SelectionForm:
        """What the address asks for; a form sent back asks for the same."""
        demande = self.request.POST if self.request.method == "POST" else self.request.GET
        form = SelectionForm(demande, auto_id="periode_%s")
        form.is_valid()
        return form

    def get_initial(self):
        return {
            **self.periode.cleaned_data,
            "avec_refuses": True,
            "cle": secrets.token_hex(16),
        }

    def _apercu(self) -> dict:
        selection = self.periode.selection()
        if selection.action == Action.SUPPRESSION:
            prets, bloques = list(islice(selection.candidats(self.certificateur), EXAMEN_MAXIMAL)), []
            tronque = len(prets) == EXAMEN_MAXIMAL
        else:
            prets, bloques, tronque = examiner_pour_ecran(selection.parchemins(self.certificateur))
        au_choix = len(prets) <= AU_CHOIX and not tronque
        return {
            "suppression": selection.action == Action.SUPPRESSION,
            "prets": Paginator(prets, AU_CHOIX if au_choix else PAR_PAGE).get_page(self.request.GET.get("page")),
            "bloques": Paginator(bloques, PAR_PAGE).get_page(self.request.GET.get("page_bloques")),
            "tronque": tronque,
            "au_choix": au_choix,
        }

    def get_context_data(self, **kwargs):
        apercu, form = self._apercu(), kwargs.get("form") or self.get_form()
        choisis = None
        if form.is_bound and form.is_valid():
            choisis = form.selection().choisis
        form.fields["au_choix"].initial = apercu["au_choix"]
        return super().get_context_data(
            certificateur=self.certificateur,
            parametres=ParametresCPF.objects.filter(certificateur=self.certificateur).first(),
            periode=self.periode,
            ecartes=None if choisis is None else {c.parchemin.pk for c in apercu["prets"]} - set(choisis),
            **apercu,
            **{"refus": [], "essai": None, **kwargs, "form": form},
        )

    def form_valid(self, form):
        selection = form.selection()
        try:
            if "essai" in self.request.POST:
                essai = workflow.essayer(self.request.user, self.certificateur, selection)
                return self.render_to_response(self.get_context_data(form=form, essai=essai))
            lot = workflow.constituer(self.request.user, self.certificateur, selection, form.cleaned_data["cle"])
        except Refus as refus:
            return self.render_to_response(self.get_context_data(form=form, refus=refus.phrases), status=refus.statut)
        if lot.etat == LotCPF.Etat.ECRITURE:
            messages.info(self.request, "Le lot est long\u00a0: son fichier s’écrit, vous pouvez quitter cette page.")
        else:
            messages.success(self.request, "Le lot est constitué\u00a0: téléchargez son fichier, puis déposez-le.")
        return redirect("cpf:lot", pk=lot.pk)
