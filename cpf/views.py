"""Screens of the accrochage: what is due and the settings. Lots: `views_lots.py`; accusés: `views_accuses.py`."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, UpdateView

from backoffice.acces import Ecran
from registre.models import Organisme

from . import accrochage, alertes, workflow
from .echeances import BANDES
from .forms import ParametresForm
from .models import LotCPF, ParametresCPF

ROLES = ("certificateur",)
PAR_PAGE = 25
# Beyond, the screen examines the oldest ones only; a lot still takes them all.
EXAMEN_MAXIMAL = 1_000


class EcranCPF(Ecran):
    """Screens of the accrochage: for the certificateur, within the bodies they hold this role for."""

    roles = ROLES

    def organismes(self):
        return Organisme.objects.filter(pk__in=self.request.user.organismes_ids("certificateur"))

    def certificateur_choisi(self, pk) -> Organisme:
        """The body of the address, else 404: out of scope it does not exist."""
        return get_object_or_404(self.organismes(), pk=pk)


def examiner_pour_ecran(parchemins) -> tuple[list, list, bool]:
    """Those that may go, those that are blocked, and whether some were left out of this reading."""
    candidats = list(accrochage.examiner(parchemins, limite=EXAMEN_MAXIMAL + 1))
    prets = [c for c in candidats[:EXAMEN_MAXIMAL] if not c.bloquantes]
    bloques = [c for c in candidats[:EXAMEN_MAXIMAL] if c.bloquantes]
    return prets, bloques, len(candidats) > EXAMEN_MAXIMAL


class Tableau(EcranCPF, TemplateView):
    """What waits for the certificateur: to declare, blocked, lots under way."""

    template_name = "cpf/tableau.html"

    def get_context_data(self, **kwargs):
        organismes = list(self.organismes())
        choisi = self.request.GET.get("certificateur", "")
        if choisi:
            certificateur = next((o for o in organismes if str(o.pk) == choisi), None)
        else:
            certificateur = organismes[0] if organismes else None
        if certificateur is None:
            raise Http404
        prets, bloques, tronque = examiner_pour_ecran(accrochage.a_declarer(certificateur))
        lots = LotCPF.objects.filter(certificateur=certificateur).visibles_par(self.request.user)
        return super().get_context_data(
            certificateur=certificateur,
            onglets=_onglets(organismes, certificateur),
            parametres=ParametresCPF.objects.filter(certificateur=certificateur).first(),
            tuiles=_tuiles(certificateur, bloques, lots),
            prets=Paginator(prets, PAR_PAGE).get_page(self.request.GET.get("page")),
            bloques=Paginator(bloques, PAR_PAGE).get_page(self.request.GET.get("page_bloques")),
            tronque=tronque,
            a_supprimer=accrochage.a_supprimer(certificateur)[:PAR_PAGE],
            lots=lots.comptes()[:10],
            **kwargs,
        )


def _onglets(organismes, certificateur) -> list[dict]:
    """One tab per body, when there are several."""
    if len(organismes) < 2:
        return []
    adresse = reverse("cpf:tableau")
    return [
        {"libelle": str(o), "url": f"{adresse}?certificateur={o.pk}", "actif": o == certificateur} for o in organismes
    ]


def _tuiles(certificateur, bloques, lots) -> list[dict]:
    """The terms by urgency, then what is blocked or under way; each count opens what proves it."""
    comptes, tons = alertes.echeances_de(certificateur), {"retard": "refus", "j7": "refus", "j15": "partiel"}
    tuiles = [
        (bande.libelle, comptes[bande.code], alertes.adresse_de_la_file(certificateur, echeance=bande.code), ton, texte)
        for bande in BANDES
        for ton in [tons.get(bande.code, "")]
        for texte in ["à déclarer sans attendre" if bande.code == "retard" else "à déclarer"]
    ]
    bloque = alertes.adresse_de_la_file(certificateur, etat="bloque")
    en_cours = lots.filter(etat__in=[LotCPF.Etat.PREPARE, LotCPF.Etat.DEPOSE]).count()
    tuiles += [
        ("Bloqués", len(bloques), bloque, "refus", "à corriger"),
        (
            "Corrections demandées",
            alertes.corrections_de(certificateur).count(),
            alertes.adresse_des_corrections(certificateur),
            "partiel",
            "par la Caisse des dépôts",
        ),
        ("Lots en cours", en_cours, reverse("cpf:lots"), "", "à déposer ou sans réponse"),
    ]
    return [
        {"titre": titre, "compte": compte, "url": url, "ton": ton if compte else "", "texte": texte}
        for titre, compte, url, ton, texte in tuiles
    ]


class Reglages(EcranCPF, UpdateView):
    """What the Caisse des dépôts gave to the certificateur."""

    model = ParametresCPF
    form_class = ParametresForm
    template_name = "cpf/reglages.html"

    def get_object(self, queryset=None):
        certificateur = self.certificateur_choisi(self.kwargs["certificateur"])
        parametres = ParametresCPF.objects.filter(certificateur=certificateur).first()
        return parametres or ParametresCPF(certificateur=certificateur)

    def get_context_data(self, **kwargs):
        autres = self.organismes().exclude(pk=self.object.certificateur_id).order_by("raison_sociale")
        connus = dict(ParametresCPF.objects.filter(certificateur__in=autres).values_list("certificateur", "id_client"))
        return super().get_context_data(autres=[(o, connus.get(o.pk, "")) for o in autres], **kwargs)

    def form_valid(self, form):
        workflow.regler(self.request.user, form.instance)
        messages.success(self.request, "Les réglages sont enregistrés.")
        return redirect(f"{reverse('cpf:tableau')}?certificateur={form.instance.certificateur_id}")
