"""Screens of the accusés de traitement: several at once, each to its lot; one as it was received."""

from django.http import FileResponse
from django.utils import timezone
from django.views.generic import DetailView, FormView

from registre.transitions import Refus

from . import echanges
from .forms_suites import AccusesForm
from .models import AccuseCPF
from .views import EcranCPF


class Depot(EcranCPF, FormView):
    """Accusés sent together: what each one changed, or why it was refused."""

    form_class = AccusesForm
    template_name = "cpf/accuses.html"

    def form_valid(self, form):
        recus = [self._integrer(fichier) for fichier in form.cleaned_data["fichiers"]]
        statut = 409 if all(recu["phrases"] for recu in recus) else 200
        return self.render_to_response(self.get_context_data(form=AccusesForm(), recus=recus), status=statut)

    def _integrer(self, fichier) -> dict:
        nom = "".join(caractere for caractere in fichier.name if caractere.isprintable())[:150]
        try:
            lot = echanges.integrer(self.request.user, fichier.read(), nom)
        except Refus as refus:
            return {"nom": nom, "phrases": refus.phrases, "lot": None, "rapport": None}
        accuse = lot.accuses.order_by("-recu_le", "-pk").first()
        return {"nom": nom, "phrases": [], "lot": lot, "rapport": accuse.rapport}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"recus": [], **kwargs})


class Accuse(EcranCPF, DetailView):
    """An accusé as it was received."""

    model = AccuseCPF

    def get(self, request, *args, **kwargs):
        accuse = self.get_object()
        nom = f"accuse_{accuse.lot.id_flux}_{timezone.localdate(accuse.recu_le):%Y%m%d}.xml"
        return FileResponse(accuse.fichier.open("rb"), as_attachment=True, filename=nom, content_type="application/xml")
