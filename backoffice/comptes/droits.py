"""What follows from a change of rights."""

from allauth.usersessions.models import UserSession

from .models import Utilisateur


def terminer_sessions(utilisateur: Utilisateur) -> int:
    """End every session of this person, on all their devices; return how many were open.

    To be called when a role is given or withdrawn, when an account is closed and when a second factor is reset.
    """
    sessions = list(UserSession.objects.filter(user=utilisateur))
    for session in sessions:
        session.end()
    return len(sessions)
