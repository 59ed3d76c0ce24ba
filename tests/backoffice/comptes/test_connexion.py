"""Logging in, out and back: the same answers to everyone, and nobody locked out by somebody else."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.comptes.appareils import appareil
from backoffice.comptes.courriels import envoyer_lien_mot_de_passe
from backoffice.comptes.droits import terminer_sessions
from registre.models import CourrielSortant
from tests.connexion import connecter

from .conftest import MOT_DE_PASSE


def nu(reponse):
    """The page without what changes at each request."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", reponse.text)


@pytest.mark.parametrize(
    "adresse_page, donnees",
    [
        ("/compte/login/", {"login": "{}", "password": "un mot de passe inventé"}),
        ("/compte/password/reset/", {"email": "{}"}),
    ],
)
def test_une_adresse_connue_et_une_inconnue_recoivent_la_meme_reponse(client, employeur, adresse_page, donnees):
    """Status, destination and page: nothing tells whether an account exists."""
    reponses = []
    for adresse in (employeur.email, "personne.inconnue@example.org"):
        reponse = client.post(adresse_page, {cle: valeur.format(adresse) for cle, valeur in donnees.items()})
        reponses.append((reponse.status_code, reponse.headers.get("Location"), nu(reponse).replace(adresse, "…")))
    assert reponses[0] == reponses[1]


def test_la_demande_de_lien_fait_le_meme_travail_pour_toutes_les_adresses(client, employeur):
    """The page asks the database the same questions and writes no mail: its time tells nothing either."""
    questions = []
    for adresse in (employeur.email, "personne.inconnue@example.org"):
        with CaptureQueriesContext(connection) as requetes:
            client.post("/compte/password/reset/", {"email": adresse})
        questions.append([re.sub(r"'[^']*'|\d+", "…", r["sql"]) for r in requetes])
    assert questions[0] == questions[1]
    assert not CourrielSortant.objects.exists()


def test_la_page_d_administration_ne_connecte_personne(client, employeur):
    """/admin/login/ leads to our login; posting there opens no session."""
    assert client.get("/admin/login/?next=/admin/").url.startswith("/compte/login/?next=/admin/")
    client.post("/admin/login/", {"username": employeur.email, "password": MOT_DE_PASSE})
    assert "_auth_user_id" not in client.session


def test_on_ne_s_inscrit_pas_soi_meme(client, db):
    """The sign-up page says how accounts open; posting to it opens none."""
    donnees = {"email": "moi@example.org", "password1": MOT_DE_PASSE, "password2": MOT_DE_PASSE}
    for reponse in (client.get("/compte/signup/"), client.post("/compte/signup/", donnees)):
        assert "Les comptes s’ouvrent sur invitation" in reponse.text
    from backoffice.comptes.models import Utilisateur

    assert not Utilisateur.objects.exists()


def test_un_role_hors_de_ses_dates_ne_donne_rien(client, ouvrir_compte):
    """Neither before its first day nor after its last one."""
    hier, demain = timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=1)
    for courriel, dates in (
        ("ancien@example.org", {"debut": date(2020, 1, 1), "fin": hier}),
        ("futur@example.org", {"debut": demain}),
    ):
        personne = ouvrir_compte("employeur", courriel, **dates)
        autre = Client()
        connecter(autre, personne)
        assert autre.get("/gestion/compte/").status_code == 403, courriel


def test_des_echecs_n_enferment_pas_le_proprietaire_dehors(client, employeur):
    """Failures count against the place they come from: the owner, elsewhere, still gets in."""
    for _ in range(6):
        reponse = client.post(
            "/compte/login/", {"login": employeur.email, "password": "au hasard"}, REMOTE_ADDR="1.2.3.4"
        )
    assert "Trop d’essais" in reponse.text
    bonnes = {"login": employeur.email, "password": MOT_DE_PASSE}
    assert client.post("/compte/login/", bonnes, REMOTE_ADDR="1.2.3.4").status_code == 200, "still closed there"
    assert client.post("/compte/login/", bonnes, REMOTE_ADDR="5.6.7.8").status_code == 302


def test_trop_de_demandes_se_disent_en_francais(client, db):
    """Past the limit the page says 429, in French."""
    for _ in range(31):
        reponse = client.post("/compte/login/", {})
    assert reponse.status_code == 429
    assert '<html lang="fr">' in reponse.text and "Trop de tentatives" in reponse.text


@pytest.mark.parametrize("court", ["courte phrase", "motdepassemotd"])
def test_un_mot_de_passe_court_est_refuse_en_francais(client, employeur, court):
    """Fifteen characters at least, and the page says so."""
    connecter(client, employeur)
    reponse = client.post(
        "/compte/password/change/", {"oldpassword": MOT_DE_PASSE, "password1": court, "password2": court}
    )
    assert reponse.status_code == 200 and "15 caractères" in reponse.text
    employeur.refresh_from_db()
    assert employeur.check_password(MOT_DE_PASSE)


def test_changer_de_mot_de_passe_ferme_les_autres_sessions(client, employeur):
    """The page stays open here, and nowhere else."""
    ailleurs = connecter(Client(), employeur)
    connecter(client, employeur)
    neuf = "cinq chevaux dans la plaine"
    client.post("/compte/password/change/", {"oldpassword": MOT_DE_PASSE, "password1": neuf, "password2": neuf})
    assert client.get("/gestion/compte/").status_code == 200
    assert ailleurs.get("/gestion/compte/").status_code == 302


