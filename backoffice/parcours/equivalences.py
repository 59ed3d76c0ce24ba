"""Which blocs of other versions are worth a bloc of this one: suggested from the lineage, confirmed by a person."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from registre import correspondances, journal
from registre.models import Bloc, Certification, VersionCertification
from registre.textes import plier
from registre.transitions import Refus

from .models import Equivalence


@dataclass(frozen=True)
class Suggestion:
    """A bloc acquired in an older version that carries the same name as a bloc of the one that succeeds it."""

    acquis: Bloc
    vise: Bloc


def versions_liees(certification: Certification):
    """The versions of this certification, and those of others that it succeeds or that succeed it."""
    siennes = Q(certification=certification)
    liees = Q(successeurs__certification=certification) | Q(succede_a__certification=certification)
    return VersionCertification.objects.filter(siennes | liees).distinct().order_by("-date_decision", "-pk")


def equivalences_de(certification: Certification):
    """The equivalences confirmed from or to a bloc of this certification."""
    ici = Q(vise__version__certification=certification) | Q(acquis__version__certification=certification)
    return Equivalence.objects.filter(ici).select_related("acquis__version", "vise__version").order_by("vise", "acquis")


@correspondances.source
def correspondances_publiques(versions: set[int]) -> list[correspondances.Correspondance]:
    """What the portal says of the blocs one keeps from a version to the next."""
    ici = Q(vise__version__in=versions) | Q(acquis__version__in=versions)
    noms = ("acquis__libelle", "acquis__version", "vise__libelle", "vise__version")
    ordre = ("vise__version", "vise__ordre", "vise__code", "acquis__version", "acquis__ordre")
    lignes = Equivalence.objects.filter(ici).order_by(*ordre).values_list(*noms)
    return [correspondances.Correspondance(*ligne) for ligne in lignes]


def suggestions(certification: Certification) -> list[Suggestion]:
    """The blocs of the same label from a version to its successor, either way round when they are not yet confirmed."""
    versions = list(versions_liees(certification).prefetch_related("blocs", "succede_a__blocs"))
    connues = {(e.acquis_id, e.vise_id) for e in equivalences_de(certification)}
    trouvees = []
    for version in versions:
        for ancienne in version.succede_a.all():
            par_nom = {plier(bloc.libelle): bloc for bloc in ancienne.blocs.all()}
            for bloc in version.blocs.all():
                acquis = par_nom.get(plier(bloc.libelle))
                if acquis and (acquis.pk, bloc.pk) not in connues:
                    trouvees.append(Suggestion(acquis, bloc))
    return trouvees


def confirmer(acteur, certification: Certification, acquis: Bloc, vise: Bloc, source: str, cle: str = "") -> None:
    """Write that a bloc acquired is worth a bloc aimed at, on which decision, with its entry in the journal.

    Raises:
        Refus: the same bloc twice, or a bloc of a certification that is not related to this one.
    """
    liees = set(versions_liees(certification).values_list("pk", flat=True))
    if acquis == vise:
        raise Refus("Un bloc équivaut de lui-même à lui-même\u00a0: choisissez deux blocs différents.")
    if certification.pk not in {acquis.version.certification_id, vise.version.certification_id}:
        raise Refus("Un des deux blocs appartient à cette certification\u00a0: choisissez-le.")
    if not source.strip():
        raise Refus("Indiquez la décision qui fonde cette équivalence.")
    with transaction.atomic():
        if journal.deja_fait(cle, "confirmer_equivalence", certification):
            return
        proche = {acquis.version_id, vise.version_id} <= liees
        lien, nouveau = Equivalence.objects.get_or_create(acquis=acquis, vise=vise, defaults={"source": source.strip()})
        if nouveau:
            details = {"acquis": acquis.pk, "vise": vise.pk, "lignee": proche}
            role = _role(acteur, certification)
            journal.consigner(acteur, role, "confirmer_equivalence", certification, details=details, cle=cle)


def retirer(acteur, certification: Certification, lien: Equivalence, cle: str = "") -> None:
    """Take an equivalence back: blocs already credited stay credited."""
    with transaction.atomic():
        if journal.deja_fait(cle, "retirer_equivalence", certification):
            return
        details = {"acquis": lien.acquis_id, "vise": lien.vise_id}
        role = _role(acteur, certification)
        journal.consigner(acteur, role, "retirer_equivalence", certification, details=details, cle=cle)
        lien.delete()


def _role(acteur, certification: Certification) -> str:
    return "gestionnaire" if certification.porteur_id in acteur.organismes_ids("gestionnaire") else "certificateur"
