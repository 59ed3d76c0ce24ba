from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Habilitations, invitations, results per compétence."""

    name = "backoffice.evaluations"
    verbose_name = "évaluations"

    def ready(self):
        # Importing the rule books registers their verbs.
        from . import relances, workflow  # noqa: F401
