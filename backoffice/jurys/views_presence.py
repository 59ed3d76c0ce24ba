"""The papers of presence: the sheet to print, the signed one to read."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views import View

from backoffice.acces import Ecran
from registre import journal

from .dossiers import dossiers_de
from .emargement import feuille_emargement
from .models import PieceDeSeance, SessionJury
from .pieces_de_seance import TYPES

LECTEURS = ("gestionnaire", "jury", "certificateur", "auditeur")


class FeuilleEmargement(Ecran, View):
    """The attendance sheet of this session, to print."""

    roles = LECTEURS
    model = SessionJury

    def get(self, request, pk):
        session = get_object_or_404(self.get_queryset().select_related("certificateur", "secretaire"), pk=pk)
        reponse = HttpResponse(feuille_emargement(session), content_type="application/pdf")
        nom = f"emargement-{timezone.localdate(session.debut):%Y-%m-%d}-{session.pk}.pdf"
        reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
        return reponse


class Piece(Ecran, View):
    """A paper signed by hand, as an attachment that no page can run; the reading is journalled."""

    roles = LECTEURS
    model = SessionJury

    def get(self, request, pk, piece):
        session = get_object_or_404(self.get_queryset(), pk=pk)
        piece = get_object_or_404(PieceDeSeance, pk=piece, session=session)
        if piece.inscription_id and not self._lit_le_dossier(session, piece.inscription_id):
            raise Http404
        contenu, extension = piece.fichier.open("rb"), piece.fichier.name.rsplit(".", 1)[-1]
        role = min(session.roles_de(request.user))
        journal.consigner(request.user, role, "consulter_piece_de_seance", session, details={"piece": piece.pk})
        # Never the name nor the extension that its sender gave: only what the check found.
        nom = f"{piece.nature}-{timezone.localdate(session.debut):%Y-%m-%d}-{piece.pk}.{extension}"
        reponse = FileResponse(contenu, as_attachment=True, filename=nom, content_type=TYPES[extension])
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        return reponse

    def _lit_le_dossier(self, session, inscription: int) -> bool:
        """The sheet of one dossier is for who reads that dossier: neither a recused member nor another porteur."""
        lus = dossiers_de(session, self.request.user)[0]
        return any(d["inscription"].pk == inscription and not d["deport"] for d in lus)
