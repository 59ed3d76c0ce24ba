"""Figures shown to the public, small counts hidden: a CQP often certifies a handful of people whom one could name."""

from django.db.models import Count, Q
from django.utils.formats import number_format

from home.catalogue import EN_COURS, Fiche, etat
from registre.models import Organisme, Parchemin

SEUIL = 5


def masquer(effectif: int) -> str:
    """« Moins de 5 » from 1 to 4, else the number as the French write it. Zero names nobody: it stays."""
    if 0 < effectif < SEUIL:
        return f"Moins de {SEUIL}"
    return number_format(effectif, force_grouping=True)


def chiffres_du_registre(lues: list[Fiche]) -> list[dict]:
    """The parameters of the figures component for the home page: what is empty says nothing and is left out."""
    en_cours = sum(etat(fiche.version, fiche.jour) == EN_COURS for fiche in lues)
    role_delivre = Q(roles_certification__role__in=["cpne", "certificateur"])
    publie = Q(roles_certification__version__certification__page__live=True)
    certificateurs = Organisme.objects.filter(role_delivre & publie).aggregate(n=Count("pk", distinct=True))["n"]
    delivres = Parchemin.objects.vivants().filter(nature=Parchemin.Nature.PARCHEMIN).count()
    lignes = [
        (en_cours, str(en_cours), "CQP en cours", "ouverts aux candidats", "/cqp/"),
        (certificateurs, str(certificateurs), "certificateurs", "commissions paritaires et organismes de métier", ""),
        (delivres, masquer(delivres), "parchemins délivrés", "vérifiables par tous", "/verifier/"),
    ]
    return [
        {"valeur": valeur, "libelle": libelle, "precision": precision, "url": url}
        for effectif, valeur, libelle, precision, url in lignes
        if effectif
    ]
