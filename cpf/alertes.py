"""Terms that come near: told once per step to the certificateur by mail, and every day in « À faire »."""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from backoffice.courriels import adresses, composer, courriels, variable
from backoffice.rappels import Rappel, rappel
from registre import journal
from registre.courriels import deposer
from registre.models import Organisme
from registre.quotidien import quotidienne

from .accrochage import a_declarer, examiner
from .echeances import BANDES, PALIERS
from .file_attente import oublier, ranger
from .models import ControleCPF, DemandeCDC

ACTE, ROLE = "alerter_echeances", "plateforme"
FAMILLE = "SI CPF"
A_TEMPS = {
    "retard": "échéance passée",
    "j7": "échéance sous 7 jours",
    "j15": "échéance sous 15 jours",
    "j30": "échéance sous 30 jours",
}


def _lignes(comptes: dict[str, int]) -> str:
    return "\n".join(
        f"- {nombre} parchemin{'s' if nombre > 1 else ''}\u00a0: {A_TEMPS[code]}" for code, nombre in comptes.items()
    )


def adresse_de_la_file(organisme, **filtres) -> str:
    """The queue of this body, narrowed."""
    parametres = "&".join(f"{nom}={valeur}" for nom, valeur in {"certificateur": organisme.pk, **filtres}.items())
    return f"{reverse('cpf:file')}?{parametres}"


variable(
    "echeances_cpf",
    "combien de parchemins approchent de leur échéance, ligne par ligne",
    lambda c: _lignes(c["echeances"]),
    "- 3 parchemins\u00a0: échéance sous 7 jours",
)
variable(
    "lien_file_cpf",
    "lien vers la file de déclaration au SI CPF",
    lambda c: settings.ADRESSE_PUBLIQUE + adresse_de_la_file(c["certificateur"]),
    "ADRESSE/gestion/cpf/file/?certificateur=3",
)
# fmt: off
courriels(FAMILLE, [
    ("echeances_cpf", "Échéances de déclaration au SI CPF",
     "Des parchemins à déclarer arrivent à 30, 15 ou 7 jours de leur échéance, ou la dépassent",
     "Le certificateur qui les a délivrés", ("echeances_cpf!", "lien_file_cpf!"), (), {"page": "cpf:file"}),
])
# fmt: on


def _declarants():
    """The bodies that still owe something."""
    return [o for o in Organisme.objects.filter(parchemins_delivres__isnull=False).distinct() if a_declarer(o).exists()]


@quotidienne("Contrôle les parchemins à déclarer au SI CPF")
def controler_file_cpf() -> str:
    """Check everything that is due, side by side; forget the checks of what no longer is."""
    nombre = sum(ranger(examiner(a_declarer(organisme))) for organisme in _declarants())
    return f"{nombre} parchemin(s) contrôlé(s), {oublier()} contrôle(s) oublié(s)."


@quotidienne("Prévient des échéances de déclaration au SI CPF")
def prevenir_echeances_cpf() -> str:
    """Tell each certificateur, once per step, how many parchemins reached 30, 15, 7 days or went past their term."""
    prevenus = sum(_prevenir(organisme) for organisme in _declarants())
    return f"{prevenus} certificateur(s) prévenu(s)."


def _prevenir(organisme: Organisme) -> bool:
    with transaction.atomic():
        # One at a time for a body: two runs at once would tell twice.
        Organisme.objects.select_for_update().get(pk=organisme.pk)
        comptes = _franchir(organisme)
        gens = adresses("certificateur", organisme) if comptes else []
        if not gens:
            return False
        entree = journal.consigner(None, ROLE, ACTE, organisme, details=comptes)
        for adresse in gens:
            deposer(composer("echeances_cpf", adresse, echeances=comptes, certificateur=organisme), entree)
    return True


def _franchir(organisme: Organisme) -> dict[str, int]:
    """Mark the steps reached since the last alert; return how many parchemins reached each, the most urgent first."""
    dus, jour, comptes = a_declarer(organisme).order_by(), timezone.localdate(), {}
    for bande in BANDES:
        if bande.code not in PALIERS:
            continue
        palier = PALIERS[bande.code]
        siens = ControleCPF.objects.filter(parchemin__in=dus.filter(bande.condition(jour)).values("pk"))
        nouveaux = siens.filter(Q(palier=None) | Q(palier__gt=palier)).update(palier=palier)
        comptes |= {bande.code: nouveaux} if nouveaux else {}
    return comptes


def echeances_de(organisme: Organisme) -> dict[str, int]:
    """How many parchemins are due in each band."""
    dus, jour = a_declarer(organisme).order_by(), timezone.localdate()
    return {bande.code: dus.filter(bande.condition(jour)).count() for bande in BANDES}


def corrections_de(organisme: Organisme) -> QuerySet[DemandeCDC]:
    """The corrections that the Caisse des dépôts asks this body for, the nearest term first."""
    return DemandeCDC.objects.filter(certificateur=organisme).ouvertes().order_by("echeance", "pk")


def adresse_des_corrections(organisme: Organisme) -> str:
    """The queue narrowed to them; they are accepted, or cancelled since."""
    return f"{adresse_de_la_file(organisme, correction='demandee')}&etat=accepte&etat=hors&etat=en_lot"


def _corrections_demandees(organisme: Organisme) -> Iterator[Rappel]:
    attendues = list(corrections_de(organisme)[:100])
    if attendues:
        nombre, terme = len(attendues), attendues[0].echeance
        yield Rappel(
            f"SI CPF\u00a0: {nombre} correction{'s' if nombre > 1 else ''} demandée{'s' if nombre > 1 else ''} par la "
            "Caisse des dépôts",
            f"{organisme}\u00a0: la plus proche est à traiter avant le {terme:%d/%m/%Y}.",
            adresse_des_corrections(organisme),
            "Voir les parchemins à corriger",
            "refus" if terme < timezone.localdate() else "partiel",
        )


@rappel
def _echeances_proches(utilisateur) -> Iterator[Rappel]:
    """For each body of a certificateur: what is late, else what will be within fifteen days."""
    if not utilisateur.a_role("certificateur"):
        return
    for organisme in Organisme.objects.filter(pk__in=utilisateur.organismes_ids("certificateur")):
        yield from _corrections_demandees(organisme)
        comptes = echeances_de(organisme)
        for code, ton in (("retard", "refus"), ("j7", "partiel"), ("j15", "partiel")):
            if nombre := comptes[code]:
                yield Rappel(
                    f"SI CPF\u00a0: {nombre} parchemin{'s' if nombre > 1 else ''}, {A_TEMPS[code]}",
                    f"{organisme}\u00a0: la déclaration est due dans les trois mois de la délivrance.",
                    adresse_de_la_file(organisme, echeance=code),
                    "Ouvrir la file de déclaration",
                    ton,
                )
                break
