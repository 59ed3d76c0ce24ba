"""The requests and invitations of the world of the matrices: each state, and who holds what on it."""

from backoffice.comptes.models import DemandeCompte
from backoffice.comptes.workflow import DEMANDE, Demandeur
from registre.transitions import executer

from .siret import nouveau_siret


def demande(porteur, **champs) -> DemandeCompte:
    """A request that waits for its answer, sent through the real verb."""
    valeurs = {
        "porteur": porteur,
        "siret": nouveau_siret(),
        "raison_sociale": "Toitures du Causse",
        "adresse": "3 rue des Ardoises",
        "code_postal": "48000",
        "commune": "Mende",
        "prenom": "Inès",
        "nom": "Roumégous",
        "fonction": "gérante",
        "telephone": "04 66 00 00 00",
        **champs,
    }
    valeurs.setdefault("courriel", f"ines.{valeurs['siret']}@example.org")
    return executer(DEMANDE, "deposer", DemandeCompte(**valeurs), Demandeur())


def situations(acteurs):
    """(name, object, people) for each state."""
    gens = {
        "employeur": (acteurs.employeur, set()),
        "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
        "certificateur": (acteurs.certificateur, {"certificateur"}),
        "auditeur": (acteurs.auditeur, {"auditeur"}),
    }
    motif = {"motif": "Cet établissement n’existe plus."}
    yield "demande à traiter", demande(acteurs.porteur), dict(gens)
    approuvee = executer(DEMANDE, "approuver", demande(acteurs.porteur), acteurs.gestionnaire)
    yield "demande approuvée", approuvee, dict(gens)
    yield "demande refusée", executer(DEMANDE, "refuser", demande(acteurs.porteur), acteurs.gestionnaire, motif), gens
