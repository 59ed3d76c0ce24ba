"""Figures shown to the public, small counts hidden (see registre/secret_statistique.py)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.formats import number_format

from home.catalogue import EN_COURS, Fiche
from home.effectifs import tableau_publie
from registre.models import Organisme
from registre.secret_statistique import TOTAL, Tableau
from registre.taux_publics import taux_publics


@dataclass(frozen=True)
class ChiffresCQP:
    """What may be said of those whom a CQP certified: None for what is hidden, nothing when there is nothing."""

    arretes_au: date
    annees: list[tuple[int, int | None]]
    total: int | None
    reussite: int | None
    insertion: int | None

    def __bool__(self):
        return bool(self.annees)

    @property
    def a_des_masques(self) -> bool:
        return self.total is None or any(n is None for _, n in self.annees)

    @property
    def taux(self) -> list[dict]:
        """The parameters of the figures component."""
        lignes = [
            (self.reussite, "de réussite", "parmi les dossiers décidés par un jury depuis trois ans"),
            (self.insertion, "en emploi", "six mois après la certification"),
        ]
        return [
            {"valeur": f"{valeur}\u202f%", "libelle": libelle, "precision": precision, "url": ""}
            for valeur, libelle, precision in lignes
            if valeur is not None
        ]


def chiffres_du_cqp(certification: int, tableau: Tableau, jour: date) -> ChiffresCQP:
    """The figures of one CQP, newest year first, as every page publishes them."""
    siennes = {annee: n for (pk, annee), n in tableau.cellules.items() if pk == certification and annee is not TOTAL}
    return ChiffresCQP(
        jour - timedelta(days=1),
        sorted(siennes.items(), reverse=True),
        tableau[certification, TOTAL],
        taux_publics("reussite", jour).get(certification),
        taux_publics("insertion", jour).get(certification),
    )


def chiffres_du_registre(lues: list[Fiche]) -> list[dict]:
    """The parameters of the figures component for the home page: what is empty says nothing and is left out."""
    en_cours = sum(fiche.etat == EN_COURS for fiche in lues)
    role_delivre = Q(roles_certification__role__in=["cpne", "certificateur"])
    publie = Q(roles_certification__version__certification__page__live=True)
    certificateurs = Organisme.objects.filter(role_delivre & publie).aggregate(n=Count("pk", distinct=True))["n"]
    delivres = tableau_publie()[TOTAL, TOTAL]
    nombre_delivres = number_format(delivres or 0, force_grouping=True)
    lignes = [
        (en_cours, str(en_cours), "CQP en cours", "ouverts aux candidats", "/cqp/"),
        (certificateurs, str(certificateurs), "certificateurs", "commissions paritaires et organismes de métier", ""),
        (delivres, nombre_delivres, "parchemins délivrés", "vérifiables par tous", "/verifier/"),
    ]
    return [
        {"valeur": valeur, "libelle": libelle, "precision": precision, "url": url}
        for effectif, valeur, libelle, precision, url in lignes
        if effectif
    ]
