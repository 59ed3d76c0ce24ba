"""The sessions month by month, and the calendar file of each one."""

import calendar
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import TOUS, Ecran
from backoffice.candidatures.models import Candidature

from .courriels_session import fichier_de
from .models import Inscription, SessionJury


def _reponse(session: SessionJury, dossier: Candidature | None = None) -> HttpResponse:
    reponse = HttpResponse(fichier_de(session, dossier), content_type="text/calendar; charset=utf-8")
    reponse.headers["Content-Disposition"] = f'attachment; filename="jury-{session.pk}.ics"'
    return reponse


def _mois(texte: str) -> date:
    """The first day of the month asked for (« 2026-12 »), of this month when it is not one."""
    try:
        mois = date.fromisoformat(f"{texte}-01")
    except ValueError:
        mois = date.min
    return mois if 2000 <= mois.year <= 2200 else timezone.localdate().replace(day=1)


class Calendrier(Ecran, TemplateView):
    """One month of sessions, week by week: a table that reads as a list on a narrow screen."""

    roles = ("gestionnaire", "jury", "certificateur", "auditeur")
    template_name = "jurys/calendrier.html"

    def get_context_data(self, **kwargs):
        mois = _mois(self.request.GET.get("mois", ""))
        semaines = calendar.Calendar().monthdatescalendar(mois.year, mois.month)
        par_jour = self._sessions(semaines[0][0], semaines[-1][-1])
        return super().get_context_data(
            mois=mois,
            semaines=[[{"jour": j, "sessions": par_jour.get(j, [])} for j in semaine] for semaine in semaines],
            nombre=sum(len(s) for j, s in par_jour.items() if j.month == mois.month),
            precedent=(mois - timedelta(days=1)).replace(day=1),
            suivant=(mois + timedelta(days=32)).replace(day=1),
            aujourd_hui=timezone.localdate(),
            **kwargs,
        )

    def _sessions(self, premier, dernier) -> dict:
        siennes = SessionJury.objects.all().visibles_par(self.request.user).exclude(etat=SessionJury.Etat.ANNULEE)
        dates = Q(debut__date__gte=premier, debut__date__lte=dernier)
        par_jour = {}
        for session in siennes.filter(dates).avec_places().prefetch_related("certifications").order_by("debut", "pk"):
            par_jour.setdefault(timezone.localdate(session.debut), []).append(session)
        return par_jour


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
