"""The page of a lot, from its preparation to its report, and the three ways to open one."""

import secrets

from django.contrib import messages
from django.db.models import Case, Count, Q, When
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.jurys.models import SessionJury
from registre.transitions import Refus, verbes_de

from . import lots
from .lots_liste import LECTEURS
from .models import LotDelivrance

MONTREES = 50


class Lot(Ecran, DetailView):
    """A lot: what it would deliver and what it could not; then how far it is; then what it did."""

    model = LotDelivrance
    roles = LECTEURS
    template_name = "delivrances/lot.html"
    context_object_name = "lot"

    def get_queryset(self):
        return super().get_queryset().select_related(
            "session", "certificateur", "porteur", "prepare_par", "approuve_par", "cree_par"
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        lot, acteur, etats = self.object, self.request.user, LotDelivrance.Etat
        actes = actes_possibles(lot, acteur, verbes_de(lot))
        contexte = {
            "actes": [a for a in actes if a["verbe"].formulaire is None and not a["verbe"].danger],
            "autres": [a for a in actes if a["verbe"].danger],
            "cle": secrets.token_hex(16),
            "total": lot.lignes.count(),
            "comptes": self._comptes(lot),
            "peut_ouvrir": acteur.a_role(*_Ouvrir.roles),
        }
        if lot.etat == etats.BROUILLON:
            preparer = next((a for a in actes if a["verbe"].nom == "preparer_lot"), None)
            formulaire = preparer and preparer["verbe"].formulaire(objet=lot, acteur=acteur)
            contexte |= {"jugement": lots.juger(lot, acteur), "preparer": preparer, "form": formulaire}
        else:
            contexte |= self._lignes(lot)
        return super().get_context_data(**contexte, **kwargs)

    @staticmethod
    def _comptes(lot) -> dict:
        return lot.lignes.aggregate(
            dossiers=Count("pk", filter=Q(ecartee=False)),
            delivrees=Count("pk", filter=Q(parchemin__isnull=False)),
            rangees=Count("pk", filter=Q(parchemin__isnull=False) & ~Q(parchemin__sha256="")),
            impossibles=Count("pk", filter=Q(pk__in=lot.lignes.impossibles().values("pk"))),
            refusees=Count("pk", filter=Q(parchemin=None, traitee_le__isnull=False)),
            ecartees=Count("pk", filter=Q(ecartee=True)),
        )

    @staticmethod
    def _lignes(lot) -> dict:
        lignes = lot.lignes.completes()
        gardees = lignes.filter(ecartee=False).exclude(pk__in=lot.lignes.refusees())
        # What has no file comes first: it is what somebody has to look at.
        gardees = gardees.order_by(Case(When(parchemin__impossible__gt="", then=0), default=1), "rang")
        refusees = [
            (ligne, lots.ou_corriger(ligne.candidature, [ligne.refus]))
            for ligne in lignes.filter(Q(pk__in=lot.lignes.refusees()) | Q(ecartee=True))[:MONTREES]
        ]
        return {"lignes": gardees[:MONTREES], "reste": max(0, gardees.count() - MONTREES), "refusees": refusees}


class _Ouvrir(Ecran, View):
    """By POST: open one or several lots, then lead to them. Sent twice, it leads to the same ones."""

    roles = ("certificateur", "gestionnaire")

    def candidatures(self) -> list:
        raise NotImplementedError

    def session(self):
        return None

    def genre(self) -> str:
        voulu = self.request.POST.get("genre")
        return voulu if voulu in LotDelivrance.Genre.values else LotDelivrance.Genre.DOCUMENTS

    def origine(self):
        return "delivrances:liste"

    def get(self, request, **kwargs):
        return redirect(self.origine())

    def post(self, request, **kwargs):
        try:
            cle = request.POST.get("cle", "")
            ouverts = lots.constituer(request.user, self.candidatures(), self.session(), cle, self.genre())
        except Refus as refus:
            messages.error(request, str(refus))
            return redirect(self.origine())
        if len(ouverts) == 1:
            return redirect(ouverts[0])
        messages.info(request, f"{len(ouverts)} lots sont ouverts\u00a0: un par porteur et par certificateur.")
        return redirect(f"{reverse('delivrances:lots')}?etat=brouillon")


class OuvrirUnLot(_Ouvrir):
    """From the dossiers chosen among those to prepare, or from all of them."""

    def candidatures(self):
        a_delivrer = lots.candidates(self.request.user, self.genre())
        if self.request.POST.get("portee") == "tout":
            return list(a_delivrer[: lots.MAXIMUM + 1])
        choisis = [int(v) for v in self.request.POST.getlist("dossiers")[:1000] if v.isdecimal() and len(v) < 19]
        return list(a_delivrer.filter(pk__in=choisis))


class LotDeSession(_Ouvrir):
    """« Délivrer les documents de cette session »."""

    model = SessionJury

    def session(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def origine(self):
        return self.session()

    def candidatures(self):
        return lots.de_la_session(self.request.user, self.session(), self.genre())


class LotDesRefuses(_Ouvrir):
    """What a lot refused or left aside, tried again in a new one."""

    model = LotDelivrance

    def origine(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def genre(self):
        return self.origine().genre

    def candidatures(self):
        lot = self.origine()
        restees = lot.lignes.filter(Q(pk__in=lot.lignes.refusees()) | Q(ecartee=True))
        candidates = lots.candidates(self.request.user, lot.genre)
        return list(candidates.filter(pk__in=restees.values("candidature")))
