"""The habilitations: who may evaluate which CQP until when, to grant, extend and withdraw."""

import secrets

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView, FormView, ListView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre.models import EntreeJournal
from registre.transitions import VERBES, Refus, executer, verbes_de

from .forms import HabilitationForm
from .habilitations import HABILITEURS, MODELE
from .models import Habilitation

LECTEURS = (*HABILITEURS, "auditeur", "evaluateur")
VUES = {
    "en_vigueur": "En vigueur",
    "bientot": "Finissent dans 60 jours",
    "passees": "Expirées ou retirées",
}


def _vue(habilitations, nom):
    jour = timezone.localdate()
    if nom == "bientot":
        return habilitations.a_renouveler()
    if nom == "passees":
        return habilitations.filter(Q(fin__lt=jour) | Q(retiree_le__isnull=False))
    return habilitations.filter(fin__gte=jour, retiree_le=None)


class Liste(Ecran, ListView):
    """The habilitations of one's scope: in force, about to end, over."""

    roles = LECTEURS
    model = Habilitation
    paginate_by = 25
    template_name = "evaluations/habilitations.html"

    def get_queryset(self):
        self.vue = self.request.GET.get("vue", "")
        self.vue = self.vue if self.vue in VUES else "en_vigueur"
        lues = _vue(super().get_queryset(), self.vue).select_related("evaluateur", "certification", "organisme")
        return lues.order_by("fin", "evaluateur__nom", "pk")

    def get_context_data(self, **kwargs):
        siennes = Habilitation.objects.all().visibles_par(self.request.user)
        onglets = [
            {"libelle": libelle, "url": f"?vue={nom}", "actif": nom == self.vue, "compte": _vue(siennes, nom).count()}
            for nom, libelle in VUES.items()
        ]
        return super().get_context_data(onglets=onglets, peut_accorder=self.request.user.a_role(*HABILITEURS), **kwargs)


class Fiche(Ecran, DetailView):
    """One habilitation: until when, what may be done with it, what was done."""

    roles = LECTEURS
    model = Habilitation
    template_name = "evaluations/habilitation.html"
    context_object_name = "habilitation"

    def get_queryset(self):
        return super().get_queryset().select_related("evaluateur", "certification", "organisme")

    def get_context_data(self, **kwargs):
        habilitation = self.object
        entrees = EntreeJournal.objects.de(habilitation).select_related("acteur", "motif").reverse()
        return super().get_context_data(
            manque=habilitation.manque(),
            actes=actes_possibles(habilitation, self.request.user, verbes_de(habilitation)),
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


class Accorder(Ecran, FormView):
    """Grant an habilitation."""

    roles = HABILITEURS
    template_name = "evaluations/accorder.html"
    form_class = HabilitationForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "acteur": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(cle=self.request.POST.get("cle") or secrets.token_hex(16), **kwargs)

    def form_valid(self, form):
        habilitation, cle = form.save(commit=False), self.request.POST.get("cle", "")[:64]
        try:
            habilitation = executer(MODELE, "accorder", habilitation, self.request.user, form.cleaned_data, cle)
        except Refus as refus:
            form.add_error(None, refus.phrases)
            return self.form_invalid(form)
        messages.success(self.request, "L’habilitation est accordée. La personne en est prévenue par courriel.")
        return redirect(habilitation)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
