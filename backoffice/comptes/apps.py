from django.apps import AppConfig


class ComptesConfig(AppConfig):
    """Accounts, and who may do what where."""

    name = "backoffice.comptes"
    verbose_name = "comptes et rôles"

    def ready(self):
        # Importing the rule book registers its verbs.
        from . import workflow  # noqa: F401
