"""A role is offered by mail: single-use link, account opened by the person, nothing beyond what one may offer."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.comptes.invitations import INVITATION, inviter
from backoffice.comptes.models import Invitation, Role, Utilisateur
from backoffice.comptes.workflow import DEMANDE
from registre.courriels import envoyer
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import Refus, executer
from tests.connexion import activer_totp, connecter, se_connecter
from tests.fabriques import MOT_DE_PASSE, CertificationFactory, OrganismeFactory, UtilisateurFactory
from tests.navigateur import regarder, suivre

from .situations import ACCEPTATION, demande

pytestmark = pytest.mark.django_db
NOUVELLE = "/gestion/comptes/invitations/nouvelle/"


@pytest.fixture
def porteur(db):
    return CertificationFactory().porteur


@pytest.fixture
def gestionnaire(porteur):
    return UtilisateurFactory(role=("gestionnaire", porteur))


@pytest.fixture
def certificateur(db):
    return UtilisateurFactory(role="certificateur")


def lien(courriel=None) -> str:
    """The path of the link in the last mail of invitation."""
    envoi = CourrielSortant.objects.filter(modele="compte_invitation").order_by("pk").last()
    assert courriel is None or envoi.destinataire == courriel
    return re.search(r"/compte/invitation/\S+", envoi.corps)[0]


def offrir(gestionnaire, porteur, courriel="hugo@example.org", role="evaluateur") -> Invitation:
    return inviter(gestionnaire, "gestionnaire", courriel, role, porteur)


class TestInviter:
    def test_le_lien_part_par_courriel_et_n_est_pas_en_base(self, client, gestionnaire, porteur):
        """The database keeps a hash; the subject says nothing of anybody; twenty posts send one mail."""
        connecter(client, gestionnaire)
        assert client.get(NOUVELLE).status_code == 200
        envoi = {"courriel": "Hugo@example.org", "role": "evaluateur", "organisme": porteur.pk, "cle": "une-fois"}
        assert {client.post(NOUVELLE, envoi).status_code for _ in range(20)} == {302}
        invitation = Invitation.objects.get()
        assert (invitation.courriel, invitation.etat, invitation.porteur) == ("hugo@example.org", "envoyee", porteur)
        jeton = lien("hugo@example.org").split("/")[3]
        assert jeton not in invitation.empreinte_jeton and len(jeton) >= 43
        assert CourrielSortant.objects.count() == 1
        assert timedelta(days=13) < invitation.expire_le - timezone.now() <= timedelta(days=14)
        assert jeton not in str(list(EntreeJournal.objects.values()))

    def test_le_lien_est_masque_une_fois_parti(self, gestionnaire, porteur):
        """Who reads the outbox later opens nothing."""
        offrir(gestionnaire, porteur)
        jeton, courriel = lien().split("/")[3], CourrielSortant.objects.get()
        envoyer.call(courriel.pk)
        courriel.refresh_from_db()
        assert courriel.envoye_le and jeton not in courriel.corps and courriel.secret == ""

    @pytest.mark.parametrize("role", ["certificateur", "signataire", "auditeur", "editeur", "candidat"])
    def test_un_gestionnaire_n_offre_pas_plus_que_son_porteur(self, client, gestionnaire, porteur, role):
        """Neither by the form nor by the function: no role above one's own."""
        connecter(client, gestionnaire)
        envoi = {"courriel": "hugo@example.org", "role": role, "organisme": porteur.pk}
        assert client.post(NOUVELLE, envoi).status_code == 422
        with pytest.raises(Refus, match="ne permet pas d’inviter"):
            offrir(gestionnaire, porteur, role=role)
        assert not Invitation.objects.exists() and not CourrielSortant.objects.exists()

    def test_un_gestionnaire_n_invite_pas_chez_un_autre_porteur(self, client, gestionnaire):
        """Another's body is not among the choices, and is refused when sent by hand."""
        autre = CertificationFactory().porteur
        connecter(client, gestionnaire)
        envoi = {"courriel": "hugo@example.org", "role": "gestionnaire", "organisme": autre.pk}
        assert client.post(NOUVELLE, envoi).status_code == 422
        with pytest.raises(Refus):
            offrir(gestionnaire, autre)

    def test_un_gestionnaire_invite_dans_les_etablissements_venus_a_lui(self, gestionnaire, porteur):
        """An établissement whose request it approved, not one that it does not know."""
        venue = executer(DEMANDE, "approuver", demande(porteur), gestionnaire)
        invitation = inviter(gestionnaire, "gestionnaire", "a@example.org", "employeur", venue.etablissement)
        assert invitation.porteur == porteur
        with pytest.raises(Refus):
            inviter(gestionnaire, "gestionnaire", "b@example.org", "employeur", OrganismeFactory())

    def test_un_employeur_invite_ses_collegues_et_eux_seuls(self, client):
        """Same établissement, same role; his colleague sees the invitation, another employer does not."""
        etablissement = OrganismeFactory()
        employeur, collegue = (UtilisateurFactory(role=("employeur", etablissement)) for _ in range(2))
        connecter(client, employeur)
        envoi = {"courriel": "lea@example.org", "role": "employeur", "organisme": etablissement.pk}
        assert client.post(NOUVELLE, envoi).status_code == 302
        page = Invitation.objects.get().get_absolute_url()
        for interdit in ({"role": "gestionnaire"}, {"organisme": OrganismeFactory().pk}):
            assert client.post(NOUVELLE, {**envoi, "courriel": "x@example.org", **interdit}).status_code == 422
        connecter(client, collegue)
        assert client.get(page).status_code == 200
        connecter(client, UtilisateurFactory(role="employeur"))
        assert client.get(page).status_code == 404
        assert "lea@example.org" not in client.get("/gestion/comptes/invitations/").text

    def test_le_certificateur_invite_a_tout_role_sur_tout_organisme(self, client, certificateur):
        """A body where the role needs one; none for an auditeur."""
        connecter(client, certificateur)
        organisme = OrganismeFactory()
        for role in ("employeur", "evaluateur", "gestionnaire", "jury", "certificateur", "signataire", "auditeur"):
            envoi = {"courriel": f"{role}@example.org", "role": role, "organisme": organisme.pk}
            assert client.post(NOUVELLE, envoi).status_code == 302, role
        assert Invitation.objects.count() == 7
        assert Invitation.objects.get(role="auditeur").organisme is None
        reponse = client.post(NOUVELLE, {"courriel": "x@example.org", "role": "jury"})
        assert reponse.status_code == 422 and "indiquez lequel" in reponse.text

    def test_une_invitation_en_attente_ne_se_double_pas(self, gestionnaire, porteur):
        """Said in words: it is sent again, not sent twice; a role already held is not offered."""
        offrir(gestionnaire, porteur)
        with pytest.raises(Refus, match="renvoyez-la"):
            offrir(gestionnaire, porteur)
        with pytest.raises(Refus, match="a déjà ce rôle"):
            offrir(gestionnaire, porteur, gestionnaire.email, "gestionnaire")

    @pytest.mark.parametrize("role", ["candidat", "evaluateur", "jury", "signataire"])
    def test_les_autres_roles_n_invitent_personne(self, client, role):
        """403 on the list and on the form."""
        connecter(client, UtilisateurFactory(role=role))
        assert client.get(NOUVELLE).status_code == client.get("/gestion/comptes/invitations/").status_code == 403


