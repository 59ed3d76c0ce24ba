"""Every address of the site × every role × two porteurs × GET and POST: what is not said to be open is closed.

The addresses are read from Django's resolver: one that is added without a policy, or without an example in
`tests/quartier.py` of what its parameters are, fails here by itself.
"""

import copy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from backoffice.acces import Ecran
from backoffice.comptes.models import Utilisateur
from registre.models import Parchemin

from .bases import du_test
from .connexion import connecter
from .quartier import DOSSIER, GESTION, TOUTES, Quartier, urls_d_essai

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("refus_abreges", "fichiers_de_la_scene")]

# Who is received at each door. An address under another beginning fails: say here who may come, and test it.
PORTES = {
    "gestion/": "a login, and the roles that the screen declares",
    "admin/": "the editors of the site",
    "compte/": "one's own account",
    "invitation/": "whoever holds the link",
    "etat-civil/": "whoever holds the link, once they have proved who they are",
    "aide/": "everybody: the manuals",
    "documents/": "public files of the portal",
    "style/": "demonstration only: the components",
    "verifier/": "everybody",
    "^[vV]/": "everybody",
    "^partage/": "whoever holds the link",
    "statuts/": "everybody: the list of cancellations",
    "journal/": "everybody, and the witnesses: the public log",
    "^journal/": "everybody: its tiles",
    ".well-known/": "everybody",
    "sante/": "everybody",
    "favicon.ico": "everybody",
    "robots.txt": "everybody",
    "partage/": "everybody: the image of a shared link",
    "nous-ecrire/": "everybody: a message to the branch",
    "sitemap.xml": "everybody",
    "registre/": "everybody: the public registry and its open data",
    "api/": "everybody: the same, for programs, read only",
    "^(?P<numero>": "everybody",
    "cqp/": "everybody: the comparison, and the sheet of a CQP",
    "_util/": "everybody; the login of Wagtail leads to ours",
    "^((?:[\\w\\-]+/)*)$": "everybody: the pages of the portal",
    "^static": "everybody",
    "^media": "everybody: images of the portal, never a file of a dossier",
}
# Served to who has no account: the way in, and the way back in.
OUVERTES_SANS_COMPTE = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_email",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "demande_compte",
    "demande_compte_recue",
    "accepter_invitation",
}
# Wagtail serves these to everybody: no page of the site, no data.
ADMIN_PUBLIQUES = {"wagtailadmin_javascript_catalog", "wagtailadmin_sprite"}


@pytest.fixture(scope="module")
def quartier(scene):
    return Quartier()


@pytest.fixture(scope="module")
def sessions(quartier, django_db_blocker):
    """One logged-in browser per person, for the whole module."""
    with django_db_blocker.unblock():
        return {pk: connecter(Client(), personne) for pk, personne in quartier.personnes().items()}


def demander(client, methode, url) -> int:
    """The status of the answer, undone at once; an exception is a 500."""
    cookies = copy.deepcopy(client.cookies)
    with du_test(transaction.atomic()):
        try:
            reponse = getattr(client, methode)(url)
            statut = reponse.status_code
            if reponse.streaming:
                b"".join(reponse.streaming_content)  # read to its end, it closes itself
        except Exception as erreur:  # whatever breaks is what the visitor would get as a 500
            statut = f"500 ({type(erreur).__name__}: {erreur})"
        transaction.set_rollback(True)
    # A page that logs out would otherwise leave this browser outside for the tests that follow.
    client.cookies = cookies
    return statut


def test_chaque_adresse_a_une_porte_connue():
    """A new beginning of addresses is a new policy: it must be said."""
    assert not [a.chemin for a in TOUTES if not a.chemin.startswith(tuple(PORTES))]


