"""The people of one's scope: found, read, and their rights taken back, with effect on the open sessions at once."""

import pytest
from django.test import Client

from backoffice.comptes.models import Role, Utilisateur
from registre.models import EntreeJournal
from tests.connexion import activer_totp, connecter, se_connecter
from tests.fabriques import MOT_DE_PASSE, OrganismeFactory, UtilisateurFactory
from tests.navigateur import regarder

pytestmark = pytest.mark.django_db
LISTE = "/gestion/comptes/"


@pytest.fixture
def porteur(db):
    return OrganismeFactory()


@pytest.fixture
def gestionnaire(porteur):
    return UtilisateurFactory(role=("gestionnaire", porteur), nom="Gérante")


@pytest.fixture
def certificateur(db):
    return UtilisateurFactory(role="certificateur", nom="Certeau")


@pytest.fixture
def evaluateur(porteur):
    return UtilisateurFactory(role=("evaluateur", porteur), nom="Roumégous", email="r@example.org")


def actes(personne) -> list[str]:
    return list(EntreeJournal.objects.de(personne).order_by("pk").values_list("verbe", flat=True))


class TestLire:
    def test_un_gestionnaire_voit_les_gens_de_son_porteur(self, client, gestionnaire, evaluateur):
        """Another porteur's people are not in the list, and their page does not exist."""
        autre = UtilisateurFactory(role="evaluateur", nom="Lointain")
        connecter(client, gestionnaire)
        texte = client.get(LISTE).text
        assert "Roumégous" in texte and "Lointain" not in texte
        assert client.get(evaluateur.get_absolute_url()).status_code == 200
        for methode in ("get", "post"):
            assert getattr(client, methode)(autre.get_absolute_url()).status_code == 404

    def test_un_gestionnaire_ne_lit_pas_les_roles_tenus_ailleurs(self, client, gestionnaire, evaluateur):
        """What a person does for another body is not his business, and he cannot take it back."""
        ailleurs = Role.objects.create(
            utilisateur=evaluateur, nom="jury", organisme=OrganismeFactory(raison_sociale="Autre maison")
        )
        connecter(client, gestionnaire)
        for page in (LISTE, evaluateur.get_absolute_url()):
            assert "Autre maison" not in client.get(page).text and "Évaluateur habilité" in client.get(page).text
        envoi = {"geste": "retirer", "role": ailleurs.pk}
        assert client.post(evaluateur.get_absolute_url(), envoi).status_code == 404
        ailleurs.refresh_from_db()
        assert ailleurs.fin is None

    def test_la_recherche_trouve_un_nom_ou_une_adresse(self, client, certificateur, evaluateur):
        """Each word narrows the list."""
        connecter(client, certificateur)
        for mots in ("rouméG", "ROUMEGOUS", "r@example", "camille roumégous"):
            assert "Roumégous" in client.post(LISTE, {"q": mots}, follow=True).text, mots
        assert "Rien ne correspond" in client.post(LISTE, {"q": "zzz"}, follow=True).text

    @pytest.mark.parametrize("role", ["candidat", "employeur", "evaluateur", "jury", "signataire"])
    def test_les_autres_roles_n_y_entrent_pas(self, client, role):
        """403, whatever the page."""
        connecter(client, UtilisateurFactory(role=role))
        assert client.get(LISTE).status_code == 403

    def test_l_auditeur_lit_et_ne_change_rien(self, client, evaluateur):
        """No button; each act sent by hand is refused."""
        connecter(client, UtilisateurFactory(role="auditeur"))
        page = evaluateur.get_absolute_url()
        assert "Retirer ce rôle" not in client.get(page).text
        for envoi in ({"geste": "retirer", "role": evaluateur.roles.get().pk}, {"geste": "fermer"}):
            assert client.post(page, envoi).status_code == 403
        assert actes(evaluateur) == []


