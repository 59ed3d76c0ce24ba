from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistreConfig(AppConfig):
    """The ground floor: what can be certified, and what has been certified."""

    name = "registre"
    verbose_name = "registre"

    def ready(self):
        # Importing them registers their daily tasks, and what follows the storage of a document.
        from . import publication, reprise, trousseau  # noqa: F401
        from .journal import poser_declencheurs

        # SQLite drops a table's triggers whenever Django remakes the table: they are laid again after each migrate.
        post_migrate.connect(poser_declencheurs, sender=self)
