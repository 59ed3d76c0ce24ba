from django.apps import AppConfig


class ComptesConfig(AppConfig):
    """Accounts, and who may do what where."""

    name = "backoffice.comptes"
    verbose_name = "comptes et rôles"

    def ready(self):
        # Importing registers the verbs and the daily tasks.
        from . import invitations, menage, relances, workflow  # noqa: F401
