"""Screens of the lots: preview and constitution, one lot with its acts, its file."""

import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView

from backoffice.actes import actes_possibles
from registre.models import Organisme
from registre.transitions import Refus, verbes_de

from . import accrochage, lots, workflow
from .accuses import conseil
from .forms import ConstitutionForm
from .models import LotCPF, ParametresCPF, PassageCPF
from .selection import Selection
from .views import PAR_PAGE, EcranCPF, examiner_pour_ecran


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
            selection = Selection(avec_refuses=form.cleaned_data["avec_refuses"])
            lot = workflow.constituer(self.request.user, self.certificateur, selection, form.cleaned_data["cle"])
        except Refus as refus:
            return self.render_to_response(self.get_context_data(form=form, refus=refus.phrases), status=refus.statut)
        if lot.etat == LotCPF.Etat.ECRITURE:
            messages.info(self.request, "Le lot est long\u00a0: son fichier s’écrit, vous pouvez quitter cette page.")
        else:
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
        if not lot.sha256:
            raise Http404
        try:
            fichier = lots.ouvrir_fichier(lot)
        except Refus as refus:
            messages.error(request, str(refus))
            return redirect(lot)
        return FileResponse(fichier, as_attachment=True, filename=lot.nom_fichier, content_type="application/xml")
