"""The clock of the dossiers nobody touches: a reminder, then a closing, by the platform itself; the right to contest.

The clock runs only where the employer is awaited: nobody is closed for the slowness of a porteur, an évaluateur or a
jury. A dossier is closed only when a reminder has really left, and the whole delay has run since.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from registre.models import CourrielSortant, EntreeJournal
from registre.quotidien import quotidienne
from registre.transitions import Refus, executer, verbe

from .attente import attente_de, avec_attente
from .courriels import de_l_employeur, de_l_evaluateur, du_candidat, du_porteur, prevenir
from .forms import MotifForm, PourquoiForm
from .models import Candidature, Etat, Sortie
from .sorties import OUVERTS, REPRISES, limite_de_reprise, quitter, reprendre
from .workflow import MODELE

SUIVIS = (Etat.BROUILLON, *(etat for etat in OUVERTS if etat != Etat.INSCRITE_JURY))
ATTENDUS = {"employeur", "candidat"}
PLATEFORME = "plateforme"


class Horloge:
    """The platform, when it acts by itself at its hour."""

    pk = None
    email = ""
    is_authenticated = False

    def roles_par_invitation(self, candidature) -> set[str]:
        return {PLATEFORME}


def avec_dernier_acte(candidatures):
    """Annotate each dossier with `dernier_acte`: when a person last did something on it."""
    actes = EntreeJournal.objects.filter(objet_type=MODELE, objet_id=OuterRef("pk"))
    actes = actes.exclude(role=PLATEFORME).exclude(verbe__startswith="consulter")
    return candidatures.annotate(dernier_acte=Subquery(actes.order_by("-sequence").values("horodatage")[:1]))


@dataclass(frozen=True)
class Echeances:
    """What the clock will do to one dossier: reminder, then closing; None when it will not."""

    relance: date | None = None
    cloture: date | None = None

    @classmethod
    def de(cls, candidature: Candidature) -> "Echeances":
        attente = attente_de(candidature) if candidature.etat in SUIVIS else None
        if attente is None or attente["role"] not in ATTENDUS or not candidature.parcours.relance_inactivite_jours:
            return cls()
        dernier = getattr(candidature, "dernier_acte", None)
        if dernier is None:
            dernier = avec_dernier_acte(Candidature.objects.filter(pk=candidature.pk)).get().dernier_acte
        if dernier is None:
            return cls()
        if candidature.relancee_le is None or candidature.relancee_le < dernier:
            return cls(relance=_apres(dernier, candidature.parcours.relance_inactivite_jours))
        if (partie := _relance_partie(candidature)) is None:
            return cls()
        return cls(cloture=_apres(partie, candidature.parcours.cloture_inactivite_jours))


def _apres(moment: datetime, jours: int) -> date:
    return timezone.localdate(moment) + timedelta(days=jours)


def _relance_partie(candidature: Candidature) -> datetime | None:
    """When the reminder really left, None when no address took it yet."""
    relances = CourrielSortant.objects.envoyes().filter(
        cause__objet_type=MODELE,
        cause__objet_id=candidature.pk,
        cause__verbe="relancer_inactivite",
        cause__horodatage__gte=candidature.relancee_le,
    )
    return relances.order_by("envoye_le").values_list("envoye_le", flat=True).first()


def _relance_due(candidature, acteur, donnees):
    due = Echeances.de(candidature).relance
    if due is None or timezone.localdate() < due:
        yield "Ce dossier n’est pas à relancer aujourd’hui."
    elif not de_l_employeur(candidature):
        yield "Personne ne peut recevoir la relance de ce dossier."


@verbe(
    MODELE,
    "relancer_inactivite",
    libelle="Relancer un dossier inactif",
    roles=(PLATEFORME,),
    etape=2,
    de=SUIVIS,
    conditions=_relance_due,
    courriels=prevenir("candidature_inactive", de_l_employeur, du_candidat),
    interne=True,
)
def _relancer(candidature, acteur, donnees):
    depuis = avec_dernier_acte(Candidature.objects.filter(pk=candidature.pk)).get().dernier_acte
    candidature.relancee_le = timezone.now()
    echeance = _apres(candidature.relancee_le, candidature.parcours.cloture_inactivite_jours)
    attendu = f"{attente_de(candidature)['quoi']}."
    return {"courriel": {"depuis": depuis, "echeance": echeance, "attendu": attendu}}


def _cloture_due(candidature, acteur, donnees):
    due = Echeances.de(candidature).cloture
    if due is None or timezone.localdate() <= due:
        yield "Ce dossier n’est pas à clore aujourd’hui."


@verbe(
    MODELE,
    "clore_inactive",
    libelle="Clore un dossier inactif",
    roles=(PLATEFORME,),
    etape=10,
    de=SUIVIS,
    vers=(Etat.ABANDONNEE, Etat.ANNULEE),
    conditions=_cloture_due,
    courriels=prevenir("candidature_close", de_l_employeur, du_candidat, du_porteur, de_l_evaluateur),
    interne=True,
)
def _clore(candidature, acteur, donnees):
    # Nobody but its author was ever told of a draft: it is deleted, and may be taken up again.
    brouillon = candidature.etat == Etat.BROUILLON
    quitter(candidature, Sortie.INACTIVITE)
    limite = _apres(timezone.now(), candidature.parcours.contestation_jours)
    return {"etat": Etat.ANNULEE if brouillon else Etat.ABANDONNEE, "courriel": {"echeance": limite}}


def _contestable(candidature, acteur, donnees):
    if candidature.sortie != Sortie.INACTIVITE:
        yield "Seule une clôture pour inactivité se conteste ici."
    elif candidature.contestee_le:
        yield "Cette clôture est déjà contestée\u00a0: la réponse du porteur paraît sur le dossier."
    elif timezone.localdate() > (limite := limite_de_reprise(candidature)):
        yield f"Le délai pour contester s’est terminé le {limite:%d/%m/%Y}\u00a0: ouvrez un nouveau dossier."


@verbe(
    MODELE,
    "contester",
    libelle="Contester la clôture",
    roles=("candidat", "employeur"),
    etape=10,
    de=(Etat.ABANDONNEE,),
    conditions=_contestable,
    formulaire=PourquoiForm,
    courriels=prevenir("contestation_recue", du_porteur),
    aide="Dites pourquoi le dossier était resté sans suite. Le porteur répond\u00a0: il reprend, ou la clôture tient.",
)
def _contester(candidature, acteur, donnees):
    candidature.contestee_le = timezone.now()
    return {}


def _contestee(candidature, acteur, donnees):
    if not candidature.contestee_le or candidature.contestation_refusee_le:
        yield "Aucune contestation n’attend de réponse sur ce dossier."


@verbe(
    MODELE,
    "accepter_contestation",
    libelle="Accepter la contestation",
    roles=("gestionnaire",),
    etape=10,
    de=(Etat.ABANDONNEE,),
    vers=REPRISES,
    conditions=_contestee,
    courriels=prevenir("candidature_reprise", de_l_employeur, du_candidat),
    principal=True,
    attendu=Q(contestee_le__isnull=False, contestation_refusee_le=None),
    attente="Le porteur répond à la contestation",
    aide="Le dossier reprend là où il en était.",
)
def _accepter(candidature, acteur, donnees):
    return reprendre(candidature)


@verbe(
    MODELE,
    "refuser_contestation",
    libelle="Maintenir la clôture",
    roles=("gestionnaire",),
    etape=10,
    de=(Etat.ABANDONNEE,),
    conditions=_contestee,
    formulaire=MotifForm,
    courriels=prevenir("contestation_refusee", de_l_employeur, du_candidat),
    danger=True,
)
def _refuser(candidature, acteur, donnees):
    candidature.contestation_refusee_le = timezone.now()
    return {}


@quotidienne("Relance les dossiers inactifs, puis les clôt")
def dossiers_inactifs() -> str:
    """Remind, then close: each dossier at most once a day, whatever the days missed; a fault on one stops no other."""
    hier = timezone.now() - timedelta(days=1)
    suivis = list(Candidature.objects.filter(etat__in=SUIVIS, etat_depuis__lt=hier).order_by("pk").values_list("pk"))
    faits = {"relancer_inactivite": 0, "clore_inactive": 0}
    for (pk,) in suivis:
        candidature = (
            avec_attente(avec_dernier_acte(Candidature.objects.filter(pk=pk))).select_related("parcours").get()
        )
        echeances, aujourd_hui = Echeances.de(candidature), timezone.localdate()
        if echeances.cloture and echeances.cloture < aujourd_hui:
            nom = "clore_inactive"
        elif echeances.relance and echeances.relance <= aujourd_hui:
            nom = "relancer_inactivite"
        else:
            continue
        try:
            executer(MODELE, nom, candidature, Horloge())
            faits[nom] += 1
        except Refus:
            # Somebody acted meanwhile, or nobody can be told.
            continue
    return f"{faits['relancer_inactivite']} dossier(s) relancé(s), {faits['clore_inactive']} clos pour inactivité."
