"""The left navigation of the back office: one list, filtered by role."""

from dataclasses import dataclass

from django.urls import reverse

from backoffice.aide.guides import adresse_de_l_aide
from backoffice.comptes.bascule import bascule


@dataclass(frozen=True)
class Entree:
    libelle: str
    nom_url: str
    icone: str
    roles: tuple[str, ...]


TRAVAIL = (
    "Mon travail",
    (
        Entree("Mon espace", "espace:accueil", "personne", ("candidat",)),
        Entree("Mon état civil", "espace:etat_civil", "editer", ("candidat",)),
        Entree("Mes données", "espace:donnees", "verrou", ("candidat",)),
        Entree(
            "À faire",
            "pilotage:accueil",
            "accueil",
            ("employeur", "evaluateur", "gestionnaire", "jury", "certificateur", "signataire", "auditeur"),
        ),
        Entree(
            "Candidatures",
            "candidatures:liste",
            "document",
            ("employeur", "evaluateur", "gestionnaire", "certificateur", "auditeur"),
        ),
        Entree("Sessions de jury", "jurys:liste", "jury", ("gestionnaire", "jury", "certificateur", "auditeur")),
        Entree("Mandats de jury", "jurys:mandats", "personnes", ("gestionnaire", "jury", "certificateur", "auditeur")),
        Entree("Recours", "jurys:liste_recours", "retour", ("gestionnaire", "certificateur", "auditeur")),
        Entree(
            "Habilitations",
            "evaluations:habilitations",
            "evaluation",
            ("gestionnaire", "certificateur", "auditeur", "evaluateur"),
        ),
        Entree("Délivrances", "delivrances:liste", "parchemin", ("certificateur", "signataire", "gestionnaire")),
        Entree("Remises", "remises:liste", "courriel", ("certificateur", "gestionnaire", "auditeur")),
        Entree("Messages du public", "contacts:liste", "courriel", ("gestionnaire", "certificateur", "auditeur")),
        Entree("Signalements", "signalements:liste", "alerte", ("certificateur", "auditeur")),
        Entree(
            "Invitations",
            "comptes:invitations",
            "inviter",
            ("employeur", "gestionnaire", "certificateur", "auditeur"),
        ),
        Entree("Demandes de compte", "comptes:demandes", "personnes", ("gestionnaire", "certificateur", "auditeur")),
        Entree(
            "Parcours",
            "parcours:liste",
            "reglages",
            ("employeur", "evaluateur", "gestionnaire", "jury", "certificateur", "auditeur"),
        ),
        Entree("SI CPF", "cpf:tableau", "cpf", ("certificateur",)),
        Entree("Répertoires nationaux", "repertoires:imports", "televerser", ("certificateur",)),
    ),
)
SUIVI = (
    "Suivi",
    (
        Entree("Comptes", "comptes:gens", "personne", ("gestionnaire", "certificateur", "auditeur")),
        Entree("Courriels", "notifications:courriels", "courriel", ("gestionnaire", "certificateur", "auditeur")),
        Entree("Tableau de bord", "pilotage:tableau", "catalogue", ("gestionnaire", "certificateur", "auditeur")),
        Entree(
            "Statistiques des jurys", "jurys:statistiques", "tableau", ("gestionnaire", "certificateur", "auditeur")
        ),
        Entree("Journal", "pilotage:journal", "journal", ("certificateur", "auditeur")),
    ),
)
# Under the address of the sessions, with an entry of their own.
AUTRES_DES_JURYS = tuple(f"/gestion/jurys/{nom}/" for nom in ("mandats", "recours", "statistiques"))
SITE = ("Site public", (Entree("Éditer le site", "wagtailadmin_home", "editer", ("editeur", "publicateur")),))


def contexte(request):
    """The groups this person may open, for the base template of the back office only."""
    utilisateur = getattr(request, "user", None)
    if not request.path.startswith(("/gestion/", "/compte/")) or not utilisateur or not utilisateur.is_authenticated:
        return {}
    groupes = []
    for titre, entrees in (TRAVAIL, SUIVI, SITE):
        visibles = [
            {"libelle": e.libelle, "url": url, "icone": e.icone, "actif": _actif(request.path, url)}
            for e in entrees
            if utilisateur.a_role(*e.roles)
            for url in [reverse(e.nom_url)]
        ]
        if visibles:
            groupes.append({"titre": titre, "entrees": visibles})
    roles = [str(role) for role in utilisateur.roles_actifs]
    ecran = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "menu": groupes,
        "roles_affiches": roles,
        "bascule": bascule(utilisateur),
        # Counted when a page shows the bell, not before.
        "cloche": {"non_lues": utilisateur.notifications.non_lues().count},
        "aide_url": adresse_de_l_aide(utilisateur, ecran),
    }


def _actif(chemin: str, url: str) -> bool:
    if url == "/gestion/jurys/" and chemin.startswith(AUTRES_DES_JURYS):
        return False
    return (
        chemin == url if url in {"/gestion/", "/gestion/comptes/", "/gestion/mon-espace/"} else chemin.startswith(url)
    )
