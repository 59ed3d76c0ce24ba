"""Pages kept for visitors without a session: the same bytes for fewer queries, and never one edit late."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from backoffice.comptes.groupes import accorder
from home.models import IdentiteDuSite, PageAccueil, PageActualite, PageLibre
from registre import declencheurs
from registre.models import Certification, Competence, Filiere, Organisme, RoleCertification, VersionCertification
from tests import fabriques as f
from tests.connexion import connecter

from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db
PAGES = ("/", "/cqp/", "/cqp/?q=lauzier", "/cqp/couvreur-lauzier/", "/employeurs/", "/actualites/")


@pytest.fixture
def portail():
    creer_cqp()
    publier()


def requetes(client, adresse) -> int:
    with CaptureQueriesContext(
        connection,
    ) as faites:
        assert client.get(adresse).status_code == 200
    return len(faites)


@pytest.mark.parametrize("adresse", PAGES)
def test_une_page_gardee_coute_une_requete(client, portail, adresse):
    """Twelve queries at most the first time, then one, for the same page with the same protections."""
    premiere = client.get(adresse)
    with CaptureQueriesContext(connection) as faites:
        seconde = client.get(adresse)
    assert len(faites) == 1
    assert seconde.content == premiere.content
    assert seconde.headers["Content-Security-Policy"] == premiere.headers["Content-Security-Policy"]
    PageAccueil.objects.update(promesse="Autre promesse")
    assert requetes(client, adresse) <= 12


def test_la_liste_demandee_par_htmx_ne_passe_pas_pour_la_page(client, portail):
    """Same address, two answers: whoever reloads after a filter receives the page, and the filter its list."""
    adresse, htmx = "/cqp/?q=lauzier", {"HX-Request": "true"}
    for _ in range(2):
        assert "<html" not in client.get(adresse, headers=htmx).text
        assert "<html" in client.get(adresse).text


def _publier(page, **champs):
    for nom, valeur in champs.items():
        setattr(page, nom, valeur)
    page.save_revision().publish()


def _page(slug):
    return PageLibre.objects.get(slug=slug)


CQP = "/cqp/couvreur-lauzier/"
EDITIONS = {
    "une page publiée": ("/employeurs/", "Entreprises", lambda: _publier(_page("employeurs"), title="Entreprises")),
    "une page retirée": ("/cqp/", "Aucun CQP", lambda: Certification.objects.get().page.unpublish()),
    "une actualité": ("/", "Grande nouvelle", lambda: _publier(PageActualite.objects.get(), title="Grande nouvelle")),
    "un titre": (CQP, "Titre neuf", lambda: VersionCertification.objects.update(intitule="Titre neuf")),
    "une compétence": (CQP, "Tailler la pierre", lambda: Competence.objects.update(libelle="Tailler la pierre")),
    "une filière": ("/", "Toitures", lambda: Filiere.objects.update(libelle="Toitures")),
    "un porteur": (CQP, "Maison neuve", lambda: Organisme.objects.update(raison_sociale="Maison neuve")),
    "l’identité du site": ("/contacts/", "Éditeur connu", lambda: _identite()),
}


def _identite():
    identite = IdentiteDuSite.for_site(Site.objects.get())
    identite.editeur = "Éditeur connu"
    identite.save()


@pytest.mark.parametrize("quoi", EDITIONS)
def test_un_changement_se_voit_a_la_visite_suivante(client, portail, quoi):
    """Whoever writes, screen, command or raw update: the next visitor reads it."""
    adresse, mots, changer = EDITIONS[quoi]
    assert mots not in client.get(adresse).text
    assert mots not in client.get(adresse).text
    changer()
    assert mots in client.get(adresse).text


def test_ce_qui_disparait_du_registre_disparait_des_pages(client, portail):
    """A deletion counts as an edit; so does raw SQL."""
    assert "CPNE conjointes" in client.get("/cqp/couvreur-lauzier/").text
    RoleCertification.objects.all().delete()
    assert "CPNE conjointes" not in client.get("/cqp/couvreur-lauzier/").text
    with connection.cursor() as curseur:
        curseur.execute("UPDATE registre_versioncertification SET intitule = 'Écrit en SQL'")
    assert "Écrit en SQL" in client.get("/cqp/couvreur-lauzier/").text


def test_qui_est_connecte_ne_lit_ni_ne_laisse_rien_en_memoire(client, portail):
    """A session is never served from memory, and nothing of it is kept for others."""
    personne = f.UtilisateurFactory(role="editeur")
    accorder(personne)
    connecter(client, personne)
    assert requetes(client, "/employeurs/") > 1
    assert requetes(client, "/employeurs/") > 1


def test_un_apercu_montre_le_brouillon(client, portail):
    """The editor's preview is drawn from the draft, whatever memory holds."""
    page = PageLibre.objects.get(slug="employeurs")
    client.get("/employeurs/")
    page.title = "Brouillon"
    assert "Brouillon" in page.make_preview_request().text
    assert "Brouillon" not in client.get("/employeurs/").text


def test_les_compteurs_d_editions_sont_en_place():
    """The triggers are there, and say what they should."""
    assert not [nom for nom in declencheurs.absents() if nom.startswith("edition_")]
