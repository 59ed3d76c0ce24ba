"""The verbs of steps 5 and 6: who evaluates, the invitation of the trade, the results, the transmission."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE, ranger_piece
from backoffice.courriels import adresses, composer
from registre.transitions import verbe

from .forms import EvaluateurForm, EvaluationForm, GuideForm, InvitationForm, ReponseMetierForm
from .independance import conflit
from .models import Evaluation, Habilitation, InvitationMetier, ResultatCompetence

PRET_A_EVALUER = Q(parcours__positionnement_actif=False) | Q(positionnee_le__isnull=False)


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


def habilitation_manquante(evaluateur, candidature) -> str:
    """Return the French reason why this person may not evaluate this dossier today; empty when they may."""
    certification, jour = candidature.version.certification, timezone.localdate()
    siennes = list(Habilitation.objects.filter(evaluateur=evaluateur, certification=certification))
    if not siennes:
        return f"{evaluateur} n’est pas habilité(e) pour « {certification} »."
    if any(h.debut <= jour <= h.fin and not h.retiree_le for h in siennes):
        return ""
    derniere = max(siennes, key=lambda h: h.fin)
    if derniere.retiree_le:
        return f"L’habilitation de {evaluateur} a été retirée le {derniere.retiree_le:%d/%m/%Y}."
    if derniere.debut > jour:
        return f"L’habilitation de {evaluateur} ne commence que le {derniere.debut:%d/%m/%Y}."
    return f"L’habilitation de {evaluateur} a expiré le {derniere.fin:%d/%m/%Y}."


def _evaluateur_valable(candidature, acteur, donnees):
    if candidature.parcours.positionnement_actif and not candidature.positionnee_le:
        yield "Le porteur fixe d’abord les blocs visés."
    evaluateur = donnees.get("evaluateur")
    if evaluateur is None:
        return
    if manque := habilitation_manquante(evaluateur, candidature):
        yield manque
    organismes = {h.organisme_id for h in evaluateur.habilitations.all()}
    if raison := conflit(evaluateur, candidature, organismes):
        yield f"{evaluateur} ne peut pas évaluer ce dossier. {raison}"


@verbe(
    MODELE,
    "confirmer_evaluateur",
    libelle="Confirmer l’évaluateur habilité",
    roles=("employeur", "gestionnaire"),
    etape=5,
    de=(Etat.RECEVABLE,),
    conditions=_evaluateur_valable,
    formulaire=EvaluateurForm,
    courriels=lambda c, acteur, donnees, resultat: [
        composer("evaluateur_confirme", donnees["evaluateur"].email, candidature=c)
    ],
    principal=True,
    attendu=Q(evaluation=None) & PRET_A_EVALUER,
    attente="L’employeur confirme l’évaluateur habilité",
)
def _confirmer_evaluateur(candidature, acteur, donnees):
    evaluation, _ = Evaluation.objects.update_or_create(
        candidature=candidature, defaults={"evaluateur": donnees["evaluateur"], "confirmee_le": timezone.now()}
    )
    return {"details": {"evaluateur": evaluation.evaluateur_id}}


def _toujours_habilite(candidature, acteur, donnees):
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        yield "Aucun évaluateur habilité n’est encore confirmé : l’employeur ou le porteur le choisit."
    elif manque := habilitation_manquante(evaluation.evaluateur, candidature):
        yield manque


def _invitation_possible(candidature, acteur, donnees):
    yield from _toujours_habilite(candidature, acteur, donnees)
    if not candidature.parcours.metier_requis:
        yield "Ce parcours ne demande pas d’évaluateur métier."
    courriel = donnees.get("courriel", "").lower()
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation and courriel and courriel in {candidature.titulaire.courriel.lower(), evaluation.evaluateur.email}:
        yield "L’évaluateur métier ne peut être ni le candidat, ni l’évaluateur habilité : indiquez une autre adresse."


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
    aide="Un nouveau lien part à la même adresse ; l’ancien ne fonctionne plus.",
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
    aide="Le lien envoyé ne fonctionne plus ; une autre personne peut être invitée.",
)
def _revoquer_invitation(candidature, acteur, donnees):
    invitation = _invitation_en_cours(candidature)
    invitation.revoquee_le = timezone.now()
    invitation.save(update_fields=["revoquee_le"])
    return {"details": {"invitation": invitation.pk}}


def _sans_metier(candidature, acteur, donnees):
    yield from _toujours_habilite(candidature, acteur, donnees)
    if candidature.parcours.metier_requis:
        yield "Ce parcours demande l’avis d’un évaluateur métier : invitez-le."


@verbe(
    MODELE,
    "commencer_evaluation",
    libelle="Commencer l’évaluation",
    roles=("evaluateur",),
    etape=5,
    de=(Etat.RECEVABLE,),
    vers=(Etat.EN_EVALUATION,),
    conditions=_sans_metier,
    principal=True,
    attendu=Q(evaluation__isnull=False, parcours__metier_requis=False),
    attente="L’évaluateur habilité commence l’évaluation",
)
def _commencer_evaluation(candidature, acteur, donnees):
    return {}


def _ranger_resultats(evaluation, source, resultats: dict) -> None:
    permis = {c.pk for b in evaluation.candidature.blocs_a_evaluer() for c in b.competences.all()}
    ResultatCompetence.objects.bulk_create(
        (
            ResultatCompetence(
                evaluation=evaluation, competence_id=competence, source=source, acquis=acquis, commentaire=commentaire
            )
            for competence, (acquis, commentaire) in resultats.items()
            if competence in permis
        ),
        update_conflicts=True,
        unique_fields=["evaluation", "competence", "source"],
        update_fields=["acquis", "commentaire"],
    )


def _lien_utilisable(candidature, acteur, donnees):
    invitation = getattr(acteur, "invitation", None)
    if invitation is None or invitation.evaluation.candidature_id != candidature.pk:
        yield "Ce lien ne correspond pas à ce dossier."
        return
    invitation.refresh_from_db()
    if invitation.revoquee_le:
        yield "Ce lien a été révoqué : utilisez celui du dernier courriel reçu."
    elif invitation.repondue_le:
        yield "Vous avez déjà répondu : votre avis est enregistré."
    elif not invitation.est_utilisable():
        fin = timezone.localdate(invitation.expire_le)
        yield f"Ce lien a expiré le {fin:%d/%m/%Y} : demandez-en un nouveau à l’évaluateur habilité."
    dites = {pk for pk, (acquis, _) in donnees.get("resultats", {}).items() if acquis is not None}
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
        composer("metier_a_repondu", c.evaluation.evaluateur.email, candidature=c)
    ],
    principal=True,
    attendu=Q(parcours__metier_requis=True) & ~Q(evaluation__invitations__repondue_le__isnull=False),
    attente="L’évaluateur métier répond à l’invitation",
)
def _repondre_metier(candidature, acteur, donnees):
    invitation = acteur.invitation
    _ranger_resultats(invitation.evaluation, ResultatCompetence.Source.METIER, donnees["resultats"])
    invitation.commentaire = donnees.get("commentaire", "")
    invitation.repondue_le = timezone.now()
    invitation.save(update_fields=["commentaire", "repondue_le"])
    return {"details": {"invitation": invitation.pk}}


def _apres_le_metier(candidature, acteur, donnees):
    yield from _toujours_habilite(candidature, acteur, donnees)
    if candidature.parcours.metier_requis and not candidature.evaluation.invitations.filter(
        revoquee_le=None, repondue_le__isnull=False
    ):
        yield "L’évaluateur métier répond d’abord : vos commentaires s’enregistrent après les siens."


@verbe(
    MODELE,
    "enregistrer_evaluation",
    libelle="Saisir l’évaluation",
    roles=("evaluateur",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=_apres_le_metier,
    formulaire=EvaluationForm,
)
def _enregistrer_evaluation(candidature, acteur, donnees):
    evaluation = candidature.evaluation
    for champ in ("date_evaluation", "commentaire", "observations_candidat", "sans_observation"):
        setattr(evaluation, champ, donnees.get(champ) or getattr(Evaluation(), champ))
    evaluation.save()
    _ranger_resultats(evaluation, ResultatCompetence.Source.HABILITE, donnees["resultats"])
    return {}


@verbe(
    MODELE,
    "joindre_guide",
    libelle="Joindre le guide signé",
    roles=("evaluateur",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=_toujours_habilite,
    formulaire=GuideForm,
)
def _joindre_guide(candidature, acteur, donnees):
    piece = ranger_piece(candidature, acteur, donnees["fichier"], "Guide d’évaluation signé (outil n° 4)")
    candidature.evaluation.guide = piece
    candidature.evaluation.save(update_fields=["guide"])
    return {"details": {"piece": piece.pk}}


def _evaluation_complete(candidature, acteur, donnees):
    yield from _apres_le_metier(candidature, acteur, donnees)
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        return
    dits = evaluation.resultats.filter(source=ResultatCompetence.Source.HABILITE, acquis__isnull=False)
    dits = set(dits.values_list("competence", flat=True))
    for bloc in candidature.blocs_a_evaluer():
        if muettes := [c.code for c in bloc.competences.all() if c.pk not in dits]:
            yield f"Bloc {bloc.code} : il manque le résultat de {', '.join(muettes)}."
    if not evaluation.date_evaluation:
        yield "Il manque la date de l’évaluation."
    if not evaluation.observations_candidat and not evaluation.sans_observation:
        yield "Il manque les observations du candidat, ou la mention qu’il n’en a pas."
    if not evaluation.guide_id:
        yield "Il manque le guide d’évaluation signé (outil n° 4)."


def _a_ceux_qui_inscrivent(candidature, acteur, donnees, resultat):
    destinataires = adresses("employeur", candidature.etablissement) + adresses("gestionnaire", candidature.porteur)
    return [composer("evaluation_transmise", a, candidature=candidature) for a in destinataires]


@verbe(
    MODELE,
    "transmettre_evaluation",
    libelle="Transmettre l’évaluation",
    roles=("evaluateur",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    vers=(Etat.EVALUEE,),
    conditions=_evaluation_complete,
    courriels=_a_ceux_qui_inscrivent,
    principal=True,
    attendu=Q(parcours__metier_requis=False) | Q(evaluation__invitations__repondue_le__isnull=False),
    attente="L’évaluateur habilité saisit et transmet l’évaluation",
    aide="L’évaluation est ensuite figée : seul le porteur peut la rouvrir, avec un motif.",
)
def _transmettre_evaluation(candidature, acteur, donnees):
    candidature.evaluation.transmise_le = timezone.now()
    candidature.evaluation.save(update_fields=["transmise_le"])
    return {}


@verbe(
    MODELE,
    "rouvrir_evaluation",
    libelle="Rouvrir l’évaluation",
    roles=("gestionnaire",),
    etape=6,
    de=(Etat.EVALUEE,),
    vers=(Etat.EN_EVALUATION,),
    formulaire=MotifForm,
    courriels=lambda c, acteur, donnees, resultat: [
        composer("evaluation_rouverte", c.evaluation.evaluateur.email, candidature=c, motif=donnees["motif"])
    ],
)
def _rouvrir_evaluation(candidature, acteur, donnees):
    candidature.evaluation.transmise_le = None
    candidature.evaluation.save(update_fields=["transmise_le"])
    return {}
