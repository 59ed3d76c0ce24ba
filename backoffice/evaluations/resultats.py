"""What the two évaluateurs concluded, read bloc by bloc: the jury's starting point."""

from backoffice.candidatures.models import Candidature
from registre.models import Bloc

from .models import Evaluation, ResultatCompetence

METIER, HABILITE = ResultatCompetence.Source.METIER, ResultatCompetence.Source.HABILITE


def bloc_acquis_selon_evaluation(candidature: Candidature, bloc: Bloc) -> bool:
    """Is the bloc acquired by the evaluation? Only when each of its compétences is, for the évaluateur habilité."""
    acquis = {r.competence_id: r.acquis for r in candidature.evaluation.resultats.all() if r.source == HABILITE}
    competences = list(bloc.competences.all())
    return bool(competences) and all(acquis.get(c.pk) for c in competences)


def competences_divergentes(evaluation: Evaluation) -> set[int]:
    """The compétences on which both évaluateurs spoke and do not agree: the jury examines them."""
    metier, habilite = (
        {r.competence_id: r.acquis for r in evaluation.resultats.all() if r.source == source and r.acquis is not None}
        for source in (METIER, HABILITE)
    )
    return {c for c in metier.keys() & habilite.keys() if metier[c] != habilite[c]}


def resultats_par_bloc(candidature: Candidature) -> list[dict]:
    """Per bloc aimed at: its compétences with both answers, what the evaluation concludes, where it diverges."""
    evaluation = candidature.evaluation
    resultats = {(r.competence_id, r.source): r for r in evaluation.resultats.all()}
    divergentes = competences_divergentes(evaluation)
    blocs = []
    for bloc in candidature.blocs_a_evaluer():
        lignes = [
            {
                "competence": c,
                "metier": resultats.get((c.pk, METIER)),
                "habilite": resultats.get((c.pk, HABILITE)),
                "diverge": c.pk in divergentes,
            }
            for c in bloc.competences.all()
        ]
        blocs.append(
            {
                "bloc": bloc,
                "lignes": lignes,
                "acquis": bloc_acquis_selon_evaluation(candidature, bloc),
                "diverge": any(ligne["diverge"] for ligne in lignes),
            }
        )
    return blocs
