"""What one meets at the door: a session that lasted too long, an account without a role, a file that is gone."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from backoffice.comptes.menage import entretenir_les_sessions_et_les_taches
from backoffice.comptes.models import Role
from registre.models import EntreeJournal
from tests import fabriques as f
from tests.connexion import connecter, se_connecter
from tests.cpf.fabrique import Bureau, identifiants
from tests.navigateur import regarder

pytestmark = pytest.mark.django_db
HEURE = 3600


def vieillir(client, **cles):
    session = client.session
    session.update({cle: time.time() - heures * HEURE for cle, heures in cles.items()})
    session.save()


class TestDuree:
    @pytest.fixture
    def ouvert(self, employeur):
        client = connecter(Client(), employeur)
        assert client.get("/gestion/").status_code == 200
        return client

    @pytest.mark.parametrize(
        "ages, mots",
        [({"vue_le": 8.1}, "8\u00a0heures sans activité"), ({"ouverte_le": 12.1}, "au bout de 12\u00a0heures")],
    )
    def test_une_session_trop_longue_se_ferme_et_le_dit(self, ouvert, ages, mots):
        """The page asked for comes back after the login; the session itself is over."""
        vieillir(ouvert, **ages)
        reponse = ouvert.get("/gestion/candidatures/?etat=deposee")
        assert reponse.url == "/compte/login/?next=/gestion/candidatures/%3Fetat%3Ddeposee"
        page = ouvert.get(reponse.url).text
        assert mots in page and "vous sera rendu" in page
        assert "_auth_user_id" not in ouvert.session

    def test_un_envoi_ramene_a_sa_page_et_ne_fait_rien(self, ouvert, employeur):
        """Not sent again behind one's back: one lands on the form, where the draft waits; never on another site."""
        for origine, suite in (
            ("http://testserver/gestion/comptes/invitations/nouvelle/", "/gestion/comptes/invitations/nouvelle/"),
            ("https://pirate.example/gestion/", "/gestion/"),
        ):
            connecter(ouvert, employeur)
            ouvert.get("/gestion/")
            vieillir(ouvert, vue_le=9)
            envoi = {"courriel": "hugo@example.org", "role": "employeur"}
            reponse = ouvert.post("/gestion/comptes/invitations/nouvelle/", envoi, headers={"referer": origine})
            assert reponse.url == f"/compte/login/?next={suite}"
        assert not EntreeJournal.objects.exists()

    def test_chaque_page_prolonge_et_les_pages_publiques_restent_ouvertes(self, ouvert, settings):
        """Seven hours, a page, seven hours: still open. On the public site the name is lost, not the page."""
        vieillir(ouvert, vue_le=7)
        assert ouvert.get("/gestion/").status_code == 200
        assert time.time() - ouvert.session["vue_le"] < 60
        settings.SESSION_INACTIVITE = 1
        vieillir(ouvert, vue_le=1.1)
        assert ouvert.get("/verifier/").status_code == 200
        assert "_auth_user_id" not in ouvert.session

    def test_un_acte_qui_ferme_sa_propre_session_aboutit(self):
        """The time of this page was due to be noted: the session that the act ends is not written again after it."""
        certificateur = f.UtilisateurFactory(role="certificateur")
        siege = Role.objects.create(utilisateur=certificateur, nom="jury", organisme=f.OrganismeFactory())
        for age in (None, 1):
            client = connecter(Client(), certificateur)
            if age:
                client.get("/gestion/")
                vieillir(client, vue_le=age)
            envoi = {"debut": siege.debut, "fin": timezone.localdate() + timedelta(days=9 + (age or 0))}
            assert client.post(f"/gestion/comptes/roles/{siege.pk}/", envoi).status_code == 302
            assert client.get("/gestion/").status_code == 302

    def test_le_menage_efface_ce_qui_est_fini(self, ouvert):
        """Expired sessions go, those that are open stay."""
        Session.objects.create(session_key="vieille", session_data="", expire_date=timezone.now() - timedelta(days=1))
        assert entretenir_les_sessions_et_les_taches().startswith("1 session(s)")
        assert ouvert.get("/gestion/").status_code == 200 and not Session.objects.filter(pk="vieille").exists()


class TestSansRole:
    @pytest.mark.parametrize(
        "dates, mots",
        [
            ({"fin": -3}, "n’a plus de rôle"),
            ({"debut": 4}, "pas encore ouvert"),
            (None, "n’a pas de rôle"),
        ],
    )
    def test_la_page_dit_pourquoi_et_a_qui_ecrire(self, client, settings, dates, mots):
        """403 in words: which role, since or until when, whom to ask."""
        settings.COURRIEL_CONTACT = "aide@example.org"
        personne = f.UtilisateurFactory()
        if dates:
            jours = {"debut": timezone.localdate() - timedelta(days=30)}
            jours |= {nom: timezone.localdate() + timedelta(days=n) for nom, n in dates.items()}
            Role.objects.create(utilisateur=personne, nom="jury", organisme=f.OrganismeFactory(), **jours)
        connecter(client, personne)
        for adresse in ("/gestion/", "/gestion/compte/", "/gestion/candidatures/"):
            reponse = client.get(adresse)
            assert reponse.status_code == 403 and mots in reponse.text and "mailto:aide@example.org" in reponse.text


class TestFichierAbsent:
    def test_un_document_delivre_dont_le_fichier_manque(self):
        """404 in French, and the journal does not tell of a download that did not happen."""
        acteurs = f.Acteurs()
        parchemin = f.delivree(acteurs).delivrance.parchemin
        parchemin.fichier.name = "perdu.pdf"
        type(parchemin).objects.filter(pk=parchemin.pk).update(fichier="perdu.pdf", sha256="f" * 64)
        client = connecter(Client(), acteurs.certificateur)
        reponse = client.get(f"/gestion/delivrances/documents/{parchemin.pk}/")
        assert reponse.status_code == 404 and "Ce fichier est introuvable" in reponse.text
        assert not EntreeJournal.objects.filter(verbe="telecharger_document").exists()

    def test_un_accuse_dont_le_fichier_manque(self):
        """The same page for what the Caisse des dépôts answered."""
        bureau = Bureau()
        lot = bureau.lot_depose(1)
        accuse = bureau.repondre(lot, acceptes=identifiants(lot)).accuses.get()
        storages["prive"].delete(accuse.fichier.name)
        client = connecter(Client(), bureau.personne)
        reponse = client.get(f"/gestion/cpf/accuses/{accuse.pk}/")
        assert reponse.status_code == 404 and "Ce fichier est introuvable" in reponse.text


@pytest.mark.django_db(transaction=True)
def test_la_session_finie_dans_le_navigateur_rend_la_saisie(ouvrir_navigateur):
    """Typed, expired, sent: one logs in again and finds the form as it was."""
    employeur = f.UtilisateurFactory(role="employeur")
    page = ouvrir_navigateur()
    se_connecter(page, "", employeur.email, f.MOT_DE_PASSE)
    page.goto("/gestion/comptes/invitations/nouvelle/")
    page.get_by_label("Adresse électronique").fill("hugo@example.org")
    page.get_by_label("Rôle").select_option("employeur")
    for session in Session.objects.all():
        donnees = session.get_decoded()
        donnees["vue_le"] = time.time() - 9 * HEURE
        session.session_data = Session.objects.encode(donnees)
        session.save()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.get_by_text("sans activité").wait_for()
    regarder(page)
    page.fill("#id_login", employeur.email)
    page.fill("#id_password", f.MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_text("a été retrouvée").wait_for()
    assert page.get_by_label("Adresse électronique").input_value() == "hugo@example.org"