def test_terminer_les_sessions_les_ferme_toutes(client, gestionnaire, employeur):
    """Every device of this person, and of this person only."""
    ailleurs, autre = connecter(Client(), gestionnaire), connecter(Client(), employeur)
    connecter(client, gestionnaire)
    assert terminer_sessions(gestionnaire) == 2
    for ferme in (client, ailleurs):
        assert ferme.get("/gestion/compte/").url.startswith("/compte/login/")
    assert autre.get("/gestion/compte/").status_code == 200


def test_on_ferme_soi_meme_ses_autres_sessions(client, employeur):
    """The list shows each session, and one button ends the others."""
    ailleurs = connecter(Client(), employeur)
    connecter(client, employeur)
    assert client.get("/compte/sessions/").text.count("ouverte le") == 2
    client.post("/compte/sessions/")
    assert client.get("/gestion/compte/").status_code == 200
    assert ailleurs.get("/gestion/compte/").status_code == 302


@pytest.mark.parametrize(
    "agent, attendu",
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sur Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari sur iPhone"),
        ("", "Navigateur inconnu"),
    ],
)
def test_un_appareil_se_dit_en_mots(agent, attendu):
    """What the browser says of itself is a riddle; people recognise a name and a system."""
    assert appareil(agent) == attendu


class TestLienDeMotDePasse:
    def demander(self, client, adresse):
        """Ask on the page with a forged host, then let the worker do its part."""
        client.post("/compte/password/reset/", {"email": adresse}, headers={"host": "pirate.example"})
        envoyer_lien_mot_de_passe.func(adresse)

    def test_le_lien_vient_de_notre_adresse_et_sert_une_fois(self, client, employeur, settings):
        """Never the host of the request; the password is chosen by POST, once."""
        settings.ADRESSE_PUBLIQUE = "https://registre.example"
        self.demander(client, employeur.email)
        courriel = CourrielSortant.objects.get()
        assert courriel.sujet == "Choisir votre mot de passe" and "pirate" not in courriel.corps
        lien = re.search(r"https://registre\.example(/compte/password/reset/key/\S+)", courriel.corps)[1]
        assert courriel.secret in lien, "masked in the outbox once the mail has left"
        for _ in range(3):
            page = client.get(lien, follow=True)
            assert "Choisir un mot de passe" in page.text
        neuf = "cinq chevaux dans la plaine"
        client.post(page.request["PATH_INFO"], {"password1": neuf, "password2": neuf})
        employeur.refresh_from_db()
        assert employeur.check_password(neuf)
        assert "Ce lien ne vaut plus" in Client().get(lien, follow=True).text

    @pytest.mark.parametrize("ferme", [True, False], ids=["compte fermé", "adresse inconnue"])
    def test_rien_ne_part_sans_compte_ouvert(self, client, employeur, ferme):
        """Strangers get no mail from us."""
        if ferme:
            employeur.is_active = False
            employeur.save()
        self.demander(client, employeur.email if ferme else "personne.inconnue@example.org")
        assert not CourrielSortant.objects.exists()

    def test_un_lien_invente_se_dit(self, client, db):
        """A wrong link explains itself and offers another one."""
        page = client.get("/compte/password/reset/key/1-abc-def/", follow=True)
        assert page.status_code == 200 and "Ce lien ne vaut plus" in page.text


@pytest.mark.parametrize(
    "nom",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
        "account_email_verification_sent",
    ],
)
def test_les_pages_ouvertes_a_tous_sont_les_notres(client, db, nom):
    """French, in our card, without anything the content policy would block."""
    verifier_page(client.get(reverse(nom)))


@pytest.mark.parametrize(
    "nom",
    [
        "account_logout",
        "account_change_password",
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "usersessions_list",
        "comptes:moi",
    ],
)
def test_les_pages_du_compte_sont_les_notres(client, gestionnaire, nom):
    """The same for those who are logged in."""
    connecter(client, gestionnaire)
    client.post("/compte/2fa/recovery-codes/generate/")
    page = client.get(reverse(nom))
    verifier_page(page)
    assert "no-store" in page.headers["Cache-Control"]


def verifier_page(page):
    assert page.status_code == 200
    assert '<html lang="fr">' in page.text and page.text.count("<h1>") == 1
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=", page.text)
    texte = re.sub(r"<[^>]+>", " ", page.text)
    assert not re.search(r"\b(Sign|Your|Password|Email|Please)\b", texte)


def test_le_fichier_des_codes_de_secours_se_telecharge(client, gestionnaire):
    """Ten codes, as a text file that no cache keeps."""
    connecter(client, gestionnaire)
    client.post("/compte/2fa/recovery-codes/generate/")
    fichier = client.get("/compte/2fa/recovery-codes/download/")
    assert len(re.findall(r"^\d{8}$", fichier.text, re.M)) == 10
    assert "attachment" in fichier.headers["Content-Disposition"]


def test_l_adresse_ne_se_change_pas_ici(client, employeur):
    """allauth's page of addresses gives way to the account page."""
    connecter(client, employeur)
    reponse = client.post("/compte/email/", {"action_add": "", "email": "autre@example.org"})
    assert reponse.url == "/gestion/compte/"
    assert not employeur.emailaddress_set.filter(email="autre@example.org").exists()


def test_mon_compte_dit_mes_fonctions_et_ma_protection(client, gestionnaire):
    """Name, roles, bodies, and the way to each protection."""
    connecter(client, gestionnaire)
    page = client.get("/gestion/compte/")
    for attendu in ("Claire Martin", "Gestionnaire du porteur", "Union des métiers d’essai", "/compte/sessions/"):
        assert attendu in page.text
    assert "no-store" in page.headers["Cache-Control"]
