from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistreConfig(AppConfig):
    """The ground floor: what can be certified, and what has been certified."""

    name = "registre"
    verbose_name = "registre"

    def ready(self):
        from . import reprise  # noqa: F401 (registers the daily task)
        from .journal import poser_declencheurs

        # SQLite drops a table's triggers whenever Django remakes the table: they are laid again after each migrate.
        post_migrate.connect(poser_declencheurs, sender=self)
