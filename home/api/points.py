"""The addresses of the API. Reading only: certifications, versions, blocs, bodies."""

import logging
from typing import Annotated, Literal

from django.conf import settings
from django.db.models import Prefetch, Q
from django.http import Http404
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError

from home.api import schemas
from home.catalogue import TEXTES_LONGS, adresse
from home.ouvert import adresse_publique, probleme
from home.recherche import contient, mots
from home.registre_public.filtres import FiltreDuRegistre
from home.registre_public.jeux import BLOCS, VERSIONS
from home.registre_public.lecture import (
    blocs_publics,
    completes,
    identifiant,
    organismes_publics,
    triables,
    trouver,
    versions_publiques,
)
from registre.models import Certification, VersionCertification
from registre.textes import plier

trace = logging.getLogger(__name__)

ORDRE = ("intitule_plie", "pk")
Page = Annotated[int, Query(ge=1, le=100_000, description="Numéro de la page.")]
Taille = Annotated[int, Query(ge=1, le=200, description="Objets par page.")]

api = NinjaAPI(
    title="Registre des certifications",
    version="1",
    description="Lecture seule, sans compte. Données sous Licence Ouverte 2.0\u202f; aucune donnée personnelle.",
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
    servers=[{"url": settings.ADRESSE_PUBLIQUE}],
)


@api.exception_handler(Http404)
def introuvable(request, erreur):
    return probleme(404, "Rien ne porte ce nom dans le registre public.", request.path)


@api.exception_handler(ValidationError)
def parametre_refuse(request, erreur):
    noms = list(dict.fromkeys(str(e["loc"][-1]) for e in erreur.errors))
    detail = f"Valeur refusée pour\u00a0: {', '.join(noms)}. La documentation dit les valeurs permises."
    return probleme(422, detail, request.path, parametres=noms)


@api.exception_handler(Exception)
def panne(request, erreur):
    trace.exception("panne de l’interface", extra={"chemin": request.path})
    return probleme(500, "Le service n’a pas pu répondre. L’erreur est consignée de notre côté.", request.path)


@api.get("/versions", response=schemas.Versions, summary="Toutes les versions", tags=["Versions"])
def versions(
    request,
    q: Annotated[str, Query(max_length=200, description="Mots du titre, ou numéro.")] = "",
    repertoire: Annotated[Literal["", "rncp", "rs", "branche"], Query(description="Reconnaissance.")] = "",
    etat: Annotated[Literal["", "en-cours", "delivrable", "echu"], Query(description="État aujourd’hui.")] = "",
    niveau: Annotated[
        Literal["", "1", "2", "3", "4", "5", "6", "7", "8", "sans"], Query(description="Niveau du cadre.")
    ] = "",
    certification: Annotated[str, Query(max_length=200, description="Identifiant d’une certification.")] = "",
    organisme: Annotated[
        str, Query(max_length=200, description="Identifiant d’un organisme qui la délivre ou la porte.")
    ] = "",
    page: Page = 1,
    taille: Taille = 50,
):
    demande = {"q": q, "repertoire": repertoire, "etat": etat, "niveau": niveau}
    lues = FiltreDuRegistre(demande, queryset=triables(versions_publiques())).retenues
    if certification:
        lues = lues.filter(certification__slug=certification)
    if organisme:
        nomme = Q(roles__organisme__in=_organismes(organisme))
        lues = lues.filter(nomme | Q(certification__porteur__in=_organismes(organisme))).distinct()
    return schemas.en_liste(request, completes(lues).order_by(*ORDRE), page, taille, VERSIONS.ligne)


@api.get("/versions/{nom}", response=schemas.VersionComplete, summary="Une version et ses blocs", tags=["Versions"])
def version(request, nom: Annotated[str, Path(max_length=200, description="RNCP41346, RS6610, BRANCHE-12.")]):
    lue = trouver(completes(versions_publiques()).defer(None), nom)
    if lue is None:
        raise Http404
    blocs = [BLOCS.ligne(bloc) for bloc in blocs_publics().filter(version=lue)]
    textes = ("activites_visees", "capacites_attestees", "prerequis_entree", "prerequis_validation")
    return {**VERSIONS.ligne(lue), "blocs": blocs, **{t: getattr(lue, t) or None for t in textes}}


