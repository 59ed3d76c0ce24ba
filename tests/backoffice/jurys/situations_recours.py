"""The appeals of the world of the matrices: each state, and who holds what on it."""

from backoffice.candidatures.fichiers import controler
from backoffice.jurys.models import Recours
from registre.transitions import executer

from ... import fabriques as f

RECOURS = "jurys.recours"
EXPOSE = "Le jury n’a pas lu la seconde page de mon dossier de preuves."


def former(candidature, **champs) -> Recours:
    """An appeal of the candidate, through the real verb."""
    donnees = {"objet": "procedure", "expose": EXPOSE, "fichier": controler(f.fichier_pdf("preuve.pdf")), **champs}
    f.faire(candidature, "former_recours", candidature.titulaire.utilisateur, **donnees)
    return candidature.recours.get(etat="depose")


def agir(recours, nom, acteur, **donnees) -> Recours:
    """Carry out one verb on an appeal."""
    return executer(RECOURS, nom, recours, acteur, donnees)


def neutres(acteurs) -> tuple:
    """A gestionnaire and a certificateur who had no part in the dossiers."""
    gestionnaire = f.UtilisateurFactory(role=("gestionnaire", acteurs.porteur))
    return gestionnaire, f.UtilisateurFactory(role=("certificateur", acteurs.cpne))


def situations(acteurs):
    """(name, object, people) for each state."""
    gestionnaire, certificateur = neutres(acteurs)
    fins = {
        "déposé": (),
        "en examen": (),
        "accepté": ("accepter_recours", certificateur, {"reponse": "La page avait bien été oubliée."}),
        "rejeté": (
            "rejeter_recours",
            certificateur,
            {"reponse": "Les deux pages ont été lues.", "voies": "Médiation."},
        ),
        "retiré": ("retirer_recours", None, {}),
    }
    for nom, fin in fins.items():
        recours = former(f.decidee(acteurs))
        if nom != "déposé":
            recours = agir(recours, "prendre_en_charge", gestionnaire)
        titulaire = recours.candidature.titulaire
        if fin:
            recours = agir(recours, fin[0], fin[1] or titulaire.utilisateur, **fin[2])
        gens = {
            "employeur": (acteurs.employeur, set()),
            "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
            "gestionnaire neutre": (gestionnaire, {"gestionnaire"}),
            "candidat": (titulaire.utilisateur, {"candidat"}),
            "membre de jury": (acteurs.presidente, set()),
            "évaluateur": (acteurs.evaluateur, set()),
            "certificateur": (acteurs.certificateur, {"certificateur"}),
            "autre certificateur": (certificateur, {"certificateur"}),
            "auditeur": (acteurs.auditeur, {"auditeur"}),
        }
        yield f"recours {nom}", recours, gens
