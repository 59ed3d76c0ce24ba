from django.apps import AppConfig


class ComptesConfig(AppConfig):
    """Accounts, and who may do what where."""

    name = "backoffice.comptes"
    verbose_name = "comptes et rôles"

    def ready(self):
        # Importing the rule books registers their verbs.
        from . import invitations, relances, workflow  # noqa: F401
