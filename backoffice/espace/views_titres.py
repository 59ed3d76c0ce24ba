"""Screens of a document in its holder's space: its page, its links of sharing."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre import badge, journal
from registre.cles import CleIndisponible
from registre.models import Parchemin, Partage
from registre.transitions import Refus, verbes_de

from .partages import PartageForm, partager
from .titres import Titre

# Session key: the keys of links just made, until the page that shows each of them once.
CLES = "cles_de_partage"


class MesTitres(Ecran):
    """One's own documents, whatever other roles the person holds."""

    roles = ("candidat",)
    model = Parchemin

    def get_queryset(self):
        siens = super().get_queryset().filter(titulaire__utilisateur=self.request.user)
        return siens.select_related("version", "certificateur", "titulaire")


class Document(MesTitres, DetailView):
    """The page of one document: what it says, its file, how others check it, where the holder shows it."""

    template_name = "espace/titre.html"
    context_object_name = "document"

    def get_context_data(self, **kwargs):
        return super().get_context_data(titre=Titre(self.object), **kwargs)


class Badge(MesTitres, View):
    """The digital credential of a document (Open Badges 3.0), for the wallet or the site that the holder chooses."""

    def get(self, request, pk):
        document = get_object_or_404(self.get_queryset().filter(annule_le=None).exclude(sha256=""), pk=pk)
        try:
            contenu = badge.en_octets(badge.attestation_numerique(document))
        except CleIndisponible:
            messages.error(request, "L’attestation ne peut pas être signée pour le moment\u00a0: revenez demain.")
            return redirect("espace:document", pk=pk)
        journal.consigner(request.user, "candidat", "telecharger_badge", document)
        reponse = HttpResponse(contenu, content_type="application/ld+json")
        nom = f"{document.nature}-{document.numero}.json"
        reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
        return reponse


class Partager(MesTitres, View):
    """Make a link: what it shows, for how long."""

    def get(self, request, pk):
        return self._page(self._document(), PartageForm(), secrets.token_hex(16))

    def post(self, request, pk):
        document, cle = self._document(), request.POST.get("cle", "")[:64] or secrets.token_hex(16)
        form = PartageForm(request.POST)
        if not form.is_valid():
            return self._page(document, form, cle, statut=422)
        try:
            partage, jeton = partager(request.user, document, form.cleaned_data, cle)
        except Refus as refus:
            return self._page(document, form, cle, refus.phrases, refus.statut)
        if jeton:
            # Kept until it is shown: a request sent twice must not lose it.
            request.session[CLES] = request.session.get(CLES, {}) | {str(partage.pk): jeton}
        return redirect(partage)

    def _document(self) -> Parchemin:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def _page(self, document, form, cle, phrases=(), statut=200):
        contexte = {"document": document, "titre": Titre(document), "form": form, "cle": cle, "phrases": phrases}
        return render(self.request, "espace/partager.html", contexte, status=statut)


class UnPartage(Ecran, DetailView):
    """One link: its address the first time, then what it shows, until when, how often it was opened."""

    roles = ("candidat",)
    model = Partage
    template_name = "espace/partage.html"
    context_object_name = "partage"

    def get_queryset(self):
        return super().get_queryset().select_related("parchemin__version")

    def get_context_data(self, **kwargs):
        actes = actes_possibles(self.object, self.request.user, verbes_de(self.object))
        return super().get_context_data(adresse=self._adresse(), actes=actes, **kwargs)

    def _adresse(self) -> str:
        """The whole address, once; empty afterwards."""
        cles = self.request.session.get(CLES, {})
        jeton = cles.pop(str(self.object.pk), "")
        if not jeton:
            return ""
        self.request.session[CLES] = cles
        messages.success(self.request, "Le lien est prêt.")
        return settings.ADRESSE_PUBLIQUE + reverse("verification:partage", args=[jeton])