@pytest.mark.parametrize("adresse", GESTION, ids=lambda a: a.nom)
class TestGestion:
    """Under /gestion/: declared roles, scope, and never a broken page."""

    def test_la_page_dit_qui_elle_recoit(self, adresse):
        """A screen without roles would be open to whoever has an account."""
        assert issubclass(adresse.vue, Ecran) and adresse.vue.roles

    def test_chacun_y_recoit_ce_que_son_role_et_sa_portee_promettent(self, quartier, sessions, adresse):
        """Login for who is nobody, 403 for another role, 404 for another's object; somebody is received."""
        valeurs, situation = quartier.exemple(adresse)
        url, fautes, recus = adresse.url(**valeurs), [], 0
        for methode in ("get", "post"):
            anonyme = Client()
            reponse = getattr(anonyme, methode)(url)
            if reponse.status_code != 302 or not reponse.url.startswith(reverse("account_login")):
                fautes.append(f"{methode} anonyme : {reponse.status_code}")
            for qui, (personne, existe) in quartier.un_par_role(situation).items():
                statut = demander(sessions[personne.pk], methode, url)
                if not personne.a_role(*adresse.vue.roles):
                    promis = {403}
                elif not existe:
                    promis = {404, 405} if methode == "post" else {404}
                else:
                    promis = {200, 302, 403, 404, 405, 409, 422}
                    recus += statut in {200, 302}
                if statut not in promis:
                    fautes.append(f"{methode} {qui} : {statut} au lieu de {promis}")
        assert not fautes
        assert recus, "personne n’est reçu : l’exemple de cette adresse ne prouve rien"

    def test_un_identifiant_qui_n_existe_pas_ne_casse_rien(self, quartier, sessions, adresse):
        """An invented id answers 404, whoever asks and whatever the method."""
        if not adresse.parametres:
            return
        valeurs, situation = quartier.exemple(adresse)
        absent = {cle: 999_999_999 if isinstance(valeur, int) else valeur for cle, valeur in valeurs.items()}
        # One who is received where the object exists, one for whom it does not: what is absent depends on nobody else.
        gens = quartier.gens(situation).values()
        recu = next(p for p, existe in gens if existe and p.a_role(*adresse.vue.roles))
        dehors = next(p for p, existe in gens if not existe)
        statuts = {
            demander(sessions[personne.pk], methode, adresse.url(**absent))
            for methode in ("get", "post")
            for personne in (recu, dehors)
        }
        assert statuts <= {403, 404, 405} and 404 in statuts


class TestDocumentsEtPieces:
    def test_le_document_ne_va_qu_a_ceux_qu_il_concerne(self, quartier, sessions):
        """The holder, the porteur, the certificateur's staff: read; the employer and the évaluateur do not."""
        document = Parchemin.objects.get(pk=quartier["validée, délivrée"].objet.delivrance.parchemin_id)
        url = reverse("delivrances:document", args=[document.pk])
        statuts = {
            nom: demander(sessions[quartier["validée, délivrée"].gens[nom][0].pk], "get", url)
            for nom in ("candidat", "gestionnaire", "certificateur", "signataire", "auditeur", "employeur")
        }
        assert statuts.pop("employeur") == 403
        assert set(statuts.values()) == {200}

    def test_le_guide_signe_n_est_pas_lu_par_l_employeur(self, quartier, sessions):
        """A file of the evaluation is not a file of the candidature."""
        guide = quartier["inscrite, délibérée"].objet.evaluation.guide
        gens, url = quartier["inscrite, délibérée"].gens, reverse("candidatures:piece", args=[guide.pk])
        assert demander(sessions[gens["employeur"][0].pk], "get", url) == 404
        assert demander(sessions[gens["gestionnaire"][0].pk], "get", url) == 200


