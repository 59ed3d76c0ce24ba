"""Screens of the dossiers: dossier, files."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import TOUS, Ecran
from registre import journal

from .attente import avec_attente
from .fichiers import TYPES
from .lectures import noter_lecture
from .models import Candidature, Piece
from .presentation import LECTEURS_EVALUATION, Lecture

EXTENSIONS = dict(TYPES.values())


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
        if "jury" in dossier.roles:
            noter_lecture(candidature, self.request.user)
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
        contenu = piece.fichier.open("rb")
        journal.consigner(request.user, min(roles), "consulter_piece", piece.candidature, details={"piece": piece.pk})
        # Never the name nor the extension that its sender gave: only what the check found.
        nom = f"{piece.candidature.reference}-{slugify(piece.libelle)}.{EXTENSIONS[piece.type_mime]}"
        reponse = FileResponse(contenu, as_attachment=True, filename=nom, content_type=piece.type_mime)
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse
