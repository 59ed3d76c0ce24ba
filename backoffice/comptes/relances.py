"""What the reminders of accounts wait for: an invitation that nobody answered."""

from django.utils import timezone

from backoffice.courriels import composer
from backoffice.notifications.relances import Attendu, relance

from .invitations import INVITATION, qui_a_invite
from .models import Invitation

APRES = 7


def _messages(invitation):
    """To the person, who has the link in an earlier mail, and to who sent it, who may send another."""
    contexte = {"invitation": invitation, "depuis": invitation.envoyee_le}
    messages = [composer("relance_invitation", invitation.courriel, **contexte)]
    return messages + [composer("relance_invitation_invitant", a, **contexte) for a in qui_a_invite(invitation)]


@relance(
    "invitation_compte",
    "Invitation à un rôle sans réponse",
    a_qui="La personne invitée, et qui l’a invitée",
    modele=INVITATION,
    du_parcours=False,
)
def _invitations(pk=None):
    attendues = Invitation.objects.filter(etat=Invitation.Etat.ENVOYEE, expire_le__gt=timezone.now())
    for invitation in attendues.filter(pk=pk) if pk is not None else attendues.select_related("organisme"):
        yield Attendu(invitation, timezone.localdate(invitation.envoyee_le), APRES, lambda i=invitation: _messages(i))
