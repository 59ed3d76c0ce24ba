"""The grid of the évaluateur habilité, and the page of the évaluateur métier who has no account."""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles, adresse
from backoffice.candidatures.models import Candidature, Etat
from backoffice.candidatures.workflow import MODELE
from registre.transitions import VERBES, Refus, executer, manques, verbes_de

from .forms import EvaluationForm, ReponseMetierForm
from .models import InvitationMetier
from .resultats import METIER, resultats_par_bloc
from .workflow import Invite, empreinte_jeton


class Grille(Ecran, DetailView):
    """Record the results, bloc by bloc; may be left unfinished and found again."""

    model = Candidature
    roles = ("evaluateur",)
    template_name = "evaluations/grille.html"
    context_object_name = "candidature"

    def get_queryset(self):
        return super().get_queryset().completes()

    def get_object(self, queryset=None):
        candidature = super().get_object(queryset)
        if "evaluateur" not in candidature.roles_de(self.request.user):
            raise PermissionDenied("Cette évaluation est confiée à une autre personne.")
        return candidature

    def get_context_data(self, form=None, phrases=(), **kwargs):
        candidature, acteur = self.object, self.request.user
        saisir = VERBES[MODELE, "enregistrer_evaluation"]
        transmettre, joindre = VERBES[MODELE, "transmettre_evaluation"], VERBES[MODELE, "joindre_guide"]
        ouverte = candidature.etat == Etat.EN_EVALUATION
        empeche = manques(saisir, candidature, acteur) if ouverte else []
        if not ouverte:
            form = None
        elif form is None and not empeche:
            form = EvaluationForm(objet=candidature, acteur=acteur)
        return super().get_context_data(
            form=form,
            grille=self._grille(form),
            cle=secrets.token_hex(16),
            ouverte=ouverte,
            empeche=empeche,
            phrases=phrases,
            reste=manques(transmettre, candidature, acteur) if ouverte else [],
            evaluation=candidature.evaluation,
            invitation=candidature.evaluation.invitations.filter(revoquee_le=None).first(),
            url_transmettre=adresse(candidature, transmettre),
            url_joindre=adresse(candidature, joindre),
            autres=[
                {"libelle": a["verbe"].libelle, "url": a["url"], "danger": a["verbe"].danger}
                for a in actes_possibles(candidature, acteur, verbes_de(candidature))
                if not a["manques"] and a["verbe"].nom not in (saisir.nom, transmettre.nom, joindre.nom)
            ],
            **kwargs,
        )

    def _grille(self, form) -> list[dict]:
        """Per bloc, each compétence with the métier's answer and what is said or to be said of it."""
        if form is None:
            return resultats_par_bloc(self.object)
        metier = {r.competence_id: r for r in self.object.evaluation.resultats.all() if r.source == METIER}
        grille = form.lignes()
        for ligne in (ligne for groupe in grille for ligne in groupe["lignes"]):
            ligne["metier"] = metier.get(ligne["competence"].pk)
        return grille

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = EvaluationForm(request.POST, objet=self.object, acteur=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            executer(
                MODELE,
                "enregistrer_evaluation",
                self.object,
                request.user,
                form.cleaned_data,
                request.POST.get("cle", "")[:64],
            )
        except Refus as refus:
            return self.render_to_response(self.get_context_data(form=form, phrases=refus.phrases), status=refus.statut)
        messages.success(request, "L’évaluation est enregistrée. Vous pouvez la reprendre jusqu’à sa transmission.")
        return redirect("evaluations:grille", self.object.pk)


@method_decorator(never_cache, name="dispatch")
class ReponseMetier(View):
    """Answer from the link of the mail. A GET shows, only a POST answers: scanners of mails consume nothing."""

    def get(self, request, jeton):
        invitation = self._invitation(jeton)
        if invitation is None or not invitation.est_utilisable():
            return self._close(request, invitation)
        return self._formulaire(request, invitation, ReponseMetierForm(objet=self._dossier(invitation), acteur=None))

    def post(self, request, jeton):
        invitation = self._invitation(jeton)
        if invitation is None or not invitation.est_utilisable():
            return self._close(request, invitation)
        candidature = self._dossier(invitation)
        form = ReponseMetierForm(request.POST, objet=candidature, acteur=None)
        if not form.is_valid():
            return self._formulaire(request, invitation, form, statut=422)
        try:
            executer(MODELE, "repondre_metier", candidature, Invite(invitation), form.cleaned_data, str(invitation.pk))
        except Refus as refus:
            return self._formulaire(request, invitation, form, refus.phrases, refus.statut)
        invitation.refresh_from_db()
        return self._repondre(request, "evaluations/invitation_merci.html", {"invitation": invitation})

    @staticmethod
    def _invitation(jeton):
        return (
            InvitationMetier.objects.select_related(
                "evaluation__candidature__titulaire",
                "evaluation__candidature__version",
                "evaluation__candidature__parcours",
            )
            .filter(empreinte_jeton=empreinte_jeton(jeton))
            .first()
        )

    @staticmethod
    def _dossier(invitation) -> Candidature:
        return invitation.evaluation.candidature

    def _formulaire(self, request, invitation, form, phrases=(), statut=200):
        contexte = {
            "invitation": invitation,
            "candidature": self._dossier(invitation),
            "form": form,
            "phrases": phrases,
        }
        return self._repondre(request, "evaluations/invitation.html", contexte, statut)

    def _close(self, request, invitation):
        raison = "inconnue"
        if invitation and invitation.repondue_le and not invitation.revoquee_le:
            raison = "repondue"
        elif invitation and invitation.revoquee_le:
            raison = "revoquee"
        elif invitation and timezone.now() >= invitation.expire_le:
            raison = "expiree"
        contexte = {"raison": raison, "invitation": invitation}
        return self._repondre(request, "evaluations/invitation_close.html", contexte, 404 if not invitation else 410)

    @staticmethod
    def _repondre(request, gabarit, contexte, statut=200):
        reponse = render(request, gabarit, contexte, status=statut)
        # The address of this page is a secret: it must not travel to any other site. Not « no-referrer »: browsers then
        # send « Origin: null » with the form, and the CSRF check refuses the answer.
        reponse.headers["Referrer-Policy"] = "same-origin"
        reponse.headers["X-Robots-Tag"] = "noindex"
        return reponse
