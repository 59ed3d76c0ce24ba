"""Every template of the portal in Debian's chromium: axe finds nothing, nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect

from home.blocks import CorpsBlock
from home.models import PageLibre
from tests.navigateur import regarder

from .exemples import creer_cqp, creer_filiere, jours, publier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portail():
    creer_cqp(blocs_exemple=True, date_fin_enregistrement=jours(900), date_limite_delivrance=jours(1200))
    longue = creer_filiere("Commercialisation et technico-commercialisation", "commercialisation", 2)
    creer_cqp("technico-commercial", "Technico-commercial(e) des Industries Chimiques", longue, repertoire="branche")
    creer_cqp("echu", "CQP Échu", numero="RNCP1", date_fin_enregistrement=jours(-900))
    publier()
    # Every block an editor may use, with the example that the block picker shows.
    tous_les_blocs = PageLibre.objects.get(slug="employeurs")
    tous_les_blocs.corps = [(nom, bloc.get_preview_value()) for nom, bloc in CorpsBlock().child_blocks.items()]
    tous_les_blocs.save()


@pytest.mark.parametrize("schema", ["light", "dark"])
def test_axe_ne_trouve_rien_et_rien_ne_deborde(ouvrir_navigateur, portail, schema):
    """Home, catalogue (full and empty), CQP (running and ended), free page; at both widths and in both schemes."""
    page = ouvrir_navigateur(color_scheme=schema)
    adresses = (
        "/",
        "/cqp/?niveau=3",
        "/cqp/?q=astronaute",
        "/cqp/?comparer=echu&comparer=technico-commercial",
        "/cqp/comparer/?cqp=couvreur-lauzier&cqp=technico-commercial&cqp=echu",
        "/cqp/couvreur-lauzier/",
        "/cqp/echu/",
        "/obtenir-un-cqp/",
        "/mentions-legales/",
        "/registre/",
        "/registre/?etat=ferme&q=x",
        "/registre/donnees/",
        "/api/v1/",
        "/registre/statistiques/",
        "/RNCP41345",
        # Their colours are those of the others: once is enough.
        *(("/actualites/", "/nous-ecrire/", "/nulle-part/", "/employeurs/") if schema == "light" else ()),
    )
    for adresse in adresses:
        page.goto(adresse)
        regarder(page)


def test_on_filtre_au_clavier_et_sans_javascript(ouvrir_navigateur, portail):
    """A visitor without JavaScript opens a facet, ticks a value, applies it and shares the address."""
    page = ouvrir_navigateur(java_script_enabled=False)
    page.goto("/cqp/")
    page.locator("summary", has_text="Reconnaissance").press("Enter")
    page.get_by_label("CQP de branche").check()
    page.get_by_role("button", name="Appliquer les filtres").press("Enter")
    page.wait_for_url("**/cqp/?repertoire=branche")
    assert page.get_by_role("heading", level=3).all_inner_texts() == ["Technico-commercial(e) des Industries Chimiques"]


def test_la_liste_suit_chaque_choix_et_le_retour_la_rend(ouvrir_navigateur, portail):
    """With JavaScript the list follows at once: focus stays, the count is said aloud, Back gives the former list."""
    page = ouvrir_navigateur()
    page.goto("/cqp/")
    page.locator("summary", has_text="Reconnaissance").click()
    case = page.get_by_label("CQP de branche")
    case.check()
    expect(page.get_by_role("status")).to_have_text("1 CQP répond à votre recherche.")
    assert page.url.endswith("/cqp/?repertoire=branche")
    expect(case).to_be_focused()
    expect(page.get_by_role("heading", name="1 CQP")).to_be_visible()
    page.get_by_role("link", name="Comparer Technico").click()
    expect(page.get_by_text("Choisissez un autre CQP")).to_be_visible()
    page.get_by_role("link", name="Retirer le filtre CQP de branche").click()
    expect(page.get_by_role("heading", name="3 CQP")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", name="1 CQP")).to_be_visible()
    expect(page.get_by_label("CQP de branche")).to_be_checked()
