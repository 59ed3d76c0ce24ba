from django.apps import AppConfig


class PilotageConfig(AppConfig):
    """What waits for whom, figures, journal, search: the top room, which only reads."""

    name = "backoffice.pilotage"
    verbose_name = "pilotage"
