"""An établissement asks for its account: one neutral page for everybody, one answer by who may give it."""

import re
import threading

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse

from backoffice.comptes import views_demande
from backoffice.comptes.models import DemandeCompte, Role, Utilisateur
from backoffice.comptes.workflow import DEMANDE
from registre.models import CourrielSortant, EntreeJournal, Organisme
from registre.transitions import executer
from tests.connexion import activer_totp, connecter, se_connecter
from tests.fabriques import MOT_DE_PASSE, CertificationFactory, OrganismeFactory, UtilisateurFactory
from tests.navigateur import regarder, suivre

from .siret import nouveau_siret
from .situations import demande

ADRESSE, RECUE = "/compte/demande/", "/compte/demande/recue/"


@pytest.fixture
def porteur(db):
    return CertificationFactory().porteur


@pytest.fixture
def gestionnaire(porteur):
    return UtilisateurFactory(role=("gestionnaire", porteur))


@pytest.fixture
def page_lue(monkeypatch):
    """The page as somebody sends it who took a minute to fill it in."""

    def ouvrir(il_y_a=60):
        horloge = signing.time.time
        with monkeypatch.context() as patch:
            patch.setattr(signing.time, "time", lambda: horloge() - il_y_a)
            return signing.dumps("", salt="comptes.demande")

    return ouvrir


