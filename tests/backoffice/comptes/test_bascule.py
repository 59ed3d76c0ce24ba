"""Several roles, one at a time: the choice of the top bar narrows everything, and never gives anything."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.candidatures.models import Candidature
from backoffice.comptes.models import Role, Utilisateur
from backoffice.evaluations.independance import conflit
from registre.models import EntreeJournal
from tests import fabriques as f
from tests.connexion import activer_totp, connecter, se_connecter

pytestmark = pytest.mark.django_db
CHOISIR = "/gestion/compte/role/"


class Plurielle:
    """Camille: manager of a porteur, employer of one établissement, member of juries; a dossier for each of the two."""

    def __init__(self):
        self.acteurs, self.autres = f.Acteurs(), f.Acteurs()
        self.personne = self.acteurs.gestionnaire
        self.gestionnaire = self.personne.roles.get()
        self.employeur = Role.objects.create(
            utilisateur=self.personne, nom="employeur", organisme=self.autres.etablissement
        )
        self.sien, self.declare = f.deposee(self.acteurs), f.deposee(self.autres)
        self.client = connecter(Client(), self.personne)

    def choisir(self, role, page="/gestion/", **suite):
        return self.client.post(CHOISIR, {"role": getattr(role, "pk", role), "page": page}, **suite)


@pytest.fixture
def plurielle():
    return Plurielle()


def test_tous_les_roles_par_defaut_puis_un_seul(plurielle):
    """Menus, lists and tasks follow the choice; the page says under which role one acts."""
    p = plurielle
    page = p.client.get("/gestion/candidatures/").text
    assert p.sien.reference in page and p.declare.reference in page and "Tous mes rôles" in page
    page = p.choisir(p.employeur, "/gestion/candidatures/?etat=deposee", follow=True)
    assert page.request["PATH_INFO"] == "/gestion/candidatures/", "the same page, still open"
    assert p.declare.reference in page.text and p.sien.reference not in page.text
    assert f"Employeur – {p.autres.etablissement}" in page.text
    assert "Demandes de compte" not in page.text, "the menu of a manager"
    assert p.client.get(p.sien.get_absolute_url()).status_code == 404
    assert p.client.get("/gestion/tableau/").status_code == 403
    assert p.client.get("/gestion/").context["taches"] == []
    p.choisir(p.gestionnaire)
    assert [t.verbe.nom for t in p.client.get("/gestion/").context["taches"]] == ["declarer_recevable"]
    p.choisir("")
    assert p.client.get("/gestion/tableau/").status_code == 200


@pytest.mark.parametrize("ici", ["dossier", "/gestion/tableau/", "https://pirate.example/", "//pirate.example/", ""])
def test_une_page_que_le_role_n_ouvre_pas_laisse_la_place_a_l_accueil(plurielle, ici):
    """Out of scope or refused: « À faire », with a sentence, once; never another site."""
    p = plurielle
    adresse = p.sien.get_absolute_url() if ici == "dossier" else ici
    arrivee = p.choisir(p.employeur, adresse, follow=True)
    assert arrivee.request["PATH_INFO"] == "/gestion/" and arrivee.status_code == 200
    if adresse.startswith("/gestion"):
        assert "n’ouvre pas la page où vous étiez" in arrivee.text
        assert p.client.get(adresse).status_code in {403, 404}, "later, the refusal says why"


@pytest.mark.parametrize("valeur", ["certificateur", "0", "999999", "' OR 1=1", "jury"])
def test_on_ne_choisit_que_parmi_les_siens(plurielle, valeur):
    """Neither another's role, nor one that does not exist: nothing changes."""
    autre = plurielle.acteurs.certificateur.roles.get()
    for choix in (valeur, autre.pk):
        assert "n’est pas, ou n’est plus" in plurielle.choisir(choix, follow=True).text
        assert plurielle.client.get("/gestion/candidatures/").context["user"].sous_le_role == ""
    assert plurielle.client.get(CHOISIR).status_code == 405


def test_le_journal_dit_sous_quel_role(plurielle):
    """Both roles could do it: the one chosen is the one written."""
    p = plurielle
    Role.objects.create(utilisateur=p.personne, nom="certificateur", organisme=p.acteurs.cpne)
    p.choisir("certificateur")
    p.client.post(
        "/gestion/comptes/invitations/nouvelle/",
        {
            "courriel": "hugo@example.org",
            "role": "gestionnaire",
            "organisme": p.acteurs.porteur.pk,
        },
    )
    p.choisir(p.gestionnaire)
    p.client.post(
        "/gestion/comptes/invitations/nouvelle/",
        {
            "courriel": "lea@example.org",
            "role": "gestionnaire",
            "organisme": p.acteurs.porteur.pk,
        },
    )
    roles = EntreeJournal.objects.filter(verbe="inviter").order_by("sequence").values_list("role", flat=True)
    assert list(roles) == ["certificateur", "gestionnaire"]


def test_un_role_retire_ou_fini_rend_tous_les_autres(plurielle):
    """The choice falls by itself when its role is over, and the page says so."""
    p = plurielle
    p.choisir(p.employeur)
    Role.objects.filter(pk=p.employeur.pk).update(fin=timezone.localdate() - timedelta(days=1))
    page = p.client.get("/gestion/")
    assert "a pris fin" in page.text and page.context["user"].sous_le_role == ""
    assert "a pris fin" not in p.client.get("/gestion/").text
    assert "Sous quel rôle" not in page.text, "a single role is left: nothing to choose"


