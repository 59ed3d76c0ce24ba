from django.apps import AppConfig


class CandidaturesConfig(AppConfig):
    """The dossier of a candidate, from its opening to its recevabilité."""

    name = "backoffice.candidatures"
    verbose_name = "candidatures"

    def ready(self):
        # Importing the rule books registers their verbs.
        from . import (  # noqa: F401
            classeur_import,
            inactivite,
            positionnement,
            recevabilite,
            relances,
            sorties,
            workflow,
        )
