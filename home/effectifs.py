"""Parchemins per certification and per year, as they may be published: one table for the whole site.

The page of a CQP, the statistics and the open data all read it. Two tables hidden each on its own would give each other
away: what one shows would fill what the other hides.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import caches
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils import timezone

from registre.models import Certification, Parchemin
from registre.secret_statistique import TOTAL, Tableau, proteger_tableau

# The certifications without a public page, together: the totals are those of the whole registry.
AUTRES = "autres"
DUREE = 24 * 3600
# As late as a page kept in memory may be.
UNE_MINUTE = 60


@dataclass(frozen=True)
class Effectifs:
    """The protected table, its years and the certifications that have a line."""

    tableau: Tableau
    annees: tuple[int, ...]
    certifications: tuple[Certification, ...]
    autres: bool

    def de(self, certification, annee=TOTAL) -> int | None:
        """How many parchemins; None when hidden. Without a year, over all of them."""
        return self.tableau[certification, annee]

    def en_tout(self, annee=TOTAL) -> int | None:
        return self.tableau[TOTAL, annee]


def effectifs_publies() -> Effectifs:
    """The protected table with the certifications it names, in two queries at most."""
    publiques = {c.pk: c for c in Certification.objects.filter(page__live=True).select_related("filiere", "porteur")}
    tableau = tableau_publie(publiques)
    presentes = {pk for pk, _ in tableau.cellules if pk is not TOTAL}
    return Effectifs(
        tableau,
        tuple(sorted({annee for _, annee in tableau.cellules if annee is not TOTAL})),
        tuple(c for pk, c in publiques.items() if pk in presentes),
        AUTRES in presentes,
    )


def tableau_publie(publiques: Iterable[int] | None = None) -> Tableau:
    """Live parchemins by certification (its key) and year of delivery, up to the day before: the same all day long.

    Args:
        publiques: the certifications whose page is live, when the caller has just read them.
    """
    memoire, jour = caches["processus"], timezone.localdate()
    if publiques is None:
        publiques = memoire.get_or_set("certifications-publiques", _publiques, UNE_MINUTE)
    siennes = frozenset(publiques)
    # Counting reads the whole registry and protecting takes as long: once a day, and when a page opens or closes.
    empreinte = hashlib.sha256(repr(sorted(siennes)).encode()).hexdigest()[:16]
    cle = f"effectifs-{jour:%Y-%m-%d}-{empreinte}"
    tableau = memoire.get(cle)
    if tableau is None:
        tableau = proteger_tableau(_compter(siennes, jour))
        memoire.set(cle, tableau, DUREE)
    return tableau


def _publiques() -> list[int]:
    return list(Certification.objects.filter(page__live=True).values_list("pk", flat=True))


def _compter(publiques: frozenset[int], jour: date) -> Counter:
    delivres = Parchemin.objects.vivants().filter(nature=Parchemin.Nature.PARCHEMIN, delivre_le__lt=jour)
    lignes = (
        delivres.order_by()
        .annotate(annee=ExtractYear("delivre_le"))
        .values_list("version__certification", "annee")
        .annotate(n=Count("pk"))
    )
    comptes: Counter = Counter()
    for pk, annee, nombre in lignes:
        comptes[pk if pk in publiques else AUTRES, annee] += nombre
    return comptes
