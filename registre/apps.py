from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RegistreConfig(AppConfig):
    """The ground floor: what can be certified, and what has been certified."""

    name = "registre"
    verbose_name = "registre"

    def ready(self):
        # Importing them registers their daily tasks, what follows the storage of a document, what the database refuses.
        from . import dates, declencheurs, journal, publication, reprise, trousseau  # noqa: F401

        dates.adopter()
        pre_migrate.connect(declencheurs.oter_avant_de_migrer, sender=self)
        post_migrate.connect(declencheurs.poser, sender=self)
