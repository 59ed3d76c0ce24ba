"""A real SMTP server on the loopback: what each of its answers makes of a mail, and what a person does about it."""

import logging
import socket

import pytest
from django.core import mail

from registre import courriels, journal
from registre.courriels import Message
from registre.models import CourrielSortant, Notification, PreferenceNotification
from registre.suites_courriel import classer, renvoyer
from registre.transitions import Refus

from .. import fabriques as f
from .poste import Poste

pytestmark = pytest.mark.django_db
TEXTE = Message("personne@example.org", "Une candidature est recevable", "Bonjour.\n", "candidature_recevable")


@pytest.fixture
def poste(settings, caplog):
    caplog.set_level(logging.CRITICAL)
    with Poste() as poste:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", poste.port, 1
        yield poste


@pytest.fixture
def cause():
    return journal.consigner(None, "essai", "essai", f.OrganismeFactory())


def envoyer(courriel) -> CourrielSortant:
    courriels.envoyer.call(courriel.pk)
    courriel.refresh_from_db()
    return courriel


class TestLesReponsesDuServeur:
    @pytest.mark.parametrize(
        ("commande", "reponse", "motif", "code"),
        [
            ("RCPT", "550 5.1.1 <personne@example.org> unknown", "adresse", "550 5.1.1"),
            ("RCPT", "550 no such user", "adresse", "550"),
            ("RCPT", "552 5.2.2 mailbox full", "boite", "552 5.2.2"),
            ("FIN", "554 5.7.1 rejected as spam", "refus", "554 5.7.1"),
        ],
    )
    def test_un_refus_definitif_arrete_les_essais(self, poste, cause, commande, reponse, motif, code):
        """5xx: the same mail would fail again. It is given up at once, with its reason, without the server's words."""
        poste.reponses[commande] = reponse
        courriel = envoyer(courriels.deposer(TEXTE, cause))
        assert (courriel.situation, courriel.motif_echec, courriel.code_reponse) == ("echec", motif, code)
        assert (courriel.prochain_essai, courriel.essais) == (None, 1)
        assert "personne@" not in courriel.derniere_erreur + courriel.code_reponse
        assert envoyer(courriel).essais == 1, "un courriel abandonné ne s’essaie plus de lui-même"

    @pytest.mark.parametrize(
        ("commande", "reponse", "motif"),
        [
            ("RCPT", "451 4.7.1 greylisted", "differe"),
            ("RCPT", "452 4.2.2 over quota", "boite"),
            ("FIN", "421 4.3.2 shutting down", "differe"),
            ("MAIL", "553 5.1.8 sender refused", "expediteur"),
        ],
    )
    def test_un_refus_passager_se_reessaie_sous_le_meme_identifiant(self, poste, cause, commande, reponse, motif):
        """4xx, or a fault of our own settings: the mail leaves later, once, as the same mail."""
        poste.reponses[commande] = reponse
        courriel = envoyer(courriels.deposer(TEXTE, cause))
        assert (courriel.situation, courriel.motif_echec) == ("en_attente", motif) and courriel.prochain_essai
        poste.reponses.clear()
        courriel = envoyer(envoyer(courriel))
        assert (courriel.situation, courriel.motif_echec, courriel.code_reponse) == ("envoye", "", "")
        assert [m["Message-ID"] for m in poste.recus] == [courriel.identifiant_message]
        assert poste.recus[0]["Auto-Submitted"] == "auto-generated"

    def test_un_serveur_muet_ou_absent_se_reessaie(self, poste, cause, settings):
        """Silence and absence have their own words; nothing is lost."""
        poste.muette.add("RCPT")
        courriel = envoyer(courriels.deposer(TEXTE, cause))
        assert (courriel.motif_echec, courriel.situation) in {("delai", "en_attente"), ("injoignable", "en_attente")}
        with socket.socket() as libre:
            libre.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = libre.getsockname()[1]
        assert envoyer(courriel).motif_echec == "injoignable"

    def test_chaque_courriel_a_son_adresse_de_retour(self, poste, cause, settings):
        """The envelope carries the token of the mail; the reader still sees our usual sender."""
        settings.ADRESSE_DES_RETOURS = "retours@cqp.example.org"
        courriel = envoyer(courriels.deposer(TEXTE, cause))
        jeton = courriel.identifiant_message[1:].split("@")[0]
        assert poste.enveloppes[0]["MAIL"] == f"retours+{jeton}@cqp.example.org"
        assert poste.recus[0]["From"] == settings.DEFAULT_FROM_EMAIL


