from django.apps import AppConfig


class AideConfig(AppConfig):
    """The guides: one page per role, and the link from each screen to the part that speaks of it."""

    name = "backoffice.aide"
    verbose_name = "aide"
