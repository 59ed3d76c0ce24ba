"""Stable addresses of the portal that are not Wagtail pages."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control
from wagtail.contrib.sitemaps.views import sitemap

from home.catalogue import adresse
from registre.models import Certification

# What robots have no reason to read: work screens, and the checks of documents.
CHEMINS_FERMES = ("/admin/", "/compte/", "/gestion/", "/v/", "/V/")


def fiche_par_numero(request, numero):
    """Lead from a number of the registers (RNCP41346, RS6610) to the page of its CQP, whatever the version.

    The redirect is temporary: the register may one day be corrected, and browsers keep a permanent one for ever.

    Raises:
        Http404: no published CQP has this number.
    """
    certification = Certification.objects.filter(versions__numero=numero.upper(), page__live=True).first()
    if certification is None:
        raise Http404("Aucun CQP de ce site ne porte ce numéro.")
    return redirect(adresse(certification))


@cache_control(max_age=3600, public=True)
def robots(request):
    """Tell robots what to leave alone, and where the map of the site is."""
    lignes = ["User-agent: *", *(f"Disallow: {chemin}" for chemin in CHEMINS_FERMES)]
    lignes += ["", f"Sitemap: {settings.ADRESSE_PUBLIQUE}/sitemap.xml", ""]
    return HttpResponse("\n".join(lignes), content_type="text/plain; charset=utf-8")


@cache_control(max_age=3600, public=True)
def plan_du_site(request):
    """Every public page, for search engines."""
    return sitemap(request, template_name="home/sitemap.xml")
