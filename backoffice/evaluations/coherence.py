"""What makes an evaluation hold together: what prevents its transmission, and what deserves a second look."""

from collections.abc import Iterator

from django.utils import timezone

from backoffice.candidatures.models import Candidature

from .calcul import Regles
from .independance import habilitation_manquante
from .models import ResultatCompetence
from .resultats import METIER, SECOND

IDENTIQUES = 3  # under so many compétences, the same answer everywhere surprises nobody


def refus_de_la_grille(candidature: Candidature, source: str) -> Iterator[str]:
    """French sentences on what is missing or contradictory in one grid; none when it may be closed."""
    evaluation, regles = candidature.evaluation, Regles.de(candidature.parcours)
    dits = {r.competence_id: r for r in evaluation.resultats.all() if r.source == source and r.acquis is not None}
    qui = " (second évaluateur)" if source == SECOND else ""
    for bloc in candidature.blocs_a_evaluer():
        competences = list(bloc.competences.all())
        if muettes := [c.code for c in competences if c.pk not in dits]:
            yield f"Bloc {bloc.code}\u00a0: il manque le résultat de {', '.join(muettes)}{qui}."
        siens = [(c, dits[c.pk]) for c in competences if c.pk in dits]
        if seches := [c.code for c, r in siens if not r.acquis and not r.commentaire.strip()]:
            yield f"Bloc {bloc.code}\u00a0: dites en commentaire ce qui manque pour acquérir {', '.join(seches)}{qui}."
        if regles.en_notes and (faux := [c.code for c, r in siens if r.acquis != regles.acquise(r.note)]):
            yield (
                f"Bloc {bloc.code}\u00a0: la note et le résultat de {', '.join(faux)} se contredisent{qui}. "
                "Enregistrez de nouveau la grille."
            )
    if evaluation.brouillons.filter(source=source).exclude(contenu={}).exists():
        yield f"Une saisie n’est pas encore enregistrée{qui}\u00a0: ouvrez la grille et enregistrez-la."


def refus_de_la_date(candidature: Candidature) -> Iterator[str]:
    """The day of the evaluation comes after the recevabilité, not after today, while everyone is habilitated."""
    jour = candidature.evaluation.date_evaluation
    if jour is None:
        yield "Il manque la date de l’évaluation."
        return
    if jour > timezone.localdate():
        yield f"La date de l’évaluation ({jour:%d/%m/%Y}) est à venir\u00a0: indiquez le jour où elle a eu lieu."
    recevable = candidature.recevable_le and timezone.localdate(candidature.recevable_le)
    if recevable and jour < recevable:
        yield (
            f"La date de l’évaluation ({jour:%d/%m/%Y}) précède la décision de recevabilité "
            f"({recevable:%d/%m/%Y})\u00a0: "
            "corrigez-la."
        )
    for personne in candidature.evaluation.evaluateurs:
        if manque := habilitation_manquante(personne, candidature, jour):
            yield f"Au jour de l’évaluation, le {jour:%d/%m/%Y}\u00a0: {manque[:1].lower()}{manque[1:]}"


def avertissements(candidature: Candidature, source: str) -> list[str]:
    """Doubts that never prevent anything: they ask for a second look before the transmission."""
    evaluation, phrases = candidature.evaluation, []
    tous = list(evaluation.resultats.all())
    siens = [r for r in tous if r.source == source and r.acquis is not None]
    nus = not any(r.commentaire.strip() for r in siens)
    if len(siens) >= IDENTIQUES and nus and len({(r.acquis, r.note) for r in siens}) == 1:
        phrases.append(
            "Toutes les compétences ont le même résultat, sans commentaire\u00a0: quelques mots par compétence "
            "aident le jury."
        )
    metier = {r.competence_id: r.acquis for r in tous if r.source == METIER}
    ecarts = [r for r in siens if metier.get(r.competence_id) not in (None, r.acquis) and not r.commentaire.strip()]
    if ecarts:
        codes = ", ".join(_codes(candidature, ecarts))
        phrases.append(
            f"Votre résultat diffère de celui de l’évaluateur métier pour {codes}\u00a0: un commentaire éclairera "
            "le jury."
        )
    guide, jour = evaluation.guide, evaluation.date_evaluation
    if guide and jour and timezone.localdate(guide.deposee_le) < jour:
        phrases.append(
            f"Le guide a été joint le {timezone.localdate(guide.deposee_le):%d/%m/%Y}, avant l’évaluation du "
            f"{jour:%d/%m/%Y}\u00a0: vérifiez que c’est le bon."
        )
    return phrases


def _codes(candidature: Candidature, resultats: list[ResultatCompetence]) -> list[str]:
    codes = {c.pk: c.code or c.libelle for b in candidature.blocs_a_evaluer() for c in b.competences.all()}
    return [codes[r.competence_id] for r in resultats if r.competence_id in codes]
