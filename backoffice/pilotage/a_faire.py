"""« What waits for me? »: derived from the registered verbs, never from a second list."""

from dataclasses import dataclass

from django.db.models import QuerySet

from backoffice.candidatures.attente import QUI, en_attente_de, principaux
from backoffice.candidatures.models import Candidature
from backoffice.jurys.models import SessionJury
from registre.transitions import Verbe


@dataclass(frozen=True)
class Tache:
    """One kind of act that waits: the verb, and the dossiers on which it is the next thing to do."""

    verbe: Verbe
    candidatures: QuerySet


def taches_de(utilisateur) -> list[Tache]:
    """What waits for this person: the acts of which one of their roles is the first responsible."""
    visibles = Candidature.objects.all().visibles_par(utilisateur)
    return [
        Tache(verbe, en_attente_de(verbe, visibles)) for verbe in principaux() if utilisateur.a_role(verbe.roles[0])
    ]


def attendus_d_autres(utilisateur) -> list[dict]:
    """What this person waits for from others: how many of their dossiers wait for whom, and for what."""
    visibles = Candidature.objects.all().visibles_par(utilisateur)
    lignes = []
    for verbe in principaux():
        if utilisateur.a_role(verbe.roles[0]):
            continue
        if compte := en_attente_de(verbe, visibles).count():
            lignes.append({"qui": QUI[verbe.roles[0]], "quoi": verbe.attente, "compte": compte, "verbe": verbe})
    return lignes


def echeances(utilisateur) -> list[SessionJury]:
    """The coming sessions of this person, nearest first."""
    return list(
        SessionJury.objects.all()
        .visibles_par(utilisateur)
        .filter(etat__in=(SessionJury.Etat.PLANIFIEE, SessionJury.Etat.OUVERTE))
        .order_by("debut")[:5]
    )
