"""The verbs of mandates: given by the certificateur for a collège, renewed or corrected, withdrawn with a reason."""

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.courriels import adresses, composer
from backoffice.notifications.relances import Attendu, relance
from registre.transitions import executer, verbe

from .forms_mandats import DatesDeMandatForm, MandatForm
from .models import Mandat, SessionJury
from .workflow import SESSION

MODELE = Mandat._meta.label_lower
Etat = Mandat.Etat
AVANT_LA_FIN = 60


def chevauchements(mandat, debut, fin, certifications):
    """The other mandates of this person in the juries of this body that run at the same time for the same thing."""
    autres = (
        Mandat.objects.filter(personne=mandat.personne_id, certificateur=mandat.certificateur_id, retire_le=None)
        .exclude(pk=mandat.pk)
        .filter(Q(fin=None) | Q(fin__gte=debut))
    )
    if fin:
        autres = autres.filter(debut__lte=fin)
    if certifications:
        autres = autres.filter(Q(certifications=None) | Q(certifications__in=certifications))
    return autres.distinct()


def _dates_possibles(mandat, debut, fin, certifications):
    if fin and fin < debut:
        yield "Un mandat finit après avoir commencé\u00a0: corrigez les dates."
    elif deja := chevauchements(mandat, debut, fin, certifications).first():
        jusqua = f" jusqu’au {deja.fin:%d/%m/%Y}" if deja.fin else ""
        yield (
            f"{mandat.personne} a déjà un mandat à partir du {deja.debut:%d/%m/%Y}{jusqua} dans ces jurys\u00a0: "
            "un siège, une voix. Renouvelez ce mandat, ou retirez-le d’abord."
        )


def _mandat_possible(mandat, acteur, donnees):
    yield from _dates_possibles(mandat, mandat.debut, mandat.fin, donnees.get("certifications"))
    if not mandat.personne.is_active:
        yield f"Le compte de {mandat.personne} est fermé\u00a0: rouvrez-le, ou choisissez une autre personne."
    if titulaire := mandat.suppleant_de:
        if titulaire.suppleant or titulaire.retire_le:
            yield f"{titulaire.personne} n’est pas titulaire\u00a0: un suppléant remplace un titulaire."
        if titulaire.certificateur_id != mandat.certificateur_id or titulaire.college != mandat.college:
            yield (
                f"{titulaire.personne} siège dans un autre jury ou un autre collège\u00a0: "
                "un suppléant remplace un titulaire du sien."
            )
        if titulaire.personne_id == mandat.personne_id:
            yield "On ne se supplée pas soi-même."


def _dire(phrase):
    def preparer(mandat, acteur, donnees, resultat):
        contexte = {"mandat": mandat, "phrase": phrase, "motif": donnees.get("motif", "")}
        return [composer("mandat", mandat.personne.email, **contexte)]

    return preparer


@verbe(
    MODELE,
    "donner_mandat",
    libelle="Donner un mandat",
    roles=("certificateur",),
    etape=1,
    vers=(Etat.EN_COURS,),
    creation=True,
    conditions=_mandat_possible,
    formulaire=MandatForm,
    courriels=_dire("Vous recevez un mandat pour siéger"),
)
def _donner_mandat(mandat, acteur, donnees):
    mandat.certifications.set(donnees.get("certifications") or ())
    return {"details": {"personne": mandat.personne_id, "college": mandat.college, "suppleant": mandat.suppleant}}


def _renouvellement_possible(mandat, acteur, donnees):
    if donnees:
        yield from _dates_possibles(mandat, donnees["debut"], donnees["fin"], list(mandat.certifications.all()))


@verbe(
    MODELE,
    "renouveler_mandat",
    libelle="Renouveler ou corriger les dates",
    roles=("certificateur",),
    etape=1,
    de=(Etat.EN_COURS,),
    conditions=_renouvellement_possible,
    formulaire=DatesDeMandatForm,
    courriels=_dire("Les dates de votre mandat changent"),
    principal=True,
)
def _renouveler_mandat(mandat, acteur, donnees):
    avant = _dates(mandat)
    mandat.debut, mandat.fin = donnees["debut"], donnees["fin"]
    return {"details": {"avant": avant, "apres": _dates(mandat)}}


def _dates(mandat) -> list[str]:
    return [mandat.debut.isoformat(), mandat.fin.isoformat() if mandat.fin else ""]


@verbe(
    MODELE,
    "retirer_mandat",
    libelle="Retirer le mandat",
    roles=("certificateur",),
    etape=1,
    de=(Etat.EN_COURS,),
    vers=(Etat.RETIRE,),
    formulaire=MotifForm,
    courriels=_dire("Votre mandat est retiré"),
    danger=True,
    aide="La personne ne siège plus dès aujourd’hui\u202f: ses sièges dans les sessions à venir sont libérés. "
    "Les procès-verbaux où elle figure ne changent pas.",
)
def _retirer_mandat(mandat, acteur, donnees):
    mandat.retire_le = timezone.now()
    a_venir = mandat.sieges.filter(session__etat=SessionJury.Etat.PLANIFIEE).select_related("session").order_by("pk")
    sieges = list(a_venir)
    for siege in sieges:
        donnees_du_siege = {"membre": siege, "motif": donnees.get("motif", "")}
        executer(SESSION, "retirer_membre", siege.session, acteur, donnees_du_siege, par="retirer_mandat")
    return {"details": {"sessions": [siege.session_id for siege in sieges]}}


@relance(
    "fin_mandat",
    "Mandat de jury qui prend fin",
    a_qui="Le certificateur et le membre",
    modele=MODELE,
    avant=True,
    du_parcours=False,
)
def _fins_de_mandat(pk=None):
    finissent = Mandat.objects.filter(retire_le=None, fin__gte=timezone.localdate()).select_related("personne")
    for mandat in finissent.filter(pk=pk) if pk is not None else finissent:
        yield Attendu(mandat, mandat.fin, AVANT_LA_FIN, lambda m=mandat: _prevenir_de_la_fin(m))


def _prevenir_de_la_fin(mandat):
    contexte = {"mandat": mandat, "phrase": "Ce mandat prend bientôt fin", "motif": ""}
    gens = {mandat.personne.email, *adresses("certificateur", mandat.certificateur)}
    return [composer("fin_mandat", adresse, **contexte) for adresse in sorted(gens)]
