"""The verbs of step 6: the grids, the candidate's observations, the signed guide, the transmission.

Those of the assignment are in `affectation.py`, of the évaluateur métier in `metier.py`, of the habilitations in
`habilitations.py`; importing this file registers them all.
"""

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE, ranger_piece
from backoffice.courriels import adresses, composer
from registre.transitions import verbe

from . import habilitations  # noqa: F401 - registers its verbs
from .affectation import toujours_valables
from .brouillons import conflit_de_version, vider
from .coherence import refus_de_la_date, refus_de_la_grille
from .forms import GuideForm, ObservationsForm
from .grille import EvaluationForm
from .metier import Invite, empreinte_jeton  # noqa: F401 - registers its verbs; the tests and the demonstration read them
from .models import Evaluation
from .resultats import HABILITE, SECOND, ranger

VOIX = Evaluation.Observateur
METIER_ENTENDU = Q(parcours__metier_requis=False) | Q(evaluation__invitations__repondue_le__isnull=False)
GRILLES_CLOSES = Q(evaluation__close_le__isnull=False, evaluation__close_second_le__isnull=False)


def _sans_metier(candidature, acteur, donnees):
    yield from toujours_valables(candidature, acteur, donnees)
    if candidature.parcours.metier_requis:
        yield "Ce parcours demande l’avis d’un évaluateur métier\u00a0: invitez-le."


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


def _apres_le_metier(candidature, acteur, donnees):
    yield from toujours_valables(candidature, acteur, donnees)
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        return
    if candidature.parcours.metier_requis and not evaluation.invitations.filter(
        revoquee_le=None, repondue_le__isnull=False
    ):
        yield "L’évaluateur métier répond d’abord\u00a0: vos commentaires s’enregistrent après les siens."


def _saisie_possible(candidature, acteur, donnees):
    yield from _apres_le_metier(candidature, acteur, donnees)
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        return
    source = evaluation.source_de(acteur)
    if evaluation.grille_close(source):
        yield "Votre grille est terminée\u00a0: elle se lit, mais ne se modifie plus."
    yield from conflit_de_version(evaluation, source, donnees.get("version"))


