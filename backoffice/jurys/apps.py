from django.apps import AppConfig


class JurysConfig(AppConfig):
    """Sessions, members, deliberation, sealed minutes."""

    name = "backoffice.jurys"
    verbose_name = "jurys"

    def ready(self):
        # Importing the rule books registers their verbs.
        from . import deliberation, inscriptions, proces_verbaux, relances, sieges, workflow  # noqa: F401, I001
        from . import courriels, revocations  # noqa: F401
