"""The registry for people, and its files: no account, no JavaScript, no personal data."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from home.ouvert import LICENCE, adresse_publique, ouvertes, probleme
from home.registre_public import exports
from home.registre_public.filtres import FiltreDuRegistre
from home.registre_public.jeux import JEUX
from home.registre_public.lecture import blocs_publics, completes, triables, versions_publiques
from home.registre_public.statistiques import JEU as STATISTIQUES
from home.registre_public.tables import TableDuRegistre

DECRITS = {**JEUX, STATISTIQUES.nom: STATISTIQUES}
PAR_PAGE = 50
ORDRE = ("intitule_plie", "-debut", "pk")
TRIS = (
    ("", "Par titre"),
    ("numero", "Par numéro"),
    ("niveau", "Par niveau"),
    ("-fin", "Par fin d’enregistrement"),
    ("-limite", "Par dernier jour de délivrance"),
)


@require_safe
def registre(request):
    """Every certification and its versions: filters and order in the address."""
    filtre = FiltreDuRegistre(request.GET, queryset=triables(versions_publiques()))
    table = TableDuRegistre(completes(filtre.retenues).order_by(*ORDRE))
    RequestConfig(request, paginate={"per_page": PAR_PAGE}).configure(table)
    demandes = request.GET.copy()
    for nom in ("page", "tri"):
        demandes.pop(nom, None)
    contexte = {
        "filtre": filtre,
        "table": table,
        "nombre": table.paginator.count,
        "tri": request.GET.get("tri", ""),
        "tris": TRIS,
        "filtree": any(demandes.values()),
        "suite": f"?{demandes.urlencode()}" if any(demandes.values()) else "",
        "formats": tuple(exports.FORMATS),
        "adresse_canonique": adresse_publique("/registre/"),
    }
    return render(request, "home/registre/registre.html", contexte)


@require_safe
def donnees(request):
    """The open data: files, dictionary, API, licence."""
    contexte = {
        "jeux": DECRITS.values(),
        "formats": tuple(exports.FORMATS),
        "licence": LICENCE,
        "adresse_canonique": adresse_publique("/registre/donnees/"),
    }
    return render(request, "home/registre/donnees.html", contexte)


@ouvertes
def fichier(request, jeu, format):
    """One table as a file: the versions as the address filters them, the blocs whole."""
    if jeu == "blocs":
        return exports.fichier(JEUX[jeu], format, blocs_publics())
    filtre = FiltreDuRegistre(request.GET, queryset=triables(versions_publiques()))
    if not filtre.is_valid():
        detail = "Un filtre de cette adresse n’existe pas."
        return probleme(400, detail, request.path, errors=filtre.errors.get_json_data())
    return exports.fichier(JEUX[jeu], format, completes(filtre.qs).order_by(*ORDRE))


@ouvertes
def schema(request, jeu):
    """The dictionary of one table, for programs."""
    return en_json(DECRITS[jeu].table_schema)


@ouvertes
def paquet(request):
    """The whole of the open data as a Data Package."""
    tables = [
        {
            "name": jeu.nom,
            "title": jeu.titre,
            "path": adresse_publique(f"/registre/{jeu.nom}.csv"),
            "format": "csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ";"},
            "schema": adresse_publique(f"/registre/{jeu.nom}.schema.json"),
        }
        for jeu in DECRITS.values()
    ]
    return en_json(
        {
            "name": "registre-des-cqp",
            "title": "Registre des certificats de qualification professionnelle",
            "homepage": adresse_publique("/registre/donnees/"),
            "licenses": [{"name": "etalab-2.0", "title": "Licence Ouverte 2.0", "path": LICENCE}],
            "resources": tables,
        }
    )


def en_json(contenu: dict) -> HttpResponse:
    return JsonResponse(contenu, json_dumps_params={"ensure_ascii": False, "indent": 1})
