from django.apps import AppConfig


class DelivrancesConfig(AppConfig):
    """Preparation by one person, approval by another, issue."""

    name = "backoffice.delivrances"
    verbose_name = "délivrances"

    def ready(self):
        # Importing the rule books registers their verbs.
        from . import annulations, lots_courriels, lots_workflow, workflow  # noqa: F401
