"""One person, several roles: under which of them they act, for the time of a session.

The choice narrows `Utilisateur.roles_actifs`, which every scope, menu and verb reads: it can only take away. What
protects (second factor, conflicts of interest) reads all the roles, whatever the choice.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from .models import Role, Utilisateur

# Keys of the session: the choice, and the page where it was made.
CHOIX = "sous_le_role"
RETOUR = "page_de_la_bascule"
ACCUEIL = "/gestion/"
TOUS_MES_ROLES = "Tous mes rôles"


def accueil_de(utilisateur: Utilisateur) -> str:
    """Where a visit begins: the site for who only edits it, « Mon espace » for a candidate, « À faire » for others."""
    noms = {role.nom for role in utilisateur.roles_actifs}
    if noms == {Role.Nom.CANDIDAT}:
        return reverse("espace:accueil")
    return reverse("wagtailadmin_home") if noms and noms <= set(Role.DU_SITE) else ACCUEIL


def _propositions(roles: list[Role]) -> list[tuple[str, str]]:
    """(value, words): all, then each role; a role held for several bodies is also offered for all of them."""
    propositions, noms = [("", TOUS_MES_ROLES)], [role.nom for role in roles]
    for role in roles:
        if noms.count(role.nom) > 1 and role.nom not in dict(propositions):
            propositions.append((role.nom, f"{role.get_nom_display()} – tous mes organismes"))
        propositions.append((str(role.pk), str(role)))
    return propositions


def bascule(utilisateur: Utilisateur) -> dict:
    """What the top bar shows: the choice in words, and what else is offered; empty for who holds a single role."""
    if len(utilisateur.tous_les_roles) < 2:
        return {}
    propositions = _propositions(utilisateur.tous_les_roles)
    choisi = dict(propositions).get(utilisateur.sous_le_role, TOUS_MES_ROLES)
    return {
        "choisi": choisi[:1].upper() + choisi[1:],
        "restreint": bool(utilisateur.sous_le_role),
        "choix": [
            {"valeur": valeur, "libelle": mots[:1].upper() + mots[1:], "actif": valeur == utilisateur.sous_le_role}
            for valeur, mots in propositions
        ],
    }


def choisir(request, choix: str, page: str) -> bool:
    """Act under `choix` from now on in this session, and come back to `page`; False when it is not one of theirs."""
    if choix not in dict(_propositions(request.user.tous_les_roles)):
        return False
    request.session[CHOIX] = request.user.sous_le_role = choix
    if page.startswith(ACCUEIL) and url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        request.session[RETOUR] = page
    return True


class AgirSousUnRole:
    """Apply the choice to the person of the request, forget it once that role is over, keep the editing of the site
    for who acts as an editor.

    A page that the new choice does not open any more leads to the beginning of the work, the first time only: later,
    the refusal says why.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        self._appliquer(request)
        if request.path.startswith("/admin/") and not _edite(request.user):
            raise PermissionDenied("L’édition du site demande le rôle d’éditeur ou de publicateur.")
        venue = request.session.pop(RETOUR, None) if request.method == "GET" and RETOUR in request.session else None
        reponse = self.get_response(request)
        if venue and venue.split("?")[0] == request.path and reponse.status_code in {403, 404}:
            messages.info(request, "Ce rôle n’ouvre pas la page où vous étiez\u00a0: voici ce qui vous attend.")
            return redirect(accueil_de(request.user))
        return reponse

    def _appliquer(self, request):
        choix = request.session.get(CHOIX, "")
        request.user.sous_le_role = choix
        if choix and not request.user.roles_actifs:
            request.user.sous_le_role = ""
            del request.session[CHOIX]
            messages.warning(request, "Le rôle sous lequel vous agissiez a pris fin\u00a0: tous vos rôles sont repris.")


def _edite(utilisateur: Utilisateur) -> bool:
    return utilisateur.is_superuser or utilisateur.a_role(*Role.DU_SITE)
