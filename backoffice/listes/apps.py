from django.apps import AppConfig


class ListesConfig(AppConfig):
    """The one pattern of every list: search, saved views, acts on many rows, exports."""

    name = "backoffice.listes"
    verbose_name = "listes"

    def ready(self):
        # Importing it registers the daily task.
        from . import menage  # noqa: F401
