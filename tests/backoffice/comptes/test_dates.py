"""A role has a first and a last day: outside them it opens nothing; and the éditeur's role opens the site."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.comptes import groupes
from backoffice.comptes.invitations import INVITATION, Invite, inviter
from backoffice.comptes.models import Invitation, Role, Utilisateur
from registre.models import EntreeJournal
from registre.transitions import Refus, executer
from tests.connexion import activer_totp, connecter, se_connecter
from tests.fabriques import MOT_DE_PASSE, CertificationFactory, OrganismeFactory, UtilisateurFactory
from tests.navigateur import regarder, suivre

from .situations import ACCEPTATION

pytestmark = pytest.mark.django_db
NOUVELLE = "/gestion/comptes/invitations/nouvelle/"


@pytest.fixture
def porteur(db):
    return CertificationFactory().porteur


@pytest.fixture
def certificateur(db):
    return UtilisateurFactory(role="certificateur")


@pytest.fixture
def evaluateur(porteur):
    return UtilisateurFactory(role=("evaluateur", porteur), prenom="Zoé", nom="Roumégous")


def dans(jours: int) -> date:
    return timezone.localdate() + timedelta(days=jours)


def url(role) -> str:
    return f"/gestion/comptes/roles/{role.pk}/"


def accepter(invitation) -> Utilisateur:
    return executer(INVITATION, "accepter", invitation, Invite(invitation), ACCEPTATION).utilisateur


class TestInviterAvecDesDates:
    def test_le_role_s_ouvre_a_son_jour_et_se_ferme_au_sien(self, client, certificateur, porteur):
        """The mail and the page say the dates; accepted, the role waits for its first day."""
        connecter(client, certificateur)
        envoi = {"courriel": "hugo@example.org", "role": "jury", "organisme": porteur.pk}
        reponse = client.post(NOUVELLE, {**envoi, "debut": dans(10), "fin": dans(40)}, follow=True)
        assert "à partir du" in reponse.text
        compte = accepter(Invitation.objects.get())
        role = compte.roles.get()
        assert (role.debut, role.fin, role.moment) == (dans(10), dans(40), "a_venir")
        assert not compte.a_role("jury")
        with pytest.raises(Refus, match="a déjà ce rôle"):
            inviter(certificateur, "certificateur", "hugo@example.org", "jury", porteur)

    @pytest.mark.parametrize("debut, fin", [(-1, None), (None, -1), (20, 10)])
    def test_des_dates_passees_ou_en_desordre_sont_refusees_pres_du_champ(
        self, client, certificateur, porteur, debut, fin
    ):
        """Nothing leaves, what was typed stays."""
        connecter(client, certificateur)
        jours = {nom: dans(n) for nom, n in (("debut", debut), ("fin", fin)) if n is not None}
        envoi = {"courriel": "hugo@example.org", "role": "jury", "organisme": porteur.pk}
        reponse = client.post(NOUVELLE, {**envoi, **jours})
        assert reponse.status_code == 422 and set(reponse.context["form"].errors) <= {"debut", "fin"}
        assert "hugo@example.org" in reponse.text and not Invitation.objects.exists()

    def test_une_invitation_dont_les_dates_sont_passees_ne_s_accepte_ni_ne_se_renvoie(self, certificateur, porteur):
        """Each refusal in words: another invitation is needed."""
        invitation = inviter(certificateur, "certificateur", "hugo@example.org", "jury", porteur, fin=dans(0))
        Invitation.objects.filter(pk=invitation.pk).update(fin=dans(-1))
        with pytest.raises(Refus, match="a expiré"):
            accepter(invitation)
        with pytest.raises(Refus, match="envoyez-en une autre"):
            executer(INVITATION, "renvoyer", invitation, certificateur)


class TestChangerLesDates:
    def test_la_fin_se_change_et_se_voit_au_journal(self, client, certificateur, evaluateur):
        """One entry with the dates of before and after, whatever the number of posts; the sessions are over."""
        role = evaluateur.roles.get()
        chez_lui = connecter(Client(), evaluateur)
        connecter(client, certificateur)
        envoi = {"debut": role.debut, "fin": dans(20)}
        assert {client.post(url(role), envoi).status_code for _ in range(20)} == {302}
        (entree,) = EntreeJournal.objects.filter(verbe="dater_role")
        assert entree.details["fin"] == str(dans(20)) and entree.details["fin_avant"] == ""
        assert chez_lui.get("/gestion/compte/").status_code == 302
        for page in (evaluateur.get_absolute_url(), "/gestion/comptes/"):
            assert "Bientôt fini" in client.get(page).text, page
        client.post(url(role), {"debut": role.debut, "fin": ""})
        role.refresh_from_db()
        assert role.fin is None

    def test_les_dates_impossibles_sont_refusees(self, client, certificateur, evaluateur):
        """A role that began keeps its first day; a last day is not past; a role that is over is not woken up."""
        role = evaluateur.roles.get()
        Role.objects.filter(pk=role.pk).update(debut=dans(-100))
        connecter(client, certificateur)
        client.post(url(role), {"debut": dans(5), "fin": dans(10)})
        role.refresh_from_db()
        assert (role.debut, role.fin) == (dans(-100), dans(10))
        assert client.post(url(role), {"fin": dans(-1)}).status_code == 422
        Role.objects.filter(pk=role.pk).update(fin=dans(-1))
        reponse = client.post(url(role), {"fin": dans(30)})
        assert reponse.status_code == 409 and "invitez de nouveau" in reponse.text

    def test_un_role_a_venir_change_de_premier_jour(self, client, certificateur, evaluateur):
        """Earlier or later, never in the past."""
        role = evaluateur.roles.get()
        Role.objects.filter(pk=role.pk).update(debut=dans(30))
        connecter(client, certificateur)
        assert client.post(url(role), {"debut": dans(-1)}).status_code == 422
        assert client.post(url(role), {"debut": dans(3), "fin": dans(2)}).status_code == 422
        assert client.post(url(role), {"debut": dans(3)}).status_code == 302
        role.refresh_from_db()
        assert role.debut == dans(3)

    def test_nul_ne_met_fin_a_son_dernier_role_de_certificateur(self, client, certificateur):
        """Nobody would be left to open the door again."""
        connecter(client, certificateur)
        role = certificateur.roles.get()
        reponse = client.post(url(role), {"debut": role.debut, "fin": dans(1)})
        assert reponse.status_code == 409 and "dernier rôle de certificateur" in reponse.text

    def test_un_porteur_ne_change_que_les_siens(self, client, porteur, evaluateur):
        """Another's role does not exist; an auditeur reads only."""
        connecter(client, UtilisateurFactory(role=("gestionnaire", porteur)))
        ailleurs = Role.objects.create(utilisateur=evaluateur, nom="jury", organisme=OrganismeFactory())
        role = evaluateur.roles.get(nom="evaluateur")
        assert client.post(url(role), {"debut": role.debut, "fin": dans(9)}).status_code == 302
        assert client.get(url(ailleurs)).status_code == client.post(url(ailleurs)).status_code == 404
        connecter(client, UtilisateurFactory(role="auditeur"))
        assert client.get(url(role)).status_code == 403