@pytest.fixture
def saisie(porteur, page_lue):
    """What an employer types, changed at will."""

    def remplir(**champs):
        return {
            "porteur": porteur.pk,
            "siret": "900000017 00011",
            "raison_sociale": "Toitures du Causse",
            "adresse": "3 rue des Ardoises",
            "code_postal": "48000",
            "commune": "Mende",
            "prenom": "Inès",
            "nom": "Roumégous",
            "fonction": "gérante",
            "courriel": "Ines@example.org",
            "telephone": "04 66 00 00 00",
            "site_internet": "",
            "ouverte": page_lue(),
            **champs,
        }

    siret = nouveau_siret()
    return lambda **champs: remplir(**{"siret": f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}", **champs})


def traces():
    """What a request may leave behind."""
    return DemandeCompte.objects.count(), EntreeJournal.objects.count(), CourrielSortant.objects.count()


class TestLaPagePublique:
    def test_une_demande_attend_sa_reponse_et_le_porteur_est_prevenu(self, client, saisie, gestionnaire):
        """Spaces of the SIRET are folded, the address is lower-cased, the porteur's people get the link."""
        reponse = client.post(ADRESSE, saisie())
        assert reponse.status_code == 302 and reponse.url == RECUE
        recue = DemandeCompte.objects.get()
        assert re.fullmatch(r"\d{14}", recue.siret) and recue.courriel == "ines@example.org"
        assert recue.etat == "deposee" and EntreeJournal.objects.de(recue).get().role == "demandeur"
        courriel = CourrielSortant.objects.get()
        assert courriel.destinataire == gestionnaire.email and recue.get_absolute_url() in courriel.corps

    def test_sans_gestionnaire_le_certificateur_est_prevenu(self, client, saisie):
        """A porteur without people would leave the request to nobody."""
        certificateur = UtilisateurFactory(role="certificateur")
        client.post(ADRESSE, saisie())
        assert CourrielSortant.objects.get().destinataire == certificateur.email

    def test_vingt_envois_identiques_ont_un_seul_effet(self, client, saisie, gestionnaire):
        """One request, one line of journal, one mail; the page says the same twenty times."""
        envoi = saisie()
        assert {client.post(ADRESSE, envoi).url for _ in range(20)} == {RECUE}
        assert traces() == (1, 1, 1)

    def test_un_siret_faux_est_refuse_en_francais(self, client, saisie):
        """Checked offline by its key; nothing is kept."""
        reponse = client.post(ADRESSE, saisie(siret="123 456 789 00012"))
        assert reponse.status_code == 422 and "Ce numéro SIRET n’existe pas" in reponse.text
        assert traces() == (0, 0, 0)

    def test_la_page_ne_dit_jamais_si_un_siret_est_connu(self, client, saisie, gestionnaire):
        """Unknown, waiting, already with an account: same status, same address, same words."""
        reponses = [client.post(ADRESSE, saisie()), client.post(ADRESSE, saisie(courriel="autre@example.org"))]
        executer(DEMANDE, "approuver", DemandeCompte.objects.get(), gestionnaire)
        reponses.append(client.post(ADRESSE, saisie(courriel="encore@example.org")))
        assert {(r.status_code, r.url) for r in reponses} == {(302, RECUE)}
        assert "Si votre établissement a déjà un accès" in client.get(RECUE).text

    def test_une_seconde_demande_est_signalee_a_qui_tient_le_compte(self, client, saisie, gestionnaire):
        """The holder is told who asks, once; nobody else is, and no second request is stored."""
        client.post(ADRESSE, saisie())
        executer(DEMANDE, "approuver", DemandeCompte.objects.get(), gestionnaire)
        CourrielSortant.objects.all().delete()
        for _ in range(3):
            client.post(ADRESSE, saisie(prenom="Hugo", courriel="hugo@example.org"))
        courriel = CourrielSortant.objects.get()
        assert courriel.destinataire == "ines@example.org" and "hugo@example.org" in courriel.corps
        assert "Hugo" not in courriel.sujet
        assert DemandeCompte.objects.count() == 1 and not Utilisateur.objects.filter(email="hugo@example.org").exists()

    def test_une_demande_en_double_est_signalee_a_qui_repond(self, client, saisie, gestionnaire):
        """The first to ask may not be the right one: who answers knows of both."""
        client.post(ADRESSE, saisie())
        client.post(ADRESSE, saisie(prenom="Hugo", courriel="hugo@example.org"))
        double = CourrielSortant.objects.get(modele="compte_demande_double")
        assert double.destinataire == gestionnaire.email and "hugo@example.org" in double.corps
        assert DemandeCompte.objects.count() == 1

    @pytest.mark.parametrize("champs", [{"site_internet": "https://example.org"}, {"ouverte": None}])
    def test_un_automate_recoit_la_meme_page_et_ne_laisse_rien(self, client, saisie, page_lue, champs):
        """The hidden field filled in, or the page sent back within three seconds."""
        champs = {"ouverte": page_lue(1)} if "ouverte" in champs else champs
        assert client.post(ADRESSE, saisie(**champs)).url == RECUE
        assert traces() == (0, 0, 0)

    @pytest.mark.parametrize("ouverte", ["", "faux:signe:ici", "trop vieille"])
    def test_une_page_trop_ancienne_se_renvoie(self, client, saisie, page_lue, ouverte):
        """What was typed stays, the page is dated anew; a forged date is no better than an old one."""
        envoi = saisie(ouverte=page_lue(13 * 3600) if ouverte == "trop vieille" else ouverte)
        reponse = client.post(ADRESSE, envoi)
        assert reponse.status_code == 422 and "restée ouverte trop longtemps" in reponse.text
        assert "Toitures du Causse" in reponse.text and traces() == (0, 0, 0)
        nouvelle = re.search(r'name="ouverte" value="([^"]+)"', reponse.text)[1]
        assert nouvelle != envoi["ouverte"] and signing.loads(nouvelle, salt="comptes.demande") == ""

    def test_trop_de_demandes_de_la_meme_origine_sont_freinees(self, client, saisie, monkeypatch):
        """Beyond the tolerance: « trop de tentatives », and nothing is stored."""
        monkeypatch.setattr(views_demande, "TOLERANCE", {"demande_compte": "2/h/ip"})
        statuts = [client.post(ADRESSE, saisie(siret=nouveau_siret())).status_code for _ in range(3)]
        assert statuts == [302, 302, 429] and DemandeCompte.objects.count() == 2

    def test_les_champs_en_trop_sont_ignores(self, client, saisie):
        """Nobody approves their own request by typing its state."""
        client.post(ADRESSE, saisie(etat="approuvee", utilisateur="1", decidee_le="2026-01-01"))
        recue = DemandeCompte.objects.get()
        assert (recue.etat, recue.utilisateur, recue.decidee_le) == ("deposee", None, None)

    def test_seuls_les_porteurs_de_cqp_sont_proposes(self, client, saisie, porteur):
        """The list shows public bodies, not the companies that have an account."""
        entreprise = OrganismeFactory(raison_sociale="Entreprise discrète")
        texte = client.get(ADRESSE).text
        assert porteur.raison_sociale in texte and "Entreprise discrète" not in texte
        assert client.post(ADRESSE, saisie(porteur=entreprise.pk)).status_code == 422


class TestLaReponse:
    def test_approuver_ouvre_le_compte_sans_choisir_de_mot_de_passe(self, client, porteur, gestionnaire):
        """Établissement created from the request, employeur role today, mail towards the choice of a password."""
        recue = demande(porteur, courriel="ines@example.org")
        connecter(client, gestionnaire)
        url = f"/gestion/actes/comptes.demandecompte/{recue.pk}/approuver/"
        assert "choisir son mot de passe" in client.get(url).text
        for _ in range(20):
            assert client.post(url, {"cle": "une-fois"}).status_code == 302
        compte = Utilisateur.objects.get(email="ines@example.org")
        assert not compte.has_usable_password()
        role = compte.roles.get()
        assert (role.nom, role.organisme.siret) == ("employeur", recue.siret)
        assert role.organisme.raison_sociale == "Toitures du Causse"
        courriel = CourrielSortant.objects.get(modele="compte_approuve")
        assert courriel.destinataire == compte.email and reverse("account_reset_password") in courriel.corps
        assert EntreeJournal.objects.de(recue).filter(verbe="approuver").count() == 1
        recue.refresh_from_db()
        assert (recue.utilisateur, recue.etablissement) == (compte, role.organisme) and recue.decidee_le

    def test_un_etablissement_deja_au_registre_garde_ses_donnees(self, porteur, gestionnaire):
        """What a visitor typed never rewrites what the registry holds."""
        siret = nouveau_siret()
        connu = Organisme.objects.create(raison_sociale="Nom exact", siret=siret, commune="Florac")
        executer(DEMANDE, "approuver", demande(porteur, siret=siret), gestionnaire)
        connu.refresh_from_db()
        assert (connu.raison_sociale, connu.commune) == ("Nom exact", "Florac")
        assert Role.objects.filter(nom="employeur", organisme=connu).count() == 1

    def test_un_compte_qui_existe_recoit_le_role_et_se_reconnecte(self, client, porteur, gestionnaire):
        """No second account, same password; open sessions end because the rights have changed."""
        personne = UtilisateurFactory(role="employeur")
        connecter(client, personne)
        executer(DEMANDE, "approuver", demande(porteur, courriel=personne.email), gestionnaire)
        assert personne.roles.count() == 2 and client.get("/gestion/").status_code == 302
        assert reverse("account_login") in CourrielSortant.objects.get(modele="compte_approuve").corps

    def test_un_compte_ferme_ne_se_rouvre_pas_par_une_demande(self, client, porteur, gestionnaire):
        """Refused with the reason; nothing has changed."""
        UtilisateurFactory(email="ferme@example.org", is_active=False)
        recue = demande(porteur, courriel="ferme@example.org")
        avant = traces()
        connecter(client, gestionnaire)
        reponse = client.post(f"/gestion/actes/comptes.demandecompte/{recue.pk}/approuver/")
        assert reponse.status_code == 409 and "est fermé" in reponse.text
        assert traces() == avant

    def test_refuser_dit_pourquoi_a_la_personne(self, client, porteur, gestionnaire):
        """The reason is asked, then sent; no account is opened; another request may follow."""
        recue = demande(porteur)
        connecter(client, gestionnaire)
        url = f"/gestion/actes/comptes.demandecompte/{recue.pk}/refuser/"
        assert client.post(url, {"motif": "non"}).status_code == 422
        assert client.post(url, {"motif": "Cet établissement est fermé depuis un an."}).status_code == 302
        courriel = CourrielSortant.objects.get(modele="compte_refuse")
        assert courriel.destinataire == recue.courriel and "fermé depuis un an" in courriel.corps
        assert not Utilisateur.objects.filter(email=recue.courriel).exists()
        assert demande(porteur, siret=recue.siret).etat == "deposee"

    def test_la_liste_ne_montre_que_les_demandes_de_son_porteur(self, client, porteur, gestionnaire):
        """Another porteur's request is not there, and its page does not exist."""
        sienne = demande(porteur, raison_sociale="Couverture voisine")
        autre = demande(CertificationFactory().porteur, raison_sociale="Chimie lointaine")
        connecter(client, gestionnaire)
        liste = client.get("/gestion/comptes/demandes/")
        assert "Couverture voisine" in liste.text and "Chimie lointaine" not in liste.text
        assert client.get(sienne.get_absolute_url()).status_code == 200
        assert client.get(autre.get_absolute_url()).status_code == 404

    def test_l_auditeur_lit_et_ne_repond_pas(self, client, porteur):
        """No button; the act itself is refused."""
        recue = demande(porteur)
        connecter(client, UtilisateurFactory(role="auditeur"))
        assert "Approuver" not in client.get(recue.get_absolute_url()).text
        assert client.post(f"/gestion/actes/comptes.demandecompte/{recue.pk}/approuver/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_vingt_envois_en_meme_temps_ont_un_seul_effet(saisie, gestionnaire):
    """Twenty threads post the same request: one row, one entry, one mail."""
    envoi, statuts = saisie(), []

    def poster():
        try:
            statuts.append(Client().post(ADRESSE, envoi).status_code)
        finally:
            connection.close()

    fils = [threading.Thread(target=poster) for _ in range(20)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert set(statuts) == {302} and len(statuts) == 20
    assert traces() == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_de_la_page_publique_a_l_approbation_dans_le_navigateur(ouvrir_navigateur, porteur, gestionnaire):
    """Asked, read and approved on screens that axe finds nothing to say about, without sideways scrolling."""
    siret = nouveau_siret()
    page = ouvrir_navigateur()
    page.goto("/compte/login/")
    suivre(page.get_by_role("link", name="demander un compte"))
    regarder(page)
    page.get_by_label("SIRET").fill(f"{siret[:9]} {siret[9:]}")
    for libelle, valeur in {
        "Raison sociale": "Toitures du Causse",
        "Adresse (": "3 rue des Ardoises",
        "Code postal": "48000",
        "Commune": "Mende",
        "Prénom": "Inès",
        "Nom (": "Roumégous",
        "Fonction": "gérante",
        "Adresse électronique": "ines@example.org",
        "Téléphone": "04 66 00 00 00",
    }.items():
        page.get_by_label(re.compile("^" + re.escape(libelle))).fill(valeur)
    page.get_by_label("À qui s’adresse").select_option(label=porteur.raison_sociale)
    page.wait_for_timeout(4_000)
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.wait_for_url("**" + RECUE)
    regarder(page)

    autre = ouvrir_navigateur()
    se_connecter(autre, "", gestionnaire.email, MOT_DE_PASSE, activer_totp(gestionnaire))
    autre.goto("/gestion/comptes/demandes/")
    regarder(autre)
    suivre(autre.get_by_role("link", name="Toitures du Causse"))
    regarder(autre)
    suivre(autre.get_by_role("link", name="Approuver la demande"))
    regarder(autre)
    autre.get_by_role("button", name="Approuver la demande").click()
    autre.get_by_text("Réponse donnée le").wait_for()
    assert Utilisateur.objects.get(email="ines@example.org").a_role("employeur")
