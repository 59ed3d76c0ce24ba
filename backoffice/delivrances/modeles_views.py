"""The screens of a template: read it, write it, try it on two invented people, check it, compare it."""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.parcours.constats import Gravite
from registre.documents import DocumentImpossible
from registre.documents.modele import MOTS
from registre.models import ModeleDocument
from registre.transitions import Refus, executer, verbes_de

from . import modeles_specimen as specimens
from .modeles_controle import controler, refus
from .modeles_forms import FormulaireDeModele, NouveauModeleForm
from .modeles_lecture import differences, lire
from .modeles_liste import LECTEURS
from .modeles_workflow import MODELE, preparer

REDACTEURS = ("certificateur",)
QUI = {"france": "Née en France, noms longs", "etranger": "Né à l’étranger"}
FORMATS = {"pdf": "application/pdf", "png": "image/png"}


class NouveauModele(Ecran, View):
    """Begin a version: for whom, of which document."""

    roles = REDACTEURS

    def get(self, request):
        initial = {nom: request.GET.get(nom, "") for nom in ("certificateur", "nature", "certification")}
        return self._page(NouveauModeleForm(acteur=request.user, initial=initial))

    def post(self, request):
        form = NouveauModeleForm(request.POST, acteur=request.user)
        if not form.is_valid():
            return self._page(form, statut=422)
        try:
            modele = preparer(request.user, **form.cleaned_data, cle=request.POST.get("cle", "")[:64])
        except Refus as refuse:
            return self._page(form, refuse.phrases, refuse.statut)
        return redirect("delivrances:modifier_modele", modele.pk)

    def _page(self, form, phrases=(), statut=200):
        contexte = {"form": form, "phrases": phrases, "cle": secrets.token_hex(16)}
        return render(self.request, "delivrances/modele_nouveau.html", contexte, status=statut)


class EcranDeModele(Ecran, TemplateView):
    """Base of the pages of one version."""

    roles = LECTEURS
    model = ModeleDocument
    rubrique = ""

    @cached_property
    def objet(self) -> ModeleDocument:
        lus = self.get_queryset().select_related("certificateur", "certification", "redige_par", "publie_par")
        objet = get_object_or_404(lus, pk=self.kwargs["pk"])
        if not objet.roles_de(self.request.user) & set(self.roles):
            raise PermissionDenied("Cette page ne fait pas partie de ce que votre rôle permet.")
        return objet

    @cached_property
    def soeurs(self):
        siens = self.get_queryset().filter(
            certificateur=self.objet.certificateur, certification=self.objet.certification, nature=self.objet.nature
        )
        return list(siens.order_by("-numero"))

    def get_context_data(self, **kwargs):
        redige = bool(self.objet.roles_de(self.request.user) & set(REDACTEURS))
        brouillon = any(m.etat == ModeleDocument.Etat.BROUILLON for m in self.soeurs)
        return super().get_context_data(
            objet=self.objet,
            actes=actes_possibles(self.objet, self.request.user, verbes_de(self.objet)),
            modifiable=redige and self.objet.etat == ModeleDocument.Etat.BROUILLON,
            renouvelable=redige and not brouillon,
            onglets=[
                {
                    "libelle": mots,
                    "url": reverse(f"delivrances:{nom}", args=[self.objet.pk]),
                    "actif": nom == self.rubrique,
                }
                for nom, mots in (
                    ("modele", "Le modèle"),
                    ("controle_modele", "Contrôle"),
                    ("comparer_modele", "Ce qui change"),
                )
            ],
            **kwargs,
        )


class UnModele(EcranDeModele):
    """What it gives, what it says, its history."""

    template_name = "delivrances/modele.html"
    rubrique = "modele"

    def get_context_data(self, **kwargs):
        sortes = specimens.versions(self.objet)
        voulue, qui = self.request.GET.get("sorte", ""), self.request.GET.get("titulaire", "")
        essai = {
            "sorte": voulue if voulue in sortes else next(iter(sortes), ""),
            "titulaire": qui if qui in QUI else "france",
            "duplicata": "1" if self.request.GET.get("duplicata") == "1" else "",
        }
        return super().get_context_data(
            choix=lire(self.objet), historique=self.soeurs, essai=essai, sortes=list(sortes), qui=QUI, **kwargs
        )


