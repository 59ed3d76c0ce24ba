"""What every template knows of the site."""

from django.conf import settings

from backoffice.comptes.oidc import active


def site(request):
    """Name of the site, whether the development pages are open, and which organisation one may log in with."""
    return {
        "nom_du_site": settings.NOM_DU_SITE,
        "pages_de_developpement": settings.PAGES_DE_DEVELOPPEMENT,
        "connexion_organisation": settings.OIDC["nom"] if active() else "",
    }
