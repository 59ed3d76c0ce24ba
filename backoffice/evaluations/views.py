"""The grid of the évaluateur habilité, and the page of the évaluateur métier who has no account."""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
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

from .brouillons import CARACTERES_MAXIMUM, VersionDepassee, garder, phrase_de_conflit
from .coherence import avertissements
from .grille import EvaluationForm, ReponseMetierForm
from .guide_vierge import guide_vierge
from .metier import Invite, empreinte_jeton
from .models import InvitationMetier
from .resultats import Lecture, regle_en_mots


class GrilleDuDossier(Ecran):
    """A page of one dossier for the évaluateurs to whom it is confided: 404 out of scope, 403 for the others."""

    model = Candidature
    roles = ("evaluateur",)

    def get_queryset(self):
        return super().get_queryset().completes().select_related("evaluation__evaluateur", "evaluation__second")

    def get_object(self, queryset=None):
        candidature = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        if "evaluateur" not in candidature.roles_de(self.request.user):
            raise PermissionDenied("Cette évaluation est confiée à une autre personne.")
        return candidature


class Grille(GrilleDuDossier, DetailView):
    """Record the results, bloc by bloc; may be left unfinished and found again."""

    template_name = "evaluations/grille.html"
    context_object_name = "candidature"

    def get_context_data(self, form=None, phrases=(), **kwargs):
        candidature, acteur = self.object, self.request.user
        evaluation, ouverte = candidature.evaluation, candidature.etat == Etat.EN_EVALUATION
        empeche = manques(VERBES[MODELE, "enregistrer_evaluation"], candidature, acteur) if ouverte else []
        if not ouverte:
            form = None
        elif form is None and not empeche:
            form = EvaluationForm(objet=candidature, acteur=acteur)
        lecture = Lecture(candidature, acteur)
        return super().get_context_data(
            form=form,
            grille=grille_a_remplir(form, lecture) if form else lecture.blocs(),
            regle=regle_en_mots(candidature),
            source=evaluation.source_de(acteur),
            cle=secrets.token_hex(16),
            ouverte=ouverte,
            empeche=empeche,
            phrases=phrases,
            doutes=avertissements(candidature, evaluation.source_de(acteur)) if ouverte else [],
            evaluation=evaluation,
            invitation=evaluation.invitations.filter(revoquee_le=None).first(),
            **self._suite(candidature, acteur, ouverte),
            **kwargs,
        )

    @staticmethod
    def _suite(candidature, acteur, ouverte) -> dict:
        """What comes after the grid: to close it, then to transmit; what is still missing; the other acts."""
        a_deux = candidature.evaluation.second_id and not candidature.evaluation.grilles_ouvertes_a_tous
        nom = "clore_grille" if a_deux else "transmettre_evaluation"
        finir, joindre = VERBES[MODELE, nom], VERBES[MODELE, "joindre_guide"]
        ecrans = ("enregistrer_evaluation", "clore_grille", "transmettre_evaluation", joindre.nom)
        return {
            "finir": finir,
            "url_finir": adresse(candidature, finir),
            "reste": manques(finir, candidature, acteur) if ouverte else [],
            "url_joindre": adresse(candidature, joindre),
            "autres": [
                {"libelle": a["verbe"].libelle, "url": a["url"], "danger": a["verbe"].danger}
                for a in actes_possibles(candidature, acteur, verbes_de(candidature))
                if not a["manques"] and a["verbe"].nom not in ecrans
            ],
        }

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = EvaluationForm(request.POST, objet=self.object, acteur=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        cle = request.POST.get("cle", "")[:64]
        try:
            executer(MODELE, "enregistrer_evaluation", self.object, request.user, form.cleaned_data, cle)
        except Refus as refus:
            return self.render_to_response(self.get_context_data(form=form, phrases=refus.phrases), status=refus.statut)
        messages.success(request, "L’évaluation est enregistrée. Vous pouvez la reprendre jusqu’à sa transmission.")
        return redirect("evaluations:grille", self.object.pk)


def grille_a_remplir(form, lecture: Lecture) -> list[dict]:
    """Per bloc, the fields of the form beside what the others answered, with what is counted so far."""
    lus = {ligne["competence"].pk: ligne for bloc in lecture.blocs() for ligne in bloc["lignes"]}
    grille = form.lignes()
    for groupe in grille:
        groupe["total"] = lecture.total(groupe["bloc"], form.source)
        for ligne in groupe["lignes"]:
            ligne["metier"] = lus[ligne["competence"].pk]["metier"]
            ligne["coefficient"] = lecture.poids.get(ligne["competence"].pk, 1)
    return grille


class Garder(GrilleDuDossier, View):
    """Keep what is being typed, for the script of the grid: nothing is recorded, nothing newer is written over."""

    def get(self, request, pk):
        """Which version is kept: a script that comes back after a while asks before it writes."""
        candidature = self.get_object()
        source = candidature.evaluation.source_de(request.user)
        garde = candidature.evaluation.brouillons.filter(source=source).first()
        return JsonResponse({"version": garde.version if garde else 0})

    def post(self, request, pk):
        candidature = self.get_object()
        empeche = manques(VERBES[MODELE, "enregistrer_evaluation"], candidature, request.user)
        if candidature.etat != Etat.EN_EVALUATION or empeche:
            phrase = " ".join(empeche) or "L’évaluation n’est plus à saisir\u00a0: elle est transmise."
            return JsonResponse({"phrase": phrase}, status=409)
        form = EvaluationForm(objet=candidature, acteur=request.user)
        contenu = {nom: request.POST[nom] for nom in form.fields if nom in request.POST and nom != "version"}
        version = request.POST.get("version", "")
        if not version.isdecimal() or sum(map(len, contenu.values())) > CARACTERES_MAXIMUM:
            return JsonResponse({"phrase": "Cette saisie ne se lit pas\u00a0: rechargez la page."}, status=422)
        cle = request.POST.get("envoi", "")[:64]
        try:
            brouillon = garder(candidature.evaluation, form.source, contenu, int(version), cle)
        except VersionDepassee as depassee:
            return JsonResponse({"phrase": phrase_de_conflit(depassee.brouillon)}, status=409)
        return JsonResponse({"version": brouillon.version})


class GuideVierge(GrilleDuDossier, View):
    """The guide d’évaluation (outil n° 4) to print and fill in by hand, with what the dossier already says."""

    def get(self, request, pk):
        candidature = self.get_object()
        reponse = HttpResponse(guide_vierge(candidature), content_type="application/pdf")
        reponse.headers["Content-Disposition"] = f'attachment; filename="guide-{candidature.reference}.pdf"'
        return reponse


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
