"""Writing a draft: a first version or the next one, then its pages one by one."""

import secrets

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from backoffice.acces import Ecran
from registre.transitions import Refus

from .controle import controler
from .forms import JEUX, CoefficientsForm, NouveauForm, ReglesForm
from .models import Parcours
from .releve import relever
from .sections import PAR_CLE, SECTIONS
from .views import REDACTEURS, EcranDeVersion, constats_lies
from .workflow import enregistrer, preparer


class Nouveau(Ecran, View):
    """Begin a version: of which certification, for whom, from which rules."""

    roles = REDACTEURS

    def get(self, request):
        choix = {nom: request.GET.get(nom, "") for nom in ("certification", "porteur", "source")}
        initial = {nom: valeur for nom, valeur in choix.items() if valeur.isdecimal()}
        return self._page(NouveauForm(acteur=request.user, initial=initial))

    def post(self, request):
        form = NouveauForm(request.POST, acteur=request.user)
        if not form.is_valid():
            return self._page(form, statut=422)
        saisie = form.cleaned_data
        try:
            parcours = preparer(request.user, **saisie, cle=request.POST.get("cle", "")[:64])
        except Refus as refus:
            return self._page(form, refus.phrases, refus.statut)
        messages.success(request, f"La version {parcours.numero} est en préparation\u00a0: relisez chaque page.")
        return redirect("parcours:modifier", parcours.pk, SECTIONS[0].cle)

    def _page(self, form, phrases=(), statut=200):
        contexte = {"form": form, "phrases": phrases, "cle": secrets.token_hex(16)}
        return render(self.request, "parcours/nouveau.html", contexte, status=statut)


class Modifier(EcranDeVersion):
    """One page of a draft: read it, write it, see at once what the control says of it."""

    roles = REDACTEURS
    template_name = "parcours/modifier.html"

    @cached_property
    def section(self):
        if self.kwargs["section"] not in PAR_CLE:
            raise Http404
        return PAR_CLE[self.kwargs["section"]]

    def get(self, request, *args, **kwargs):
        if self.objet.etat != Parcours.Etat.BROUILLON:
            messages.info(request, "Une version publiée ne se modifie plus\u00a0: préparez une nouvelle version.")
            return redirect(self.objet)
        return self.render_to_response(self.get_context_data(**self._formulaire()))

    def post(self, request, *args, **kwargs):
        saisie = self._formulaire(request.POST)
        if not all(form.is_valid() for form in saisie.values()):
            return self._page(saisie, statut=422)
        regles = saisie["form"].cleaned_data if self.section.champs else {}
        lignes = None if self.section.champs else next(iter(saisie.values())).enregistrer
        try:
            enregistrer(request.user, self.objet, regles, lignes, request.POST.get("cle", "")[:64])
        except Refus as refus:
            return self._page(saisie, refus.phrases, refus.statut)
        messages.success(request, f"«\u202f{self.section.titre}\u202f» est enregistré.")
        suite = request.POST.get("suite", "")
        return redirect("parcours:modifier", self.objet.pk, suite if suite in PAR_CLE else self.section.cle)

    def _page(self, saisie, phrases=(), statut=200):
        return self.render_to_response(self.get_context_data(phrases=phrases, **saisie), status=statut)

    def _formulaire(self, donnees=None) -> dict:
        """The form of this page under the name its template knows: `form`, `jeu` or `coefficients`."""
        if self.section.lignes == "ponderations":
            return {"coefficients": CoefficientsForm(donnees, parcours=self.objet, versions=self.releve.versions)}
        if self.section.lignes:
            return {"jeu": JEUX[self.section.lignes](donnees, instance=self.objet, prefix="lignes")}
        return {"form": ReglesForm(donnees, instance=self.objet, section=self.section)}

    def get_context_data(self, **kwargs):
        constats = constats_lies(self.objet, controler(relever(Parcours.objects.get(pk=self.objet.pk))))
        rang = SECTIONS.index(self.section)
        return super().get_context_data(
            **{"phrases": (), "form": None, "jeu": None, "coefficients": None, "cle": secrets.token_hex(16)} | kwargs,
            section=self.section,
            constats=[c for c in constats if c["section"] == self.section],
            pages=[self._lien(s, constats) for s in SECTIONS],
            suivante=SECTIONS[rang + 1] if rang + 1 < len(SECTIONS) else None,
        )

    def _lien(self, section, constats) -> dict:
        return {
            "section": section,
            "url": reverse("parcours:modifier", args=[self.objet.pk, section.cle]),
            "actif": section == self.section,
            "refus": sum(c["grave"] for c in constats if c["section"] == section),
        }
