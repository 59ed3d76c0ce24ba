from django.apps import AppConfig


class JurysConfig(AppConfig):
    """Sessions, members, deliberation, sealed minutes."""

    name = "backoffice.jurys"
    verbose_name = "jurys"

    def ready(self):
        # Importing the rule books registers their verbs; the others, what the database refuses, what is verified.
        from . import (  # noqa: F401
            acces_membres,
            attente_de_place,
            controle_pv,
            convocations,
            courriels,
            decisions,
            delais,
            deliberation,
            echeances_recours,
            feuilles,
            inscriptions,
            mandats,
            menage,
            modifications,
            pieces_de_seance,
            presence,
            proces_verbaux,
            procurations,
            recours,
            rectificatifs,
            relances,
            reussite_publique,
            revocations,
            scelles,
            scrutins,
            sieges,
            workflow,
        )
