"""Screens of the accrochage: what is due, what goes, what was answered."""

import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView, TemplateView, UpdateView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre.models import Organisme
from registre.transitions import Refus, verbes_de

from . import accrochage, workflow
from .accuses import conseil
from .forms import ConstitutionForm, ParametresForm
from .models import AccuseCPF, LotCPF, ParametresCPF, PassageCPF

ROLES = ("certificateur",)
PAR_PAGE = 25
# Beyond, the screen examines the oldest ones only; a lot still takes them all.
EXAMEN_MAXIMAL = 1_000
DELAI_PROCHE = 30


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
    candidats = list(accrochage.examiner(parchemins[: EXAMEN_MAXIMAL + 1]))
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
            tuiles=_tuiles(certificateur, [*prets, *bloques], bloques, lots),
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


def _tuiles(certificateur, candidats, bloques, lots) -> list[dict]:
    """The counts at the head of the page, each opening what proves it."""
    total = accrochage.a_declarer(certificateur).count()
    retards = sum(c.jours_restants < 0 for c in candidats)
    proches = sum(0 <= c.jours_restants <= DELAI_PROCHE for c in candidats)
    en_cours = lots.filter(etat__in=[LotCPF.Etat.PREPARE, LotCPF.Etat.DEPOSE]).count()
    tuiles = (
        ("À déclarer", total, "#a-declarer", "", "dans les trois mois"),
        ("Échéance passée", retards, "#a-declarer", "refus", "à déclarer sans attendre"),
        ("Échéance proche", proches, "#a-declarer", "partiel", f"sous {DELAI_PROCHE} jours"),
        ("Bloqués", len(bloques), "#bloques", "refus", "à corriger"),
        ("Lots en cours", en_cours, reverse("cpf:lots"), "", "à déposer ou sans réponse"),
    )
    return [
        {"titre": titre, "compte": compte, "url": url, "ton": ton if compte else "", "texte": texte}
        for titre, compte, url, ton, texte in tuiles
    ]


class Constitution(EcranCPF, FormView):
    """Preview of the next lot, without writing anything; then its constitution."""

    form_class = ConstitutionForm
    template_name = "cpf/constituer.html"

    @cached_property
    def certificateur(self) -> Organisme:
        return self.certificateur_choisi(self.kwargs["certificateur"])

    def get_initial(self):
        return {"avec_refuses": True, "cle": secrets.token_hex(16)}

    def get_context_data(self, **kwargs):
        prets, bloques, tronque = examiner_pour_ecran(accrochage.a_declarer(self.certificateur))
        return super().get_context_data(
            certificateur=self.certificateur,
            parametres=ParametresCPF.objects.filter(certificateur=self.certificateur).first(),
            prets=Paginator(prets, PAR_PAGE).get_page(self.request.GET.get("page")),
            bloques=Paginator(bloques, PAR_PAGE).get_page(self.request.GET.get("page_bloques")),
            tronque=tronque,
            **{"refus": [], **kwargs},
        )

    def form_valid(self, form):
        try:
            lot = workflow.constituer(self.request.user, self.certificateur, **form.cleaned_data)
        except Refus as refus:
            return self.render_to_response(self.get_context_data(form=form, refus=refus.phrases), status=refus.statut)
        messages.success(self.request, "Le lot est constitué\u00a0: téléchargez son fichier, puis déposez-le.")
        return redirect("cpf:lot", pk=lot.pk)


class Lot(EcranCPF, DetailView):
    """One lot: its file, what can be done now, the answer given to each passage."""

    model = LotCPF
    template_name = "cpf/lot.html"
    context_object_name = "lot"

    def get_queryset(self):
        return super().get_queryset().comptes().select_related("certificateur")

    def get_context_data(self, **kwargs):
        lot = self.object
        reponse = self.request.GET.get("reponse", "")
        passages = lot.passages.order_by("parchemin__delivre_le", "parchemin__numero")
        if reponse in PassageCPF.Reponse.values:
            passages = passages.filter(reponse=reponse)
        page = Paginator(passages, PAR_PAGE).get_page(self.request.GET.get("page"))
        for passage in page:
            passage.conseils = list(dict.fromkeys(conseil(message) for message in passage.messages))
        return super().get_context_data(
            actes=_actes(lot, self.request.user),
            onglets=_onglets_des_reponses(lot, reponse),
            page=page,
            accuses=lot.accuses.all(),
            **kwargs,
        )


def _actes(lot, acteur) -> list[dict]:
    """The verbs open now to this person, each with its form, ready to be sent from the page of the lot."""
    actes = actes_possibles(lot, acteur, verbes_de(lot))
    for acte in actes:
        formulaire, nom = acte["verbe"].formulaire, acte["verbe"].nom
        acte["form"] = formulaire(objet=lot, acteur=acteur, auto_id=f"id_{nom}_%s") if formulaire else None
        acte["cle"] = secrets.token_hex(16)
        # Once the last state it leads to is reached, a verb is still possible but no longer the next thing to do.
        acte["avance"] = acte["verbe"].principal and lot.etat != acte["verbe"].vers[-1]
    return actes


def _onglets_des_reponses(lot, reponse) -> list[dict]:
    comptes = [
        ("", "Tous", lot.nombre),
        ("refuse", "Refusés", lot.refuses),
        ("accepte", "Acceptés", lot.acceptes),
        ("en_attente", "En attente", lot.en_attente),
    ]
    return [
        {"libelle": libelle, "url": f"?reponse={valeur}#passages", "compte": compte, "actif": valeur == reponse}
        for valeur, libelle, compte in comptes
    ]


class Fichier(EcranCPF, DetailView):
    """The file of a lot, byte for byte as it was written."""

    model = LotCPF

    def get(self, request, *args, **kwargs):
        lot = self.get_object()
        try:
            fichier = accrochage.ouvrir_fichier(lot)
        except Refus as refus:
            messages.error(request, str(refus))
            return redirect(lot)
        return FileResponse(fichier, as_attachment=True, filename=lot.nom_fichier, content_type="application/xml")


class Accuse(EcranCPF, DetailView):
    """An accusé as it was received."""

    model = AccuseCPF

    def get(self, request, *args, **kwargs):
        accuse = self.get_object()
        nom = f"accuse_{accuse.lot.id_flux}_{timezone.localdate(accuse.recu_le):%Y%m%d}.xml"
        return FileResponse(accuse.fichier.open("rb"), as_attachment=True, filename=nom, content_type="application/xml")


class Reglages(EcranCPF, UpdateView):
    """What the Caisse des dépôts gave to the certificateur."""

    model = ParametresCPF
    form_class = ParametresForm
    template_name = "cpf/reglages.html"

    def get_object(self, queryset=None):
        certificateur = self.certificateur_choisi(self.kwargs["certificateur"])
        parametres = ParametresCPF.objects.filter(certificateur=certificateur).first()
        return parametres or ParametresCPF(certificateur=certificateur)

    def form_valid(self, form):
        workflow.regler(self.request.user, form.instance)
        messages.success(self.request, "Les réglages sont enregistrés.")
        return redirect(f"{reverse('cpf:tableau')}?certificateur={form.instance.certificateur_id}")
