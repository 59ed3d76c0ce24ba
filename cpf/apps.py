from django.apps import AppConfig


class CpfConfig(AppConfig):
    """The accrochage: lots, XML, accusés."""

    name = "cpf"
    verbose_name = "SI CPF"

    def ready(self):
        # Importing them registers the verbs, the mails, the daily tasks, the reminders.
        from . import alertes, workflow  # noqa: F401
