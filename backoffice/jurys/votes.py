"""What was put to the vote on a dossier, and what the ballots that stand gave."""

from backoffice.candidatures.models import Candidature
from backoffice.evaluations.calcul import Conclusion
from backoffice.evaluations.resultats import Lecture
from registre.models import Bloc

from .models import Inscription, Scrutin


def evalues(candidature: Candidature) -> dict[int, Conclusion]:
    """What the evaluation concludes of each bloc; None where it leaves it to the jury."""
    lecture = Lecture(candidature)
    return {bloc.pk: lecture.acquis(bloc) for bloc in candidature.blocs_a_evaluer()}


def hors_de_portee(candidature: Candidature) -> set[int]:
    """The blocs that this jury cannot grant: the evaluation did not, and the parcours has no rattrapage."""
    if candidature.parcours.rattrapage_permis:
        return set()
    return {bloc for bloc, acquis in evalues(candidature).items() if acquis is False}


def en_cours(inscription: Inscription) -> Scrutin | None:
    """The ballot open on this dossier."""
    return inscription.scrutins.filter(clos_le=None, annule_le=None).first()


def dernier(inscription: Inscription) -> Scrutin | None:
    """The last ballot that stands, open or closed."""
    return inscription.scrutins.filter(annule_le=None).order_by("tour").last()


def rendus(inscription: Inscription) -> dict[int, dict]:
    """Bloc → what was counted there by the ballots that stand; the last one that speaks of a bloc wins."""
    clos = inscription.scrutins.filter(annule_le=None, clos_le__isnull=False).order_by("tour")
    return {
        int(bloc): {**compte, "tour": scrutin.tour}
        for scrutin in clos
        for bloc, compte in scrutin.depouillement.items()
    }


def aux_voix(inscription: Inscription) -> list[Bloc]:
    """The blocs that remain to be voted on: no ballot settled them yet, and the jury may grant them."""
    candidature = inscription.candidature
    regles = {bloc for bloc, compte in rendus(inscription).items() if compte["acquis"] is not None}
    exclus = regles | hors_de_portee(candidature)
    return [bloc for bloc in candidature.blocs_a_evaluer() if bloc.pk not in exclus]


def decision_du_vote(inscription: Inscription) -> dict[int, bool]:
    """Bloc → acquired or not, as the ballots leave it; a bloc out of reach is not. Blocs in suspense are missing."""
    comptes = {b: c["acquis"] for b, c in rendus(inscription).items() if c["acquis"] is not None}
    return dict.fromkeys(hors_de_portee(inscription.candidature), False) | comptes
