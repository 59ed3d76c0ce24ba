from django.apps import AppConfig


class RepertoiresConfig(AppConfig):
    """The national registers (RNCP, RS) brought into ours: file, differences, choice, report."""

    name = "backoffice.repertoires"
    verbose_name = "répertoires nationaux"

    def ready(self):
        # Importing it registers the daily task.
        from . import travaux  # noqa: F401
