"""The minutes on screen."""

from django.views.generic import DetailView

from backoffice.acces import Ecran

from .lecture_pv import lire_pv
from .models import SessionJury
from .views import MEMBRES_ET_ORGANISATEURS


class ProcesVerbal(Ecran, DetailView):
    """The minutes of a closed session: their text, who has signed it, their hash; printable."""

    model = SessionJury
    roles = MEMBRES_ET_ORGANISATEURS
    template_name = "jurys/pv.html"
    context_object_name = "session"

    def get_queryset(self):
        return super().get_queryset().filter(etat__in=(SessionJury.Etat.CLOSE, SessionJury.Etat.SCELLEE))

    def get_context_data(self, **kwargs):
        return super().get_context_data(pv=lire_pv(self.object.pv), **kwargs)
