"""Screens of step 3: the examination by the porteur, the answers of the applicant, the history of the decisions."""

import secrets

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles, adresse
from registre import journal
from registre.transitions import VERBES, Refus, executer, manques

from .forms_recevabilite import ExamenForm, ReponseForm
from .models import Candidature, Etat
from .prerequis import lignes
from .reserves import DECISIONS, est_levee, historique, ouvertes
from .workflow import MODELE

DIRECTION = ("gestionnaire", "certificateur", "auditeur")
DEMANDEURS = ("employeur", "candidat", *DIRECTION)


class EcranDuDossier(Ecran):
    """A screen about one dossier; whoever holds none of its roles on this very dossier is not received."""

    model = Candidature

    @cached_property
    def candidature(self) -> Candidature:
        objet = get_object_or_404(self.get_queryset().completes(), pk=self.kwargs["pk"])
        if not objet.roles_de(self.request.user).intersection(self.roles):
            raise Http404
        return objet

    def peut(self, nom: str) -> bool:
        """Do state and role let this person carry out this verb?"""
        acte = VERBES[MODELE, nom]
        return self.candidature.etat in acte.de and bool(
            self.candidature.roles_de(self.request.user).intersection(acte.roles)
        )

    def executer(self, nom: str, donnees: dict) -> Candidature:
        return executer(MODELE, nom, self.candidature, self.request.user, donnees, self.cle)

    @property
    def cle(self) -> str:
        return self.request.POST.get("cle", "")[:64]


class Examen(EcranDuDossier, View):
    """The pièces beside the prerequisites: what is found is saved as it comes, then a decision is taken."""

    roles = DIRECTION

    def get(self, request, pk):
        form = ExamenForm(objet=self.candidature, acteur=request.user) if self.peut("examiner_recevabilite") else None
        return self._page(form)

    def post(self, request, pk):
        if journal.deja_fait(self.cle, "examiner_recevabilite", self.candidature):
            return redirect("candidatures:recevabilite", pk)
        form = ExamenForm(request.POST, objet=self.candidature, acteur=request.user)
        if not form.is_valid():
            return self._page(form, statut=422)
        try:
            self.executer("examiner_recevabilite", form.cleaned_data)
        except Refus as refus:
            return self._page(form if refus.statut == 409 else None, refus.phrases, refus.statut)
        messages.success(request, "L’examen est enregistré. Vous pouvez le reprendre ou décider.")
        return redirect("candidatures:recevabilite", pk)

    def _page(self, form, phrases=(), statut=200):
        candidature = self.candidature
        actes = [VERBES[MODELE, nom] for nom in DECISIONS[1:]]
        pieces = candidature.pieces.filter(retiree_le=None, requise__isnull=False)
        contexte = {
            "objet": candidature,
            "form": form if self.peut("examiner_recevabilite") else None,
            "lignes": lignes(candidature),
            "pieces": pieces.select_related("controle__controlee_par"),
            "manquantes": candidature.pieces_manquantes(),
            "reserves": ouvertes(candidature),
            "decisions": actes_possibles(candidature, self.request.user, actes),
            "phrases": phrases,
            "cle": secrets.token_hex(16),
        }
        return render(self.request, "candidatures/recevabilite/examen.html", contexte, status=statut)


class Complements(EcranDuDossier, View):
    """What is asked for, point by point; the applicant answers in place, then declares the dossier again."""

    roles = DEMANDEURS

    def get(self, request, pk):
        return self._page()

    def post(self, request, pk):
        if journal.deja_fait(self.cle, "repondre_reserve", self.candidature):
            return redirect("candidatures:complements", pk)
        reserve = next((r for r in self._reserves if str(r.pk) == request.POST.get("reserve")), None)
        if reserve is None:
            return self._page(phrases=["Ce point n’attend plus de réponse."], statut=409)
        form = ReponseForm(request.POST, request.FILES, objet=self.candidature, acteur=request.user, reserve=reserve)
        if not form.is_valid():
            return self._page(form, statut=422)
        try:
            self.executer("repondre_reserve", form.cleaned_data)
        except Refus as refus:
            return self._page(form, refus.phrases, refus.statut)
        messages.success(request, f"Votre réponse est enregistrée\u00a0: {reserve.sujet}.")
        return redirect("candidatures:complements", pk)

    @cached_property
    def _reserves(self):
        return ouvertes(self.candidature)

    def _page(self, saisi=None, phrases=(), statut=200):
        candidature, ecrit = self.candidature, self.peut("repondre_reserve")
        pieces = list(candidature.pieces.all())
        points = []
        for reserve in self._reserves:
            form = ReponseForm(objet=candidature, acteur=self.request.user, reserve=reserve) if ecrit else None
            form = saisi if saisi is not None and saisi.reserve.pk == reserve.pk else form
            points.append({"reserve": reserve, "levee": est_levee(reserve, pieces), "form": form})
        deposer = VERBES[MODELE, "deposer"]
        contexte = {
            "objet": candidature,
            "points": points,
            "restent": sum(not p["levee"] for p in points),
            "ecrit": ecrit,
            "peut_modifier": candidature.etat == Etat.INCOMPLETE and self.peut("modifier"),
            "url_deposer": adresse(candidature, deposer) if ecrit else "",
            "empeche": manques(deposer, candidature, self.request.user) if ecrit else [],
            "phrases": phrases,
            "cle": secrets.token_hex(16),
        }
        return render(self.request, "candidatures/recevabilite/complements.html", contexte, status=statut)


class Historique(EcranDuDossier, TemplateView):
    """Every decision of the step with its reasons, its day and, for those who run the dossier, its author."""

    roles = DEMANDEURS
    template_name = "candidatures/recevabilite/historique.html"

    def get_context_data(self, **kwargs):
        roles = self.candidature.roles_de(self.request.user)
        return super().get_context_data(
            objet=self.candidature,
            decisions=historique(self.candidature),
            nomme=bool(roles.intersection(DIRECTION)),
            **kwargs,
        )
