"""What every template knows of the site."""

from django.conf import settings


def site(request):
    """Name of the site and whether the development pages are open."""
    return {"nom_du_site": settings.NOM_DU_SITE, "pages_de_developpement": settings.PAGES_DE_DEVELOPPEMENT}