@verbe(
    MODELE,
    "enregistrer_evaluation",
    libelle="Saisir l’évaluation",
    roles=("evaluateur",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=_saisie_possible,
    formulaire=EvaluationForm,
)
def _enregistrer_evaluation(candidature, acteur, donnees):
    evaluation = candidature.evaluation
    source = evaluation.source_de(acteur)
    if source == SECOND:
        evaluation.commentaire_second = donnees.get("commentaire") or ""
    else:
        evaluation.commentaire = donnees.get("commentaire") or ""
        evaluation.date_evaluation = donnees.get("date_evaluation")
        if evaluation.observations_par != VOIX.CANDIDAT:
            _noter(evaluation, donnees, VOIX.EVALUATEUR)
    evaluation.save()
    ranger(evaluation, source, donnees["resultats"])
    vider(evaluation, source)
    return {"details": {"grille": source}}


def _noter(evaluation, donnees, voix) -> None:
    """The candidate's observations, and who gave them; nothing said leaves no voice."""
    texte, sans = (donnees.get("observations_candidat") or "").strip(), bool(donnees.get("sans_observation"))
    if (texte, sans) == (evaluation.observations_candidat, evaluation.sans_observation):
        return
    evaluation.observations_candidat, evaluation.sans_observation = texte, sans
    evaluation.observations_par = voix if texte or sans else ""
    evaluation.observations_le = timezone.now() if texte or sans else None


def _observations_possibles(candidature, acteur, donnees):
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        yield "L’évaluation n’a pas commencé."
        return
    if not evaluation.source_de(acteur):
        return
    if candidature.etat != Etat.EN_EVALUATION:
        yield "L’évaluation est transmise\u00a0: seul le candidat peut encore ajouter ses observations."
    elif evaluation.observations_par == VOIX.CANDIDAT:
        yield "Le candidat a écrit lui-même ses observations\u00a0: elles ne se modifient que par lui."


@verbe(
    MODELE,
    "deposer_observations",
    libelle="Donner les observations du candidat",
    roles=("candidat", "evaluateur"),
    etape=6,
    de=(Etat.EN_EVALUATION, Etat.EVALUEE),
    conditions=_observations_possibles,
    formulaire=ObservationsForm,
    aide="Ce que le candidat pense de son évaluation\u00a0: son déroulement, ce qui l’a aidé ou gêné. Le jury le "
    "lit avec "
    "le reste du dossier. Modifiable jusqu’à l’inscription au jury.",
)
def _deposer_observations(candidature, acteur, donnees):
    evaluation = candidature.evaluation
    voix = VOIX.EVALUATEUR if evaluation.source_de(acteur) else VOIX.CANDIDAT
    if voix == VOIX.CANDIDAT:
        evaluation.observations_candidat = ""  # the words of another are not kept under this name
    _noter(evaluation, donnees, voix)
    evaluation.observations_par = voix
    evaluation.save()
    return {"details": {"par": voix}}


@verbe(
    MODELE,
    "joindre_guide",
    libelle="Joindre le guide signé",
    roles=("evaluateur",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=toujours_valables,
    formulaire=GuideForm,
    aide="Photographiez chaque page signée, bien à plat, ou choisissez le PDF numérisé.",
)
def _joindre_guide(candidature, acteur, donnees):
    piece = ranger_piece(candidature, acteur, donnees["fichier"], "Guide d’évaluation signé (outil n° 4)")
    candidature.evaluation.guide = piece
    candidature.evaluation.save(update_fields=["guide"])
    return {"details": {"piece": piece.pk}}


def _grille_a_clore(candidature, acteur, donnees):
    yield from _apres_le_metier(candidature, acteur, donnees)
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        return
    if evaluation.second_id is None:
        yield "Vous évaluez seul(e) ce dossier\u00a0: transmettez l’évaluation quand elle est complète."
        return
    source = evaluation.source_de(acteur)
    if evaluation.grille_close(source):
        yield "Votre grille est déjà terminée."
    yield from refus_de_la_grille(candidature, source)
    if source == HABILITE:
        yield from refus_de_la_date(candidature)


@verbe(
    MODELE,
    "clore_grille",
    libelle="Terminer ma grille",
    roles=("evaluateur",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=_grille_a_clore,
    principal=True,
    attendu=Q(evaluation__second__isnull=False) & ~GRILLES_CLOSES & METIER_ENTENDU,
    attente="Chacun des deux évaluateurs habilités termine sa grille",
    aide="Vous lirez la grille de l’autre évaluateur quand il aura terminé la sienne\u202f; la vôtre ne se "
    "modifie plus.",
)
def _clore_grille(candidature, acteur, donnees):
    evaluation = candidature.evaluation
    source = evaluation.source_de(acteur)
    if source == SECOND:
        evaluation.close_second_le = timezone.now()
    else:
        evaluation.close_le = timezone.now()
    evaluation.save(update_fields=["close_le", "close_second_le"])
    return {"details": {"grille": source}}


def _reprise_possible(candidature, acteur, donnees):
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None or not evaluation.grille_close(evaluation.source_de(acteur)):
        yield "Votre grille n’est pas terminée\u00a0: elle se modifie librement."
    elif evaluation.grilles_ouvertes_a_tous:
        yield "L’autre évaluateur a terminé aussi et vous avez lu sa grille\u00a0: la vôtre ne se reprend plus."


@verbe(
    MODELE,
    "reprendre_grille",
    libelle="Reprendre ma grille",
    roles=("evaluateur",),
    etape=6,
    de=(Etat.EN_EVALUATION,),
    conditions=_reprise_possible,
    aide="Possible tant que l’autre évaluateur n’a pas terminé la sienne.",
)
def _reprendre_grille(candidature, acteur, donnees):
    evaluation = candidature.evaluation
    source = evaluation.source_de(acteur)
    if source == SECOND:
        evaluation.close_second_le = None
    else:
        evaluation.close_le = None
    evaluation.save(update_fields=["close_le", "close_second_le"])
    return {"details": {"grille": source}}


def _evaluation_complete(candidature, acteur, donnees):
    yield from _apres_le_metier(candidature, acteur, donnees)
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        return
    if not evaluation.grilles_ouvertes_a_tous:
        yield "Chacun des deux évaluateurs habilités termine d’abord sa grille."
    # What the other has not closed yet is not said here: it would tell their answers.
    for source in (HABILITE, *([SECOND] if evaluation.second_id else [])):
        if source == evaluation.source_de(acteur) or evaluation.grilles_ouvertes_a_tous:
            yield from refus_de_la_grille(candidature, source)
    yield from refus_de_la_date(candidature)
    if not evaluation.observations_candidat and not evaluation.sans_observation:
        yield "Il manque les observations du candidat, ou la mention qu’il n’en a pas."
    if candidature.parcours.guide_requis and not evaluation.guide_id:
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
    attendu=(Q(evaluation__second=None) | GRILLES_CLOSES) & METIER_ENTENDU,
    attente="L’évaluateur habilité saisit et transmet l’évaluation",
    aide="L’évaluation est ensuite figée\u00a0: seul le porteur peut la rouvrir, avec un motif.",
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
        composer("evaluation_rouverte", e.email, candidature=c, motif=donnees["motif"])
        for e in c.evaluation.evaluateurs
    ],
)
def _rouvrir_evaluation(candidature, acteur, donnees):
    evaluation = candidature.evaluation
    evaluation.transmise_le = evaluation.close_le = evaluation.close_second_le = None
    evaluation.save(update_fields=["transmise_le", "close_le", "close_second_le"])
    return {}
