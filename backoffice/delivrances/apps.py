from django.apps import AppConfig


class DelivrancesConfig(AppConfig):
    """Preparation by one person, approval by another, issue."""

    name = "backoffice.delivrances"
    verbose_name = "délivrances"
