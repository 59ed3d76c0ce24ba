"""The statistics of the juries on screen, and each of their tables as a workbook."""

from datetime import timedelta
from io import BytesIO

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from backoffice.acces import Ecran
from backoffice.candidatures.models import Candidature
from backoffice.listes.tableur import TYPE_XLSX, ecrire

from .models import SessionJury
from .statistiques import PassageFiltre, passages
from .statistiques_tableaux import DIMENSIONS, Statistiques

UN_AN = timedelta(days=365)


class _Perimetre(Ecran):
    """What the address narrows, within what the person sees; the last twelve months unless it says a period."""

    roles = ("gestionnaire", "certificateur", "auditeur")

    @property
    def par(self) -> str:
        return self.request.GET.get("par") if self.request.GET.get("par") in DIMENSIONS else "certification"

    @cached_property
    def filtre(self) -> PassageFiltre:
        parametres = self.request.GET.copy()
        for nom in set(parametres) - set(PassageFiltre.base_filters):
            del parametres[nom]
        if not {"du", "au"} & set(parametres):
            parametres["du"] = (timezone.localdate() - UN_AN).isoformat()
        for nom in [n for n, valeurs in parametres.lists() if not any(valeurs)]:
            del parametres[nom]
        return PassageFiltre(parametres, queryset=passages(self.request.user), request=self.request)

    @cached_property
    def statistiques(self) -> Statistiques:
        filtre, moi = self.filtre, self.request.user
        choix = filtre.form.cleaned_data if filtre.is_valid() else {}
        lus = filtre.qs if filtre.is_valid() else filtre.qs.none()
        sessions = SessionJury.objects.exclude(etat=SessionJury.Etat.ANNULEE).visibles_par(moi)
        candidatures = Candidature.objects.all().visibles_par(moi)
        if certification := choix.get("certification"):
            sessions = sessions.filter(certifications=certification)
            candidatures = candidatures.filter(version__certification=certification)
        if porteur := choix.get("porteur"):
            siennes = SessionJury.objects.filter(certifications__porteur=porteur)
            sessions, candidatures = sessions.filter(pk__in=siennes), candidatures.filter(porteur=porteur)
        for nom, condition in (("du", "debut__date__gte"), ("au", "debut__date__lte"), ("instance", "instance")):
            if choix.get(nom):
                sessions = sessions.filter(**{condition: choix[nom]})
        return Statistiques(lus, sessions, candidatures, filtre.data, self.par)


class Page(_Perimetre, TemplateView):
    """Load, results, delays, presence: each figure opens the list that proves it."""

    template_name = "jurys/statistiques.html"

    def get_context_data(self, **kwargs):
        parametres = self.filtre.data.urlencode()
        return super().get_context_data(
            formulaire=self.filtre.form,
            tuiles=self.statistiques.tuiles(),
            tableaux=self.statistiques.tableaux(),
            parametres=f"{parametres}&par={self.par}",
            dimensions=[
                {"libelle": f"Par {nom}", "url": f"?{parametres}&par={cle}#resultats", "actif": cle == self.par}
                for cle, (nom, *_) in DIMENSIONS.items()
            ],
            par=self.par,
            **kwargs,
        )


class Classeur(_Perimetre, View):
    """One table of the page, exactly, in a workbook."""

    def get(self, request):
        demande = request.GET.get("tableau", "resultats")
        choisi = next((t for t in self.statistiques.tableaux() if t.id == demande), None)
        if choisi is None:
            raise Http404("Ce tableau n’existe pas.")
        sortie = BytesIO()
        lignes = ([cellule.valeur for cellule in rangee] for rangee in choisi.rangees)
        ecrire(sortie, choisi.nom, [(colonne, 22) for colonne in choisi.colonnes], lignes)
        reponse = HttpResponse(sortie.getvalue(), content_type=TYPE_XLSX)
        reponse.headers["Content-Disposition"] = f'attachment; filename="jurys-{choisi.id}.xlsx"'
        return reponse
