from django.apps import AppConfig


class SignalementsConfig(AppConfig):
    """What people tell of a document that is false or misused, and what the certificateur does about it."""

    name = "backoffice.signalements"
    verbose_name = "signalements"

    def ready(self):
        # Importing them registers the verbs, the mails and the daily task.
        from . import courriels, menage, workflow  # noqa: F401
