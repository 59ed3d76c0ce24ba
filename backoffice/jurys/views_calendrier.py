"""The sessions month by month, and the calendar file of each one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View

from backoffice.acces import TOUS, Ecran
from backoffice.candidatures.models import Candidature

from .courriels_session import fichier_de
from .models import Inscription, SessionJury


def _reponse(session: SessionJury, dossier: Candidature | None = None) -> HttpResponse:
    reponse = HttpResponse(fichier_de(session, dossier), content_type="text/calendar; charset=utf-8")
    reponse.headers["Content-Disposition"] = f'attachment; filename="jury-{session.pk}.ics"'
    return reponse


class Agenda(Ecran, View):
    """The calendar file of a session, for who organises it, sits there, or has candidates there."""

    roles = ("gestionnaire", "jury", "certificateur", "auditeur", "employeur")
    model = SessionJury

    def get(self, request, pk):
        return _reponse(get_object_or_404(self.get_queryset(), pk=pk))


class AgendaDuDossier(Ecran, View):
    """The calendar file of the session where a dossier is registered, for who reads this dossier."""

    roles = TOUS
    model = Candidature

    def get(self, request, pk):
        candidature = get_object_or_404(self.get_queryset(), pk=pk)
        inscrites = Inscription.objects.filter(candidature=candidature, retiree_le=None).select_related("session")
        inscription = get_object_or_404(inscrites.order_by("-pk")[:1])
        return _reponse(inscription.session, candidature)
