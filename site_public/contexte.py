"""What every template knows of the site."""

from functools import partial

from django.conf import settings
from wagtail.models import Site

from backoffice.comptes.oidc import active
from home.models import IdentiteDuSite


def contact_donnees(request) -> str:
    """Whom to write to about one's personal data, as the certificateur has set it; empty while nobody has."""
    site = Site.find_for_request(request)
    return IdentiteDuSite.for_site(site).courriel_donnees if site else ""


def site(request):
    """Name of the site, development pages, organisation to log in with, contact for personal data (read when shown)."""
    return {
        "nom_du_site": settings.NOM_DU_SITE,
        "pages_de_developpement": settings.PAGES_DE_DEVELOPPEMENT,
        "contact_donnees": partial(contact_donnees, request),
        "connexion_organisation": settings.OIDC["nom"] if active() else "",
    }
