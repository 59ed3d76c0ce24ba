"""The templates of the world of the matrices: each state, and who holds what on it."""

from unittest.mock import patch

from backoffice.delivrances import modeles_specimen
from backoffice.delivrances.modeles_workflow import MODELE, preparer
from registre.models import ModeleDocument
from registre.transitions import executer

from ... import fabriques as f


def brouillon(acteurs, certification=None, regles=None) -> ModeleDocument:
    """A draft that the checker accepts, on a certification of its own unless one is said."""
    certification = certification or f.VersionFactory().certification
    modele = preparer(acteurs.certificateur, acteurs.cpne, "parchemin", certification)
    donnees = {"regles": {"motif": "Décision de la CPNE du 12 mars 2026."} | (regles or {})}
    return executer(MODELE, "modifier_modele", modele, acteurs.certificateur, donnees)


def proposer(modele) -> ModeleDocument:
    return executer(MODELE, "proposer_modele", modele, modele.redige_par)


def publier(modele, acteur) -> ModeleDocument:
    """Published by a second person; the specimen itself is proved in test_modeles_documents."""
    modele = proposer(modele)
    with patch.object(modeles_specimen, "dessiner", return_value=b"%PDF-1.7 specimen"):
        return executer(MODELE, "publier_modele", modele, acteur)


def situations(acteurs):
    """(name, object, people) for each state."""
    gens = {
        "certificateur": (acteurs.certificateur, {"certificateur"}),
        # Who did not write the draft may publish it.
        "second certificateur": (f.UtilisateurFactory(role=("certificateur", acteurs.cpne)), {"certificateur"}),
        "signataire": (acteurs.signataire, {"signataire"}),
        "auditeur": (acteurs.auditeur, {"auditeur"}),
        "gestionnaire": (acteurs.gestionnaire, set()),
        "employeur": (acteurs.employeur, set()),
        "évaluateur": (acteurs.evaluateur, set()),
        "membre de jury": (acteurs.presidente, set()),
    }
    yield "modèle en brouillon", brouillon(acteurs), gens
    yield "modèle proposé", proposer(brouillon(acteurs)), gens
    yield "modèle publié", publier(brouillon(acteurs), acteurs.signataire), gens
    ancien = publier(brouillon(acteurs), acteurs.signataire)
    publier(brouillon(acteurs, ancien.certification), acteurs.signataire)
    ancien.refresh_from_db()
    yield "modèle remplacé", ancien, gens
    motif = {"motif": "La charte du certificateur change."}
    a_retirer = publier(brouillon(acteurs), acteurs.signataire)
    yield "modèle retiré", executer(MODELE, "retirer_modele", a_retirer, acteurs.certificateur, motif), gens
