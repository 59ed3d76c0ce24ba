from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The public check of a parchemin. No model."""

    name = "verification"
    verbose_name = "vérification"
