"""Who writes the site and who puts it online: two groups, and the reading that leads from the first to the second.

An éditeur writes and submits; a publicateur reads, sends back or publishes. Neither sees anything of the management.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

EDITEURS, PUBLICATEURS = "Éditeurs", "Publicateurs"
CIRCUIT, RELECTURE = "Relecture avant publication", "Relecture par un publicateur"
CIRCUIT_DE_WAGTAIL = "Moderators approval"
PAGES_DE_L_EDITEUR = ("add_page", "change_page")
PAGES_DU_PUBLICATEUR = (*PAGES_DE_L_EDITEUR, "publish_page", "lock_page", "unlock_page")
FICHIERS = (
    ("wagtailimages", ("add_image", "change_image", "choose_image")),
    ("wagtaildocs", ("add_document", "change_document", "choose_document")),
)
# What holds for the whole site rather than for one page.
REGLAGES = (
    ("home", "change_identitedusite"),
    ("wagtailredirects", "add_redirect"),
    ("wagtailredirects", "change_redirect"),
    ("wagtailredirects", "delete_redirect"),
)


def groupe_editeurs() -> Group:
    """Return the group of those who write, with exactly its rights, making what is missing."""
    return _groupe(EDITEURS, PAGES_DE_L_EDITEUR, ())


def groupe_publicateurs() -> Group:
    """Return the group of those who publish, with exactly its rights, making what is missing."""
    return _groupe(PUBLICATEURS, PAGES_DU_PUBLICATEUR, REGLAGES)


@transaction.atomic
def circuit_de_relecture() -> Workflow:
    """Return the reading that every page goes through, in place of Wagtail's own, whose names are in English."""
    relecture = GroupApprovalTask.objects.filter(name=RELECTURE).first() or GroupApprovalTask.objects.create(
        name=RELECTURE
    )
    relecture.groups.set([groupe_publicateurs()])
    circuit, _ = Workflow.objects.get_or_create(name=CIRCUIT)
    WorkflowTask.objects.get_or_create(workflow=circuit, task=relecture, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": circuit})
    Workflow.objects.filter(name=CIRCUIT_DE_WAGTAIL, workflow_states=None).delete()
    return circuit


def _groupe(nom: str, droits_sur_les_pages, reglages) -> Group:
    groupe, _ = Group.objects.get_or_create(name=nom)
    generaux = [_droit("wagtailadmin", "access_admin"), *(_droit(*cle) for cle in reglages)]
    groupe.permissions.set(generaux)
    pages = [_droit("wagtailcore", codename) for codename in droits_sur_les_pages]
    racine = Page.get_first_root_node()
    GroupPagePermission.objects.filter(group=groupe, page=racine).exclude(permission__in=pages).delete()
    for droit in pages:
        GroupPagePermission.objects.get_or_create(group=groupe, page=racine, permission=droit)
    for application, codenames in FICHIERS:
        for codename in codenames:
            GroupCollectionPermission.objects.get_or_create(
                group=groupe,
                collection=Collection.get_first_root_node(),
                permission=_droit(application, codename),
            )
    return groupe


def _droit(application: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=application, codename=codename)
