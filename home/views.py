"""Stable addresses of the portal that are not Wagtail pages."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.models import Page

from home.catalogue import adresse
from home.comparaison import Comparaison
from home.criteres import lire_compares
from home.fiche import lire_fiche, lire_fiches
from home.fiche_pdf import fiche_en_pdf
from home.numeros import proches
from home.plan import SITEMAPS
from home.socle import PagePublique
from registre.models import Certification

# What robots have no reason to read: work screens, and the checks of documents.
CHEMINS_FERMES = ("/admin/", "/compte/", "/gestion/", "/v/", "/V/")


def fiche_par_numero(request, numero):
    """Lead from a number of the registers (RNCP41346, RS6610) to the page of its CQP, whatever the version.

    The redirect is temporary: the register may one day be corrected, and browsers keep a permanent one for ever.

    Another case is first written as the register writes it. A number that nobody holds here is a 404 that helps.
    """
    exact = numero.upper()
    certification = Certification.objects.filter(versions__numero=exact, page__live=True).first()
    if certification is None:
        return render(request, "home/registre/numero_inconnu.html", proches(exact), status=404)
    return redirect(adresse(certification))


def image_de_partage(request, pk, empreinte):
    """The image of a shared link: its address changes with what it says, so that it may be kept for ever.

    Raises:
        Http404: no such page is online.
    """
    page = get_object_or_404(Page.objects.live().public(), pk=pk).specific
    if not isinstance(page, PagePublique):
        raise Http404("Cette page ne se partage pas.")
    vignette = page.vignette()
    if empreinte != vignette.empreinte:
        return redirect(vignette.adresse(page))
    reponse = HttpResponse(vignette.octets(), content_type="image/png")
    reponse.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return reponse


@require_safe
def comparer(request):
    """Set up to three CQPs side by side; the address says which, in the order they were chosen."""
    voulus = lire_compares(request.GET.getlist("cqp"))
    trouves = Certification.objects.filter(slug__in=voulus, page__live=True).select_related("filiere", "porteur")
    comparaison = Comparaison(lire_fiches(sorted(trouves, key=lambda c: voulus.index(c.slug))))
    seules = request.GET.get("differences") == "1"
    return render(
        request,
        "home/comparaison.html",
        {
            "comparaison": comparaison,
            "lignes": [ligne for ligne in comparaison.lignes if ligne.differe or not seules],
            "seules": seules,
        },
    )


@require_safe
def fiche_pdf(request, slug):
    """The two-page sheet of a CQP, to print or to hand over.

    Raises:
        Http404: no published CQP has this address.
    """
    publiees = Certification.objects.filter(slug=slug, page__live=True).select_related("filiere", "porteur")
    fiche = lire_fiche(get_object_or_404(publiees))
    if fiche is None:
        raise Http404("Le registre ne décrit pas encore ce CQP.")
    reponse = HttpResponse(fiche_en_pdf(fiche), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    return reponse


@cache_control(max_age=3600, public=True)
def robots(request):
    """Tell robots what to leave alone, and where the map of the site is."""
    lignes = ["User-agent: *", *(f"Disallow: {chemin}" for chemin in CHEMINS_FERMES)]
    lignes += ["", f"Sitemap: {settings.ADRESSE_PUBLIQUE}/sitemap.xml", ""]
    return HttpResponse("\n".join(lignes), content_type="text/plain; charset=utf-8")


@cache_control(max_age=3600, public=True)
def plan_du_site(request):
    """Every public page, for search engines."""
    return sitemap(request, SITEMAPS, template_name="home/sitemap.xml")
