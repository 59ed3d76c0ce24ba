"""The OpenAPI document, the page that tells it to people, and the answer to any other address."""

import copy
import functools

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.ouvert import PROBLEMES, adresse_publique, ouvertes, probleme

from . import schemas
from .points import api

ERREURS = (404, 422, 429, 500)
# Words of the page for what JSON Schema says.
GENRES = {"string": "texte", "integer": "nombre entier", "boolean": "oui ou non", "array": "liste", "object": "objet"}


@functools.cache
def document() -> dict:
    """What ninja knows of the operations, and what is true of all: tags of freshness, errors in French."""
    lu = copy.deepcopy(dict(api.get_openapi_schema(path_prefix="/api/v1/")))
    modeles = lu["components"]["schemas"]
    modeles["Probleme"] = schemas.Probleme.model_json_schema()
    contenu = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Probleme"}}}
    for operations in lu["paths"].values():
        for operation in operations.values():
            reponses = operation["responses"]
            reponses[200]["description"] = "Trouvé"
            reponses[304] = {"description": "Inchangé depuis votre dernière demande"}
            reponses.update({n: {"description": PROBLEMES[n], "content": contenu} for n in ERREURS})
            operation["responses"] = {str(n): r for n, r in sorted(reponses.items())}
    lu["info"]["license"] = {"name": "Licence Ouverte 2.0", "identifier": "etalab-2.0"}
    lu["externalDocs"] = {"url": adresse_publique("/registre/donnees/"), "description": "Dictionnaire des données"}
    return lu


@ouvertes
def openapi(request):
    """The description of the API for programs (OpenAPI 3.1)."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def documentation(request):
    """The same for people, drawn by the server: no script, nothing from elsewhere."""
    contexte = {
        "operations": _operations(),
        "info": document()["info"],
        "adresse_canonique": adresse_publique("/api/v1/"),
    }
    return render(request, "home/registre/api.html", contexte)


@ouvertes
def introuvable(request, reste):
    """Any other address under /api/."""
    return probleme(404, "Cette adresse n’existe pas. La documentation est à /api/v1/.", request.path)


def _operations() -> list[dict]:
    lues = []
    for chemin, operations in document()["paths"].items():
        operation = operations["get"]
        lues.append(
            {
                "chemin": chemin,
                "titre": operation["summary"],
                "ancre": operation["operationId"],
                "parametres": [_parametre(p) for p in operation.get("parameters", ())],
                "essai": "" if "{" in chemin else chemin,
            }
        )
    return lues


def _parametre(lu: dict) -> dict:
    schema = lu["schema"]
    valeurs = [v for v in schema.get("enum", ()) if v]
    bornes = [f"{mot} {schema[cle]}" for cle, mot in (("minimum", "de"), ("maximum", "à")) if cle in schema]
    return {
        "nom": lu["name"],
        "texte": lu.get("description") or schema.get("description", ""),
        "genre": ", ".join(valeurs) or " ".join([GENRES[schema["type"]], *bornes]),
        "obligatoire": lu.get("required", False),
        "defaut": schema.get("default", ""),
    }
