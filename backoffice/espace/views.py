"""« Mon espace »: what a candidate opens after logging in."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from backoffice.acces import Ecran
from backoffice.candidatures.attente import avec_attente
from backoffice.candidatures.models import Candidature
from registre import journal

from .models import DemandeCorrection, Message, NoticeLue
from .suivi import Suivi, documents_de, resume
from .titres import envois_a_completer

CANDIDAT = ("candidat",)
# To be raised when the text of the notice changes: everybody reads it again.
NOTICE = "candidat-1"


class DossiersDuCandidat(Ecran):
    """One's own dossiers, declared ones only, whatever other roles the person holds."""

    roles = CANDIDAT
    model = Candidature

    def get_queryset(self):
        moi = self.request.user
        siens = Candidature.objects.filter(titulaire__utilisateur=moi).confies_a(moi, "candidat")
        return avec_attente(siens.completes())


class Accueil(DossiersDuCandidat, TemplateView):
    """Every dossier in one sentence, every document, what waits to be read. The notice comes first, once."""

    template_name = "espace/accueil.html"

    def get(self, request, *args, **kwargs):
        if not NoticeLue.objects.filter(utilisateur=request.user, notice=NOTICE).exists():
            return redirect("espace:notice")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        moi = self.request.user
        return super().get_context_data(
            dossiers=[resume(dossier) for dossier in self.get_queryset()],
            documents=documents_de(moi),
            non_lus=Message.objects.non_lus_par_le_candidat(moi).count(),
            envois=envois_a_completer(moi),
            corrections=DemandeCorrection.objects.filter(titulaire__utilisateur=moi, decidee_le=None),
            **kwargs,
        )


class Dossier(DossiersDuCandidat, TemplateView):
    """The whole story of one dossier; opening it marks the messages of the porteur as read."""

    template_name = "espace/dossier.html"

    def get_context_data(self, **kwargs):
        dossiers = self.get_queryset().prefetch_related("pieces__requise")
        suivi = Suivi(get_object_or_404(dossiers, pk=self.kwargs["pk"]), self.request.user)
        contexte = super().get_context_data(suivi=suivi, objet=suivi.candidature, messages_du_fil=suivi.messages)
        non_lus = Message.objects.non_lus_par_le_candidat(self.request.user)
        non_lus.filter(candidature=suivi.candidature).update(lu_le=timezone.now())
        return contexte | kwargs


class Notice(Ecran, TemplateView):
    """What is done with one's data (RGPD, articles 13 and 14), shown at the first connection and kept at hand."""

    roles = CANDIDAT
    template_name = "espace/notice.html"

    def get_context_data(self, **kwargs):
        lue = NoticeLue.objects.filter(utilisateur=self.request.user, notice=NOTICE).first()
        return super().get_context_data(lue=lue, **kwargs)

    def post(self, request):
        _, nouvelle = NoticeLue.objects.get_or_create(utilisateur=request.user, notice=NOTICE)
        if nouvelle:
            journal.consigner(request.user, "candidat", "lire_notice", request.user, details={"notice": NOTICE})
        return redirect(reverse("espace:accueil"))
