"""What search engines, shared links and lost visitors are given."""

import io
import re

import pytest
from PIL import Image

from home.models import PageLibre
from home.vignettes import LARGEUR, MARGE, Vignette, _composer
from registre.models import Certification

from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db


def balise(html: str, nom: str) -> str:
    return re.search(rf'<meta (?:property|name)="{nom}" content="([^"]*)"', html)[1]


@pytest.fixture
def portail():
    creer_cqp()
    publier()


@pytest.mark.parametrize("adresse", ["/", "/cqp/", "/cqp/couvreur-lauzier/", "/employeurs/", "/actualites/"])
def test_un_lien_partage_dit_la_page_et_montre_son_image(client, portail, settings, adresse):
    """Title, description, canonical address and an image that may be kept for ever."""
    html = client.get(adresse).text
    assert f'<link rel="canonical" href="{settings.ADRESSE_PUBLIQUE}{adresse}">' in html
    assert balise(html, "og:title") and balise(html, "og:description")
    assert balise(html, "twitter:card") == "summary_large_image"
    image = balise(html, "og:image")
    assert image.startswith(settings.ADRESSE_PUBLIQUE)
    reponse = client.get(image.removeprefix(settings.ADRESSE_PUBLIQUE))
    assert "immutable" in reponse.headers["Cache-Control"] and not reponse.cookies
    assert Image.open(io.BytesIO(reponse.content)).size == (1200, 630)
    assert len(reponse.content) < 120_000


def test_l_image_change_d_adresse_avec_ce_qu_elle_dit(client, portail, settings):
    """A new title in the registry gives a new address; the old one leads there."""
    avant = balise(client.get("/cqp/couvreur-lauzier/").text, "og:image").removeprefix(settings.ADRESSE_PUBLIQUE)
    version = Certification.objects.get().versions.get()
    version.intitule = "CQP Couvreur-lauzière de l’Aubrac"
    version.save()
    apres = balise(client.get("/cqp/couvreur-lauzier/").text, "og:image").removeprefix(settings.ADRESSE_PUBLIQUE)
    assert avant != apres
    assert client.get(avant).headers["Location"] == settings.ADRESSE_PUBLIQUE + apres


def test_une_page_retiree_n_a_plus_d_image(client, portail):
    """What is not public is not drawn."""
    page = PageLibre.objects.get(slug="employeurs")
    adresse = f"/partage/{page.pk}-{page.vignette().empreinte}.png"
    assert client.get(adresse).status_code == 200
    page.unpublish()
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize("titre", ["CQP", "Mot " * 60, "Anticonstitutionnellement" * 5, "Œuvre d’Ł", ""])
def test_aucun_titre_ne_sort_de_l_image(titre):
    """Whatever its length, each line holds between the margins."""
    police, lignes = _composer(titre)
    assert all(police.getlength(ligne) <= LARGEUR - 2 * MARGE for ligne in lignes)
    assert Vignette(titre, ("Fait " * 40,)).octets().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("adresse", "proposee"),
    [
        ("/cqp/couvreur-lausier/", "/cqp/couvreur-lauzier/"),
        ("/couvreur/", "/cqp/couvreur-lauzier/"),
        ("/employeur", "/employeurs/"),
        ("/mention-legale/", "/mentions-legales/"),
    ],
)
def test_une_adresse_fausse_propose_ses_voisines(client, portail, adresse, proposee):
    """A wrong address answers 404, with what the visitor may have wanted."""
    reponse = client.get(adresse, follow=True)
    assert reponse.status_code == 404 and f'href="{proposee}"' in reponse.text.partition("Cherchiez-vous")[2]


@pytest.mark.parametrize("adresse", ["/zzzzzz/", "/gestion/employeur/", "/v/employeurs", "/%00/", "/é/", "//"])
def test_une_adresse_sans_voisine_ne_propose_rien(client, portail, adresse):
    """Neither a guess out of nothing, nor a search under the work screens."""
    assert "Cherchiez-vous" not in client.get(adresse, follow=True).text


@pytest.mark.parametrize("cassee", [False, True])
def test_une_panne_a_l_habit_du_site_ou_parle_quand_meme(client, portail, monkeypatch, cassee):
    """The page of a failure wears the dress of the site; when the dress is what broke, a bare page says the same."""
    client.raise_request_exception = False
    monkeypatch.setattr("home.models.fiches", lambda: 1 / 0)
    if cassee:
        monkeypatch.setattr("django.templatetags.static.StaticNode.url", lambda self, contexte: 1 / 0)
    reponse = client.get("/cqp/")
    assert reponse.status_code == 500 and "Le service ne répond pas" in reponse.text
    assert ("pied-site" in reponse.text) is not cassee
