"""The screens of one appeal: its page, told to the candidate in plain words; its file; its acknowledgement."""

import mimetypes

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre import journal
from registre.transitions import verbes_de

from . import accuse_recours
from .models import Recours as Appel
from .recours import limite_de_recours, partialite

LECTEURS = ("candidat", "gestionnaire", "certificateur", "auditeur")


class Recours(Ecran, DetailView):
    """One appeal: what is contested, by when and by whom it must be answered; or its story, for the candidate."""

    roles = LECTEURS
    model = Appel
    context_object_name = "recours"

    def get_queryset(self):
        liees = ("candidature__titulaire", "candidature__version", "inscription__session", "charge_de", "repondu_par")
        return super().get_queryset().select_related(*liees)

    @property
    def de_la_gestion(self) -> bool:
        return bool(self.object.roles_de(self.request.user) - {"candidat"})

    def get_template_names(self):
        return ["jurys/recours.html" if self.de_la_gestion else "jurys/recours_candidat.html"]

    def get_context_data(self, **kwargs):
        recours, moi = self.object, self.request.user
        actes = actes_possibles(recours, moi, verbes_de(recours))
        return super().get_context_data(
            actes=[a for a in actes if not a["manques"]],
            bloques=[a for a in actes if a["manques"]],
            limite=limite_de_recours(recours.inscription),
            partialite=partialite(moi, recours.candidature) if self.de_la_gestion else "",
            **kwargs,
        )


class Piece(Ecran, View):
    """Give the file joined to an appeal, as an attachment that no page can run; the reading is journalled."""

    roles = LECTEURS
    model = Appel

    def get(self, request, pk):
        recours = get_object_or_404(self.get_queryset(), pk=pk)
        if not recours.fichier:
            raise Http404("Aucune pièce n’est jointe à ce recours.")
        contenu = recours.fichier.open("rb")
        journal.consigner(request.user, min(recours.roles_de(request.user)), "consulter_piece", recours)
        # Never the name that its sender gave: only what the check found.
        extension = recours.fichier.name.rsplit(".", 1)[-1]
        genre = mimetypes.types_map.get(f".{extension}", "application/octet-stream")
        nom = f"recours-{recours.pk}.{extension}"
        reponse = FileResponse(contenu, as_attachment=True, filename=nom, content_type=genre)
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse


class Accuse(Ecran, View):
    """The acknowledgement as a document: the same bytes whenever it is asked for."""

    roles = LECTEURS
    model = Appel

    def get(self, request, pk):
        recours = get_object_or_404(self.get_queryset(), pk=pk)
        reponse = HttpResponse(accuse_recours.composer(recours), content_type="application/pdf")
        reponse.headers["Content-Disposition"] = f'attachment; filename="accuse-recours-{recours.pk}.pdf"'
        return reponse