class TestAccepter:
    def test_lire_ne_consomme_rien_accepter_ouvre_le_compte_une_fois(self, client, gestionnaire, porteur):
        """HEAD and three GET, then the POST: account, role, and a link that is over."""
        invitation = offrir(gestionnaire, porteur)
        adresse = lien()
        for methode in ("head", "get", "get", "get"):
            assert getattr(client, methode)(adresse).status_code == 200
        reponse = client.post(adresse, ACCEPTATION)
        assert reponse.status_code == 302 and reponse.url == "/compte/login/"
        compte = Utilisateur.objects.get(email="hugo@example.org")
        assert compte.check_password(ACCEPTATION["mot_de_passe"]) and str(compte) == "Hugo Valette"
        role = compte.roles.get()
        assert (role.nom, role.organisme, role.debut) == ("evaluateur", porteur, timezone.localdate())
        assert {client.post(adresse, ACCEPTATION).status_code for _ in range(20)} == {410}
        assert Role.objects.filter(utilisateur=compte).count() == 1
        invitation.refresh_from_db()
        assert (invitation.etat, invitation.utilisateur) == ("acceptee", compte)

    @pytest.mark.parametrize("mot_de_passe", ["trop court", "motdepasse", ""])
    def test_un_mot_de_passe_court_est_refuse_et_le_lien_reste(self, client, gestionnaire, porteur, mot_de_passe):
        """Fifteen characters at least, said beside the field; nothing is opened."""
        offrir(gestionnaire, porteur)
        reponse = client.post(lien(), {**ACCEPTATION, "mot_de_passe": mot_de_passe})
        assert reponse.status_code == 422 and not Utilisateur.objects.filter(email="hugo@example.org").exists()
        assert client.post(lien(), ACCEPTATION).status_code == 302

    def test_les_champs_en_trop_sont_ignores(self, client, gestionnaire, porteur):
        """Neither another role, nor another address, nor the administration."""
        offrir(gestionnaire, porteur)
        envoi = {"role": "certificateur", "courriel": "x@example.org", "is_staff": "on", "is_superuser": "on"}
        client.post(lien(), {**ACCEPTATION, **envoi})
        compte = Utilisateur.objects.get(email="hugo@example.org")
        assert not (compte.is_staff or compte.is_superuser) and compte.roles.get().nom == "evaluateur"

    def test_une_adresse_qui_a_un_compte_se_connecte_pour_accepter(self, client, gestionnaire, porteur):
        """The link alone gives nothing on an account that exists, and never changes its password."""
        personne = UtilisateurFactory(role="employeur")
        offrir(gestionnaire, porteur, personne.email)
        adresse = lien()
        assert "Cette adresse a déjà un compte" in client.get(adresse).text
        assert client.post(adresse, ACCEPTATION).status_code == 409
        connecter(client, gestionnaire)
        assert "avec un autre compte" in client.get(adresse).text
        assert client.post(adresse, ACCEPTATION).status_code == 409
        assert personne.roles.count() == 1
        connecter(client, personne)
        assert client.post(adresse).status_code == 302
        assert {r.nom for r in personne.roles.all()} == {"employeur", "evaluateur"}
        personne.refresh_from_db()
        assert personne.check_password(MOT_DE_PASSE)
        assert client.get("/gestion/").status_code == 302, "the rights changed: sessions are over"

    def test_renvoyer_remplace_le_lien(self, client, gestionnaire, porteur):
        """The old link does not exist any more, the new one serves."""
        invitation = offrir(gestionnaire, porteur)
        ancien = lien()
        executer(INVITATION, "renvoyer", invitation, gestionnaire)
        assert lien() != ancien and client.get(ancien).status_code == 404
        assert client.post(ancien, ACCEPTATION).status_code == 404
        assert client.post(lien(), ACCEPTATION).status_code == 302

    def test_un_lien_revoque_ou_expire_le_dit_et_n_ouvre_rien(self, client, gestionnaire, porteur):
        """410 with the reason in words, for reading and for accepting."""
        executer(INVITATION, "revoquer", offrir(gestionnaire, porteur), gestionnaire)
        revoque = lien()
        expiree = offrir(gestionnaire, porteur, "lea@example.org")
        Invitation.objects.filter(pk=expiree.pk).update(expire_le=timezone.now())
        for adresse, mot in ((revoque, "n’est plus valable"), (lien("lea@example.org"), "a expiré")):
            for methode in ("get", "post"):
                reponse = getattr(client, methode)(adresse, ACCEPTATION)
                assert reponse.status_code == 410 and mot in reponse.text
        assert not Utilisateur.objects.filter(email__in=["hugo@example.org", "lea@example.org"]).exists()

    def test_on_decline_une_fois_et_qui_a_invite_le_sait(self, client, gestionnaire, porteur):
        """By the link or once logged in: no role, no account, a link that is over, one mail to who sent it."""
        invitation = offrir(gestionnaire, porteur)
        adresse = lien()
        assert "Décliner" in client.get(adresse).text
        assert "Vous avez décliné" in client.post(adresse, {"decliner": "1"}).text
        assert {client.post(adresse, {"decliner": "1"}).status_code for _ in range(3)} == {410}
        assert client.post(adresse, ACCEPTATION).status_code == 410
        invitation.refresh_from_db()
        assert invitation.etat == "declinee" and not Utilisateur.objects.filter(email="hugo@example.org").exists()
        assert CourrielSortant.objects.get(modele="invitation_declinee").destinataire == gestionnaire.email
        compte = UtilisateurFactory(role="employeur")
        offre = offrir(gestionnaire, porteur, compte.email)
        connecter(client, compte)
        assert client.post(f"/gestion/comptes/invitations/{offre.pk}/accepter/", {"decliner": "1"}).status_code == 302
        assert not compte.roles.filter(nom="evaluateur").exists()
        assert CourrielSortant.objects.filter(modele="invitation_declinee").count() == 2

    def test_un_lien_invente_n_existe_pas(self, client, db):
        """404, in words."""
        reponse = client.get("/compte/invitation/" + "a" * 43 + "/")
        assert reponse.status_code == 404 and "Ce lien n’existe pas" in reponse.text

    def test_un_compte_ferme_n_accepte_rien(self, client, gestionnaire, porteur):
        """An invitation is no way round a closed account."""
        ferme = UtilisateurFactory(is_active=False)
        offrir(gestionnaire, porteur, ferme.email)
        assert client.post(lien(), ACCEPTATION).status_code == 409 and not ferme.roles.exists()


