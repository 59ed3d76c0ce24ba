"""The queue: every whole success since July 2021, where it stands, why it cannot go; its checks kept up to date."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from registre.models import Parchemin

from .accrochage import PAQUET, REPERTOIRES, Candidat, a_declarer, examiner, paquets
from .controles import PREMIERE_DELIVRANCE
from .models import ControleCPF, PassageCPF

Gravite, Reponse = ControleCPF.Gravite, PassageCPF.Reponse
# Beyond, what is stale is checked by itself at once, and everything together during the night.
EXAMEN_MAXIMAL = 1_000
VIVANT = Q(annule_le=None)
ENTIERE = Q(nature=Parchemin.Nature.PARCHEMIN, version__repertoire__in=REPERTOIRES, delivre_le__gte=PREMIERE_DELIVRANCE)
A_DECLARER = VIVANT & ENTIERE & ~Q(sha256="") & Q(declare=False)
# value, words, condition: exclusive, and together all there is. Those that nobody has to care for stay out of sight.
ETATS = (
    ("bloque", "Bloqué", A_DECLARER & Q(controle_cpf__gravite=Gravite.BLOQUANTE)),
    ("refuse", "Refusé, à reprendre", A_DECLARER & ~Q(controle_cpf__gravite=Gravite.BLOQUANTE) & Q(deja_refuse=True)),
    ("reserve", "À vérifier", A_DECLARER & Q(controle_cpf__gravite=Gravite.RESERVE, deja_refuse=False)),
    ("pret", "Prêt", A_DECLARER & Q(controle_cpf__gravite=Gravite.SAINE, deja_refuse=False)),
    ("a_controler", "Contrôle à venir", A_DECLARER & Q(controle_cpf=None, deja_refuse=False)),
    ("fabrication", "En fabrication", VIVANT & ENTIERE & Q(sha256="", declare=False)),
    ("en_lot", "En attente de réponse", VIVANT & ENTIERE & Q(declare=True, accepte=False)),
    ("accepte", "Accepté", VIVANT & ENTIERE & Q(accepte=True)),
    ("hors", "Hors déclaration", ~(VIVANT & ENTIERE)),
)
MASQUES = frozenset({"en_lot", "accepte", "hors"})


def annoter(parchemins: QuerySet[Parchemin]) -> QuerySet[Parchemin]:
    """With what was declared of each: `declare`, `accepte`, `deja_refuse`."""
    siens = PassageCPF.objects.filter(parchemin=OuterRef("pk"))
    return parchemins.annotate(
        declare=Exists(siens.en_cours()),
        accepte=Exists(siens.filter(reponse=Reponse.ACCEPTE)),
        deja_refuse=Exists(siens.filter(reponse=Reponse.REFUSE)),
    )


def etat_de(parchemin: Parchemin) -> str:
    """The state of an annotated parchemin, as the conditions of `ETATS` tell it."""
    if hors_declaration(parchemin):
        return "hors"
    if parchemin.accepte or parchemin.declare:
        return "accepte" if parchemin.accepte else "en_lot"
    if not parchemin.sha256:
        return "fabrication"
    controle = getattr(parchemin, "controle_cpf", None)
    if controle and controle.gravite == Gravite.BLOQUANTE:
        return "bloque"
    if parchemin.deja_refuse:
        return "refuse"
    return {Gravite.RESERVE: "reserve", Gravite.SAINE: "pret"}[controle.gravite] if controle else "a_controler"


def hors_declaration(parchemin: Parchemin) -> str:
    """Why this document is never declared; empty when it is to be."""
    if parchemin.nature != Parchemin.Nature.PARCHEMIN:
        return "Seules les certifications entières se déclarent\u00a0: une réussite partielle n’est pas transmise."
    if parchemin.version.repertoire not in REPERTOIRES:
        return "Cette certification n’est inscrite ni au RNCP ni au répertoire spécifique."
    if parchemin.delivre_le < PREMIERE_DELIVRANCE:
        return "Délivrée avant le 1er juillet 2021\u00a0: la déclaration n’est pas due."
    if parchemin.annule_le:
        quoi = "remplacé\u00a0: c’est le nouveau qui se déclare" if parchemin.remplace_par_id else "annulé"
        return f"Ce document est {quoi}, depuis le {timezone.localtime(parchemin.annule_le):%d/%m/%Y}."
    return ""


# The checks, kept ---------------------------------------------------------------------------------------------------


def perimes(dus: QuerySet[Parchemin]) -> QuerySet[Parchemin]:
    """Those never checked, or whose civil status or replacement was decided since."""
    soi = Parchemin.objects.filter(pk=OuterRef("pk"))
    depuis = OuterRef("controle_cpf__fait_le")
    change = (
        Q(titulaire__corrections__decidee_le__gt=depuis)
        | Q(demanderemplacements__demandee_le__gt=depuis)
        | Q(demanderemplacements__tranchee_le__gt=depuis)
    )
    return dus.filter(Q(controle_cpf=None) | Exists(soi.filter(change)))


def ranger(candidats: Iterable[Candidat]) -> int:
    """Keep what the checks say of these; return how many."""
    nombre, instant = 0, timezone.now()
    for paquet in paquets(candidats, PAQUET):
        ControleCPF.objects.bulk_create(
            [_controle(candidat, instant) for candidat in paquet],
            update_conflicts=True,
            unique_fields=["parchemin"],
            update_fields=["gravite", "ecran", "anomalies", "fait_le"],
        )
        nombre += len(paquet)
    return nombre


def _controle(candidat: Candidat, instant) -> ControleCPF:
    gravite = Gravite.RESERVE if candidat.anomalies else Gravite.SAINE
    return ControleCPF(
        parchemin=candidat.parchemin,
        gravite=Gravite.BLOQUANTE if candidat.bloquantes else gravite,
        ecran=candidat.anomalies[0].ecran if candidat.anomalies else "",
        anomalies=[
            {"champ": a.champ, "phrase": a.phrase, "conseil": a.conseil, "bloquante": a.bloquante, "ecran": a.ecran}
            for a in candidat.anomalies
        ],
        fait_le=instant,
    )


def rafraichir(certificateurs: Iterable) -> None:
    """Check again what changed since the last check, before somebody reads the queue of these bodies."""
    for certificateur in certificateurs:
        dus = a_declarer(certificateur)
        anciens = perimes(dus)
        if anciens.exists():
            # Together when they are few enough: duplicates are seen side by side only.
            ranger(examiner(dus if dus.count() <= EXAMEN_MAXIMAL else anciens))


def oublier() -> int:
    """Delete the checks of what is no longer due: accepted, cancelled, replaced."""
    finis = Q(parchemin__annule_le__isnull=False) | Q(parchemin__passages_cpf__reponse=Reponse.ACCEPTE)
    nombre, _ = ControleCPF.objects.filter(pk__in=ControleCPF.objects.filter(finis).values("pk")).delete()
    return nombre
