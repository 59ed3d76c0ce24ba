"""The reports of the world of the matrices: each state, and who holds what on it."""

from backoffice.candidatures.fichiers import controler
from backoffice.signalements.models import Signalement
from backoffice.signalements.workflow import SIGNALEMENT, recevoir
from registre.transitions import executer

from ... import fabriques as f

RECIT = "Le nom a été remplacé sur le papier que l’on m’a montré."


def signalement(**champs) -> Signalement:
    """A report sent by a visitor, through the real verb."""
    return recevoir(Signalement(**{"nature": "faux", "recit": RECIT} | champs))


def situations(acteurs):
    """(name, object, people) for each state."""
    sain, conclusion = (
        controler(f.fichier_pdf("papier.pdf")),
        {"conclusion": "Le papier a été gratté : plainte déposée."},
    )
    nouveau = signalement(photo=sain.fichier(), type_mime=sain.type_mime)
    etats = {
        "reçu": nouveau,
        "en examen": executer(SIGNALEMENT, "examiner_signalement", signalement(), acteurs.certificateur),
    }
    for nom, verbe in (("classé", "classer_signalement"), ("suite donnée", "donner_suite")):
        etats[nom] = executer(SIGNALEMENT, verbe, signalement(), acteurs.certificateur, conclusion)
    gens = {nom: (getattr(acteurs, nom), set()) for nom in ("employeur", "gestionnaire", "signataire")}
    gens |= {nom: (getattr(acteurs, nom), {nom}) for nom in ("certificateur", "auditeur")}
    for nom, objet in etats.items():
        yield f"signalement {nom}", objet, dict(gens)
