"""Screens of what is handed over: a document's own page, a sending, the labels."""

import secrets

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre import comptages, journal
from registre.models import Parchemin
from registre.transitions import Refus, verbes_de

from . import etiquettes
from .envois import ouvrir, proposer, remettre_en_main
from .forms import AdresseForm, MainPropreForm, ProposerForm
from .liste_envois import Envois
from .models import Envoi

GENS = ("certificateur", "gestionnaire")


class _DUnDocument(Ecran):
    """A document that this person may read."""

    model = Parchemin

    def get_queryset(self):
        return super().get_queryset().select_related("titulaire", "version__certification", "certificateur")

    def document(self) -> Parchemin:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])


class Document(_DUnDocument, DetailView):
    """How a document reached its holder, and how often it was checked, for those who deliver it."""

    roles = (*GENS, "signataire", "auditeur")
    template_name = "remises/document.html"
    context_object_name = "document"

    def get_context_data(self, **kwargs):
        document, moi = self.object, self.request.user
        return super().get_context_data(
            remises=document.remises.select_related("par"),
            envois=Envoi.objects.filter(parchemin=document).visibles_par(moi),
            verifications=comptages.releve(document),
            peut_remettre=moi.a_role(*GENS) and document.annule_le is None,
            **kwargs,
        )


class Remettre(_DUnDocument, View):
    """Note that the paper was given by hand."""

    roles = GENS

    def get(self, request, pk):
        return self._page(MainPropreForm(objet=self.document(), acteur=request.user))

    def post(self, request, pk):
        document = self.document()
        form = MainPropreForm(request.POST, objet=document, acteur=request.user)
        if not form.is_valid():
            return self._page(form, 422)
        role = next(nom for nom in GENS if request.user.a_role(nom))
        # A form sent twice: one line for the same day and the same person.
        if not document.remises.filter(moyen="main", **form.cleaned_data).exists():
            remettre_en_main(document, request.user, role, **form.cleaned_data)
        messages.success(request, "La remise est notée au registre.")
        return redirect("remises:document", pk=document.pk)

    def _page(self, form, statut=200):
        return render(self.request, "remises/remettre.html", {"form": form, "document": form.objet}, status=statut)


class Demander(_DUnDocument, View):
    """The holder asks for the paper, and says where."""

    roles = ("candidat",)

    def get_queryset(self):
        return super().get_queryset().filter(titulaire__utilisateur=self.request.user)

    def get(self, request, pk):
        return self._page(AdresseForm(instance=self._envoi()), secrets.token_hex(16))

    def post(self, request, pk):
        envoi, cle = self._envoi(), request.POST.get("cle", "")[:64] or secrets.token_hex(16)
        if deja := journal.deja_cree(cle, "demander_envoi", Envoi()):
            return redirect(deja)
        form = AdresseForm(request.POST, instance=envoi)
        if not form.is_valid():
            return self._page(form, cle, statut=422)
        try:
            envoi = ouvrir("demander_envoi", form.instance, request.user, cle)
        except Refus as refus:
            return self._page(form, cle, refus.phrases, refus.statut)
        messages.success(request, "C’est demandé. Un courriel vous préviendra quand le document partira.")
        return redirect(envoi)

    def _envoi(self) -> Envoi:
        return Envoi(parchemin=self.document(), demande_par=self.request.user)

    def _page(self, form, cle, phrases=(), statut=200):
        contexte = {"form": form, "cle": cle, "phrases": phrases, "document": form.instance.parchemin}
        return render(self.request, "remises/demander.html", contexte, status=statut)


class UnEnvoi(Ecran, DetailView):
    """One sending, for its holder and for those who post it."""

    roles = ("candidat", *GENS)
    model = Envoi
    template_name = "remises/envoi.html"
    context_object_name = "envoi"

    def get_queryset(self):
        return super().get_queryset().select_related("parchemin__titulaire", "parchemin__version__certification")

    def get_context_data(self, **kwargs):
        roles = self.object.roles_de(self.request.user)
        actes = actes_possibles(self.object, self.request.user, verbes_de(self.object))
        return super().get_context_data(
            actes=[a for a in actes if not a["manques"]],
            du_titulaire="candidat" in roles,
            de_la_gestion=bool(roles & set(GENS)),
            **kwargs,
        )


class Proposer(Ecran, View):
    """Open a sending for each of many documents; the report says what was done and what was not."""

    roles = GENS

    def get(self, request):
        return self._page(ProposerForm())

    def post(self, request):
        form = ProposerForm(request.POST)
        if not form.is_valid():
            return self._page(form, statut=422)
        ouverts, refuses = proposer(request.user, form.cleaned_data["numeros"])
        return self._page(form, {"ouverts": ouverts, "refuses": refuses})

    def _page(self, form, rapport=None, statut=200):
        return render(self.request, "remises/proposer.html", {"form": form, "rapport": rapport}, status=statut)


class PlancheForm(forms.Form):
    """Which sheet, from which place."""

    planche = forms.ChoiceField(
        label="Planche", choices=[(cle, p.nom) for cle, p in etiquettes.PLANCHES.items()], widget=forms.RadioSelect
    )
    premiere = forms.IntegerField(
        label="Première étiquette libre",
        min_value=1,
        max_value=24,
        initial=1,
        help_text="Pour finir une planche entamée\u00a0: comptez de gauche à droite, puis de haut en bas.",
    )

    def clean(self):
        donnees = super().clean()
        planche = etiquettes.PLANCHES.get(donnees.get("planche", ""))
        if planche and donnees.get("premiere", 1) > planche.nombre:
            self.add_error("premiere", f"Cette planche compte {planche.nombre} étiquettes.")
        return donnees


class Etiquettes(Ecran, View):
    """The labels of what is to be sent, as a PDF; printing them is journalled."""

    roles = GENS

    def get(self, request):
        return self._page(PlancheForm(initial={"planche": "24", "premiere": 1}))

    def post(self, request):
        form, envois = PlancheForm(request.POST), self._envois()
        if not form.is_valid() or not envois:
            return self._page(form, 422)
        planche = etiquettes.PLANCHES[form.cleaned_data["planche"]]
        contenu = etiquettes.composer(envois, planche, form.cleaned_data["premiere"])
        role = next(nom for nom in GENS if request.user.a_role(nom))
        journal.consigner(request.user, role, "imprimer_etiquettes", request.user, details={"nombre": len(envois)})
        reponse = HttpResponse(contenu, content_type="application/pdf")
        nom = f"etiquettes-{timezone.localdate():%Y-%m-%d}.pdf"
        reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse

    def _envois(self) -> list[Envoi]:
        """Those of the list that are to be sent, in its order."""
        liste = Envois.pour(self.request.user, self.request.GET)
        dus = liste.lignes.filter(etat=Envoi.Etat.A_ENVOYER).select_related("parchemin__titulaire")
        return list(dus[: etiquettes.MAXIMUM])

    def _page(self, form, statut=200):
        contexte = {"form": form, "nombre": len(self._envois())}
        return render(self.request, "remises/etiquettes.html", contexte, status=statut)