class TestRetirer:
    def test_retirer_un_role_ferme_les_sessions_et_se_voit_au_journal(self, client, gestionnaire, evaluateur):
        """At once, once, whatever the number of posts."""
        chez_lui = connecter(Client(), evaluateur)
        connecter(client, gestionnaire)
        envoi = {"geste": "retirer", "role": evaluateur.roles.get().pk}
        for _ in range(20):
            assert client.post(evaluateur.get_absolute_url(), envoi).status_code == 302
        assert not Role.objects.actifs().filter(utilisateur=evaluateur).exists()
        assert actes(evaluateur) == ["retirer_role"]
        assert chez_lui.get("/gestion/compte/").status_code == 302

    def test_nul_ne_retire_son_dernier_role_de_certificateur(self, client, certificateur):
        """Refused in words; another certificateur may do it."""
        connecter(client, certificateur)
        envoi = {"geste": "retirer", "role": certificateur.roles.get().pk}
        reponse = client.post(certificateur.get_absolute_url(), envoi)
        assert reponse.status_code == 409 and "dernier rôle de certificateur" in reponse.text
        assert Role.objects.actifs().filter(utilisateur=certificateur).exists()
        connecter(client, UtilisateurFactory(role="certificateur"))
        assert client.post(certificateur.get_absolute_url(), envoi).status_code == 302
        assert not Role.objects.actifs().filter(utilisateur=certificateur).exists()

    def test_un_role_invente_ou_un_acte_inconnu_ne_fait_rien(self, client, certificateur, evaluateur):
        """404 for the role of somebody else, 409 for an act that does not exist."""
        connecter(client, certificateur)
        page = evaluateur.get_absolute_url()
        for role in (certificateur.roles.get().pk, "abc", ""):
            assert client.post(page, {"geste": "retirer", "role": role}).status_code == 404
        assert client.post(page, {"geste": "promouvoir", "is_superuser": "on"}).status_code == 409
        assert actes(evaluateur) == [] and not Utilisateur.objects.get(pk=evaluateur.pk).is_superuser


class TestFermer:
    def test_fermer_puis_rouvrir(self, client, certificateur, evaluateur):
        """Closed: the open session is over and the password opens nothing; reopened with the same roles."""
        chez_lui = connecter(Client(), evaluateur)
        connecter(client, certificateur)
        page = evaluateur.get_absolute_url()
        for _ in range(2):
            assert client.post(page, {"geste": "fermer"}).status_code == 302
        assert not Utilisateur.objects.get(pk=evaluateur.pk).is_active
        assert chez_lui.get("/gestion/compte/").status_code == 302
        assert client.post(page, {"geste": "rouvrir"}).status_code == 302
        assert actes(evaluateur) == ["fermer_compte", "rouvrir_compte"]
        assert Utilisateur.objects.get(pk=evaluateur.pk).a_role("evaluateur")

    def test_un_gestionnaire_ne_ferme_pas_un_compte(self, client, gestionnaire, evaluateur):
        """It may serve elsewhere: only the certificateur closes it."""
        connecter(client, gestionnaire)
        assert client.post(evaluateur.get_absolute_url(), {"geste": "fermer"}).status_code == 403

    def test_nul_ne_ferme_son_propre_compte(self, client, certificateur):
        """Refused in words; the account stays open."""
        connecter(client, certificateur)
        reponse = client.post(certificateur.get_absolute_url(), {"geste": "fermer"})
        assert reponse.status_code == 409 and Utilisateur.objects.get(pk=certificateur.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_les_ecrans_sont_lisibles_par_tous(ouvrir_navigateur, certificateur, evaluateur):
    """axe finds nothing, nothing scrolls sideways at 320 pixels; one click takes the role back."""
    page = ouvrir_navigateur()
    se_connecter(page, "", certificateur.email, MOT_DE_PASSE, activer_totp(certificateur))
    for adresse in (LISTE, evaluateur.get_absolute_url()):
        page.goto(adresse)
        regarder(page)
    page.get_by_role("button", name="Retirer ce rôle").click()
    page.get_by_text("C’est fait.").wait_for()
    assert not Role.objects.actifs().filter(utilisateur=evaluateur).exists()
