"""The rules of the world of the matrices: each state, and who holds what on it."""

from backoffice.parcours.models import Parcours
from backoffice.parcours.workflow import PARCOURS, enregistrer, preparer
from registre.transitions import executer

from ... import fabriques as f

# What makes the rules of the factory publishable: the last dossiers in leave with the others.
JUSTES = {"delai_inscription_jury": 20, "delai_envoi_dossiers": 15}


def brouillon(acteurs, regles=None, source=None) -> Parcours:
    """A draft written by the manager, ready to be published, on a certification of its own when it has no source."""
    if source:
        return enregistrer(
            acteurs.gestionnaire, preparer(acteurs.gestionnaire, source.certification, source=source), regles or {}
        )
    version = f.VersionFactory(certification__porteur=acteurs.porteur)
    parcours = preparer(acteurs.gestionnaire, version.certification)
    return enregistrer(acteurs.gestionnaire, parcours, JUSTES | (regles or {}))


def publie(acteurs, regles=None) -> Parcours:
    return executer(PARCOURS, "publier", brouillon(acteurs, regles), acteurs.certificateur)


def situations(acteurs):
    """(name, object, people) for each state."""
    gens = {
        "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
        "certificateur": (acteurs.certificateur, {"certificateur"}),
        "auditeur": (acteurs.auditeur, {"auditeur"}),
        "employeur": (acteurs.employeur, set()),
        "évaluateur": (acteurs.evaluateur, set()),
        "membre de jury": (acteurs.presidente, set()),
        "signataire": (acteurs.signataire, set()),
    }
    lisible = gens | {
        "employeur": (acteurs.employeur, {"employeur"}),
        "évaluateur": (acteurs.evaluateur, {"evaluateur"}),
        "membre de jury": (acteurs.presidente, {"jury"}),
    }
    yield "parcours en brouillon", brouillon(acteurs), gens
    yield "parcours publié", publie(acteurs), lisible
    ancien = publie(acteurs)
    suivant = brouillon(acteurs, source=ancien)
    executer(PARCOURS, "publier", suivant, acteurs.certificateur)
    ancien.refresh_from_db()
    yield "parcours remplacé", ancien, gens
    retire = executer(PARCOURS, "retirer", publie(acteurs), acteurs.certificateur, {"motif": "Certification arrêtée."})
    yield "parcours retiré", retire, gens


def lecteurs_du_dehors(objet, dehors) -> dict:
    """Rules in force are read wherever one employs, evaluates or judges; the others stay with their porteur."""
    if objet.etat != Parcours.Etat.PUBLIE:
        return {}
    return {
        "autre employeur": (dehors["autre employeur"], {"employeur"}),
        "autre évaluateur": (dehors["autre évaluateur"], {"evaluateur"}),
        "autre membre de jury": (dehors["autre membre de jury"], {"jury"}),
    }