class TestReparer:
    """What a person does with a mail that did not arrive."""

    @pytest.fixture
    def dossier(self, poste):
        self.acteurs = f.Acteurs()
        return f.recevable(self.acteurs)

    def echouer(self, poste, modele, dossier):
        poste.reponses["RCPT"] = "550 5.1.1 unknown"
        courriel = envoyer(CourrielSortant.objects.get(modele=modele, cause__objet_id=dossier.pk))
        poste.reponses.clear()
        return courriel

    def test_renvoyer_a_l_adresse_corrigee(self, poste, dossier):
        """A new mail leaves, once for twenty requests; the candidate's record keeps the good address; it is told."""
        ancien = self.echouer(poste, "candidat_recevable", dossier)
        assert CourrielSortant.objects.a_reparer().get() == ancien
        assert ancien in CourrielSortant.objects.avec_adresse_signalee().filter(adresse_signalee=True)
        nouveaux = {
            renvoyer(ancien, self.acteurs.gestionnaire, "gestionnaire", "bonne@example.org", cle="c") for _ in range(20)
        }
        (nouveau,) = nouveaux
        envoyer(nouveau)
        assert [(m["To"], m["Subject"]) for m in poste.recus] == [("bonne@example.org", ancien.sujet)]
        dossier.titulaire.refresh_from_db()
        assert dossier.titulaire.courriel == "bonne@example.org"
        entree = journal.EntreeJournal.objects.de(dossier).last()
        assert (entree.verbe, entree.acteur, nouveau.cause) == ("renvoyer_courriel", self.acteurs.gestionnaire, entree)
        ancien.refresh_from_db()
        assert ancien.situation == "remplace" and not CourrielSortant.objects.a_reparer()
        with pytest.raises(Refus, match="déjà été renvoyé"):
            renvoyer(ancien, self.acteurs.gestionnaire, "gestionnaire", cle="autre")

    def test_un_courriel_arrive_ne_se_renvoie_pas_et_un_lien_ne_change_pas_de_main(self, poste, dossier):
        """Only what failed is sent again; a personal link goes to its address or nowhere, and not once it is gone."""
        parti = envoyer(CourrielSortant.objects.get(modele="candidat_recevable"))
        with pytest.raises(Refus, match="n’a pas échoué"):
            renvoyer(parti, self.acteurs.gestionnaire, "gestionnaire")
        lien = Message("m@example.org", "Votre avis", "https://cqp.example.org/jeton/\n", "invitation_metier", "jeton")
        cause = journal.consigner(None, "essai", "essai", dossier)
        poste.reponses["RCPT"] = "550 5.1.1 unknown"
        perdu = envoyer(courriels.deposer(lien, cause))
        assert "jeton" not in perdu.texte_lisible
        with pytest.raises(Refus, match="lien personnel"):
            renvoyer(perdu, self.acteurs.gestionnaire, "gestionnaire", "autre@example.org")
        for _ in range(2):
            classer(perdu, self.acteurs.gestionnaire, "gestionnaire", cle="k")
        perdu.refresh_from_db()
        assert (perdu.situation, perdu.secret, perdu.lien_perdu) == ("classe", "", True)


class TestLApplication:
    """Whoever has an account finds the same message in the application, written with the act."""

    def test_la_notification_nait_avec_l_acte_et_mene_au_dossier(self):
        """One per person and act, titled like the mail; without an account, the mail only."""
        acteurs = f.Acteurs()
        dossier = f.recevable(acteurs)
        notification = Notification.objects.get(modele="candidature_recevable")
        assert notification.destinataire == acteurs.employeur
        assert (notification.titre, notification.lien) == ("Une candidature est recevable", dossier.get_absolute_url())
        assert notification.cause.verbe == "declarer_recevable" and notification.lue_le is None
        assert Notification.objects.get(modele="candidat_recevable").destinataire == dossier.titulaire.utilisateur
        avant = Notification.objects.count()
        courriels.deposer(Message("inconnue@example.org", "Votre avis", "Bonjour.\n", "essai"), notification.cause)
        assert Notification.objects.count() == avant

    def test_un_message_facultatif_suit_la_preference_un_lien_part_toujours(self, cause):
        """In the application only, when the person says so and the message allows it; a link goes by mail alone."""
        personne = f.UtilisateurFactory(email="personne@example.org")
        PreferenceNotification.objects.create(utilisateur=personne, modele=TEXTE.modele, par_courriel=False)
        facultatif = Message("Personne@example.org", TEXTE.sujet, TEXTE.corps, TEXTE.modele, facultatif=True)
        assert courriels.deposer(facultatif, cause) is None
        assert personne.notifications.count() == 1 and not mail.outbox
        assert courriels.deposer(TEXTE, cause), "ce qui n’est pas facultatif part quand même"
        secret = Message("personne@example.org", "Un lien", "https://…/jeton", "lien", "jeton", facultatif=False)
        courriels.deposer(secret, cause)
        assert personne.notifications.get(modele="lien").lien == ""
