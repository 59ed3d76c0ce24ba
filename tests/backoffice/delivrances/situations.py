"""The lots of the world of the matrices: each state, and who holds what on it."""

from backoffice.candidatures.inactivite import Horloge
from backoffice.delivrances import lots
from registre.transitions import executer

from .lot import agir, seance_scellee


def _lot(acteurs, dossier, jusqu_a: str):
    (lot,) = lots.constituer(acteurs.certificateur, [dossier])
    if jusqu_a == "en préparation":
        return lot
    if jusqu_a == "abandonné":
        return agir(lot, "abandonner_lot", acteurs.certificateur)
    lot = agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris")
    if jusqu_a == "à approuver":
        return lot
    lot = agir(lot, "approuver_lot", acteurs.signataire)
    # Refused, so that nothing waits for a document: what remains is to say that it is over.
    lots._refuser(lot, lot.lignes.get().pk, "Une mention a été perdue.")
    return executer(lots.LOT, "terminer_lot", lot, Horloge()) if jusqu_a == "terminé" else lot


def situations(acteurs):
    """(name, object, people) for each state."""
    etats = ("en préparation", "à approuver", "en cours", "terminé", "abandonné")
    seance_scellee(acteurs, len(etats))
    for etat, dossier in zip(etats, lots.a_delivrer(acteurs.certificateur).order_by("-pk"), strict=False):
        gens = {
            "employeur": (acteurs.employeur, set()),
            "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
            "certificateur": (acteurs.certificateur, {"certificateur"}),
            "signataire": (acteurs.signataire, set() if etat == "en préparation" else {"signataire"}),
            "auditeur": (acteurs.auditeur, {"auditeur"}),
            "évaluateur": (acteurs.evaluateur, set()),
            "membre de jury": (acteurs.presidente, set()),
            "plateforme": (Horloge(), {"plateforme"}),
        }
        yield f"lot de documents {etat}", _lot(acteurs, dossier, etat), gens
