"""What every template knows of the site."""

from django.conf import settings


def site(request):
    """Name of the site and whether the development pages are open."""
    return {"NOM_DU_SITE": settings.NOM_DU_SITE, "PAGES_DE_DEVELOPPEMENT": settings.PAGES_DE_DEVELOPPEMENT}
