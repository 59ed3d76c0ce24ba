"""The screens of the life of a document: its page, what is asked about it, each request."""

import secrets
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre.models import Parchemin
from registre.transitions import VERBES, Refus, verbes_de

from . import comparaison
from .apres import deposer, dossier_de
from .apres_annulation import ANNULATION
from .apres_duplicata import DUPLICATA
from .apres_forms import AnnulationForm, DuplicataForm, RemplacementForm
from .apres_remplacement import REMPLACEMENT, enregistrement_du_jour, est_coupe
from .models import DemandeAnnulation, DemandeDuplicata, DemandeRemplacement
from .models_apres import roles_sur

GESTION = ("certificateur", "signataire", "gestionnaire", "auditeur")
LIEES = ("titulaire", "version__certification", "certificateur", "annule_par", "remplace_par", "remplace")


class Demander(Ecran, View):
    """Ask something about one document: a page that explains, a form, a request that somebody else answers."""

    model = Parchemin
    demande: type
    verbe: tuple[str, str]
    formulaire: type
    gabarit = "delivrances/demander.html"

    @cached_property
    def document(self) -> Parchemin:
        document = get_object_or_404(self.get_queryset().select_related(*LIEES), pk=self.kwargs["pk"])
        if not roles_sur(document, self.request.user).intersection(VERBES[self.verbe].roles):
            raise PermissionDenied("Cette demande ne fait pas partie de ce que votre rôle permet.")
        return document

    def options(self) -> dict:
        """What the form takes besides its document."""
        return {}

    def champs(self, form) -> dict:
        """The fields of the request, read from a valid form."""
        return {nom: form.cleaned_data[nom] for nom in ("motif", "precisions")}

    def _page(self, form, cle="", phrases=(), statut=200):
        acte, essai = VERBES[self.verbe], self.demande(parchemin=self.document)
        contexte = {
            "acte": acte,
            "document": self.document,
            "form": form,
            "cle": cle or secrets.token_hex(16),
            "phrases": phrases,
            "pour_soi": roles_sur(self.document, self.request.user) == {"candidat"},
            "genre": essai._meta.model_name,
            **self.complements(),
        }
        return render(self.request, self.gabarit, contexte, status=statut)

    def complements(self) -> dict:
        return {"lignes": []}

    def get(self, request, pk):
        return self._page(self.formulaire(document=self.document, **self.options()))

    def post(self, request, pk):
        cle = request.POST.get("cle", "")[:64]
        form = self.formulaire(request.POST, document=self.document, **self.options())
        if not form.is_valid():
            return self._page(form, cle, statut=422)
        demande = self.demande(parchemin=self.document, **self.champs(form))
        try:
            demande = deposer(demande, self.verbe[1], request.user, cle)
        except Refus as refus:
            return self._page(form, phrases=refus.phrases, statut=refus.statut)
        messages.success(request, "Votre demande est envoyée\u00a0: une autre personne y répond.")
        return redirect(demande)


class DemanderAnnulation(Demander):
    """Ask for the annulation of a document."""

    roles = ("certificateur", "gestionnaire")
    demande, formulaire, verbe = DemandeAnnulation, AnnulationForm, (ANNULATION, "demander_annulation")


class DemanderDuplicata(Demander):
    """Ask for a duplicata, for oneself or for a holder."""

    roles = ("candidat", "certificateur", "gestionnaire")
    demande, formulaire, verbe = DemandeDuplicata, DuplicataForm, (DUPLICATA, "demander_duplicata")


class PreparerRemplacement(Demander):
    """Prepare the corrected record: the civil status of today, and what else was wrong on the day of the issue."""

    roles = ("certificateur", "gestionnaire")
    demande, formulaire, verbe = DemandeRemplacement, RemplacementForm, (REMPLACEMENT, "preparer_remplacement")

    @cached_property
    def courant(self) -> dict | None:
        return enregistrement_du_jour(self.document)

    def options(self) -> dict:
        fige = self.document.enregistrement
        corrigibles = comparaison.corrigibles(fige, self.courant) if self.courant else {}
        return {"corrigibles": corrigibles, "coupe": est_coupe(self.document)}

    def champs(self, form) -> dict:
        donnees, document = form.cleaned_data, self.document
        enregistrement = comparaison.corriger(
            document.enregistrement, document.titulaire, donnees["lieu"], donnees.get("corriger", ()), self.courant
        )
        return {**super().champs(form), "enregistrement": enregistrement}

    def complements(self) -> dict:
        fige = self.document.enregistrement
        return {
            "lignes": comparaison.lignes(fige, comparaison.corriger(fige, self.document.titulaire, self.document.lieu))
        }


class Fiche(Ecran, DetailView):
    """One document: what it is, what became of it, what may be asked about it."""

    roles = GESTION
    model = Parchemin
    template_name = "delivrances/fiche.html"
    context_object_name = "document"

    def get_queryset(self):
        return super().get_queryset().select_related(*LIEES)

    def get_context_data(self, **kwargs):
        document, roles = self.object, roles_sur(self.object, self.request.user)
        siennes = (document.demandeannulations, document.demanderemplacements, document.demandeduplicatas)
        demandes = [demande for genre in siennes for demande in genre.select_related("demandee_par", "tranchee_par")]
        declare = document.passages_cpf.filter(reponse__in=("accepte", "en_attente"))
        return super().get_context_data(
            dossier=dossier_de(document),
            demandes=sorted(demandes, key=lambda d: d.demandee_le, reverse=True),
            duplicatas=document.duplicatas.select_related("delivre_par"),
            actes=self._actes(document, roles),
            au_cpf=document.annule_le is not None and declare.exists(),
            **kwargs,
        )

    def _actes(self, document, roles) -> list[dict]:
        """What this person may ask about a document in force."""
        if document.annule_le:
            return []
        actes = [VERBES[vue.verbe] for vue in (PreparerRemplacement, DemanderDuplicata, DemanderAnnulation)]
        return [
            {"verbe": acte, "url": reverse(f"delivrances:{acte.nom}", args=[document.pk])}
            for acte in actes
            if roles.intersection(acte.roles)
        ]


class _Demande(Ecran, DetailView):
    """One request: the reason, what it would change, who answers; the answer once it is given."""

    roles = GESTION
    template_name = "delivrances/demande.html"
    context_object_name = "demande"

    def get_queryset(self):
        liees = [f"parchemin__{nom}" for nom in LIEES]
        return super().get_queryset().select_related("demandee_par", "tranchee_par", *liees)

    def get_context_data(self, **kwargs):
        demande = self.object
        actes = actes_possibles(demande, self.request.user, verbes_de(demande))
        bloques = [phrase for acte in actes if acte["verbe"].principal for phrase in acte["manques"]]
        return super().get_context_data(
            document=demande.parchemin,
            actes=[a for a in actes if not a["manques"]],
            bloques=bloques,
            lignes=self.lignes(),
            pour_soi=demande.roles_de(self.request.user) == {"candidat"},
            **kwargs,
        )

    def lignes(self) -> list[dict]:
        return []


class Annulation(_Demande):
    """The request for an annulation."""

    model = DemandeAnnulation


class Remplacement(_Demande):
    """The request for a replacement: both records side by side."""

    model = DemandeRemplacement

    def lignes(self) -> list[dict]:
        return comparaison.lignes(self.object.parchemin.enregistrement, self.object.enregistrement)


class DemandeDeDuplicata(_Demande):
    """The request for a duplicata, followed by the holder too."""

    roles = ("candidat", *GESTION)
    model = DemandeDuplicata
