from django.apps import AppConfig


class EspaceConfig(AppConfig):
    """What candidates come for: where their dossier stands, their documents, their data, whom to write to."""

    name = "backoffice.espace"
    verbose_name = "espace du candidat"

    def ready(self):
        # Importing them registers the verbs and the mails.
        from . import courriels, echanges, menage, partages, verifications, workflow  # noqa: F401