class TestEditeur:
    def test_l_invitation_ouvre_le_site_et_rien_d_autre(self, client, certificateur):
        """Accepted: the group of Wagtail, with a second factor; no screen of the management, no page of accounts."""
        connecter(client, certificateur)
        envoi = {"courriel": "hugo@example.org", "role": "editeur", "cle": "une"}
        assert client.post(NOUVELLE, envoi).status_code == 302
        compte = accepter(Invitation.objects.get())
        assert [g.name for g in compte.groups.all()] == ["Éditeurs"] and compte.exige_double_authentification
        sans_facteur = Client()
        sans_facteur.force_login(compte)
        assert sans_facteur.get("/admin/").url == "/compte/2fa/totp/activate/"
        editeur = connecter(Client(), compte)
        assert editeur.get("/admin/").status_code == editeur.get("/admin/pages/").status_code == 200
        for ferme in ("/admin/users/", "/admin/groups/", "/gestion/candidatures/", "/gestion/comptes/", "/gestion/"):
            assert editeur.get(ferme).status_code in {302, 403}, ferme

    def test_sans_role_en_cours_la_porte_est_close(self, client, certificateur):
        """To come, over by its date, taken back: 403; the group follows, at once or the next day."""
        compte = UtilisateurFactory(role="editeur")
        groupes.accorder(compte)
        role, editeur = compte.roles.get(), connecter(Client(), compte)
        assert editeur.get("/admin/").status_code == 200
        for dates in ({"debut": dans(1)}, {"debut": dans(-9), "fin": dans(-1)}):
            Role.objects.filter(pk=role.pk).update(**dates)
            assert editeur.get("/admin/").status_code == 403
        assert groupes.retirer_des_groupes() == "1 personne retirée d’un groupe."
        assert groupes.retirer_des_groupes() == "0 personne retirée d’un groupe."
        assert not compte.groups.exists()
        autre = UtilisateurFactory(role="editeur")
        groupes.accorder(autre)
        connecter(client, certificateur)
        client.post(autre.get_absolute_url(), {"geste": "retirer", "role": autre.roles.get().pk})
        assert not autre.groups.exists()


@pytest.mark.django_db(transaction=True)
def test_les_dates_dans_le_navigateur(ouvrir_navigateur, certificateur, evaluateur):
    """From the person to the dates and back, at both widths."""
    page = ouvrir_navigateur()
    se_connecter(page, "", certificateur.email, MOT_DE_PASSE, activer_totp(certificateur))
    page.goto(evaluateur.get_absolute_url())
    suivre(page.get_by_role("link", name="Changer les dates"))
    regarder(page)
    page.get_by_label("Dernier jour").fill(str(dans(12)))
    suivre(page.get_by_role("button", name="Enregistrer les dates"))
    page.get_by_text("Les dates sont enregistrées").wait_for()
    assert page.get_by_text("Bientôt fini").is_visible()
    regarder(page)
