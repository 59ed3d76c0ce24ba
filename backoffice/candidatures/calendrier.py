"""The day a dossier should be decided, as far as it is known.

Sessions belong to a room above: they are read through the relations they add, never imported.
"""

from datetime import date

from django.utils import timezone

from .models import SEANCES_EN_COURS, Candidature


def jour_du_jury(candidature: Candidature) -> date | None:
    """The day of the session this dossier is registered to, else of the next one planned for its certification."""
    inscription = (
        candidature.inscriptions.filter(retiree_le=None, session__etat__in=SEANCES_EN_COURS)
        .select_related("session")
        .order_by("-pk")
        .first()
    )
    if inscription:
        return inscription.session.tenue_le
    prevues = candidature.version.certification.sessions.filter(etat="planifiee", debut__gte=timezone.now())
    session = prevues.order_by("debut").first()
    return session.tenue_le if session else None
