"""Roles whose rights another part of the product keeps in a Django group: today the éditeur's, for Wagtail.

Whoever owns such a group says so from above (`site_public.apps`): the back office does not know the portal.
"""

from collections.abc import Callable

from django.contrib.auth.models import Group

from registre.quotidien import quotidienne

from .models import Role, Utilisateur

GROUPES: dict[str, Callable[[], Group]] = {}


def associer(role: str, groupe: Callable[[], Group]) -> None:
    """Have those who hold `role` belong to the group that `groupe` returns."""
    GROUPES[role] = groupe


def accorder(utilisateur: Utilisateur) -> None:
    """Put this person into the groups of their roles, those to come included, and out of the others.

    A role to come gives nothing yet all the same: `bascule.AgirSousUnRole` reads the dates at each request.
    """
    siens = set(utilisateur.roles.non_finis().filter(nom__in=GROUPES).values_list("nom", flat=True))
    for nom, groupe in GROUPES.items():
        (utilisateur.groups.add if nom in siens else utilisateur.groups.remove)(groupe())


@quotidienne("Sort des groupes du site les personnes dont le rôle est fini")
def retirer_des_groupes() -> str:
    """Take out those whose role ended by its date, without anybody's act."""
    nombre = 0
    for nom, groupe in GROUPES.items():
        tenants = Role.objects.non_finis().filter(nom=nom).values("utilisateur")
        sortants = list(groupe().user_set.exclude(pk__in=tenants))
        groupe().user_set.remove(*sortants)
        nombre += len(sortants)
    return f"{nombre} personne{'s' if nombre > 1 else ''} retirée{'s' if nombre > 1 else ''} d’un groupe."
