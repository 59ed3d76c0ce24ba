from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The public portal: Wagtail pages, catalogue, open data."""

    name = "home"
    verbose_name = "portail public"

    def ready(self):
        # Importing them registers what the workers look after, and the triggers that count the editions.
        from . import calendrier, memoire  # noqa: F401
