"""What the editor sees: forms that open, a preview that shows in its frame, in the editor's page only."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from backoffice.comptes.models import Role
from home.editeurs import groupe_editeurs
from home.models import PageCatalogue, PageCQP

from ..connexion import connecter
from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def editeur(client, django_user_model):
    creer_cqp()
    publier()
    personne = django_user_model.objects.create_user(email="editeur@example.org", password="sans-valeur")
    personne.groups.add(groupe_editeurs())
    Role.objects.create(utilisateur=personne, nom="editeur")
    return connecter(client, personne)


@pytest.mark.parametrize(
    "adresse", ["/accueil/", "/accueil/cqp/", "/accueil/cqp/couvreur-lauzier/", "/accueil/employeurs/"]
)
def test_chaque_page_s_ouvre_dans_l_editeur(editeur, adresse):
    """Panels, blocks and help of each model render in Wagtail's editor, in French."""
    page = Page.objects.get(url_path=adresse)
    reponse = editeur.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert reponse.status_code == 200
    assert "Corps de la page" in reponse.content.decode()


def test_une_page_de_cqp_ne_s_ajoute_que_sous_le_catalogue():
    """The tree keeps its shape: CQPs under the catalogue, nothing under a CQP."""
    assert PageCQP.allowed_parent_page_models() == [PageCatalogue]
    assert PageCQP.allowed_subpage_models() == []


def test_l_apercu_s_encadre_chez_l_editeur_et_nulle_part_ailleurs(editeur):
    """The preview may be framed by the site itself; the public page by nobody."""
    page = PageCQP.objects.get()
    apercu = page.make_preview_request()
    assert apercu.status_code == 200
    assert "RNCP41346" in apercu.content.decode()
    assert "frame-ancestors 'self'" in apercu.headers["Content-Security-Policy"]
    publique = editeur.get("/cqp/couvreur-lauzier/")
    assert "frame-ancestors 'none'" in publique.headers["Content-Security-Policy"]