def test_un_role_sur_plusieurs_organismes_se_choisit_en_entier(plurielle):
    """« Employeur, tous mes organismes » beside each établissement."""
    p = plurielle
    Role.objects.create(utilisateur=p.personne, nom="employeur", organisme=p.acteurs.etablissement)
    page = p.choisir("employeur", "/gestion/candidatures/", follow=True)
    assert "Employeur – tous mes organismes" in page.text
    assert p.declare.reference in page.text and p.sien.reference in page.text
    page = p.choisir(p.employeur, "/gestion/candidatures/", follow=True)
    assert p.sien.reference not in page.text


def test_la_bascule_ne_cache_ni_lien_d_interets_ni_second_facteur(plurielle):
    """Under the role of employer alone, the manager's protection stays, and so does the conflict with an employer."""
    personne = Utilisateur.objects.get(pk=plurielle.personne.pk)
    personne.sous_le_role = str(plurielle.employeur.pk)
    assert personne.exige_double_authentification
    personne.sous_le_role = str(plurielle.gestionnaire.pk)
    assert "appartient à l’employeur" in conflit(personne, plurielle.declare)


def test_son_propre_dossier_ne_se_lit_qu_en_candidat(plurielle):
    """A manager who is also a candidate elsewhere does not see that dossier under the role of manager."""
    dossier = f.delivree(plurielle.autres)
    personne = dossier.titulaire.utilisateur
    gestion = Role.objects.create(utilisateur=personne, nom="gestionnaire", organisme=plurielle.acteurs.porteur)
    client = connecter(Client(), personne)
    document = f"/gestion/delivrances/documents/{dossier.delivrance.parchemin_id}/"
    tout = Candidature.objects.all().visibles_par(Utilisateur.objects.get(pk=personne.pk))
    assert dossier in tout
    client.post(CHOISIR, {"role": gestion.pk})
    assert dossier not in Candidature.objects.all().visibles_par(_sous(personne, gestion))
    assert client.get(document).status_code == 404
    assert not dossier.roles_de(_sous(personne, gestion))


def _sous(personne, role):
    personne = Utilisateur.objects.get(pk=personne.pk)
    personne.sous_le_role = str(role.pk)
    return personne


@pytest.mark.parametrize("dates", [{}, {"fin": timezone.localdate() - timedelta(days=1)}])
def test_le_site_ne_s_edite_que_sous_le_role_d_editeur(client, plurielle, dates):
    """The door of the editor follows the role: its dates, and the choice of the moment."""
    from home.editeurs import groupe_editeurs

    editeur = Role.objects.create(
        utilisateur=plurielle.personne, nom="editeur", debut=timezone.localdate() - timedelta(days=9), **dates
    )
    plurielle.personne.groups.add(groupe_editeurs())
    p = plurielle
    assert p.client.get("/admin/").status_code == (403 if dates else 200)
    if not dates:
        assert p.choisir(editeur, "/gestion/tableau/", follow=True).request["PATH_INFO"] == "/admin/"
        p.choisir(p.gestionnaire)
        assert p.client.get("/admin/").status_code == 403


@settings(max_examples=60)
@given(
    choix=st.one_of(
        st.sampled_from(["", "gestionnaire", "employeur", "candidat", "jury"]), st.integers(0, 9), st.text()
    )
)
def test_aucun_choix_n_elargit(choix):
    """Whatever the choice: roles and bodies are a part of one's own."""
    personne = Utilisateur()
    noms = ("gestionnaire", "employeur", "employeur", "candidat")
    personne.tous_les_roles = [Role(pk=n, nom=nom, organisme_id=n or None) for n, nom in enumerate(noms)]
    tous, organismes = set(personne.roles_actifs), personne.organismes_ids()
    personne.sous_le_role = str(choix)
    assert set(personne.roles_actifs) <= tous and personne.organismes_ids() <= organismes
    assert personne.organismes_d_appartenance == organismes


def test_la_portee_restreinte_est_une_partie_de_la_portee(plurielle):
    """Rows seen under each role are among those seen under all of them."""
    tout = set(Candidature.objects.all().visibles_par(Utilisateur.objects.get(pk=plurielle.personne.pk)))
    assert tout == {plurielle.sien, plurielle.declare}
    for role, vus in ((plurielle.gestionnaire, {plurielle.sien}), (plurielle.employeur, {plurielle.declare})):
        assert set(Candidature.objects.all().visibles_par(_sous(plurielle.personne, role))) == vus


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("largeur", [1280, 320])
def test_la_bascule_dans_le_navigateur(ouvrir_navigateur, largeur):
    """Opened by keyboard or pointer, read by axe, without sideways scrolling."""
    p = Plurielle()
    page = ouvrir_navigateur(viewport={"width": largeur, "height": 900})
    se_connecter(page, "", p.personne.email, f.MOT_DE_PASSE, activer_totp(p.personne))
    page.goto("/gestion/candidatures/")
    page.locator(".menu-role > summary").press("Enter")
    assert not Axe().run(page).response["violations"]
    with page.expect_navigation():
        page.get_by_role("button", name=str(p.autres.etablissement)).click()
    page.locator(".menu-role", has_text="Employeur").wait_for()
    assert page.url.endswith("/gestion/candidatures/")
    assert page.get_by_text(p.declare.reference).count() and not page.get_by_text(p.sien.reference).count()
    assert not Axe().run(page).response["violations"]
    largeurs = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert largeurs[0] <= largeurs[1]
