"""The requests and invitations of the world of the matrices: each state, and who holds what on it."""

from backoffice.comptes.invitations import INVITATION, Invite, inviter
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
    yield from _invitations(acteurs, gens)


def _invitations(acteurs, gens):
    # The établissement came to this porteur by a request: both invite for it.
    venue = executer(DEMANDE, "approuver", demande(acteurs.porteur), acteurs.gestionnaire)
    DemandeCompte.objects.filter(pk=venue.pk).update(etablissement=acteurs.etablissement)
    gens = {**gens, "employeur": (acteurs.employeur, {"employeur"})}
    for nom in ("envoyée", "acceptée", "révoquée", "déclinée"):
        adresse = f"{len(nom)}-{acteurs.etablissement.pk}-{nom[0]}@example.org"
        invitation = inviter(acteurs.gestionnaire, "gestionnaire", adresse, "employeur", acteurs.etablissement)
        if nom == "acceptée":
            executer(INVITATION, "accepter", invitation, Invite(invitation), ACCEPTATION)
        elif nom == "révoquée":
            executer(INVITATION, "revoquer", invitation, acteurs.gestionnaire)
        elif nom == "déclinée":
            executer(INVITATION, "decliner", invitation, Invite(invitation))
        invitation.refresh_from_db()
        yield f"invitation {nom}", invitation, {**gens, "personne invitée": (Invite(invitation), {"invite"})}


ACCEPTATION = {"prenom": "Hugo", "nom": "Valette", "mot_de_passe": "une-phrase-longue-pour-hugo"}
