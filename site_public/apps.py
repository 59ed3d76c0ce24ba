from django.apps import AppConfig


class SitePublicConfig(AppConfig):
    """The project: settings, addresses, static files, demonstration."""

    name = "site_public"
    verbose_name = "site"

    def ready(self):
        # Two siblings that ignore each other: who holds a role on the site belongs to the portal's group.
        from backoffice.comptes.groupes import associer
        from backoffice.comptes.models import Role
        from home.editeurs import groupe_editeurs, groupe_publicateurs

        associer(Role.Nom.EDITEUR, groupe_editeurs)
        associer(Role.Nom.PUBLICATEUR, groupe_publicateurs)
