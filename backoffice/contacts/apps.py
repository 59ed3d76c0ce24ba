from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """What visitors write to the branch, and who answers them."""

    name = "backoffice.contacts"
    verbose_name = "messages du public"

    def ready(self):
        # Importing them registers the verbs, the mails and the daily task.
        from . import courriels, menage, workflow  # noqa: F401
