"""What the jury concludes, dossier by dossier: recorded by who chairs, from a consensus or from a vote."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.parcours.models import ModeDecision
from registre.transitions import verbe

from .composition import conduit, empechements, votants
from .forms_salle import DeliberationForm
from .models import DecisionBloc, Inscription, SessionJury
from .votes import aux_voix, decision_du_vote, en_cours, evalues, hors_de_portee, rendus
from .workflow import AVANT_SCEAU, inscription_active

DECIDEE = Inscription.Issue.DECIDEE
# Nobody needs to say why somebody did not come.
A_MOTIVER = (Inscription.Issue.AJOURNEE, Inscription.Issue.EXCUSEE)
COMPTE = ("pour", "contre", "abstentions", "preponderante")
MOTS = {True: "acquis", False: "non acquis"}


def en_seance(candidature, acteur) -> Iterator[str]:
    """What prevents anybody from deciding now: no session is open, or somebody else chairs this dossier."""
    inscription = inscription_active(candidature)
    if inscription is None or inscription.session.etat != SessionJury.Etat.OUVERTE:
        yield "La séance n’est pas ouverte\u00a0: le jury délibère en séance."
    elif not conduit(inscription.session, inscription, acteur):
        yield "La présidence de la séance enregistre la décision, sauf déport sur ce dossier."


def issue_possible(candidature, inscription, donnees) -> Iterator[str]:
    """What prevents this conclusion, whoever writes it down."""
    if en_cours(inscription):
        yield "Un vote est ouvert sur ce dossier\u00a0: la présidence le clôt ou l’annule d’abord."
    # To postpone takes no quorum: a dossier on which members are recused must not hold up the others.
    if donnees.get("issue") == DECIDEE:
        yield from empechements(inscription.session, inscription)
        yield from _decisions_motivees(candidature, donnees["blocs"])
    elif donnees.get("issue") in A_MOTIVER and not donnees.get("motif", "").strip():
        yield "Dites pourquoi\u00a0: le motif figure au PV et le candidat le lit."


def _decisions_motivees(candidature, decisions) -> Iterator[str]:
    dits, interdits = evalues(candidature), hors_de_portee(candidature)
    for bloc in candidature.blocs_a_evaluer():
        acquis, motif = decisions.get(bloc.pk, (None, ""))
        evalue = dits[bloc.pk]
        if acquis is None:
            yield f"Il manque la décision du jury sur le bloc {bloc.code}."
        elif acquis and bloc.pk in interdits:
            yield (
                f"Bloc {bloc.code}\u00a0: l’évaluation ne l’accorde pas, et ce parcours ne permet pas au jury de "
                "l’accorder en rattrapage."
            )
        elif evalue is not None and acquis != evalue and not motif.strip():
            yield f"Bloc {bloc.code}\u00a0: la décision s’écarte de l’évaluation, donnez-en le motif."


def _conforme_au_vote(candidature, inscription, donnees) -> Iterator[str]:
    if donnees.get("issue") != DECIDEE:
        return
    votes, vote = comptes_retenus(inscription), decision_du_vote(inscription)
    en_suspens = {b.pk for b in aux_voix(inscription)}
    for bloc in candidature.blocs_a_evaluer():
        acquis, _ = donnees["blocs"].get(bloc.pk, (None, ""))
        if bloc.pk in en_suspens and candidature.parcours.mode_decision == ModeDecision.VOTE:
            yield f"Bloc {bloc.code}\u00a0: ce parcours décide par un vote, ouvrez-le ou reportez le dossier."
        elif bloc.pk in votes and acquis not in (None, vote[bloc.pk]):
            yield (
                f"Bloc {bloc.code}\u00a0: le vote donne «\u202f{MOTS[vote[bloc.pk]]}\u202f». "
                "Pour décider autrement, annulez d’abord ce vote."
            )


def conclure(inscription: Inscription, donnees: dict, comptes: dict[int, dict] | None = None) -> dict:
    """Write what the jury concluded, in place of what was there; return the details for the journal.

    `comptes`: bloc → the voices counted (pour, contre, abstentions, preponderante); nothing where nobody voted.
    """
    comptes, dits = comptes or {}, evalues(inscription.candidature)
    inscription.issue = donnees["issue"]
    inscription.recommandations = donnees.get("recommandations", "")
    decidee = inscription.issue == DECIDEE
    inscription.motif = "" if decidee else donnees.get("motif", "")
    inscription.deliberee_le = timezone.now()
    inscription.save()
    inscription.decisions.all().delete()
    if decidee:
        DecisionBloc.objects.bulk_create(
            DecisionBloc(
                inscription=inscription,
                bloc_id=bloc,
                acquis=acquis,
                motif=motif,
                rattrapage=acquis and dits[bloc] is False,
                **{cle: valeur for cle, valeur in comptes.get(bloc, {}).items() if cle in COMPTE},
            )
            for bloc, (acquis, motif) in donnees["blocs"].items()
            if bloc in dits
        )
    votes = [m.pk for m in votants(inscription.session, inscription)]
    return {"inscription": inscription.pk, "issue": inscription.issue, "votants": votes}


def comptes_retenus(inscription: Inscription) -> dict[int, dict]:
    """The counts that settled a bloc; those of an equal split decided nothing and are not those of the decision."""
    return {bloc: compte for bloc, compte in rendus(inscription).items() if compte["acquis"] is not None}


def _deliberation_possible(candidature, acteur, donnees):
    refus = list(en_seance(candidature, acteur))
    yield from refus
    inscription = inscription_active(candidature)
    if inscription is None or inscription.session.etat != SessionJury.Etat.OUVERTE:
        return
    yield from issue_possible(candidature, inscription, donnees)
    yield from _conforme_au_vote(candidature, inscription, donnees)


@verbe(
    MODELE,
    "deliberer",
    libelle="Enregistrer la décision du jury",
    roles=("jury",),
    etape=8,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    conditions=_deliberation_possible,
    formulaire=DeliberationForm,
    principal=True,
    attendu=Q(inscriptions__retiree_le=None, inscriptions__session__etat__in=AVANT_SCEAU),
    attente="Le jury délibère",
    aide="La décision se modifie jusqu’au PV, puis elle est figée.",
)
def _deliberer(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    return {"details": conclure(inscription, donnees, comptes_retenus(inscription))}
