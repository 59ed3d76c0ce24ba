"""The verbs of a report: received from anybody, examined by the certificateur, closed with what was found or done."""

from django.db.models import Q
from django.utils import timezone

from backoffice.comptes.models import Role
from backoffice.courriels import adresses, composer
from backoffice.depots import Passant
from registre.models import Organisme
from registre.transitions import executer, verbe

from .forms import ConclusionForm
from .models import Signalement

SIGNALEMENT = "signalements.signalement"
Etat = Signalement.Etat


def _aux_certificateurs(signalement, acteur, donnees, resultat):
    """Those of the document, when its number is in the register; all of them otherwise."""
    document = signalement.document()
    gens = adresses("certificateur", document.certificateur) if document else []
    if not gens:
        tenus = Role.objects.actifs().filter(nom="certificateur").values("organisme")
        gens = {a for organisme in Organisme.objects.filter(pk__in=tenus) for a in adresses("certificateur", organisme)}
    return [composer("signalement_recu", adresse, signalement=signalement) for adresse in sorted(gens)]


@verbe(
    SIGNALEMENT,
    "signaler",
    libelle="Signaler un document",
    roles=("passant",),
    etape=10,
    vers=(Etat.RECU,),
    courriels=_aux_certificateurs,
    creation=True,
)
def _signaler(signalement, acteur, donnees):
    return {"details": {"nature": signalement.nature}}


@verbe(
    SIGNALEMENT,
    "examiner_signalement",
    libelle="Examiner ce signalement",
    roles=("certificateur",),
    etape=10,
    de=(Etat.RECU,),
    vers=(Etat.EXAMINE,),
    principal=True,
    attendu=Q(),
    attente="Le certificateur examine un document signalé",
    aide="Vos collègues voient que vous vous en chargez.",
)
def _examiner(signalement, acteur, donnees):
    signalement.examine_par = acteur
    return {}


def _clore(signalement, acteur, donnees):
    signalement.examine_par = signalement.examine_par or acteur
    signalement.conclusion, signalement.clos_le = donnees["conclusion"], timezone.now()
    return {}


verbe(
    SIGNALEMENT,
    "donner_suite",
    libelle="Dire la suite donnée",
    roles=("certificateur",),
    etape=10,
    de=(Etat.RECU, Etat.EXAMINE),
    vers=(Etat.SUIVI,),
    formulaire=ConclusionForm,
    principal=True,
    aide="Par exemple\u00a0: document annulé, titulaire prévenu, plainte déposée.",
)(_clore)
verbe(
    SIGNALEMENT,
    "classer_signalement",
    libelle="Classer sans suite",
    roles=("certificateur",),
    etape=10,
    de=(Etat.RECU, Etat.EXAMINE),
    vers=(Etat.CLASSE,),
    formulaire=ConclusionForm,
    aide="Rien à reprocher, ou rien qui permette d’aller plus loin.",
)(_clore)


def recevoir(signalement: Signalement) -> Signalement:
    """Take in what a visitor sent."""
    return executer(SIGNALEMENT, "signaler", signalement, Passant())
