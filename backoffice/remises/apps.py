from django.apps import AppConfig


class RemisesConfig(AppConfig):
    """What was handed over, to whom, when; and what is to be sent by post."""

    name = "backoffice.remises"
    verbose_name = "remises"

    def ready(self):
        # Importing them registers the verbs, the mails and the daily task.
        from . import courriels, envois, menage  # noqa: F401
