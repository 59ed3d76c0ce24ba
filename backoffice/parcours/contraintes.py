"""How the database holds the versions of a parcours, and lets a draft be unfinished."""

from django.db import models
from django.db.models import Q


def uniques(nom: str, champs: list[str], message: str, **condition) -> list[models.UniqueConstraint]:
    """Unique per (certification, porteur), twice: for the databases, two rows without porteur are not alike."""
    return [
        models.UniqueConstraint(
            fields=["certification", *porteur, *champs],
            condition=Q(porteur__isnull=not porteur, **condition),
            name=f"parcours_{nom}_unique{suffixe}",
            violation_error_message=message,
        )
        for porteur, suffixe in (([], ""), (["porteur"], "_du_porteur"))
    ]


def achevees(*contraintes: models.CheckConstraint) -> list[models.CheckConstraint]:
    """Constraints that a draft may still break: it is saved at any time, and published when it is right."""
    for contrainte in contraintes:
        contrainte.condition = Q(etat="brouillon") | Q(etat="retire", publie_le=None) | contrainte.condition
    return list(contraintes)
