"""One report, for those who look into it; its photograph."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views import View
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.candidatures.fichiers import TYPES
from registre import journal
from registre.transitions import verbes_de

from .models import Signalement

LECTEURS = ("certificateur", "auditeur")
EXTENSIONS = dict(TYPES.values())


class UnSignalement(Ecran, DetailView):
    """What was seen, the document of the register that bears this number, and what may be done."""

    roles = LECTEURS
    model = Signalement
    template_name = "signalements/signalement.html"
    context_object_name = "signalement"

    def get_context_data(self, **kwargs):
        actes = actes_possibles(self.object, self.request.user, verbes_de(self.object))
        return super().get_context_data(actes=actes, document=self.object.document(), **kwargs)


class Photo(Ecran, View):
    """Give the photograph, as an attachment that no page can run; the reading is journalled."""

    roles = LECTEURS
    model = Signalement

    def get(self, request, pk):
        signalement = get_object_or_404(self.get_queryset(), pk=pk)
        if not signalement.photo:
            raise Http404("Aucune photographie n’est jointe à ce signalement.")
        contenu = signalement.photo.open("rb")
        journal.consigner(request.user, min(signalement.roles_de(request.user)), "consulter_piece", signalement)
        nom = f"signalement-{signalement.pk}.{EXTENSIONS[signalement.type_mime]}"
        reponse = FileResponse(contenu, as_attachment=True, filename=nom, content_type=signalement.type_mime)
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse
