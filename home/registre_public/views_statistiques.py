"""The statistics for people and for programs: the same protected figures."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.effectifs import effectifs_publies
from home.ouvert import adresse_publique, ouvertes
from home.registre_public import exports
from home.registre_public import statistiques as calculs
from registre.secret_statistique import SEUIL

FORMATS = ("csv", "json", "xlsx")


@require_safe
def statistiques(request):
    """Charts with their tables, and how they are made."""
    effectifs = effectifs_publies()
    graphiques = [calculs.par_etat()]
    if effectifs.annees:
        graphiques = [calculs.par_annee(effectifs), calculs.par_certification(effectifs), *graphiques]
    contexte = {
        "graphiques": graphiques,
        "seuil": SEUIL,
        "formats": FORMATS,
        "adresse_canonique": adresse_publique("/registre/statistiques/"),
    }
    return render(request, "home/registre/statistiques.html", contexte)


@ouvertes
def fichier(request, format):
    """The masked figures."""
    return exports.fichier(calculs.JEU, format, calculs.lignes(effectifs_publies()))
