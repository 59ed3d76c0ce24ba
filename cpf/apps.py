from django.apps import AppConfig


class CpfConfig(AppConfig):
    """The accrochage: lots, XML, accusés."""

    name = "cpf"
    verbose_name = "SI CPF"
