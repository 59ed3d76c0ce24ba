"""Which blocs are worth which: what the lineage suggests, what a person confirms."""

import secrets

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views import View

from backoffice.acces import Ecran
from registre.models import Bloc, Certification
from registre.transitions import Refus

from .equivalences import confirmer, equivalences_de, retirer, suggestions, versions_liees
from .views import GESTION, REDACTEURS


class _ChoixDeBloc(forms.ModelChoiceField):
    def label_from_instance(self, bloc):
        return f"{bloc.version}\u00a0: {bloc}"


class EquivalenceForm(forms.Form):
    """A bloc acquired, the bloc it is worth, and who decided so."""

    acquis = _ChoixDeBloc(label="Bloc déjà acquis", queryset=None, empty_label="Choisir le bloc acquis")
    vise = _ChoixDeBloc(label="Bloc qu’il vaut", queryset=None, empty_label="Choisir le bloc visé")
    source = forms.CharField(
        label="Décision qui fonde l’équivalence",
        max_length=200,
        help_text="Par exemple\u00a0: «\u202fDécision de la CPNE du 12 mars 2026\u202f», ou le numéro d’une fiche.",
    )

    def __init__(self, *args, certification, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        gerees = Certification.objects.all().visibles_par(acteur)
        liees = versions_liees(certification)
        blocs = Bloc.objects.filter(Q(version__certification__in=gerees) | Q(version__in=liees.values("pk")))
        blocs = blocs.select_related("version").order_by("version__intitule", "version", "ordre")
        for nom in ("acquis", "vise"):
            self.fields[nom].queryset = blocs


class Equivalences(Ecran, View):
    """The equivalences of the blocs of one certification."""

    roles = GESTION
    queryset = Certification.objects.all()

    @cached_property
    def certification(self) -> Certification:
        return get_object_or_404(self.get_queryset().select_related("porteur"), pk=self.kwargs["pk"])

    @cached_property
    def confirmees(self):
        return equivalences_de(self.certification)

    def get(self, request, pk):
        choix = {nom: request.GET.get(nom, "") for nom in ("acquis", "vise")}
        initial = {nom: valeur for nom, valeur in choix.items() if valeur.isdecimal()}
        return self._page(self._form(initial=initial), a_retirer=self._demandee(request.GET.get("retirer", "")))

    def post(self, request, pk):
        certification = self.certification  # out of scope does not exist, whatever the role
        if not request.user.a_role(*REDACTEURS):
            raise PermissionDenied("Le gestionnaire du porteur ou le certificateur confirme une équivalence.")
        cle = request.POST.get("cle", "")[:64]
        if "retirer" in request.POST:
            if lien := self._demandee(request.POST["retirer"]):
                retirer(request.user, certification, lien, cle)
                messages.success(request, "L’équivalence est retirée\u202f; les blocs déjà repris le restent.")
            return redirect("parcours:equivalences", pk)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, statut=422)
        try:
            confirmer(request.user, certification, **form.cleaned_data, cle=cle)
        except Refus as refus:
            return self._page(form, refus.phrases, refus.statut)
        messages.success(request, "L’équivalence est confirmée.")
        return redirect("parcours:equivalences", pk)

    def _demandee(self, pk: str):
        return self.confirmees.filter(pk=pk).first() if pk.isdecimal() else None

    def _form(self, *donnees, **options) -> EquivalenceForm:
        return EquivalenceForm(*donnees, certification=self.certification, acteur=self.request.user, **options)

    def _page(self, form, phrases=(), statut=200, a_retirer=None):
        contexte = {
            "certification": self.certification,
            "confirmees": self.confirmees,
            "suggestions": suggestions(self.certification),
            "form": form,
            "phrases": phrases,
            "a_retirer": a_retirer,
            "modifiable": self.request.user.a_role(*REDACTEURS),
            "cle": secrets.token_hex(16),
        }
        return render(self.request, "parcours/equivalences.html", contexte, status=statut)