@pytest.mark.django_db(transaction=True)
def test_de_l_invitation_a_la_connexion_dans_le_navigateur(ouvrir_navigateur, gestionnaire, porteur):
    """Invited, accepted, logged in, on screens that axe finds nothing to say about, without sideways scrolling."""
    page = ouvrir_navigateur()
    se_connecter(page, "", gestionnaire.email, MOT_DE_PASSE, activer_totp(gestionnaire))
    page.goto("/gestion/comptes/invitations/")
    regarder(page)
    suivre(page.get_by_role("link", name="Inviter une personne"))
    page.get_by_label("Adresse électronique").fill("hugo@example.org")
    page.get_by_label("Rôle").select_option("jury")
    page.get_by_label("Organisme").select_option(label=porteur.raison_sociale)
    regarder(page)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.get_by_role("link", name="Révoquer l’invitation").wait_for()
    regarder(page)

    autre = ouvrir_navigateur()
    autre.goto(lien())
    regarder(autre)
    autre.get_by_label("Prénom").fill("Hugo")
    autre.get_by_label(re.compile("^Nom")).fill("Valette")
    autre.get_by_label("Mot de passe").fill(ACCEPTATION["mot_de_passe"])
    autre.get_by_role("button", name="Accepter l’invitation").click()
    autre.wait_for_url("**/compte/login/")
    se_connecter(autre, "", "hugo@example.org", ACCEPTATION["mot_de_passe"])
    autre.wait_for_url("**/compte/2fa/totp/activate/")
    autre.goto(lien())
    assert autre.get_by_text("Vous avez déjà accepté").is_visible()
    regarder(autre)