@api.get("/certifications", response=schemas.Certifications, summary="Les certifications", tags=["Certifications"])
def certifications(
    request,
    q: Annotated[str, Query(max_length=200, description="Mots du nom.")] = "",
    filiere: Annotated[
        str, Query(max_length=200, description="Identifiant d’une filière dans les adresses du catalogue.")
    ] = "",
    page: Page = 1,
    taille: Taille = 50,
):
    lues = _certifications()
    if filiere:
        lues = lues.filter(filiere__slug=filiere)
    if racines := mots(q):
        noms = lues.order_by().values_list("pk", "intitule_usuel")
        lues = lues.filter(pk__in=[pk for pk, nom in noms if contient(plier(nom), racines)])
    return schemas.en_liste(request, lues, page, taille, _certification)


@api.get("/certifications/{nom}", response=schemas.Certification, summary="Une certification", tags=["Certifications"])
def certification(request, nom: Annotated[str, Path(max_length=200, description="Son identifiant.")]):
    lue = _certifications().filter(slug=nom).first()
    if lue is None:
        raise Http404
    return _certification(lue)


@api.get("/blocs", response=schemas.Blocs, summary="Les blocs de compétences", tags=["Blocs"])
def blocs(
    request,
    version: Annotated[str, Query(max_length=200, description="Identifiant d’une version.")] = "",
    page: Page = 1,
    taille: Taille = 50,
):
    lus = blocs_publics()
    if version:
        lue = trouver(versions_publiques(), version)
        lus = lus.filter(version=lue) if lue else lus.none()
    return schemas.en_liste(request, lus, page, taille, BLOCS.ligne)


@api.get("/organismes", response=schemas.Organismes, summary="Ceux qui délivrent ou portent", tags=["Organismes"])
def organismes(request, page: Page = 1, taille: Taille = 50):
    return schemas.en_liste(request, organismes_publics(), page, taille, _organisme)


@api.get("/organismes/{nom}", response=schemas.Organisme, summary="Un organisme", tags=["Organismes"])
def organisme(request, nom: Annotated[str, Path(max_length=200, description="Son SIRET, ou ORG- suivi d’un rang.")]):
    lu = _organismes(nom).first()
    if lu is None:
        raise Http404
    return _organisme(lu)


def _certifications():
    versions = VersionCertification.objects.defer(*TEXTES_LONGS)
    lues = Certification.objects.filter(page__live=True).select_related("filiere", "porteur")
    return lues.prefetch_related(Prefetch("versions", queryset=versions)).order_by("intitule_usuel", "pk")


def _certification(lue) -> dict:
    actuelle = lue.version_actuelle()
    return {
        "identifiant": lue.slug,
        "intitule_usuel": lue.intitule_usuel,
        "nature": lue.nature,
        "filiere": lue.filiere.libelle,
        "porteur": lue.porteur.raison_sociale,
        "accroche": lue.accroche or None,
        "page": adresse_publique(adresse(lue)),
        "version_actuelle": identifiant(actuelle) if actuelle else None,
        "versions": [identifiant(v) for v in lue.versions.all()],
    }


def _organismes(nom: str):
    """The public bodies of this name: none or one."""
    rang = nom.upper().removeprefix("ORG-")
    if rang == nom.upper():
        return organismes_publics().filter(siret=nom).exclude(siret="")
    return organismes_publics().filter(pk=int(rang) if rang.isascii() and rang.isdecimal() and len(rang) < 18 else 0)


def _organisme(lu) -> dict:
    return {
        "identifiant": lu.siret or f"ORG-{lu.pk}",
        "raison_sociale": lu.raison_sociale,
        "sigle": lu.sigle or None,
        "nom_commercial": lu.nom_commercial or None,
        "siret": lu.siret or None,
        "site": lu.site or None,
        "nombre_versions": lu.nombre_versions,
    }
