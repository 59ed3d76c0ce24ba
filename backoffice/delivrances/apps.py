from django.apps import AppConfig


class DelivrancesConfig(AppConfig):
    """Preparation by one person, approval by another, issue."""

    name = "backoffice.delivrances"
    verbose_name = "délivrances"

    def ready(self):
        # Importing the rule books registers their verbs.
        from . import (  # noqa: F401  # noqa: F401
            annulations,
            apres_annulation,
            apres_courriels,
            apres_duplicata,
            apres_remplacement,
            blocs_workflow,
            lots_courriels,
            lots_workflow,
            modeles_workflow,
            sceau,
            workflow,
        )
