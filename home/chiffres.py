"""Figures shown to the public, small counts hidden (see registre/secret_statistique.py)."""

from django.db.models import Count, Q

from home.catalogue import EN_COURS, Fiche, etat
from registre.models import Organisme, Parchemin
from registre.secret_statistique import masquer


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
