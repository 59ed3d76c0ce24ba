"""Addresses that last: numbers of the registers, robots, map of the site."""

from xml.etree import ElementTree

import pytest

from registre.models import Certification

from .exemples import creer_cqp, creer_version, jours, publier

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("adresse", ["/RNCP41346", "/RNCP41346/", "/rncp41346", "/RNCP27062"])
def test_un_numero_de_fiche_mene_a_la_page_du_cqp(client, adresse):
    """Whatever the case, the final slash and the version."""
    certification = creer_cqp()
    creer_version(certification, numero="RNCP27062", date_fin_enregistrement=jours(-500))
    publier()
    reponse = client.get(adresse)
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/cqp/couvreur-lauzier/")


def test_un_numero_du_repertoire_specifique_aussi(client):
    """RS numbers are addresses as well."""
    creer_cqp("cordes", repertoire="rs", numero="RS6610")
    publier()
    assert client.get("/RS6610").headers["Location"] == "/cqp/cordes/"


@pytest.mark.parametrize("adresse", ["/RNCP99999", "/RNCP", "/RNCP1234567", "/XRNCP41346"])
def test_un_numero_inconnu_n_existe_pas(client, adresse):
    """A number that nobody holds here is a 404, not a guess."""
    creer_cqp()
    publier()
    assert client.get(adresse, follow=True).status_code == 404


def test_le_plan_du_site_dit_les_pages_publiques(client, settings):
    """Every live page and no other, with the public origin."""
    creer_cqp()
    creer_cqp("retire", "CQP Retiré", numero="RNCP2")
    publier()
    Certification.objects.get(slug="retire").page.unpublish()
    reponse = client.get("/sitemap.xml")
    adresses = [e.text for e in ElementTree.fromstring(reponse.content).iter() if e.tag.endswith("loc")]
    assert f"{settings.ADRESSE_PUBLIQUE}/cqp/couvreur-lauzier/" in adresses
    assert not [a for a in adresses if "retire" in a]
    assert len(adresses) == 20


def test_les_robots_laissent_le_travail_tranquille(client, settings):
    """Work screens and checks of documents are not for search engines."""
    texte = client.get("/robots.txt").content.decode()
    assert "Disallow: /gestion/" in texte and "Disallow: /v/" in texte
    assert f"Sitemap: {settings.ADRESSE_PUBLIQUE}/sitemap.xml" in texte
