"""What the mandates of a body would prevent one day: collèges of unequal size, two seats for one organisation."""

from collections import Counter, defaultdict

from django.utils import timezone

from backoffice.parcours.models import Parcours
from registre.textes import plier

from .composition import NOMS
from .corps import COLLEGES
from .models import Mandat


def alertes(utilisateur) -> list[str]:
    """Sentences on the titulaires of today that this person reads, body by body; empty when all is balanced."""
    lus = Mandat.objects.all().visibles_par(utilisateur).values("pk")
    titulaires = Mandat.objects.filter(pk__in=lus, suppleant=False).valables(timezone.localdate())
    par_certificateur = defaultdict(list)
    for mandat in titulaires.select_related("certificateur").prefetch_related("certifications").order_by("pk"):
        par_certificateur[mandat.certificateur].append(mandat)
    phrases = []
    for certificateur, siens in sorted(par_certificateur.items(), key=lambda paire: str(paire[0])):
        for pour, mandats in _par_certification(siens):
            phrases += _desequilibre(certificateur, pour, mandats)
        phrases += _organisations_en_double(certificateur, siens)
    return list(dict.fromkeys(phrases))


def _par_certification(mandats: list[Mandat]) -> list[tuple[str, list[Mandat]]]:
    """The mandates valid for each certification that some of them name, or all of them when none names any."""
    nommees = {c.pk: c for m in mandats for c in m.certifications.all()}
    if not nommees:
        return [("", mandats)]
    return [(f", {nommees[pk]}", [m for m in mandats if _vaut_pour(m, pk)]) for pk in sorted(nommees)]


def _vaut_pour(mandat: Mandat, certification: int) -> bool:
    siennes = {c.pk for c in mandat.certifications.all()}
    return not siennes or certification in siennes


def _desequilibre(certificateur, pour: str, mandats: list[Mandat]) -> list[str]:
    nombres = Counter(m.college for m in mandats)
    employeurs, salaries = (nombres[college] for college in COLLEGES)
    if employeurs == salaries:
        return []
    return [
        f"{certificateur}{pour}\u00a0: {employeurs} titulaire{'s' if employeurs > 1 else ''} pour le collège "
        f"{NOMS[COLLEGES[0]]} et {salaries} pour le collège {NOMS[COLLEGES[1]]}. Un jury paritaire en compte autant."
    ]


def _organisations_en_double(certificateur, mandats: list[Mandat]) -> list[str]:
    regle = (
        Parcours.objects.all()
        .en_vigueur()
        .filter(un_siege_par_organisation=True, certification__versions__roles__organisme=certificateur)
    )
    if not regle.exists():
        return []
    noms = Counter(plier(m.organisation) for m in mandats if m.organisation)
    doubles = {plier(m.organisation): m.organisation for m in mandats if noms[plier(m.organisation)] > 1}
    return [
        f"{certificateur}\u00a0: «\u202f{titre}\u202f» a {noms[nom]} titulaires, le règlement lui ouvre un siège."
        for nom, titre in sorted(doubles.items())
    ]
