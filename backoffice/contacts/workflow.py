"""The verbs of a message: received from anybody, closed once it is answered."""

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from backoffice.comptes.models import Role
from backoffice.courriels import adresses, composer
from backoffice.depots import Passant
from registre.models import Organisme
from registre.transitions import executer, verbe

from .forms import ReponseForm
from .models import Message

MESSAGE = "contacts.message"
Etat = Message.Etat


def destinataires(message: Message) -> set[str]:
    """Who answers: the people of the porteur of the CQP; else the certificateurs; else the address of the settings."""
    if message.certification and (gens := set(adresses("gestionnaire", message.certification.porteur))):
        return gens
    tenus = Role.objects.actifs().filter(nom="certificateur").values("organisme")
    gens = {a for organisme in Organisme.objects.filter(pk__in=tenus) for a in adresses("certificateur", organisme)}
    return gens or {settings.COURRIEL_CONTACT}


def _a_qui_repond(message, acteur, donnees, resultat):
    return [composer("message_du_public", adresse, message=message) for adresse in sorted(destinataires(message))]


@verbe(
    MESSAGE,
    "ecrire_au_site",
    libelle="Écrire depuis le site",
    roles=("passant",),
    etape=1,
    vers=(Etat.RECU,),
    courriels=_a_qui_repond,
    creation=True,
)
def _ecrire(message, acteur, donnees):
    return {"details": {"sujet": message.sujet}}


@verbe(
    MESSAGE,
    "clore_message",
    libelle="Noter la réponse",
    roles=("gestionnaire", "certificateur"),
    etape=1,
    de=(Etat.RECU,),
    vers=(Etat.CLOS,),
    formulaire=ReponseForm,
    principal=True,
    attendu=Q(),
    attente="Quelqu’un attend une réponse à son message",
    aide="Une fois que vous avez répondu à la personne, depuis votre messagerie.",
)
def _clore(message, acteur, donnees):
    message.suite, message.clos_par, message.clos_le = donnees["suite"], acteur, timezone.now()
    return {}


def recevoir(message: Message) -> Message:
    """Take in what a visitor sent."""
    return executer(MESSAGE, "ecrire_au_site", message, Passant())
