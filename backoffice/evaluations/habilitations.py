"""The verbs of habilitations: granted by the CPNE, extended, withdrawn with a reason."""

from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.courriels import composer
from registre.transitions import verbe

from .forms import HabilitationForm, ProlongationForm
from .models import Habilitation

MODELE = Habilitation._meta.label_lower
Etat = Habilitation.Etat
HABILITEURS = ("gestionnaire", "certificateur")


def _accord_possible(habilitation, acteur, donnees):
    evaluateur = habilitation.evaluateur
    if not evaluateur.is_active or not evaluateur.roles.actifs().filter(nom="evaluateur").exists():
        yield f"{evaluateur} n’a pas le rôle d’évaluateur\u00a0: invitez d’abord cette personne à ce rôle."
    if habilitation.fin < habilitation.debut:
        yield "Une habilitation finit après avoir commencé\u00a0: corrigez les dates."
    memes = Habilitation.objects.filter(
        evaluateur=evaluateur, certification=habilitation.certification_id, retiree_le=None
    ).filter(debut__lte=habilitation.fin, fin__gte=habilitation.debut)
    if deja := memes.first():
        yield (
            f"{evaluateur} est déjà habilité(e) pour ce CQP du {deja.debut:%d/%m/%Y} au {deja.fin:%d/%m/%Y}\u00a0: "
            "prolongez cette habilitation."
        )


def _dire(phrase):
    def preparer(habilitation, acteur, donnees, resultat):
        contexte = {"habilitation": habilitation, "phrase": phrase, "motif": donnees.get("motif", "")}
        return [composer("habilitation", habilitation.evaluateur.email, **contexte)]

    return preparer


@verbe(
    MODELE,
    "accorder",
    libelle="Accorder une habilitation",
    roles=HABILITEURS,
    etape=1,
    vers=(Etat.ACCORDEE,),
    creation=True,
    conditions=_accord_possible,
    formulaire=HabilitationForm,
    courriels=_dire("Vous êtes habilité(e)"),
)
def _accorder(habilitation, acteur, donnees):
    return {"details": {"evaluateur": habilitation.evaluateur_id, "certification": habilitation.certification_id}}


def _prolongation_possible(habilitation, acteur, donnees):
    fin = donnees.get("fin")
    if fin and fin <= habilitation.fin:
        yield (
            f"Cette habilitation va déjà jusqu’au {habilitation.fin:%d/%m/%Y}\u00a0: indiquez une date plus lointaine."
        )
    elif fin and fin < timezone.localdate():
        yield "Cette date est passée\u00a0: indiquez jusqu’à quand la personne pourra évaluer."


@verbe(
    MODELE,
    "prolonger",
    libelle="Prolonger l’habilitation",
    roles=HABILITEURS,
    etape=1,
    de=(Etat.ACCORDEE,),
    conditions=_prolongation_possible,
    formulaire=ProlongationForm,
    courriels=_dire("Votre habilitation est prolongée"),
    principal=True,
)
def _prolonger(habilitation, acteur, donnees):
    avant, habilitation.fin = habilitation.fin, donnees["fin"]
    habilitation.decision = donnees.get("decision") or habilitation.decision
    return {"details": {"fin_avant": avant.isoformat(), "fin": habilitation.fin.isoformat()}}


@verbe(
    MODELE,
    "retirer",
    libelle="Retirer l’habilitation",
    roles=HABILITEURS,
    etape=1,
    de=(Etat.ACCORDEE,),
    vers=(Etat.RETIREE,),
    formulaire=MotifForm,
    courriels=_dire("Votre habilitation est retirée"),
    danger=True,
    aide="La personne ne peut plus évaluer pour ce CQP dès aujourd’hui. Les évaluations qu’elle a transmises "
    "restent\u202f; "
    "celles en cours sont à confier à une autre.",
)
def _retirer(habilitation, acteur, donnees):
    habilitation.retiree_le = timezone.localdate()
    return {}
