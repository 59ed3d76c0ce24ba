"""The one mail of this room: it quotes nothing of what was written, and says who wrote to nobody."""

from django.conf import settings

from backoffice.notifications.catalogue import courriels, variable

variable(
    "lien_message_public",
    "lien vers le message",
    lambda c: settings.ADRESSE_PUBLIQUE + c["message"].get_absolute_url(),
    "ADRESSE/gestion/messages/4/",
)

courriels(
    "Site public",
    [
        (
            "message_du_public",
            "Message du public",
            "Quelqu’un écrit depuis le site public",
            "Le porteur du CQP concerné, sinon les certificateurs",
            ("lien_message_public!",),
        )
    ],
)
