"""What the reminders of an evaluation wait for: the answer of the trade, the work of the évaluateur."""

from django.utils import timezone

from backoffice.candidatures.attente import MODELE
from backoffice.candidatures.models import Etat
from backoffice.candidatures.relances import en_attente
from backoffice.courriels import composer
from backoffice.notifications.relances import Attendu, relance

from .models import InvitationMetier

DE_L_EVALUATEUR = ("inviter_metier", "commencer_evaluation", "transmettre_evaluation")


def _depuis(candidature):
    """Since when the évaluateur is awaited: confirmed, or answered by the trade, or in this state."""
    evaluation = candidature.evaluation
    if candidature.etat == Etat.RECEVABLE:
        return evaluation.confirmee_le
    reponses = [i.repondue_le for i in evaluation.invitations.all() if i.repondue_le and not i.revoquee_le]
    return max([candidature.etat_depuis, *reponses])


def _en_retard(candidature) -> list:
    """The évaluateurs whose part is not done: with two, whoever closed their grid waits for the other one."""
    evaluation = candidature.evaluation
    gens = evaluation.evaluateurs
    return [e for e in gens if not evaluation.grille_close(evaluation.source_de(e))] or gens


@relance("evaluation", "Évaluation attendue", a_qui="L’évaluateur habilité", modele=MODELE)
def _evaluation(pk=None):
    for nom in DE_L_EVALUATEUR:
        lues = en_attente(nom, pk, evaluation__isnull=False)
        lues = lues.select_related("evaluation__evaluateur", "evaluation__second")
        for c in lues.prefetch_related("evaluation__invitations"):
            yield Attendu(
                c,
                timezone.localdate(_depuis(c)),
                c.parcours.relance_apres_jours,
                lambda c=c: [
                    composer("relance_evaluation", e.email, candidature=c, depuis=_depuis(c)) for e in _en_retard(c)
                ],
            )


def _vers_le_metier(candidature, invitation):
    contexte = {"candidature": candidature, "invitation": invitation, "depuis": invitation.envoyee_le}
    return [
        composer("relance_metier", invitation.courriel, **contexte),
        *(composer("relance_metier_evaluateur", e.email, **contexte) for e in candidature.evaluation.evaluateurs),
    ]


@relance(
    "invitation_metier",
    "Invitation métier sans réponse",
    a_qui="L’évaluateur métier, et l’évaluateur habilité",
    modele=MODELE,
)
def _invitation(pk=None):
    vivantes = InvitationMetier.objects.filter(revoquee_le=None, repondue_le=None, expire_le__gt=timezone.now())
    lues = en_attente("repondre_metier", pk, evaluation__isnull=False)
    lues = lues.select_related("evaluation__evaluateur", "evaluation__second")
    par_evaluation = {i.evaluation_id: i for i in vivantes.filter(evaluation__candidature__in=lues.values("pk"))}
    for c in lues:
        if invitation := par_evaluation.get(c.evaluation.pk):
            yield Attendu(
                c,
                timezone.localdate(invitation.envoyee_le),
                c.parcours.relance_apres_jours,
                lambda c=c, i=invitation: _vers_le_metier(c, i),
            )
