"""The registry as linked data: one version, the catalogue, what changes."""

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect

from home.catalogue import adresse
from home.ouvert import ouvertes, probleme
from home.registre_public import dcat
from home.registre_public.descriptions import en_elm, en_schema_org
from home.registre_public.lecture import blocs_publics, completes, identifiant, trouver, versions_publiques
from home.registre_public.nouveautes import dernier_changement, en_atom
from home.registre_public.views import en_json

JSON_LD = "application/ld+json"
FORMES = {"jsonld": en_schema_org, "elm.jsonld": en_elm}


@ouvertes
def version(request, nom, forme):
    """One version in one vocabulary; its name is written as the register writes it."""
    lue = trouver(completes(versions_publiques()), nom)
    if lue is None:
        return probleme(404, "Rien ne porte ce nom dans le registre public.", request.path)
    if nom != identifiant(lue):
        return HttpResponsePermanentRedirect(f"/registre/{identifiant(lue)}.{forme}")
    return _en_json_ld(FORMES[forme](lue, list(blocs_publics().filter(version=lue))))


def chose(request, nom):
    """The version itself, named by its address: people are led to its page."""
    lue = trouver(versions_publiques().select_related("certification"), nom)
    if lue is None:
        return probleme(404, "Rien ne porte ce nom dans le registre public.", request.path)
    reponse = redirect(adresse(lue.certification))
    reponse.status_code = 303
    return reponse


@ouvertes
def catalogue(request, forme):
    """Our open data, for the portals that harvest them."""
    modifie = dernier_changement()
    if forme == "rdf":
        return HttpResponse(dcat.en_rdf(modifie), content_type="application/rdf+xml; charset=utf-8")
    return _en_json_ld(dcat.en_json_ld(modifie))


@ouvertes
def nouveautes(request):
    """What enters, changes and ends."""
    return HttpResponse(en_atom(), content_type="application/atom+xml; charset=utf-8")


def _en_json_ld(contenu: dict) -> HttpResponse:
    reponse = en_json(contenu)
    reponse.headers["Content-Type"] = JSON_LD
    return reponse
