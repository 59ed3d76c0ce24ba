from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What people are told, by mail and in the application: texts, reminders, what became of each mail."""

    name = "backoffice.notifications"
    verbose_name = "notifications et courriels"

    def ready(self):
        # Importing them registers the mails and the daily tasks.
        from . import declarations, quotidien  # noqa: F401
