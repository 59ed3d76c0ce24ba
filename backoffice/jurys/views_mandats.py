"""The mandates of the juries: one of them, and giving one."""

import secrets

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import DetailView, FormView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre.models import EntreeJournal
from registre.transitions import VERBES, Refus, executer, verbes_de

from .forms_mandats import MandatForm
from .liste_mandats import LECTEURS
from .mandats import MODELE
from .models import Mandat, SessionJury


class Fiche(Ecran, DetailView):
    """One mandate: for which juries, in which place, until when, what was done with it, where it gave a seat."""

    roles = LECTEURS
    model = Mandat
    template_name = "jurys/mandat.html"
    context_object_name = "mandat"

    def get_queryset(self):
        lus = super().get_queryset().select_related("personne", "certificateur", "organisme", "suppleant_de__personne")
        return lus.prefetch_related("certifications", "suppleances__personne")

    def get_context_data(self, **kwargs):
        mandat, acteur = self.object, self.request.user
        dits = [verbe.nom for verbe in verbes_de(mandat)]
        entrees = EntreeJournal.objects.de(mandat).filter(verbe__in=dits).select_related("motif").reverse()
        return super().get_context_data(
            manque=mandat.manque(),
            actes=actes_possibles(mandat, acteur, verbes_de(mandat)),
            sieges=mandat.sieges.filter(session__in=SessionJury.objects.all().visibles_par(acteur)).select_related(
                "session"
            ),
            histoire=[
                {
                    "date": e.horodatage,
                    "titre": VERBES[MODELE, e.verbe].libelle,
                    "texte": e.motif.texte if getattr(e, "motif", None) else "",
                }
                for e in entrees
            ],
            **kwargs,
        )


class Donner(Ecran, FormView):
    """Give a mandate."""

    roles = ("certificateur",)
    template_name = "jurys/mandat_nouveau.html"
    form_class = MandatForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "acteur": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(cle=self.request.POST.get("cle") or secrets.token_hex(16), **kwargs)

    def form_valid(self, form):
        mandat, cle = form.save(commit=False), self.request.POST.get("cle", "")[:64]
        try:
            mandat = executer(MODELE, "donner_mandat", mandat, self.request.user, form.cleaned_data, cle)
        except Refus as refus:
            form.add_error(None, refus.phrases)
            return self.form_invalid(form)
        messages.success(self.request, "Le mandat est donné. La personne en est prévenue par courriel.")
        return redirect(mandat)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
