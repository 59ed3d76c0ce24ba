"""What follows from a change of rights."""

from datetime import date

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from registre.journal import consigner
from registre.models import Organisme

from .models import Role, Utilisateur


def terminer_sessions(utilisateur: Utilisateur) -> int:
    """End every session of this person, on all their devices; return how many were open.

    To be called when a role is given or withdrawn, when an account is closed and when a second factor is reset.
    """
    sessions = list(UserSession.objects.filter(user=utilisateur))
    for session in sessions:
        session.end()
    return len(sessions)


def donner_role(
    utilisateur: Utilisateur,
    nom: str,
    organisme: Organisme | None,
    *,
    acteur: Utilisateur | None,
    au_titre_de: str,
    debut: date | None = None,
    fin: date | None = None,
) -> Role:
    """Give this role, or give it again with these dates; journal it and end the person's sessions.

    `au_titre_de` is the role in which `acteur` gives it, as the journal keeps it.
    """
    with transaction.atomic():
        dates = {"debut": debut or timezone.localdate(), "fin": fin}
        role, _ = Role.objects.update_or_create(utilisateur=utilisateur, nom=nom, organisme=organisme, defaults=dates)
        details = {"role": nom, "organisme": role.organisme_id, "debut": str(role.debut), "fin": str(fin or "")}
        consigner(acteur, au_titre_de, "donner_role", utilisateur, details=details)
        terminer_sessions(utilisateur)
    return role
