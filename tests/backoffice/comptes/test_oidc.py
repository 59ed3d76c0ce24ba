"""Logging in through an identity provider: off by default, never opening anything that was not open already."""

from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from backoffice.comptes import oidc
from backoffice.comptes.models import Utilisateur
from tests.connexion import activer_totp, code_totp_neuf
from tests.navigateur import regarder, suivre

from .fournisseur import CLIENT, SECRET, Fournisseur

pytestmark = pytest.mark.django_db
DEPART, RETOUR = "/compte/organisation/", "/compte/organisation/retour/"


@pytest.fixture(scope="module")
def serveur():
    fournisseur = Fournisseur()
    yield fournisseur
    fournisseur.fermer()


@pytest.fixture
def fournisseur(serveur, settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    serveur.regler()
    decouverte = serveur.adresse + oidc.SUFFIXE
    settings.OIDC = {**settings.OIDC, "decouverte": decouverte, "client": CLIENT, "secret": SECRET, "nom": "la Branche"}
    return serveur


def partir(client, **envoi) -> str:
    """The address of the provider that our page leads to."""
    return client.post(DEPART, envoi).context["adresse"]


def autoriser(adresse: str) -> str:
    """What the provider answers to the browser: our own address, with a code."""
    parties = urlsplit(adresse)
    connexion = HTTPConnection(parties.netloc)
    connexion.request("GET", f"{parties.path}?{parties.query}")
    retour = urlsplit(connexion.getresponse().headers["Location"])
    connexion.close()
    return f"{retour.path}?{retour.query}"


def aller_retour(client, **envoi):
    return client.get(autoriser(partir(client, **envoi)))


def connecte(client) -> bool:
    return "_auth_user_id" in client.session


class TestEteint:
    def test_rien_ne_se_voit_sans_reglage(self, client):
        """Neither the button nor the addresses."""
        assert "Se connecter avec" not in client.get("/compte/login/").text.replace("avec une clé", "")
        assert client.post(DEPART).status_code == client.get(RETOUR).status_code == 404


class TestOuvrir:
    @pytest.mark.parametrize("algorithme", ["RS256", "ES256"])
    def test_un_compte_a_cette_adresse_s_ouvre(self, client, fournisseur, employeur, algorithme):
        """The very account, on the page that was asked for; the answer serves once."""
        fournisseur.algorithme = algorithme
        assert "Se connecter avec la Branche" in client.get("/compte/login/").text
        adresse = partir(client, next="/gestion/candidatures/")
        demande = parse_qs(urlsplit(adresse).query)
        assert demande["code_challenge_method"] == ["S256"] and len(demande["state"][0]) >= 43
        assert demande["redirect_uri"][0].endswith(RETOUR)
        retour = autoriser(adresse)
        reponse = client.get(retour)
        assert reponse.status_code == 302 and reponse.url == "/gestion/candidatures/"
        assert client.session["_auth_user_id"] == str(employeur.pk)
        assert Client().get(retour).status_code == client.get(retour).status_code == 403

    def test_l_adresse_lue_sur_la_page_des_utilisateurs(self, client, fournisseur, employeur):
        """When the token does not tell it: the same subject, or nothing."""
        fournisseur.dit = {"email": None, "email_verified": None}
        fournisseur.utilisateur = {"sub": "autre", "email": employeur.email, "email_verified": True}
        assert aller_retour(client).status_code == 403 and not connecte(client)
        fournisseur.utilisateur["sub"] = "u-1"
        assert aller_retour(client).status_code == 302 and connecte(client)

    def test_une_suite_d_un_autre_site_est_ignoree(self, client, fournisseur, employeur):
        """One lands at home."""
        assert aller_retour(client, next="https://pirate.example/").url == "/gestion/"

    def test_les_noms_des_claims_se_reglent(self, client, fournisseur, employeur, settings):
        """Providers have their own words."""
        settings.OIDC = {**settings.OIDC, "claim_courriel": "mail", "claim_verifie": "mail_sur"}
        fournisseur.dit = {"email": None, "mail": "Paul.Durand@Example.org", "mail_sur": "true"}
        assert aller_retour(client).status_code == 302 and connecte(client)


class TestSecondFacteur:
    def test_il_reste_demande(self, client, fournisseur, gestionnaire):
        """Whatever the provider says of itself, as long as nobody declared it trusted."""
        fournisseur.dit = {"email": gestionnaire.email, "amr": ["mfa"], "acr": "eidas2"}
        secret = activer_totp(gestionnaire)
        assert aller_retour(client).url.startswith("/compte/2fa/authenticate/") and not connecte(client)
        client.post("/compte/2fa/authenticate/", {"code": code_totp_neuf(secret)})
        assert client.get("/gestion/comptes/").status_code == 200

    def test_sans_facteur_on_le_regle_d_abord(self, client, fournisseur, gestionnaire):
        """The session reaches the account pages only."""
        fournisseur.dit = {"email": gestionnaire.email}
        aller_retour(client)
        assert client.get("/gestion/comptes/").url == "/compte/2fa/totp/activate/"

    @pytest.mark.parametrize("reglage", [{"amr_surs": ["mfa"]}, {"acr_surs": ["eidas2"]}])
    @pytest.mark.parametrize("facteur", [True, False])
    def test_celui_d_un_fournisseur_de_confiance_suffit(
        self, client, fournisseur, gestionnaire, settings, reglage, facteur
    ):
        """Declared by the installation and said in the token: ours is not asked; not said: it is."""
        settings.OIDC = {**settings.OIDC, **reglage}
        if facteur:
            activer_totp(gestionnaire)
        fournisseur.dit = {"email": gestionnaire.email, "amr": ["pwd", "mfa"], "acr": "eidas2"}
        aller_retour(client)
        assert client.get("/gestion/comptes/").status_code == 200
        fournisseur.dit = {"email": gestionnaire.email, "amr": ["pwd"], "acr": "eidas1"}
        autre = Client()
        aller_retour(autre)
        assert autre.get("/gestion/comptes/").status_code == 302


class TestRefuser:
    @pytest.mark.parametrize(
        "dit, phrase",
        [
            ({"nonce": "un autre"}, "pas sûre"),
            ({"nonce": None}, "pas sûre"),
            ({"aud": "un-autre-client"}, "pas sûre"),
            ({"aud": [CLIENT, "autre"]}, "pas sûre"),
            ({"aud": [CLIENT, "autre"], "azp": "autre"}, "pas sûre"),
            ({"iss": "https://pirate.example"}, "pas sûre"),
            ({"exp": 1}, "pas sûre"),
            ({"iat": 9_999_999_999}, "pas sûre"),
            ({"exp": None}, "pas sûre"),
            ({"sub": None}, "pas sûre"),
            ({"email_verified": False}, "n’est pas vérifiée"),
            ({"email_verified": None}, "n’est pas vérifiée"),
            ({"email": ["paul.durand@example.org"]}, "n’est pas vérifiée"),
            ({"email": "inconnue@example.org"}, "Aucun compte n’est ouvert"),
        ],
    )
    def test_ce_que_dit_le_jeton_ne_convient_pas(self, client, fournisseur, employeur, dit, phrase):
        """A French page, no session, and no account is made."""
        fournisseur.dit = dit
        reponse = aller_retour(client)
        assert reponse.status_code == 403 and phrase in reponse.text and not connecte(client)
        assert Utilisateur.objects.count() == 1

    @pytest.mark.parametrize("algorithme", ["none", "HS256", "intrus"])
    def test_la_signature_n_est_pas_la_sienne(self, client, fournisseur, employeur, algorithme):
        """Another key under the same name, no signature at all, a symmetric one: nothing is believed."""
        if algorithme == "intrus":
            fournisseur.signer_avec = fournisseur.intrus
        else:
            fournisseur.algorithme = algorithme
        reponse = aller_retour(client)
        assert reponse.status_code == 403 and "pas sûre" in reponse.text and not connecte(client)

    def test_une_reponse_d_une_autre_session_ne_sert_pas(self, client, fournisseur, employeur):
        """State of another browser, invented, absent, or too old."""
        ailleurs = autoriser(partir(Client()))
        for retour in (ailleurs, RETOUR, f"{RETOUR}?code=x&state=y"):
            partir(client)
            reponse = client.get(retour)
            assert reponse.status_code == 403 and "n’a pas abouti" in reponse.text and not connecte(client)
        retour = autoriser(partir(client))
        session = client.session
        session["oidc"] = {**session["oidc"], "le": 0}
        session.save()
        assert client.get(retour).status_code == 403

    def test_le_code_est_lie_a_notre_depart(self, client, fournisseur, employeur):
        """PKCE: the code of one departure is refused with the proof of another."""
        vole = parse_qs(urlsplit(autoriser(partir(Client()))).query)["code"][0]
        etat = parse_qs(urlsplit(partir(client)).query)["state"][0]
        reponse = client.get(RETOUR, {"code": vole, "state": etat})
        assert reponse.status_code == 403 and not connecte(client)

    def test_un_compte_ferme_reste_ferme(self, client, fournisseur, employeur):
        """As if there were none."""
        Utilisateur.objects.filter(pk=employeur.pk).update(is_active=False)
        assert aller_retour(client).status_code == 403 and not connecte(client)

    def test_les_pannes_se_disent(self, client, fournisseur, employeur, settings):
        """Given up, silent, or named otherwise than its address: a sentence each time."""
        fournisseur.refus = "access_denied"
        assert "interrompu la connexion" in aller_retour(client).text
        fournisseur.decouverte = {"issuer": "http://127.0.0.1/autre"}
        assert "pas sûre" in client.post(DEPART).text
        fournisseur.decouverte = {"token_endpoint": "http://exemple.example/jeton"}
        fournisseur.refus = ""
        assert "ne répond pas" in aller_retour(client).text
        settings.OIDC = {**settings.OIDC, "decouverte": "http://127.0.0.1:9" + oidc.SUFFIXE}
        reponse = client.post(DEPART)
        assert reponse.status_code == 403 and "La Branche ne répond pas" in reponse.text


@pytest.mark.django_db(transaction=True)
def test_dans_le_navigateur(ouvrir_navigateur, live_server, fournisseur, employeur, settings):
    """One button, one page in between, and one is in: the content policy lets the form go."""
    settings.ADRESSE_PUBLIQUE = live_server.url
    page = ouvrir_navigateur()
    page.goto("/compte/login/?next=/gestion/candidatures/")
    regarder(page)
    page.get_by_role("button", name="Se connecter avec la Branche").click()
    page.wait_for_url("**/gestion/candidatures/")
    page.get_by_role("heading", name="Candidatures").wait_for()
    fournisseur.dit = {"email": "inconnue@example.org"}
    autre = ouvrir_navigateur()
    autre.goto("/compte/login/")
    autre.get_by_role("button", name="Se connecter avec la Branche").click()
    autre.get_by_role("heading", name="Aucun compte n’est ouvert").wait_for()
    regarder(autre)
    suivre(autre.get_by_role("link", name="Revenir à la connexion"))
