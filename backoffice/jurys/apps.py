from django.apps import AppConfig


class JurysConfig(AppConfig):
    """Sessions, members, deliberation, sealed minutes."""

    name = "backoffice.jurys"
    verbose_name = "jurys"
