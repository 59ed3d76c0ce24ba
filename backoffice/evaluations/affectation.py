"""The verbs of step 5: who evaluates the dossier, who takes over, who must stay away (E1)."""

from django.db.models import F, Q
from django.utils import timezone

from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from registre.transitions import verbe

from .forms import EvaluateurForm, LienForm, RemplacementForm
from .independance import empechement
from .models import Evaluation, LienDeclare, ResultatCompetence

PRET_A_EVALUER = Q(parcours__positionnement_actif=False) | Q(positionnee_le__isnull=False)
# An évaluateur of the dossier to whom a tie with the candidate was declared.
LIE = Q(liens_declares__personne=F("evaluation__evaluateur")) | Q(liens_declares__personne=F("evaluation__second"))
SECOND, HABILITE = ResultatCompetence.Source.SECOND, ResultatCompetence.Source.HABILITE


def _distincts(candidature, premier, second):
    """The persons who evaluate are all different, the évaluateur métier included."""
    if premier and premier == second:
        yield "Les deux évaluateurs habilités sont deux personnes\u00a0: choisissez-en une autre."
    evaluation = getattr(candidature, "evaluation", None)
    invitation = evaluation and evaluation.invitations.filter(revoquee_le=None).first()
    if invitation and any(p and p.email == invitation.courriel.lower() for p in (premier, second)):
        yield "Cette personne est déjà l’évaluateur métier du dossier\u00a0: choisissez-en une autre."


def _evaluateurs_valables(candidature, acteur, donnees):
    if candidature.parcours.positionnement_actif and not candidature.positionnee_le:
        yield "Le porteur fixe d’abord les blocs visés."
    if not donnees:
        return
    premier, second = donnees.get("evaluateur"), donnees.get("second")
    for personne in (p for p in (premier, second) if p is not None):
        if raison := empechement(personne, candidature):
            yield raison
    if candidature.parcours.nombre_evaluateurs == 2 and second is None:
        yield "Ce parcours demande deux évaluateurs habilités\u00a0: choisissez aussi le second."
    yield from _distincts(candidature, premier, second)


def _prevenir(candidature, acteur, donnees, resultat):
    return [composer("evaluateur_confirme", p.email, candidature=candidature) for p in resultat["confirmes"]]


@verbe(
    MODELE,
    "confirmer_evaluateur",
    libelle="Confirmer l’évaluateur habilité",
    roles=("employeur", "gestionnaire"),
    etape=5,
    de=(Etat.RECEVABLE,),
    conditions=_evaluateurs_valables,
    formulaire=EvaluateurForm,
    courriels=_prevenir,
    principal=True,
    attendu=Q(evaluation=None) & PRET_A_EVALUER,
    attente="L’employeur confirme l’évaluateur habilité",
    aide="L’évaluateur est habilité par la CPNE pour ce CQP et indépendant du candidat\u00a0: ni son employeur, ni son "
    "formateur.",
)
def _confirmer_evaluateur(candidature, acteur, donnees):
    second = donnees.get("second") if candidature.parcours.nombre_evaluateurs == 2 else None
    evaluation, _ = Evaluation.objects.update_or_create(
        candidature=candidature,
        defaults={"evaluateur": donnees["evaluateur"], "second": second, "confirmee_le": timezone.now()},
    )
    details = {"evaluateur": evaluation.evaluateur_id} | ({"second": second.pk} if second else {})
    return {"details": details, "confirmes": evaluation.evaluateurs}


def toujours_valables(candidature, acteur, donnees):
    """Read again at each act: those who evaluate are still habilitated and independent."""
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        yield "Aucun évaluateur habilité n’est encore confirmé\u00a0: l’employeur ou le porteur le choisit."
        return
    for personne in evaluation.evaluateurs:
        if raison := empechement(personne, candidature):
            yield raison
    if candidature.parcours.nombre_evaluateurs == 2 and evaluation.second_id is None:
        yield "Il manque le second évaluateur habilité\u00a0: l’employeur ou le porteur le confirme."


