"""« What waits for me? »: derived from the registered verbs, never from a second list."""

from dataclasses import dataclass

from django.db.models import QuerySet

from backoffice.candidatures.models import Candidature
from registre.transitions import VERBES, Verbe

QUI = {
    "employeur": "L’employeur",
    "gestionnaire": "Le porteur",
    "evaluateur": "L’évaluateur habilité",
    "metier": "L’évaluateur métier",
    "jury": "Le jury",
    "certificateur": "Le certificateur",
    "signataire": "Le signataire",
    "candidat": "Le candidat",
}


@dataclass(frozen=True)
class Tache:
    """One kind of act that waits: the verb, and the dossiers on which it is the next thing to do."""

    verbe: Verbe
    candidatures: QuerySet


def principaux() -> list[Verbe]:
    """The verbs that move a dossier forward, in the order of the steps."""
    return sorted(
        (v for v in VERBES.values() if v.principal and v.attendu is not None and v.modele == "candidatures.candidature"),
        key=lambda v: v.etape,
    )


def en_attente_de(verbe: Verbe, candidatures) -> QuerySet:
    """Among `candidatures`, those on which this verb is the next thing to do, oldest first."""
    # By ids: a condition on several invitations or registrations would repeat rows.
    ids = Candidature.objects.filter(etat__in=verbe.de).filter(verbe.attendu).values("pk")
    return candidatures.filter(pk__in=ids).order_by("etat_depuis", "pk")


def taches_de(utilisateur) -> list[Tache]:
    """What waits for this person: the acts of which one of their roles is the first responsible."""
    visibles = Candidature.objects.all().visibles_par(utilisateur)
    return [
        Tache(verbe, en_attente_de(verbe, visibles)) for verbe in principaux() if utilisateur.a_role(verbe.roles[0])
    ]


def attente_de(candidature: Candidature) -> dict | None:
    """Who must act on this dossier, for what, since when; None when nobody has to."""
    for verbe in principaux():
        if candidature.etat in verbe.de and en_attente_de(verbe, Candidature.objects.filter(pk=candidature.pk)):
            return {
                "qui": QUI[verbe.roles[0]],
                "role": verbe.roles[0],
                "quoi": verbe.attente,
                "depuis": candidature.etat_depuis,
                "verbe": verbe,
            }
    return None
