"""The verbs of step 4: the blocs aimed at, and those already acquired, credited with their validity."""

from django.db.models import Q
from django.utils import timezone

from backoffice.parcours.models import Equivalence
from registre.transitions import verbe

from .credits import Origine, empechements
from .forms_positionnement import PositionnementForm, PreuveForm, RepriseForm, RetraitRepriseForm
from .models import Etat
from .models_instruction import BlocAcquis
from .recevabilite import sans_evaluateur
from .workflow import MODELE


def _etape_active(candidature, acteur, donnees):
    if not candidature.parcours.positionnement_actif:
        yield "Ce parcours n’a pas d’étape de positionnement."


def _blocs_de_la_version(candidature, acteur, donnees):
    yield from _etape_active(candidature, acteur, donnees)
    vises = donnees.get("blocs_vises", ())
    if any(b.version_id != candidature.version_id for b in vises):
        yield "Un des blocs choisis n’appartient pas à la certification visée."
    repris = {credit.bloc_id for credit in candidature.blocs_acquis.all()}
    if vises and all(b.pk in repris for b in vises):
        yield "Les blocs choisis sont tous déjà repris\u00a0: choisissez au moins un bloc à évaluer."


@verbe(
    MODELE,
    "positionner",
    libelle="Fixer les blocs visés",
    roles=("gestionnaire",),
    etape=4,
    de=(Etat.RECEVABLE,),
    conditions=lambda c, a, d: [*_blocs_de_la_version(c, a, d), *sans_evaluateur(c, a, d)],
    formulaire=PositionnementForm,
    principal=True,
    attendu=Q(parcours__positionnement_actif=True, positionnee_le=None),
    attente="Le porteur fixe les blocs visés",
    aide="Reprenez d’abord les blocs que la personne a déjà acquis, s’il y en a\u00a0; cochez ensuite ceux à évaluer.",
)
def _positionner(candidature, acteur, donnees):
    candidature.positionnee_le = timezone.now()
    candidature.blocs_vises.set(donnees["blocs_vises"])
    return {"details": {"blocs": sorted(b.pk for b in donnees["blocs_vises"])}}


def _reprise_possible(candidature, acteur, donnees):
    yield from _etape_active(candidature, acteur, donnees)
    yield from sans_evaluateur(candidature, acteur, donnees)
    if source := donnees.get("source"):
        yield from empechements(candidature, source.credit())
    elif donnees:
        yield "Le registre ne connaît aucun bloc acquis par cette personne qui serve à ce dossier."


def _crediter(credit: BlocAcquis, candidature, acteur) -> dict:
    credit.candidature, credit.repris_par, credit.repris_le = candidature, acteur, timezone.now()
    credit.save()
    fin = credit.valide_jusqu_au
    details = {"bloc": credit.bloc_id, "origine": credit.origine, "acquis_le": credit.acquis_le.isoformat()}
    return {"details": {**details, "valide_jusqu_au": fin.isoformat() if fin else ""}}


@verbe(
    MODELE,
    "reprendre_bloc",
    libelle="Reprendre un bloc du registre",
    roles=("gestionnaire",),
    etape=4,
    de=(Etat.RECEVABLE,),
    conditions=_reprise_possible,
    formulaire=RepriseForm,
    aide="Un bloc repris n’est pas évalué de nouveau\u00a0; il compte pour la certification tant qu’il est valable.",
)
def _reprendre_bloc(candidature, acteur, donnees):
    return _crediter(donnees["source"].credit(), candidature, acteur)


def _credit_de_la_preuve(donnees) -> BlocAcquis:
    bloc = donnees["bloc"]
    acquis = donnees.get("acquis") or bloc
    return BlocAcquis(
        bloc=bloc,
        acquis=acquis,
        equivalence=Equivalence.objects.filter(acquis=acquis, vise=bloc).first(),
        origine=Origine.PREUVE,
        acquis_le=donnees["acquis_le"],
        valide_jusqu_au=donnees.get("valide_jusqu_au"),
        piece=donnees.get("piece"),
        organisme=donnees["organisme"],
    )


def _preuve_possible(candidature, acteur, donnees):
    yield from _etape_active(candidature, acteur, donnees)
    yield from sans_evaluateur(candidature, acteur, donnees)
    if not donnees:
        return
    if donnees.get("bloc") is None:
        yield "Choisissez le bloc visé."
        return
    yield from empechements(candidature, _credit_de_la_preuve(donnees))
    piece = donnees.get("piece")
    if piece is None or piece.candidature_id != candidature.pk:
        yield "Indiquez la pièce du dossier qui prouve ce bloc."


@verbe(
    MODELE,
    "admettre_preuve",
    libelle="Reprendre un bloc acquis ailleurs",
    roles=("gestionnaire",),
    etape=4,
    de=(Etat.RECEVABLE,),
    conditions=_preuve_possible,
    formulaire=PreuveForm,
    aide="Pour un bloc que le registre ne connaît pas\u00a0: dites qui l’a délivré, quand, et la pièce qui le prouve.",
)
def _admettre_preuve(candidature, acteur, donnees):
    return _crediter(_credit_de_la_preuve(donnees), candidature, acteur)


def _retrait_possible(candidature, acteur, donnees):
    if not candidature.blocs_acquis.exists():
        yield "Aucun bloc n’est repris dans ce dossier."
    credit = donnees.get("credit")
    if credit is not None and credit.candidature_id != candidature.pk:
        yield "Ce bloc n’est pas repris dans ce dossier."


@verbe(
    MODELE,
    "retirer_reprise",
    libelle="Faire évaluer un bloc repris",
    roles=("gestionnaire",),
    etape=4,
    de=(Etat.RECEVABLE, Etat.EN_EVALUATION),
    conditions=_retrait_possible,
    formulaire=RetraitRepriseForm,
    danger=True,
    aide="Le bloc n’est plus tenu pour acquis\u00a0: il rejoint ceux que les évaluateurs et le jury examinent.",
)
def _retirer_reprise(candidature, acteur, donnees):
    credit = donnees["credit"]
    if candidature.blocs_vises.exists():
        candidature.blocs_vises.add(credit.bloc)
    details = {"bloc": credit.bloc_id, "origine": credit.origine}
    candidature.blocs_acquis.filter(pk=credit.pk).delete()
    return {"details": details}
