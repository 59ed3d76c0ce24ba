"""The minutes on screen."""

import textwrap
from datetime import date

from django.views.generic import DetailView

from backoffice.acces import Ecran
from registre.canonique import empreinte

from .models import Inscription, MembreJury, SessionJury
from .views import MEMBRES_ET_ORGANISATEURS


class ProcesVerbal(Ecran, DetailView):
    """The sealed minutes, read from what was frozen and from nothing else, with their hash; printable."""

    model = SessionJury
    roles = MEMBRES_ET_ORGANISATEURS
    template_name = "jurys/pv.html"
    context_object_name = "session"

    def get_queryset(self):
        return super().get_queryset().filter(etat=SessionJury.Etat.SCELLEE)

    def get_context_data(self, **kwargs):
        fige = self.object.pv_contenu
        return super().get_context_data(
            pv={
                **fige,
                "jour": date.fromisoformat(fige["date"]),
                "instance": SessionJury.Instance(fige["instance"]).label,
                "membres": [
                    {
                        **m,
                        "college": MembreJury.College(m["college"]).label,
                        "fonction": MembreJury.Fonction(m["fonction"]).label,
                    }
                    for m in fige["membres"]
                ],
                "dossiers": [{**d, "issue": Inscription.Issue(d["issue"]).label} for d in fige["dossiers"]],
            },
            # In pieces: 64 characters without a break would overflow a phone.
            empreinte=textwrap.wrap(self.object.pv_empreinte, 8),
            intact=empreinte(fige, "cqp-pv-1") == self.object.pv_empreinte,
            **kwargs,
        )
