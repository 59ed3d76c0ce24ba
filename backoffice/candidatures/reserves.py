"""The points raised on a dossier: those that wait for an answer, and the history of the decisions that raised them."""

from collections.abc import Iterator

from django.utils import timezone

from registre.models import EntreeJournal
from registre.transitions import VERBES

from .models import Candidature, Etat
from .models_instruction import Reserve

DECISIONS = (
    "deposer",
    "declarer_complete",
    "declarer_incomplete",
    "declarer_recevable",
    "declarer_irrecevable",
    "revoir_recevabilite",
)


def ouvertes(candidature: Candidature) -> list[Reserve]:
    """The points of the last request that no later decision has closed, with what they are about."""
    return list(
        candidature.reserves.filter(close_le=None, nature=Reserve.Nature.COMPLEMENT).select_related(
            "requise", "prerequis__piece", "repondue_par"
        )
    )


def est_levee(reserve: Reserve, pieces) -> bool:
    """Was this point answered? In words, or by a pièce uploaded since."""
    if reserve.repondue_le:
        return True
    attendue = reserve.piece_attendue
    return attendue is not None and any(
        p.requise_id == attendue.pk and p.retiree_le is None and p.deposee_le >= reserve.posee_le for p in pieces
    )


def sans_reponse(candidature: Candidature) -> Iterator[str]:
    """Sentences for the precise points that nobody answered; a general remark asks for no answer of its own."""
    if candidature.etat != Etat.INCOMPLETE:
        return
    pieces = list(candidature.pieces.all())
    for reserve in ouvertes(candidature):
        precise = reserve.requise_id or reserve.prerequis_id or reserve.champ
        if precise and not est_levee(reserve, pieces):
            yield f"Le porteur attend une réponse sur ce point\u00a0: {reserve.sujet}."


def clore(candidature: Candidature) -> None:
    """A new decision answers for what was asked before it."""
    candidature.reserves.filter(close_le=None).update(close_le=timezone.now())


def poser(candidature: Candidature, acteur, nature: str, points: list[dict]) -> list[int]:
    """Raise these points (fields of `Reserve`), after closing the former ones; return their ids for the journal."""
    clore(candidature)
    maintenant = timezone.now()
    posees = [
        Reserve.objects.create(candidature=candidature, nature=nature, posee_par=acteur, posee_le=maintenant, **point)
        for point in points
    ]
    return [r.pk for r in posees]


def historique(candidature: Candidature) -> list[dict]:
    """The decisions of this step, latest first: act, author, day, reason, points with their answers."""
    entrees = list(
        EntreeJournal.objects.de(candidature).filter(verbe__in=DECISIONS).select_related("acteur", "motif").reverse()
    )
    points = {r.pk: r for r in candidature.reserves.select_related("requise", "prerequis__piece", "repondue_par")}
    return [
        {
            "entree": entree,
            "acte": VERBES[candidature._meta.label_lower, entree.verbe].libelle,
            "points": [points[pk] for pk in entree.details.get("reserves", ()) if pk in points],
            # The text of a request is the sum of its points.
            "motif": entree.motif.texte if hasattr(entree, "motif") and entree.verbe != "declarer_incomplete" else "",
        }
        for entree in entrees
    ]
