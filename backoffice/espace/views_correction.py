"""Screens of a correction of civil status: asked by the candidate, compared by the porteur."""

import secrets

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.generic import DetailView, TemplateView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.candidatures.fichiers import TYPES
from registre import journal
from registre.models import EntreeJournal, Titulaire
from registre.transitions import Refus, executer, verbes_de

from .corrections import comparaison, documents_a_remplacer
from .forms import CorrectionForm
from .models import DemandeCorrection
from .workflow import CORRECTION, porteurs_de, verification_en_cours

EXTENSIONS = dict(TYPES.values())
# Asked or accepted: what was delivered before may have to be replaced.
A_SUIVRE = (DemandeCorrection.Etat.DEPOSEE, DemandeCorrection.Etat.ACCEPTEE)
DEJA = "Une demande de correction attend déjà sa réponse\u00a0: retirez-la pour en faire une autre."


class _MonEtatCivil(Ecran):
    """The person behind this account; 404 for an account without any dossier."""

    roles = ("candidat",)

    def titulaire(self) -> Titulaire:
        return get_object_or_404(Titulaire, utilisateur=self.request.user)


class EtatCivil(_MonEtatCivil, TemplateView):
    """What is stored, what was asked, and the way to put it right."""

    template_name = "espace/etat_civil.html"

    def get_context_data(self, **kwargs):
        titulaire = self.titulaire()
        demandes = list(titulaire.corrections.all())
        pendante = next((d for d in demandes if d.decidee_le is None), None)
        verification = verification_en_cours(titulaire)
        actes = actes_possibles(verification, self.request.user, verbes_de(verification)) if verification else []
        return super().get_context_data(
            titulaire=titulaire,
            demandes=demandes,
            pendante=pendante,
            verification=verification,
            actes=actes,
            **kwargs,
        )


class Corriger(_MonEtatCivil, View):
    """Ask for a correction: the form starts from what is stored, only what differs is kept."""

    def _page(self, form, cle="", phrases=(), statut=200):
        contexte = {"form": form, "cle": cle or secrets.token_hex(16), "phrases": phrases}
        return render(self.request, "espace/corriger.html", contexte, status=statut)

    def get(self, request):
        titulaire = self.titulaire()
        if titulaire.corrections.filter(decidee_le=None).exists():
            messages.info(request, DEJA)
            return redirect("espace:etat_civil")
        return self._page(self._form(titulaire))

    def post(self, request):
        titulaire, cle = self.titulaire(), request.POST.get("cle", "")[:64]
        if cle and (deja := journal.deja_cree(cle, "deposer_correction", DemandeCorrection())):
            return redirect(deja)
        # The form writes on a copy: what is stored changes once somebody has compared.
        form = self._form(self.titulaire(), request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, cle, statut=422)
        demande = form.demande(titulaire, request.user)
        try:
            with transaction.atomic():
                demande = executer(CORRECTION, "deposer_correction", demande, request.user, cle=cle)
        except Refus as refus:
            return self._page(form, phrases=refus.phrases, statut=refus.statut)
        except IntegrityError:
            return self._page(form, phrases=[DEJA], statut=409)
        messages.success(request, "Votre demande est envoyée. Un courriel vous dira la réponse.")
        return redirect(demande)

    @staticmethod
    def _form(titulaire, *donnees) -> CorrectionForm:
        verification = verification_en_cours(titulaire)
        return CorrectionForm(
            *donnees, instance=titulaire, preuve_demandee=verification is None or verification.preuve_demandee
        )


class Correction(Ecran, DetailView):
    """One request, side by side with what is stored: compared by the porteur, followed by the candidate."""

    roles = ("candidat", "gestionnaire", "certificateur", "auditeur")
    model = DemandeCorrection
    template_name = "espace/correction.html"
    context_object_name = "demande"

    def get_queryset(self):
        return super().get_queryset().select_related("titulaire", "deposee_par")

    def get_context_data(self, **kwargs):
        demande, moi = self.object, self.request.user
        reponse = EntreeJournal.objects.de(demande).exclude(etat_avant="").select_related("motif").last()
        roles = demande.roles_de(moi)
        return super().get_context_data(
            lignes=comparaison(demande),
            actes=actes_possibles(demande, moi, verbes_de(demande)),
            de_la_gestion=bool(roles - {"candidat"}),
            porteurs=list(porteurs_de(demande.titulaire)),
            motif=getattr(getattr(reponse, "motif", None), "texte", ""),
            a_remplacer=documents_a_remplacer(demande) if demande.etat in A_SUIVRE else [],
            **kwargs,
        )


class Justificatif(Ecran, View):
    """Give the proof, as an attachment that no page can run; the reading is journalled."""

    roles = ("candidat", "gestionnaire", "certificateur")
    model = DemandeCorrection

    def get(self, request, pk):
        demande = get_object_or_404(self.get_queryset(), pk=pk)
        if not demande.justificatif:
            raise Http404("Ce justificatif n’est plus conservé.")
        contenu = demande.justificatif.open("rb")
        journal.consigner(request.user, min(demande.roles_de(request.user)), "consulter_justificatif", demande)
        nom = f"justificatif-{demande.pk}.{EXTENSIONS[demande.type_mime]}"
        reponse = FileResponse(contenu, as_attachment=True, filename=nom, content_type=demande.type_mime)
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse
