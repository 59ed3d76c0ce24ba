"""The one mail of this room: it quotes nothing of what was written."""

from django.conf import settings

from backoffice.notifications.catalogue import courriels, variable

variable(
    "lien_signalement",
    "lien vers le signalement",
    lambda c: settings.ADRESSE_PUBLIQUE + c["signalement"].get_absolute_url(),
    "ADRESSE/gestion/signalements/4/",
)

courriels(
    "Vérification",
    [
        (
            "signalement_recu",
            "Document signalé",
            "Quelqu’un signale un document faux ou mal employé",
            "Le certificateur du document, sinon tous",
            ("lien_signalement!",),
        )
    ],
)
