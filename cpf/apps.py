from django.apps import AppConfig


class CpfConfig(AppConfig):
    """The accrochage: lots, XML, accusés."""

    name = "cpf"
    verbose_name = "SI CPF"

    def ready(self):
        # Importing the rule book registers its verbs.
        from . import workflow  # noqa: F401
