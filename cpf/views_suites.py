"""Screens of what follows a declaration: suppressions, corrections asked by the CDC, proofs of diligence."""

import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from registre import journal
from registre.models import Organisme
from registre.transitions import Refus

from . import flux, preuves, suites
from .accrochage import a_supprimer
from .forms_suites import DemandeForm, JourPasseForm, SuiteForm
from .models import DemandeCDC, ParametresCPF
from .views import EcranCPF

AFFICHES = 100


class EcranDeSuite(EcranCPF):
    """One certificateur, named in the address."""

    @cached_property
    def certificateur(self) -> Organisme:
        return self.certificateur_choisi(self.kwargs["certificateur"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{**kwargs, "certificateur": self.certificateur})


class Suites(EcranDeSuite, TemplateView):
    """What is left to do beside the lots."""

    template_name = "cpf/suites.html"

    def get_context_data(self, **kwargs):
        parametres = ParametresCPF.objects.filter(certificateur=self.certificateur).first()
        aujourd_hui = timezone.localdate()
        demandes = list(DemandeCDC.objects.filter(certificateur=self.certificateur).ouvertes()[:AFFICHES])
        for demande in demandes:
            demande.jours = (demande.echeance - aujourd_hui).days
        return super().get_context_data(
            a_supprimer=a_supprimer(self.certificateur)[:AFFICHES],
            par_lot=parametres is not None and parametres.profil in flux.PROFILS_AVEC_ACTION,
            demandes=demandes,
            closes=DemandeCDC.objects.filter(certificateur=self.certificateur, close_le__isnull=False)[:AFFICHES],
            a_prouver=preuves.a_prouver(self.certificateur),
            **kwargs,
        )


class Formulaire(EcranDeSuite, FormView):
    """A short form whose act may refuse; back to the page of the suites when it is done."""

    template_name = "cpf/suite.html"
    titre = fait = ""

    def accomplir(self, donnees: dict) -> None:
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"titre": self.titre, "refus": [], "objet": None, **kwargs})

    def form_valid(self, form):
        try:
            self.accomplir(form.cleaned_data)
        except Refus as refus:
            return self.render_to_response(self.get_context_data(form=form, refus=refus.phrases), status=refus.statut)
        messages.success(self.request, self.fait)
        return redirect("cpf:suites", self.certificateur.pk)


class Suppression(Formulaire):
    """Tick that a cancelled parchemin was taken out of the SI CPF."""

    form_class = JourPasseForm
    titre, fait = "Noter une suppression faite", "La suppression est notée."

    @cached_property
    def parchemin(self):
        return get_object_or_404(a_supprimer(self.certificateur), pk=self.kwargs["parchemin"])

    def get_context_data(self, **kwargs):
        objet = f"Parchemin {self.parchemin.numero}, identifiant technique {self.parchemin.identifiant}"
        return super().get_context_data(**{"objet": objet, **kwargs})

    def accomplir(self, donnees):
        suites.noter_suppression(self.request.user, self.parchemin, donnees["jour"])


class NouvelleDemande(Formulaire):
    """Record a correction that the Caisse des dépôts asks for."""

    form_class = DemandeForm
    titre, fait = "Noter une correction demandée", "La demande est notée\u00a0: elle est à traiter sous trois mois."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "certificateur": self.certificateur}

    def accomplir(self, donnees):
        suites.noter_demande(self.request.user, donnees["numero"], donnees["jour"], donnees["objet"])


class Demande(Formulaire):
    """Say what was answered to a correction asked for."""

    form_class = SuiteForm
    titre, fait = "Traiter une correction demandée", "La suite donnée est notée."

    @cached_property
    def demande(self) -> DemandeCDC:
        visibles = DemandeCDC.objects.all().visibles_par(self.request.user)
        return get_object_or_404(visibles.select_related("parchemin", "certificateur"), pk=self.kwargs["pk"])

    @cached_property
    def certificateur(self) -> Organisme:
        return self.demande.certificateur

    def get_context_data(self, **kwargs):
        objet = f"Parchemin {self.demande.parchemin.numero}\u00a0: {self.demande.objet}"
        return super().get_context_data(**{"objet": objet, **kwargs})

    def accomplir(self, donnees):
        suites.clore_demande(self.request.user, self.demande, donnees["jour"], donnees["suite"], donnees["precision"])


class Preuve(EcranDeSuite, View):
    """The archive of what was done for the passages that two deposits did not settle."""

    def get(self, request, *args, **kwargs):
        if not preuves.a_prouver(self.certificateur):
            raise Http404
        archive = tempfile.TemporaryFile()
        try:
            nombre = preuves.assembler(self.certificateur, archive)
        except Refus as refus:
            archive.close()
            messages.error(request, str(refus))
            return redirect("cpf:suites", self.certificateur.pk)
        archive.seek(0)
        journal.consigner(
            request.user, "certificateur", "extraire_preuve", self.certificateur, details={"passages": nombre}
        )
        nom = f"preuve-de-diligence_{timezone.localdate():%Y%m%d}.zip"
        return FileResponse(archive, as_attachment=True, filename=nom, content_type="application/zip")
