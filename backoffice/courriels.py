"""Mails of the back office: who receives them, their composition, and their declaration for what stands beside it."""

from backoffice.comptes.models import Role, Utilisateur
from backoffice.notifications.catalogue import courriels, variable
from backoffice.notifications.composition import composer

__all__ = ["adresses", "composer", "courriels", "variable"]


def adresses(role: str, organisme) -> list[str]:
    """Addresses of the people who hold `role` on this body today."""
    return list(
        Utilisateur.objects.filter(
            is_active=True, roles__in=Role.objects.actifs().filter(nom=role, organisme=organisme)
        )
        .distinct()
        .order_by("email")
        .values_list("email", flat=True)
    )
