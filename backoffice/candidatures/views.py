"""Screens of the dossiers: entry, dossier, files."""

import secrets

from django.contrib import messages
from django.db import IntegrityError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import TOUS, Ecran
from registre import journal
from registre.models import Titulaire
from registre.transitions import VERBES, Refus, executer

from . import workflow
from .attente import avec_attente
from .fichiers import TYPES
from .forms import CandidatureForm, EtatCivilForm
from .models import Candidature, Piece
from .presentation import LECTEURS_EVALUATION, Lecture

EXTENSIONS = dict(TYPES.values())


def phrases_de_contrainte(erreur: IntegrityError) -> list[str]:
    """What to tell a person when the database itself refused: the sentence of the named constraint."""
    for modele in (Candidature, Titulaire):
        for contrainte in modele._meta.constraints:
            colonnes = ", ".join(
                f"{modele._meta.db_table}.{modele._meta.get_field(c).column}" for c in getattr(contrainte, "fields", ())
            )
            # SQLite names the columns of a unique constraint, PostgreSQL its name.
            if contrainte.name in str(erreur) or (colonnes and str(erreur).endswith(f": {colonnes}")):
                return [str(contrainte.violation_error_message)]
    return ["Ces informations contredisent un dossier déjà enregistré\u00a0: vérifiez-les, rien n’a été modifié."]


class _Saisie(Ecran, View):
    """One page, two forms (the person, the candidature), stored together or not at all."""

    roles = workflow.REDACTEURS
    model = Candidature

    def _page(self, candidature, etat_civil, cle="", phrases=(), statut=200):
        contexte = {
            "candidature": candidature,
            "etat_civil": etat_civil,
            "formulaires": [etat_civil, candidature],
            "objet": candidature.instance if candidature.instance.pk else None,
            "cle": cle or secrets.token_hex(16),
            "phrases": phrases,
        }
        return render(self.request, "candidatures/saisie.html", contexte, status=statut)

    def _formulaires(self, donnees=None, candidature=None):
        titulaire = candidature.titulaire if candidature else None
        return (
            CandidatureForm(donnees, acteur=self.request.user, instance=candidature),
            EtatCivilForm(donnees, instance=titulaire, prefix="titulaire"),
        )

    def _enregistrer(self, acte, candidature=None):
        """Check both forms, then call `acte(titulaire, candidature, key)`; a refusal shows the page again."""
        form, etat_civil = self._formulaires(self.request.POST, candidature)
        cle = self.request.POST.get("cle", "")[:64]
        valides = [form.is_valid(), etat_civil.is_valid()]
        if not all(valides):
            return self._page(form, etat_civil, cle, statut=422)
        try:
            enregistree = acte(etat_civil.instance, form.instance, cle)
        except Refus as refus:
            return self._page(form, etat_civil, phrases=refus.phrases, statut=refus.statut)
        except IntegrityError as erreur:
            return self._page(form, etat_civil, phrases=phrases_de_contrainte(erreur), statut=409)
        messages.success(self.request, "Le brouillon est enregistré.")
        return redirect(enregistree)


class Nouvelle(_Saisie):
    """Open a dossier."""

    def get(self, request):
        return self._page(*self._formulaires())

    def post(self, request):
        return self._enregistrer(lambda titulaire, saisie, cle: workflow.ouvrir(request.user, titulaire, saisie, cle))


class Modifier(_Saisie):
    """Change a dossier that is not declared yet; its version of the certification stays."""

    def _trouver(self, pk):
        return get_object_or_404(self.get_queryset().completes(), pk=pk)

    def _refus(self, candidature):
        """The page that says why this person may not write this dossier now; None when they may."""
        roles = candidature.roles_de(self.request.user)
        acte = VERBES[workflow.MODELE, "modifier"]
        if not roles.intersection(acte.roles):
            phrase, statut = f"«\u202f{acte.libelle}\u202f» ne fait pas partie de ce que votre rôle permet.", 403
        elif candidature.etat not in acte.de:
            phrase = f"Ce dossier ne se modifie plus\u00a0: l’état est «\u202f{candidature.get_etat_display()}\u202f»."
            statut = 409
        else:
            return None
        contexte = {"acte": acte, "objet": candidature, "phrases": [phrase]}
        return render(self.request, "gestion/refus.html", contexte, status=statut)

    def get(self, request, pk):
        candidature = self._trouver(pk)
        return self._refus(candidature) or self._page(*self._formulaires(candidature=candidature))

    def post(self, request, pk):
        candidature = self._trouver(pk)
        if journal.deja_fait(request.POST.get("cle", "")[:64], "modifier", candidature):
            return redirect(candidature)
        # The mechanism checks again under lock; here a person who may not write does not read the form either.
        if refus := self._refus(candidature):
            return refus

        def acte(titulaire, saisie, cle):
            donnees = {"titulaire": titulaire, "candidature": saisie}
            return executer(workflow.MODELE, "modifier", candidature, request.user, donnees, cle)

        return self._enregistrer(acte, candidature)


class Dossier(Ecran, TemplateView):
    """Everything about one dossier that this person may read, and what they may do next."""

    roles = TOUS
    model = Candidature
    template_name = "candidatures/dossier.html"

    def get(self, request, *args, **kwargs):
        if "onglet" not in request.GET and {r.nom for r in request.user.roles_actifs} == {"candidat"}:
            # Mails and acts lead here: a candidate reads the same dossier told in plain words.
            return redirect("espace:dossier", pk=get_object_or_404(self.get_queryset(), pk=kwargs["pk"]).pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        objets = self.get_queryset().completes().prefetch_related("pieces__requise")
        candidature = get_object_or_404(avec_attente(objets), pk=self.kwargs["pk"])
        dossier = Lecture(candidature, self.request.user, self.request.GET.get("onglet") or "dossier")
        if not any(onglet["actif"] for onglet in dossier.onglets):
            raise Http404
        return super().get_context_data(
            dossier=dossier,
            objet=candidature,
            titulaire=candidature.titulaire,
            rubrique=f"candidatures/onglets/{dossier.onglet}.html",
            **kwargs,
        )


class TelechargerPiece(Ecran, View):
    """Give one file of a dossier, as an attachment that no page can run; the reading is journalled."""

    roles = TOUS
    model = Piece

    def get(self, request, pk):
        pieces = self.get_queryset().filter(retiree_le=None).select_related("candidature__titulaire")
        piece = get_object_or_404(pieces, pk=pk)
        roles = piece.candidature.roles_de(request.user)
        # The signed guide tells what the évaluateurs wrote: it is read by those who read the evaluation.
        if piece.requise_id is None and not roles & LECTEURS_EVALUATION:
            raise Http404
        try:
            contenu = piece.fichier.open("rb")
        except FileNotFoundError:
            raise Http404("Cette pièce n’est plus conservée.") from None
        journal.consigner(request.user, min(roles), "consulter_piece", piece.candidature, details={"piece": piece.pk})
        # Never the name nor the extension that its sender gave: only what the check found.
        nom = f"{piece.candidature.reference}-{slugify(piece.libelle)}.{EXTENSIONS[piece.type_mime]}"
        reponse = FileResponse(contenu, as_attachment=True, filename=nom, content_type=piece.type_mime)
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse
