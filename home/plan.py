"""The map of the site: the pages of the editor, and those of the registry, each with its last change."""

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from wagtail.contrib.sitemaps.sitemap_generator import Sitemap as PlanDesPages

from home.ouvert import adresse_publique
from home.registre_public.lecture import versions_publiques
from home.registre_public.nouveautes import dernier_changement

ADRESSES = ("/registre/", "/registre/donnees/", "/registre/statistiques/", "/api/v1/")


class Pages(PlanDesPages):
    """Wagtail's map: the page of a CQP changed when its words did, or when the registry did."""

    def _urls(self, page, protocol, domain):
        urls = super()._urls(page, protocol, domain)
        dates = versions_publiques().values_list("certification__slug").annotate(Max("modifiee_le")).order_by()
        changements = {adresse_publique(f"/cqp/{slug}/"): le for slug, le in dates}
        for url in urls:
            connus = [le for le in (url["lastmod"], changements.get(url["location"])) if le]
            url["lastmod"] = max(connus, default=None)
        return urls


class Registre(Sitemap):
    """The pages that are not Wagtail's."""

    def items(self):
        return ADRESSES

    def get_urls(self, page=1, site=None, protocol=None):
        le = dernier_changement()
        self.latest_lastmod = le
        return [{"item": a, "location": adresse_publique(a), "lastmod": le} for a in self.items()]


SITEMAPS = {"pages": Pages, "registre": Registre()}
