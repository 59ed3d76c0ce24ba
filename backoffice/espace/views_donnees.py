"""« Mes données »: what is kept about the person who is logged in, whatever their role, and about nobody else."""

from django.http import JsonResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import TOUS, Ecran
from backoffice.candidatures.models import NON_DECLARES, Candidature
from registre import journal
from registre.models import Organisme

from .donnees import mes_donnees


class _MesDonnees(Ecran):
    """Reading the whole of one's data leaves a trace: somebody else might be holding the phone."""

    roles = TOUS

    def _tracer(self):
        role = next(iter(r.nom for r in self.request.user.roles_actifs), "")
        journal.consigner(self.request.user, role, "lire_ses_donnees", self.request.user)


class MesDonnees(_MesDonnees, TemplateView):
    """The list of what is kept, with its purpose and its retention, and whom to write to."""

    template_name = "espace/donnees.html"

    def get_context_data(self, **kwargs):
        rubriques = [{**r, "nombre": len(r["lignes"])} for r in mes_donnees(self.request.user)]
        miens = Candidature.objects.filter(titulaire__utilisateur=self.request.user).exclude(etat__in=NON_DECLARES)
        responsables = Organisme.objects.filter(pk__in=miens.values("version__roles__organisme"))
        return super().get_context_data(
            rubriques=[r for r in rubriques if r["nombre"]],
            responsables=responsables.order_by("raison_sociale"),
            dossiers=miens.order_by("-ouverte_le"),
            **kwargs,
        )


class Lire(_MesDonnees, TemplateView):
    """Everything, in words, on one page that prints well."""

    template_name = "espace/donnees_lues.html"

    def get_context_data(self, **kwargs):
        self._tracer()
        return super().get_context_data(
            rubriques=[r for r in mes_donnees(self.request.user) if r["lignes"]], le=timezone.now(), **kwargs
        )


class Exporter(_MesDonnees, View):
    """The same as a JSON file, for another service to read."""

    def get(self, request):
        self._tracer()
        contenu = {
            "exporte_le": timezone.localtime().isoformat(timespec="seconds"),
            "donnees": mes_donnees(request.user),
        }
        reponse = JsonResponse(contenu, json_dumps_params={"ensure_ascii": False, "indent": 2})
        reponse.headers["Content-Disposition"] = (
            f'attachment; filename="mes-donnees-{timezone.localdate():%Y-%m-%d}.json"'
        )
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse
