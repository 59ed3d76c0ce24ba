"""Whoever sees other people's dossiers logs in with two factors, whatever door they come through."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from backoffice.comptes.models import Role, Utilisateur
from tests.connexion import activer_totp, code_totp, connecter

from .conftest import MOT_DE_PASSE

PORTES = ["/gestion/compte/", "/gestion/", "/admin/"]


def donner_mot_de_passe(client, personne, suite=""):
    return client.post(
        "/compte/login/", {"login": personne.email, "password": MOT_DE_PASSE, **({"next": suite} if suite else {})}
    )


def donner_code(client, code):
    return client.post("/compte/2fa/authenticate/", {"code": code})


@pytest.mark.parametrize("porte", PORTES)
@pytest.mark.parametrize("role", Role.NOMS_PROTEGES)
def test_sans_second_facteur_une_fonction_protegee_ne_va_nulle_part(client, ouvrir_compte, role, porte):
    """The password alone leads to the page where the second factor is set up."""
    assert donner_mot_de_passe(client, ouvrir_compte(role)).status_code == 302
    reponse = client.get(porte)
    assert (reponse.status_code, reponse.url) == (302, "/compte/2fa/totp/activate/")


def test_sans_second_facteur_un_administrateur_ne_va_nulle_part(client, db):
    """A superuser is no exception."""
    chef = Utilisateur.objects.create_superuser("chef@example.org", MOT_DE_PASSE)
    donner_mot_de_passe(client, chef)
    assert client.get("/admin/").url == "/compte/2fa/totp/activate/"


def test_sans_second_facteur_la_session_ne_compte_pour_rien_ailleurs(client, gestionnaire):
    """Outside the account pages, a half-open session is nobody's."""
    donner_mot_de_passe(client, gestionnaire)
    assert client.get("/sante/").wsgi_request.user.is_anonymous
    assert client.get("/compte/2fa/").wsgi_request.user == gestionnaire


def test_le_mot_de_passe_puis_le_code_ouvrent_la_page_demandee(client, gestionnaire):
    """Both factors lead where the person was going."""
    secret = activer_totp(gestionnaire)
    assert client.get("/gestion/compte/").url == "/compte/login/?next=/gestion/compte/"
    assert donner_mot_de_passe(client, gestionnaire, "/gestion/compte/").url.startswith("/compte/2fa/authenticate/")
    assert client.get("/gestion/compte/").url.startswith("/compte/login/"), "the password alone opens nothing"
    assert donner_code(client, code_totp(secret)).url == "/gestion/compte/"
    assert client.get("/gestion/compte/").status_code == 200


def test_une_session_ouverte_avant_le_second_facteur_est_fermee(client, gestionnaire):
    """Setting up the factor elsewhere ends the sessions that never proved it."""
    donner_mot_de_passe(client, gestionnaire)
    activer_totp(gestionnaire)
    assert client.get("/gestion/compte/").url == "/compte/login/?next=/gestion/compte/"
    assert client.get("/compte/2fa/totp/deactivate/").url.startswith("/compte/login/"), "the session is gone"


def test_l_activation_laisse_continuer_sans_se_reconnecter(client, gestionnaire, django_capture_on_commit_callbacks):
    """The code that activates the factor proves it: the session goes on, to the page first asked for."""
    donner_mot_de_passe(client, gestionnaire)
    client.get("/gestion/compte/?onglet=roles")
    page = client.get("/compte/2fa/totp/activate/")
    assert page.status_code == 200, "no second password right after the first"
    secret = page.context["form"].secret
    assert page.context["form"].secret_lisible in page.text and "data:image/svg+xml" in page.text

    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post("/compte/2fa/totp/activate/", {"code": code_totp(secret)})
    assert reponse.url == "/compte/2fa/recovery-codes/"
    codes = client.get(reponse.url)
    assert len(codes.context["unused_codes"]) == 10
    assert 'href="/gestion/compte/?onglet=roles"' in codes.text
    assert client.get("/gestion/compte/?onglet=roles").status_code == 200


def test_le_secret_est_illisible_dans_la_base(gestionnaire):
    """A copy of the database does not give the codes."""
    secret = activer_totp(gestionnaire)
    assert secret not in str(Authenticator.objects.values_list("data"))


@pytest.mark.parametrize("oubli", [False, True], ids=["", "cache vidé"])
def test_un_code_ne_sert_qu_une_fois(client, gestionnaire, oubli):
    """Who reads the code over a shoulder cannot use it, even if the cache has forgotten it."""
    secret = activer_totp(gestionnaire)
    code = code_totp(secret)
    donner_mot_de_passe(client, gestionnaire)
    assert donner_code(client, code).status_code == 302
    autre = Client()
    donner_mot_de_passe(autre, gestionnaire)
    if oubli:
        cache.clear()
    reponse = donner_code(autre, code)
    assert reponse.status_code == 200 and "a déjà servi" in reponse.text
    assert autre.get("/gestion/compte/").status_code == 302
    suivant = code_totp(secret, int(time.time()) // 30 + 1)
    assert donner_code(autre, suivant).status_code == 302, "positive control: the next code opens"


def test_le_code_de_l_activation_n_ouvre_pas_une_autre_session(client, gestionnaire):
    """It was shown on the screen of the activation."""
    donner_mot_de_passe(client, gestionnaire)
    secret = client.get("/compte/2fa/totp/activate/").context["form"].secret
    code = code_totp(secret)
    client.post("/compte/2fa/totp/activate/", {"code": code})
    autre = Client()
    donner_mot_de_passe(autre, gestionnaire)
    assert donner_code(autre, code).status_code == 200


def test_un_code_de_secours_ouvre_une_fois(client, gestionnaire):
    """A lost telephone does not close the account, and the same code does not open it twice."""
    connecter(client, gestionnaire)
    client.post("/compte/2fa/recovery-codes/generate/")
    code = client.get("/compte/2fa/recovery-codes/").context["unused_codes"][0]
    for attendu in (302, 200):
        autre = Client()
        donner_mot_de_passe(autre, gestionnaire)
        assert donner_code(autre, code).status_code == attendu


def test_retirer_son_second_facteur_ramene_a_l_activation(client, gestionnaire):
    """Changing telephones is possible; working without a factor is not."""
    connecter(client, gestionnaire)
    assert client.get("/gestion/compte/").status_code == 200
    client.post("/compte/2fa/totp/deactivate/")
    assert client.get("/gestion/compte/").url == "/compte/2fa/totp/activate/"


def test_l_employeur_entre_avec_son_mot_de_passe(client, employeur):
    """A role that sees its own dossiers only may do without, and may still add a factor."""
    donner_mot_de_passe(client, employeur)
    assert client.get("/gestion/compte/").status_code == 200
    activer_totp(employeur)
    assert donner_mot_de_passe(Client(), employeur).url.startswith("/compte/2fa/authenticate/")


def test_devenir_protege_exige_aussitot_le_second_facteur(client, employeur, organisme):
    """A role given this morning counts at the next page."""
    donner_mot_de_passe(client, employeur)
    Role.objects.create(utilisateur=employeur, nom="jury", organisme=organisme)
    assert client.get("/gestion/compte/").url == "/compte/2fa/totp/activate/"


@pytest.mark.django_db(transaction=True)
def test_un_changement_de_second_facteur_est_ecrit_a_son_proprietaire(client, gestionnaire):
    """The mail goes to the owner, through the journal, without personal data in its subject."""
    from registre.models import CourrielSortant, EntreeJournal

    connecter(client, gestionnaire)
    client.post("/compte/2fa/totp/deactivate/")
    courriel = CourrielSortant.objects.get()
    assert courriel.destinataire == gestionnaire.email
    assert courriel.sujet == "Application d’authentification retirée"
    assert "Martin" not in courriel.sujet and courriel.corps.startswith("Bonjour,")
    assert [e.verbe for e in EntreeJournal.objects.de(gestionnaire)] == ["desactiver_application"]
    assert not mail.outbox, "the worker sends it, not the page"
