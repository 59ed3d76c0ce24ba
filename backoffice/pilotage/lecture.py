"""The journal in plain words: acts, roles, states and objects by their French names."""

from django.apps import apps

from backoffice.comptes.models import ROLES_DE_CIRCONSTANCE, Role
from registre import trousseau
from registre.models import EntreeJournal
from registre.suites_courriel import LIBELLES
from registre.transitions import VERBES

ROLES = {**dict(Role.Nom.choices), **ROLES_DE_CIRCONSTANCE, "gestion": "gestion", "plateforme": "plateforme"}


def en_clair(entrees) -> list[dict]:
    """The entries, ready to be read; a constant number of queries, whatever their number."""
    entrees = list(entrees)
    objets = _objets(entrees)
    return [
        {
            "entree": entree,
            "acte": _acte(entree),
            "role": ROLES.get(entree.role, entree.role),
            "objet": objets.get((entree.objet_type, entree.objet_id)),
            "nature": _nature(entree.objet_type),
            "avant": _etat(entree.objet_type, entree.etat_avant) if entree.etat_avant != entree.etat_apres else "",
            "apres": _etat(entree.objet_type, entree.etat_apres),
        }
        for entree in entrees
    ]


def _acte(entree: EntreeJournal) -> str:
    acte = VERBES.get((entree.objet_type, entree.verbe))
    libelles = LIBELLES | trousseau.LIBELLES
    return acte.libelle if acte else libelles.get(entree.verbe) or entree.verbe.replace("_", " ").capitalize()


def _modele(objet_type: str):
    """The model of an entry, None when it has left the product since."""
    try:
        return apps.get_model(objet_type)
    except (LookupError, ValueError):
        return None


def _nature(objet_type: str) -> str:
    modele = _modele(objet_type)
    return str(modele._meta.verbose_name) if modele else objet_type


def _etat(objet_type: str, etat: str) -> str:
    modele = _modele(objet_type)
    champ = next((c for c in modele._meta.fields if c.name == "etat"), None) if modele else None
    return str(dict(champ.choices).get(etat, etat)) if champ else etat


def _objets(entrees: list[EntreeJournal]) -> dict:
    """The objects of these entries that are still there, read once per model."""
    ids: dict[str, set[int]] = {}
    for entree in entrees:
        ids.setdefault(entree.objet_type, set()).add(entree.objet_id)
    lus = {}
    for objet_type, siens in ids.items():
        # Only what has a page of its own: a link is worth a query, a bare number is not.
        modele = _modele(objet_type)
        if modele and hasattr(modele, "get_absolute_url"):
            lus |= {(objet_type, pk): objet for pk, objet in modele._default_manager.in_bulk(siens).items()}
    return lus
