"""The verbs around the évaluateur métier: a single-use link, an answer without an account (E2)."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import composer
from registre.transitions import verbe

from .affectation import toujours_valables
from .forms import InvitationForm
from .grille import ReponseMetierForm
from .models import InvitationMetier, ResultatCompetence
from .resultats import ranger


def empreinte_jeton(jeton: str) -> str:
    """What the database keeps of the token of a link."""
    return hashlib.sha256(jeton.encode()).hexdigest()


class Invite:
    """The évaluateur métier as an actor: no account, one invitation, one dossier."""

    pk = None
    is_authenticated = False

    def __init__(self, invitation: InvitationMetier):
        self.invitation = invitation

    def roles_par_invitation(self, candidature) -> set[str]:
        return {"metier"} if self.invitation.evaluation.candidature_id == candidature.pk else set()


def _invitation_possible(candidature, acteur, donnees):
    yield from toujours_valables(candidature, acteur, donnees)
    if not candidature.parcours.metier_requis:
        yield "Ce parcours ne demande pas d’évaluateur métier."
    courriel = donnees.get("courriel", "").lower()
    evaluation = getattr(candidature, "evaluation", None)
    evaluateurs = {e.email for e in evaluation.evaluateurs} if evaluation else set()
    if courriel and courriel in {candidature.titulaire.courriel.lower(), *evaluateurs}:
        yield (
            "L’évaluateur métier ne peut être ni le candidat, ni l’évaluateur habilité\u00a0: indiquez une "
            "autre adresse."
        )


def _inviter(candidature, nom, fonction, courriel):
    jeton = secrets.token_urlsafe(32)
    maintenant = timezone.now()
    candidature.evaluation.invitations.filter(revoquee_le=None).update(revoquee_le=maintenant)
    invitation = InvitationMetier.objects.create(
        evaluation=candidature.evaluation,
        nom=nom,
        fonction=fonction,
        courriel=courriel,
        empreinte_jeton=empreinte_jeton(jeton),
        envoyee_le=maintenant,
        expire_le=maintenant + timedelta(days=candidature.parcours.validite_invitation),
    )
    return {"details": {"invitation": invitation.pk}, "jeton": jeton, "invitation": invitation}


def _courriel_d_invitation(candidature, acteur, donnees, resultat):
    invitation, jeton = resultat["invitation"], resultat["jeton"]
    return [
        composer(
            "invitation_metier",
            invitation.courriel,
            secret=jeton,
            candidature=candidature,
            invitation=invitation,
            jeton=jeton,
        )
    ]


@verbe(
    MODELE,
    "inviter_metier",
    libelle="Inviter l’évaluateur métier",
    roles=("evaluateur",),
    etape=5,
    de=(Etat.RECEVABLE,),
    vers=(Etat.EN_EVALUATION,),
    conditions=_invitation_possible,
    formulaire=InvitationForm,
    courriels=_courriel_d_invitation,
    principal=True,
    attendu=Q(evaluation__isnull=False, parcours__metier_requis=True),
    attente="L’évaluateur habilité invite l’évaluateur métier",
    aide="Un professionnel qui voit la personne travailler\u00a0: chef d’équipe, tuteur, client. Il reçoit par "
    "courriel un lien personnel, sans compte à ouvrir, et répond avant que vous ne saisissiez vos commentaires.",
)
def _inviter_metier(candidature, acteur, donnees):
    return _inviter(candidature, donnees["nom"], donnees["fonction"], donnees["courriel"])


def _invitation_en_cours(candidature):
    evaluation = getattr(candidature, "evaluation", None)
    return evaluation and evaluation.invitations.filter(revoquee_le=None).first()


def _reponse_attendue(candidature, acteur, donnees):
    invitation = _invitation_en_cours(candidature)
    if invitation is None:
        yield "Aucune invitation n’est en cours."
    elif invitation.repondue_le:
        yield "L’évaluateur métier a déjà répondu."


@verbe(
    MODELE,
    "renvoyer_invitation",
    libelle="Renvoyer l’invitation",
    roles=("evaluateur", "gestionnaire"),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=_reponse_attendue,
    courriels=_courriel_d_invitation,
    aide="Un nouveau lien part à la même adresse\u202f; l’ancien ne fonctionne plus.",
)
def _renvoyer_invitation(candidature, acteur, donnees):
    ancienne = _invitation_en_cours(candidature)
    return _inviter(candidature, ancienne.nom, ancienne.fonction, ancienne.courriel)


@verbe(
    MODELE,
    "revoquer_invitation",
    libelle="Révoquer l’invitation",
    roles=("evaluateur", "gestionnaire"),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    vers=(Etat.RECEVABLE,),
    conditions=_reponse_attendue,
    danger=True,
    aide="Le lien envoyé ne fonctionne plus\u202f; une autre personne peut être invitée.",
)
def _revoquer_invitation(candidature, acteur, donnees):
    invitation = _invitation_en_cours(candidature)
    invitation.revoquee_le = timezone.now()
    invitation.save(update_fields=["revoquee_le"])
    return {"details": {"invitation": invitation.pk}}


def _lien_utilisable(candidature, acteur, donnees):
    invitation = getattr(acteur, "invitation", None)
    if invitation is None or invitation.evaluation.candidature_id != candidature.pk:
        yield "Ce lien ne correspond pas à ce dossier."
        return
    invitation.refresh_from_db()
    if invitation.revoquee_le:
        yield "Ce lien a été révoqué\u00a0: utilisez celui du dernier courriel reçu."
    elif invitation.repondue_le:
        yield "Vous avez déjà répondu\u00a0: votre avis est enregistré."
    elif not invitation.est_utilisable():
        fin = timezone.localdate(invitation.expire_le)
        yield f"Ce lien a expiré le {fin:%d/%m/%Y}\u00a0: demandez-en un nouveau à l’évaluateur habilité."
    dites = {pk for pk, (acquis, *_) in donnees.get("resultats", {}).items() if acquis is not None}
    if any(c.pk not in dites for bloc in candidature.blocs_a_evaluer() for c in bloc.competences.all()):
        yield "Répondez pour chaque compétence avant d’envoyer."


@verbe(
    MODELE,
    "repondre_metier",
    libelle="Répondre à l’invitation",
    roles=("metier",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=_lien_utilisable,
    formulaire=ReponseMetierForm,
    courriels=lambda c, acteur, donnees, resultat: [
        composer("metier_a_repondu", e.email, candidature=c) for e in c.evaluation.evaluateurs
    ],
    principal=True,
    attendu=Q(parcours__metier_requis=True) & ~Q(evaluation__invitations__repondue_le__isnull=False),
    attente="L’évaluateur métier répond à l’invitation",
)
def _repondre_metier(candidature, acteur, donnees):
    invitation = acteur.invitation
    ranger(invitation.evaluation, ResultatCompetence.Source.METIER, donnees["resultats"])
    invitation.commentaire = donnees.get("commentaire", "")
    invitation.repondue_le = timezone.now()
    invitation.save(update_fields=["commentaire", "repondue_le"])
    return {"details": {"invitation": invitation.pk}}
