from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """The management core: what its rooms share. One room per trade, all screens under /gestion/."""

    name = "backoffice"
    verbose_name = "gestion"
