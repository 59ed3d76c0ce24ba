"""Parchemins per certification and per year, as they may be published: one table for the whole site.

The page of a CQP, the statistics and the open data all read it. Two tables hidden each on its own would give each other
away: what one shows would fill what the other hides.
"""

from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import ExtractYear

from registre.models import Certification, Parchemin
from registre.secret_statistique import TOTAL, Tableau, proteger_tableau

# The certifications without a public page, together: the totals are those of the whole registry.
AUTRES = "autres"


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
    """Live parchemins by certification (its key) and year of delivery, in two queries."""
    delivres = Parchemin.objects.vivants().filter(nature=Parchemin.Nature.PARCHEMIN)
    lignes = (
        delivres.order_by()
        .annotate(annee=ExtractYear("delivre_le"))
        .values_list("version__certification", "annee")
        .annotate(n=Count("pk"))
    )
    publiques = {c.pk: c for c in Certification.objects.filter(page__live=True).select_related("filiere", "porteur")}
    comptes: dict = {}
    for pk, annee, nombre in lignes:
        cle = (pk if pk in publiques else AUTRES, annee)
        comptes[cle] = comptes.get(cle, 0) + nombre
    presentes = {pk for pk, _ in comptes}
    return Effectifs(
        proteger_tableau(comptes),
        tuple(sorted({annee for _, annee in comptes})),
        tuple(c for pk, c in publiques.items() if pk in presentes),
        AUTRES in presentes,
    )