def _remplacement_possible(candidature, acteur, donnees):
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None:
        yield "Aucun évaluateur habilité n’est encore confirmé\u00a0: confirmez-le d’abord."
    if evaluation is None or not donnees:
        return
    remplace, nouveau = donnees.get("remplace"), donnees.get("evaluateur")
    if remplace not in evaluation.evaluateurs:
        yield "Cette personne n’évalue pas ce dossier."
        return
    if nouveau == remplace:
        yield "Choisissez une autre personne que celle qui est remplacée."
    elif raison := empechement(nouveau, candidature):
        yield raison
    yield from _distincts(candidature, nouveau, next((e for e in evaluation.evaluateurs if e != remplace), None))


@verbe(
    MODELE,
    "remplacer_evaluateur",
    libelle="Remplacer un évaluateur habilité",
    roles=("gestionnaire",),
    etape=5,
    de=(Etat.RECEVABLE, Etat.EN_EVALUATION),
    conditions=_remplacement_possible,
    formulaire=RemplacementForm,
    courriels=lambda c, acteur, donnees, resultat: [
        composer("evaluateur_confirme", donnees["evaluateur"].email, candidature=c),
        composer("evaluateur_remplace", donnees["remplace"].email, candidature=c),
    ],
    principal=True,
    attendu=LIE,
    attente="Le porteur remplace l’évaluateur lié au candidat",
    danger=True,
    aide="La nouvelle personne évalue elle-même\u00a0: ce que la personne remplacée avait saisi est effacé, et "
    "le guide "
    "signé est à joindre de nouveau. La réponse de l’évaluateur métier reste.",
)
def _remplacer_evaluateur(candidature, acteur, donnees):
    evaluation, remplace, nouveau = candidature.evaluation, donnees["remplace"], donnees["evaluateur"]
    source = evaluation.source_de(remplace)
    effaces = evaluation.resultats.filter(source=source).delete()[0]
    evaluation.brouillons.filter(source=source).delete()
    if source == SECOND:
        evaluation.second, evaluation.commentaire_second, evaluation.close_second_le = nouveau, "", None
    else:
        evaluation.evaluateur, evaluation.commentaire, evaluation.close_le = nouveau, "", None
        evaluation.date_evaluation = None
    evaluation.guide = None
    evaluation.save()
    return {"details": {"remplace": remplace.pk, "evaluateur": nouveau.pk, "resultats_effaces": effaces}}


def _lien_de_cette_personne(candidature, acteur, donnees):
    personne = donnees.get("personne")
    evaluation = getattr(candidature, "evaluation", None)
    if personne and evaluation and evaluation.source_de(acteur) and personne != acteur:
        yield "Déclarez votre propre lien\u202f; l’employeur et le porteur déclarent ceux des autres."


@verbe(
    MODELE,
    "declarer_lien",
    libelle="Déclarer un lien avec le candidat",
    roles=("evaluateur", "employeur", "gestionnaire"),
    etape=5,
    de=(Etat.RECEVABLE, Etat.EN_EVALUATION),
    conditions=_lien_de_cette_personne,
    formulaire=LienForm,
    courriels=lambda c, acteur, donnees, resultat: [
        composer("lien_declare", a, candidature=c) for a in adresses("gestionnaire", c.porteur)
    ],
    aide="Nul n’évalue une personne qu’il a formée, qu’il encadre ou qui lui est proche. Ce lien empêche la personne "
    "d’évaluer ce dossier\u202f; le porteur confie l’évaluation à une autre.",
)
def _declarer_lien(candidature, acteur, donnees):
    LienDeclare.objects.update_or_create(
        candidature=candidature,
        personne=donnees["personne"],
        defaults={"nature": donnees["nature"], "declare_le": timezone.now()},
    )
    return {"details": {"personne": donnees["personne"].pk, "nature": donnees["nature"]}}
