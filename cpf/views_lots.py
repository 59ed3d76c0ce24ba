"""Screens of a lot: its acts, its answers, its file. Its constitution: `views_constitution.py`."""

import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.views.generic import DetailView

from backoffice.actes import actes_possibles
from registre.transitions import Refus, verbes_de

from . import lots
from .accuses import conseil
from .models import LotCPF, PassageCPF
from .views import PAR_PAGE, EcranCPF


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
