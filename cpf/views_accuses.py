"""Screens of the accusés de traitement."""

from django.http import FileResponse
from django.utils import timezone
from django.views.generic import DetailView

from .models import AccuseCPF
from .views import EcranCPF


class Accuse(EcranCPF, DetailView):
    """An accusé as it was received."""

    model = AccuseCPF

    def get(self, request, *args, **kwargs):
        accuse = self.get_object()
        nom = f"accuse_{accuse.lot.id_flux}_{timezone.localdate(accuse.recu_le):%Y%m%d}.xml"
        return FileResponse(accuse.fichier.open("rb"), as_attachment=True, filename=nom, content_type="application/xml")
