from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The public portal: Wagtail pages, catalogue, open data."""

    name = "home"
    verbose_name = "portail public"

    def ready(self):
        # Importing it registers what the workers look after.
        from . import calendrier  # noqa: F401
