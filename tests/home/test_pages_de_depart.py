"""One command builds the whole portal, and a second run changes nothing."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from home.editeurs import groupe_editeurs
from home.models import IdentiteDuSite, PageAccueil, PageLibre
from registre.models import Certification

from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db

LIBRES = [
    "/qu-est-ce-qu-un-cqp/",
    "/obtenir-un-cqp/",
    "/employeurs/",
    "/valider-son-experience/",
    "/evaluateurs/",
    "/membres-de-jury/",
    "/questions-frequentes/",
    "/contacts/",
    "/actualites/",
    "/actualites/le-registre-des-cqp-est-ouvert-a-tous/",
    "/mentions-legales/",
    "/accessibilite/",
    "/donnees-personnelles/",
]


def arbre():
    return list(Page.objects.order_by("path").values_list("path", "slug", "title", "latest_revision"))


def test_deux_fois_le_meme_arbre(capsys):
    """The command is idempotent, and says what it did."""
    creer_cqp()
    call_command("creer_pages_de_depart")
    premier = arbre()
    assert "Pages de CQP créées\u00a0: 1" in capsys.readouterr().out
    call_command("creer_pages_de_depart")
    assert arbre() == premier
    assert "Pages de CQP créées\u00a0: 0" in capsys.readouterr().out


def test_les_mots_de_l_editeur_survivent_a_la_commande():
    """A page that someone has edited, moved in title or text, is left alone."""
    publier()
    PageLibre.objects.filter(slug="employeurs").update(title="Entreprises")
    PageAccueil.objects.update(promesse="Notre promesse")
    publier()
    assert PageLibre.objects.get(slug="employeurs").title == "Entreprises"
    assert PageAccueil.objects.get().promesse == "Notre promesse"


def test_une_page_renommee_n_est_pas_refaite(django_capture_on_commit_callbacks):
    """An editor gave it another address: the old one redirects, and the command sees that the page is there."""
    publier()
    page = PageLibre.objects.get(slug="employeurs")
    page.slug = "entreprises"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    publier()
    assert not PageLibre.objects.filter(slug="employeurs").exists()


def test_un_nouveau_cqp_recoit_sa_page_au_passage_suivant(client):
    """A certification created in the registry gets its page at its own slug."""
    publier()
    creer_cqp("nouveau", "CQP Nouveau")
    publier()
    assert client.get("/cqp/nouveau/").status_code == 200


@pytest.mark.parametrize("adresse", ["/", "/cqp/", *LIBRES])
def test_chaque_page_se_lit(client, adresse):
    """Every starting page renders, has one title of first level, a description, and no leftover."""
    creer_cqp()
    publier()
    reponse = client.get(adresse)
    html = reponse.content.decode()
    assert reponse.status_code == 200
    assert html.count("<h1") == 1
    assert 'name="description" content=""' not in html
    assert "lorem" not in html.lower() and "todo" not in html.lower()
    assert len(reponse.content) <= 50_000


@pytest.mark.parametrize("adresse", ["/", *LIBRES])
def test_le_francais_est_bien_compose(client, adresse):
    """No plain space before a high punctuation mark or inside guillemets, no straight apostrophe between letters."""
    import re

    publier()
    html = client.get(adresse).content.decode()
    texte = re.sub(r"<[^>]+>", "", html[html.index("<main") : html.index("</main>")])
    assert not re.findall(r"\w [;!?»]|« \S|\w'\w|\w : ", texte)


def test_l_accueil_compte_le_registre(client):
    """Live figures: one running CQP, its CPNE, its trade with its count; no figure about what does not exist."""
    creer_cqp()
    publier()
    html = client.get("/").content.decode()
    assert "CQP en cours" in html and "certificateurs" in html
    assert "parchemins délivrés" not in html
    assert 'href="/cqp/?filiere=couverture"' in html
    for porte in ("Je cherche un CQP", "Je vérifie un parchemin", "Espace professionnel"):
        assert porte in html


def test_l_adresse_d_un_cqp_suit_le_registre():
    """Neither the editor nor the admin can give a CQP another address than its slug in the registry."""
    creer_cqp()
    publier()
    page = Certification.objects.get().page
    page.slug = "autre-chose"
    page.save()
    assert page.slug == "couvreur-lauzier"
    assert page.url_path.endswith("/cqp/couvreur-lauzier/")


def test_le_site_dit_qui_il_est_quand_on_le_lui_a_dit(client):
    """Until then the legal page says plainly that the installation is a trial."""
    publier()
    assert "Installation d’essai" in client.get("/mentions-legales/").content.decode()
    identite = IdentiteDuSite.for_site(Site.objects.get())
    identite.editeur = "Association de gestion des CQP"
    identite.courriel = "contact@example.org"
    identite.save()
    html = client.get("/mentions-legales/").content.decode()
    assert "Association de gestion des CQP" in html and "mailto:contact@example.org" in html
    assert "Installation d’essai" not in html


def test_un_editeur_ecrit_le_site_et_rien_d_autre(django_user_model):
    """The group opens pages, images and documents; no model of the management."""
    publier()
    editeur = django_user_model.objects.create_user(email="editeur@example.org", password="x")
    editeur.groups.add(groupe_editeurs())
    droits = {droit.partition(".")[0] for droit in editeur.get_all_permissions()}
    assert "wagtailadmin.access_admin" in editeur.get_all_permissions()
    assert droits <= {"wagtailadmin", "home", "wagtailimages", "wagtaildocs", "wagtailcore"}
    testeur = PageAccueil.objects.get().permissions_for_user(editeur)
    assert testeur.can_edit() and not testeur.can_publish() and not testeur.can_delete()
