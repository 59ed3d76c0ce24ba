from django.apps import AppConfig


class SitePublicConfig(AppConfig):
    """The project: settings, addresses, static files, demonstration."""

    name = "site_public"
    verbose_name = "site"
