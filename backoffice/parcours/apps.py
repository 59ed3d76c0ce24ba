from django.apps import AppConfig


class ParcoursConfig(AppConfig):
    """The rules of each certification's path, as data."""

    name = "backoffice.parcours"
    verbose_name = "parcours"

    def ready(self):
        # Importing the rule book registers its verbs; the equivalences, what the portal says of them.
        from . import equivalences, workflow  # noqa: F401
