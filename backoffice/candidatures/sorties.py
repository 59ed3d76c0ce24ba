"""The ways out of a dossier before its end, and back: withdrawal, abandonment, draft thrown away, resumption."""

from datetime import timedelta

from django.utils import timezone

from registre.transitions import verbe

from .admission import sans_jumelle
from .courriels import de_l_employeur, de_l_evaluateur, du_candidat, du_porteur, prevenir
from .forms import MotifForm, PourquoiForm
from .models import Etat, Sortie
from .workflow import MODELE, REDACTEURS

# A proposal of the jury calls for its decision: from there on, the way out is the decision itself.
OUVERTS = (
    Etat.INCOMPLETE,
    Etat.DEPOSEE,
    Etat.RECEVABLE,
    Etat.EN_EVALUATION,
    Etat.EVALUEE,
    Etat.INSCRITE_JURY,
    Etat.AJOURNEE,
)
A_VENIR = {"retiree_le": None, "session__etat": "planifiee"}
# Back from a session, the dossier takes its place again in the queue of the next one.
REPRISES = (Etat.BROUILLON, *(etat for etat in OUVERTS if etat != Etat.INSCRITE_JURY))


def quitter(candidature, sortie: Sortie) -> None:
    """Note how the dossier is left and from where; its place in a session to come is given back."""
    candidature.sortie = sortie
    candidature.sortie_de = Etat.EVALUEE if candidature.etat == Etat.INSCRITE_JURY else candidature.etat
    candidature.relancee_le = None
    if candidature.etat == Etat.INSCRITE_JURY:
        # Not the registrations that earlier minutes tell: those stay.
        candidature.inscriptions.filter(**A_VENIR).update(retiree_le=timezone.now())


def _hors_seance(candidature, acteur, donnees):
    if candidature.etat != Etat.INSCRITE_JURY:
        return
    if candidature.inscriptions.filter(retiree_le=None, session__etat__in=("ouverte", "close")).exists():
        yield "La session de jury a commencé\u00a0: le dossier y reste, le jury en décide ou l’ajourne."


@verbe(
    MODELE,
    "desister",
    libelle="Se désister",
    roles=("candidat", "employeur"),
    etape=10,
    de=OUVERTS,
    vers=(Etat.ABANDONNEE,),
    conditions=_hors_seance,
    formulaire=PourquoiForm,
    courriels=prevenir("candidature_quittee", de_l_employeur, du_candidat, du_porteur, de_l_evaluateur),
    danger=True,
    aide="La candidature s’arrête. Elle peut reprendre là où elle en était pendant le délai que fixe le parcours.",
)
def _desister(candidature, acteur, donnees):
    quitter(candidature, Sortie.DESISTEMENT)
    return {}


@verbe(
    MODELE,
    "abandonner",
    libelle="Clore pour abandon",
    par_lot=True,
    roles=("gestionnaire",),
    etape=10,
    de=OUVERTS,
    vers=(Etat.ABANDONNEE,),
    conditions=_hors_seance,
    formulaire=MotifForm,
    courriels=prevenir("candidature_quittee", de_l_employeur, du_candidat, du_porteur, de_l_evaluateur),
    danger=True,
    aide="La personne ne donne plus suite. Elle et son employeur lisent le motif\u202f; vous pourrez reprendre le "
    "dossier.",
)
def _abandonner(candidature, acteur, donnees):
    quitter(candidature, Sortie.ABANDON)
    return {}


@verbe(
    MODELE,
    "annuler",
    libelle="Supprimer le brouillon",
    par_lot=True,
    roles=REDACTEURS,
    etape=2,
    de=(Etat.BROUILLON,),
    vers=(Etat.ANNULEE,),
    danger=True,
    aide="Le dossier disparaît des listes\u202f; sa référence n’est pas réutilisée.",
)
def _annuler(candidature, acteur, donnees):
    quitter(candidature, Sortie.SUPPRESSION)
    return {}


def limite_de_reprise(candidature):
    """Last day on which this dossier may be taken up again, or its closing contested."""
    delai = timedelta(days=candidature.parcours.contestation_jours)
    return timezone.localdate(candidature.etat_depuis) + delai


def _reprise_possible(candidature, acteur, donnees):
    if candidature.sortie == Sortie.INACTIVITE and candidature.etat == Etat.ABANDONNEE:
        yield "Ce dossier est clos pour inactivité\u00a0: contestez la clôture, le porteur répondra."
    elif not candidature.sortie_de:
        yield "Ce dossier a été quitté avant que la plateforme ne garde son statut\u00a0: ouvrez-en un autre."
    elif candidature.sortie == Sortie.ABANDON and "gestionnaire" not in candidature.roles_de(acteur):
        yield "Le porteur a clos ce dossier\u00a0: lui seul peut le reprendre, écrivez-lui."
    limite = limite_de_reprise(candidature)
    if timezone.localdate() > limite:
        yield f"Le délai de reprise s’est terminé le {limite:%d/%m/%Y}\u00a0: ouvrez un nouveau dossier."
    if not candidature.version.est_delivrable():
        yield "Cette certification n’est plus délivrable\u00a0: ouvrez un dossier pour celle qui lui succède."
    yield from sans_jumelle(candidature)


def reprendre(candidature) -> dict:
    """Put the dossier back where it was left."""
    etat = candidature.sortie_de
    candidature.sortie = candidature.sortie_de = ""
    candidature.relancee_le = candidature.contestee_le = candidature.contestation_refusee_le = None
    return {"etat": etat}


@verbe(
    MODELE,
    "reprendre",
    libelle="Reprendre la candidature",
    roles=REDACTEURS,
    etape=10,
    de=(Etat.ABANDONNEE, Etat.ANNULEE),
    vers=REPRISES,
    conditions=_reprise_possible,
    courriels=prevenir("candidature_reprise", de_l_employeur, du_candidat, du_porteur),
    aide="Le dossier reprend au statut qu’il avait. S’il était inscrit à un jury, il est à inscrire de nouveau.",
)
def _reprendre(candidature, acteur, donnees):
    return reprendre(candidature)