class ModifierModele(EcranDeModele):
    """The guided form, and beside it what the draft gives as it was last saved."""

    roles = REDACTEURS
    template_name = "delivrances/modele_modifier.html"

    def get(self, request, *args, **kwargs):
        if self.objet.etat != ModeleDocument.Etat.BROUILLON:
            messages.info(request, "Un modèle publié ne se modifie plus\u00a0: préparez une nouvelle version.")
            return redirect(self.objet)
        return self._page(FormulaireDeModele(self.objet))

    def post(self, request, *args, **kwargs):
        formulaire = FormulaireDeModele(self.objet, request.POST, request.FILES)
        if not formulaire.est_valide():
            return self._page(formulaire, statut=422)
        try:
            donnees = formulaire.donnees(request.user)
            executer(MODELE, "modifier_modele", self.objet, request.user, donnees, request.POST.get("cle", "")[:64])
        except Refus as refuse:
            return self._page(formulaire, refuse.phrases, refuse.statut)
        messages.success(request, "Le brouillon est enregistré\u00a0: l’aperçu est à jour.")
        return redirect("delivrances:modifier_modele", self.objet.pk)

    def _page(self, formulaire, phrases=(), statut=200):
        garde = ModeleDocument.objects.select_related("certificateur", "certification").get(pk=self.objet.pk)
        constats = [{"constat": c, "grave": c.gravite == Gravite.REFUS, "url": ""} for c in controler(garde)]
        contexte = self.get_context_data(
            formulaire=formulaire,
            phrases=phrases,
            constats=constats,
            mots=MOTS.values(),
            qui=QUI,
            cle=secrets.token_hex(16),
        )
        return self.render_to_response(contexte, status=statut)


class ControleDuModele(EcranDeModele):
    """What the checker refuses, what it warns of, up to what would not hold on the page."""

    template_name = "delivrances/modele_controle.html"
    rubrique = "controle_modele"

    def get_context_data(self, **kwargs):
        constats = controler(self.objet, jusqu_a_la_page=True)
        graves = refus(constats)
        return super().get_context_data(
            refus=[{"constat": c, "grave": True, "url": ""} for c in graves],
            avertissements=[{"constat": c, "grave": False, "url": ""} for c in constats if c not in graves],
            **kwargs,
        )


class ComparerModeles(EcranDeModele):
    """What changes from another version: the one before, or the one asked for."""

    template_name = "delivrances/modele_comparer.html"
    rubrique = "comparer_modele"

    def get_context_data(self, **kwargs):
        autres = [m for m in self.soeurs if m.pk != self.objet.pk]
        voulue = self.request.GET.get("avec", "")
        ancienne = next((m for m in autres if str(m.pk) == voulue), None)
        if voulue and ancienne is None:
            raise Http404
        precedentes = [m for m in autres if m.publie_le and m.numero < self.objet.numero]
        ancienne = ancienne or next(iter(precedentes or autres), None)
        changements = differences(ancienne, self.objet) if ancienne else []
        return super().get_context_data(autres=autres, ancienne=ancienne, differences=changements, **kwargs)


class Apercu(EcranDeModele):
    """The specimen of this version as a PDF or as an image, for one of the two invented people."""

    def get(self, request, *args, **kwargs):
        genre, qui = self.kwargs["genre"], request.GET.get("titulaire", "france")
        if genre not in FORMATS or qui not in QUI:
            raise Http404
        sortes = specimens.versions(self.objet)
        version = sortes.get(request.GET.get("sorte", "")) or next(iter(sortes.values()), None)
        if version is None:
            raise Http404("Aucune certification n’emploierait ce modèle.")
        try:
            contenu = specimens.dessiner(self.objet, version, qui, request.GET.get("duplicata") == "1")
        except DocumentImpossible as erreur:
            raise Http404(str(erreur)) from erreur
        if genre == "png" and (contenu := specimens.en_image(contenu)) is None:
            raise Http404("Ce serveur ne sait pas dessiner une page\u00a0: téléchargez le PDF.")
        reponse = HttpResponse(contenu, content_type=FORMATS[genre])
        reponse.headers["Content-Disposition"] = f'inline; filename="specimen.{genre}"'
        return reponse


class SpecimenDuModele(EcranDeModele):
    """The specimen as it was stored the day of the publication."""

    def get(self, request, *args, **kwargs):
        if not self.objet.specimen:
            raise Http404("Cette version n’a pas été publiée\u00a0: elle n’a pas de spécimen.")
        nom = f"specimen-{self.objet.nature}-version-{self.objet.numero}.pdf"
        return FileResponse(
            self.objet.specimen.open("rb"), as_attachment=True, filename=nom, content_type="application/pdf"
        )
