"""Who writes does not publish: the reading, the calendar, the redirects, through the editor's own screens."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from backoffice.comptes.groupes import accorder
from home.models import PageCQP, PageLibre
from registre.reprise import reprendre
from tests import fabriques as f
from tests.connexion import connecter

from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def gens():
    """An éditeur and a publicateur, each in a session of their own."""
    creer_cqp()
    publier()
    sessions = {}
    for nom in ("editeur", "publicateur"):
        personne = f.UtilisateurFactory(role=nom)
        accorder(personne)
        sessions[nom] = connecter(Client(), personne)
    return sessions


def envoyer(client, page, **champs):
    """Save the page from its form in the editor, as the browser would send it."""
    adresse = reverse("wagtailadmin_pages:edit", args=[page.pk])
    formulaire = client.get(adresse).context["form"]
    donnees = {
        formulaire.add_prefix(nom): valeur
        for nom, valeur in formulaire.initial.items()
        if valeur is not None and isinstance(valeur, str | int)
    }
    donnees |= {"corps-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return client.post(adresse, donnees | champs)


def test_l_editeur_soumet_et_le_publicateur_met_en_ligne(gens, client):
    """The page online changes when the second person accepts, and not before; asking to publish at once is no use."""
    page = PageLibre.objects.get(slug="employeurs")
    envoyer(gens["editeur"], page, title="Entreprises", **{"action-publish": "1"})
    assert "<h1>Entreprises</h1>" not in client.get("/employeurs/").text
    envoyer(gens["editeur"], page, title="Entreprises", **{"action-submit": "1"})
    assert "<h1>Entreprises</h1>" not in client.get("/employeurs/").text
    etape = WorkflowState.objects.get().current_task_state
    decision = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", etape.pk])
    assert gens["editeur"].post(decision).status_code in {302, 403}
    assert "<h1>Entreprises</h1>" not in client.get("/employeurs/").text
    assert "Entreprises" in gens["publicateur"].get(reverse("wagtailadmin_home")).text
    gens["publicateur"].post(decision)
    assert "<h1>Entreprises</h1>" in client.get("/employeurs/").text


def test_une_page_programmee_vient_et_s_en_va_seule(gens, client):
    """The workers publish at the day given and withdraw at the other; looking twice does nothing more."""
    page = PageCQP.objects.get()
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.expire_at = timezone.now() + timedelta(hours=3)
    page.save_revision().publish()
    assert client.get("/cqp/couvreur-lauzier/").status_code == 404
    for heures, nombre, statut in ((0, 0, 404), (2, 1, 200), (2, 0, 200), (4, 1, 404), (4, 0, 404)):
        with pytest.MonkeyPatch.context() as patch:
            plus_tard = timezone.now() + timedelta(hours=heures)
            patch.setattr(timezone, "now", lambda plus_tard=plus_tard: plus_tard)
            assert reprendre()["page(s) programmée(s)"] == nombre
        assert client.get("/cqp/couvreur-lauzier/").status_code == statut


def test_le_publicateur_seul_redirige(gens, client):
    """An old printed address is led to the new one; an éditeur has no such power."""
    ajout = reverse("wagtailredirects:add")
    cible = PageLibre.objects.get(slug="employeurs")
    donnees = {"old_path": "/entreprises-2019/", "is_permanent": "on", "redirect_page": cible.pk, "site": ""}
    gens["editeur"].post(ajout, donnees)
    assert client.get("/entreprises-2019/").status_code == 404
    gens["publicateur"].post(ajout, donnees)
    assert client.get("/entreprises-2019/").headers["Location"] == "/employeurs/"


def test_le_menu_de_l_editeur_est_en_francais(gens):
    """Nothing of the management, and no English name, in what an editor or a publisher is offered."""

    def menu(nom):
        """The words of the side menu: it travels as JSON, accents escaped."""
        page = gens[nom].get(reverse("wagtailadmin_home")).text
        return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), page)

    offert = menu("publicateur")
    for mots in ("Règles de Redirection", "Identité du site", "Images", "Documents"):
        assert mots in offert
    assert "Règles de Redirection" not in menu("editeur")
    assert "Moderators" not in gens["editeur"].get(reverse("wagtailadmin_reports:workflow")).text
