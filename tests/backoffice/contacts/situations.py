"""The messages of the world of the matrices: each state, and who holds what on it."""

from backoffice.contacts.models import Message
from backoffice.contacts.workflow import MESSAGE, recevoir
from registre.transitions import executer

TEXTE = "Je voudrais savoir quand se tient la prochaine session."


def message(**champs) -> Message:
    """A message sent by a visitor, through the real verb."""
    return recevoir(Message(**{"sujet": "cqp", "texte": TEXTE, "courriel": "visiteur@example.org"} | champs))


def situations(acteurs):
    """(name, object, people) for each state; a message about no CQP is not the porteur's."""
    cqp = acteurs.certification
    clos = executer(
        MESSAGE, "clore_message", message(certification=cqp), acteurs.gestionnaire, {"suite": "Répondu par courriel."}
    )
    gens = {nom: (getattr(acteurs, nom), set()) for nom in ("employeur", "evaluateur", "signataire")}
    gens |= {nom: (getattr(acteurs, nom), {nom}) for nom in ("certificateur", "auditeur")}
    for nom, objet, siens in (
        ("message reçu", message(certification=cqp), {"gestionnaire"}),
        ("message répondu", clos, {"gestionnaire"}),
        ("message sans CQP", message(sujet="autre"), set()),
    ):
        yield nom, objet, gens | {"gestionnaire": (acteurs.gestionnaire, siens)}
