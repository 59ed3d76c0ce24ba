"""The group of those who write the site: pages, images and documents, nothing of the management."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

NOM = "Éditeurs"
DROITS_SUR_LES_PAGES = ("add_page", "change_page", "publish_page")
DROITS_SUR_LES_FICHIERS = (
    ("wagtailimages", ("add_image", "change_image", "choose_image")),
    ("wagtaildocs", ("add_document", "change_document", "choose_document")),
)


def groupe_editeurs() -> Group:
    """Return the group of editors with its permissions, creating what is missing."""
    groupe, _ = Group.objects.get_or_create(name=NOM)
    groupe.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        Permission.objects.get(content_type__app_label="home", codename="change_identitedusite"),
    )
    for codename in DROITS_SUR_LES_PAGES:
        droit = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=groupe, page=Page.get_first_root_node(), permission=droit)
    for application, codenames in DROITS_SUR_LES_FICHIERS:
        for codename in codenames:
            droit = Permission.objects.get(content_type__app_label=application, codename=codename)
            GroupCollectionPermission.objects.get_or_create(
                group=groupe, collection=Collection.get_first_root_node(), permission=droit
            )
    return groupe
