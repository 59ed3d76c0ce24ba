"""« What waits for me? »: derived from the registered verbs, never from a second list."""

from dataclasses import dataclass

from django.db.models import QuerySet

from backoffice.candidatures.attente import en_attente_de, principaux
from backoffice.candidatures.models import Candidature
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