class TestAdmin:
    """The editor of the site: no role of the back office opens it."""

    def test_seuls_les_editeurs_entrent(self, quartier, sessions):
        """Every address of Wagtail, for nobody, for a manager and for a certificateur: the door stays closed."""
        fautes = []
        visiteurs = {"anonyme": Client()}
        for nom in ("gestionnaire", "certificateur"):
            visiteurs[nom] = sessions[quartier.comptes[nom].pk]
        for adresse in TOUTES:
            if not adresse.chemin.startswith("admin/") or adresse.nom.split(":")[-1] in ADMIN_PUBLIQUES:
                continue
            for url in urls_d_essai(adresse):
                for qui, client in visiteurs.items():
                    for methode in ("get", "post"):
                        statut = demander(client, methode, url)
                        if statut not in {302, 301, 403, 404, 405}:
                            fautes.append(f"{methode} {url} {qui} : {statut}")
        assert not fautes

    def test_aucun_role_de_gestion_n_y_entre(self, quartier, sessions):
        """The home of the editor, for every person of the world: only the éditeur is received."""
        recus = {
            nom
            for nom, personne in quartier.comptes.items()
            if demander(sessions[personne.pk], "get", reverse("wagtailadmin_home")) == 200
        }
        assert recus == {"éditeur"}

    @pytest.mark.parametrize("chemin", ["/admin/login/", "/_util/login/"])
    @pytest.mark.parametrize("methode", ["get", "post"])
    def test_les_portes_de_wagtail_menent_a_la_notre(self, chemin, methode):
        """One login page only: with a second factor, and with its count of attempts."""
        reponse = getattr(Client(), methode)(chemin, {"username": "a@example.org", "password": "x"})
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("account_login"))


class TestCompte:
    def test_sans_compte_on_n_y_trouve_que_l_entree(self):
        """The account pages send to the login, the ways in excepted; nothing breaks."""
        fautes = []
        for adresse in TOUTES:
            if not adresse.chemin.startswith("compte/"):
                continue
            for url in urls_d_essai(adresse):
                for methode in ("get", "post"):
                    statut = demander(Client(), methode, url)
                    permis = {302, 403, 404, 405}
                    permis |= {200, 400, 422, 429} if adresse.nom in OUVERTES_SANS_COMPTE else set()
                    if statut not in permis:
                        fautes.append(f"{methode} {url} : {statut}")
        assert not fautes

    def test_rien_n_y_casse_pour_qui_que_ce_soit(self, quartier, sessions):
        """With a second factor or without one, every account page answers."""
        fautes = []
        for nom in ("gestionnaire", "employeur", "candidat", "sans rôle"):
            client = sessions[quartier.comptes[nom].pk]
            for adresse in TOUTES:
                if not adresse.chemin.startswith("compte/"):
                    continue
                for url in urls_d_essai(adresse):
                    for methode in ("get", "post"):
                        statut = demander(client, methode, url)
                        if statut not in {200, 302, 400, 403, 404, 405, 422, 429}:
                            fautes.append(f"{methode} {url} {nom} : {statut}")
        assert not fautes

    def test_nul_ne_s_inscrit_seul(self):
        """Accounts come from an invitation: the sign-up page creates nobody."""
        avant = Utilisateur.objects.count()
        secret = "une-phrase-bien-assez-longue"
        envoi = {"email": "intrus@example.org", "password1": secret, "password2": secret}
        Client().post(reverse("account_signup"), envoi)
        assert Utilisateur.objects.count() == avant


class TestPublic:
    def test_rien_n_y_casse(self, quartier):
        """Public addresses with invented parameters: an answer each time, never a broken page, never a login."""
        fautes = []
        for adresse in TOUTES:
            if adresse.chemin.startswith(("gestion/", "admin/", "compte/")):
                continue
            for url in urls_d_essai(adresse):
                for methode in ("get", "post"):
                    statut = demander(Client(), methode, url)
                    if statut not in {200, 301, 302, 400, 403, 404, 405, 410, 422}:
                        fautes.append(f"{methode} {url} : {statut}")
        assert not fautes

    def test_un_fichier_prive_n_a_pas_d_adresse(self, quartier):
        """What a dossier holds is in no public folder, whatever the name that is asked."""
        piece = quartier[DOSSIER].objet.pieces.first()
        for prefixe in ("/media/", "/static/", "/documents/1/", "/prive/"):
            assert Client().get(prefixe + piece.fichier.name).status_code == 404
