from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Habilitations, invitations, results per compétence."""

    name = "backoffice.evaluations"
    verbose_name = "évaluations"
