"""The outbox: a mail leaves if its act took place, once, however long the post is closed."""

import logging
import smtplib
from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registre import courriels, journal
from registre.courriels import DELAIS, ESSAIS_MAXIMUM, Message
from registre.models import CourrielSortant

from .. import fabriques as f
from ..ouvrier import travailler

pytestmark = pytest.mark.django_db

INVITATION = Message(
    destinataire="metier@example.org",
    sujet="Votre avis est demandé",
    corps="Ouvrez ce lien : https://cqp.example.org/invitation/jeton-secret/\n",
    modele="invitation_metier",
    secret="jeton-secret",
)


@pytest.fixture
def cause():
    return journal.consigner(None, "essai", "essai", f.OrganismeFactory())


@pytest.fixture
def poste_fermee(monkeypatch):
    """The mail server does not answer; `ouvrir()` opens it again."""
    vrai = EmailMessage.send

    def refuser(self, *args, **kwargs):
        raise ConnectionRefusedError("refusé")

    monkeypatch.setattr(EmailMessage, "send", refuser)
    return lambda: monkeypatch.setattr(EmailMessage, "send", vrai)


class TestLaCause:
    def test_un_acte_abandonne_n_ecrit_a_personne(self):
        """The mail is in the transaction of the act: both happen, or neither."""
        acteurs = f.Acteurs()
        candidature = f.deposee(acteurs)
        avant, taches = CourrielSortant.objects.count(), DBTaskResult.objects.count()
        with pytest.raises(RuntimeError), transaction.atomic():
            f.faire(candidature, "declarer_recevable", acteurs.gestionnaire)
            raise RuntimeError("panne avant la fin")
        assert (CourrielSortant.objects.count(), DBTaskResult.objects.count()) == (avant, taches)

    def test_chaque_courriel_dit_l_acte_qui_l_a_cause(self):
        """The cause of a mail is an entry of the journal, on the very dossier."""
        acteurs = f.Acteurs()
        candidature = f.recevable(acteurs)
        recus = CourrielSortant.objects.filter(modele="candidature_recevable")
        assert [c.destinataire for c in recus] == [acteurs.employeur.email]
        assert (recus[0].cause.verbe, recus[0].cause.objet_id) == ("declarer_recevable", candidature.pk)

    def test_la_meme_cause_n_ecrit_pas_deux_fois(self, cause):
        """Same act, same model, same address: one row and one task."""
        premier, second = courriels.deposer(INVITATION, cause), courriels.deposer(INVITATION, cause)
        assert premier == second
        assert travailler() == len(mail.outbox) == 1

    def test_un_autre_destinataire_est_un_autre_courriel(self, cause):
        """Positive control of the line above."""
        autre = Message("autre@example.org", INVITATION.sujet, INVITATION.corps, INVITATION.modele)
        assert courriels.deposer(INVITATION, cause) != courriels.deposer(autre, cause)


class TestLEnvoi:
    def test_le_message_porte_son_identifiant(self, cause):
        """The Message-ID is decided with the act: a second sending would be recognised as the same mail."""
        courriel = courriels.deposer(INVITATION, cause)
        travailler()
        (parti,) = mail.outbox
        assert parti.extra_headers["Message-ID"] == courriel.identifiant_message
        assert parti.to == ["metier@example.org"]
        courriel.refresh_from_db()
        assert (courriel.essais, courriel.prochain_essai, courriel.derniere_erreur) == (1, None, "")
        assert courriel.envoye_le

    def test_un_courriel_parti_ne_repart_pas(self, cause):
        """The same task run again, by a worker restarted or by a hand, sends nothing."""
        courriel = courriels.deposer(INVITATION, cause)
        for _ in range(3):
            courriels.envoyer.call(courriel.pk)
        assert len(mail.outbox) == 1

    def test_le_lien_secret_est_masque_des_que_le_courriel_est_parti(self, cause):
        """The recipient got the link; whoever reads the outbox later does not."""
        courriel = courriels.deposer(INVITATION, cause)
        assert "jeton-secret" in courriel.corps
        travailler()
        courriel.refresh_from_db()
        assert "jeton-secret" in mail.outbox[0].body
        assert (courriel.corps, courriel.secret) == (INVITATION.corps.replace("jeton-secret", "•••"), "")

    def test_une_invitation_ne_laisse_son_jeton_nulle_part(self):
        """The real invitation: its token is in the mail that left, and in no row of the database."""
        acteurs = f.Acteurs()
        f.invitee(acteurs)
        courriel = CourrielSortant.objects.get(modele="invitation_metier")
        jeton = courriel.secret
        assert len(jeton) >= 40
        travailler()
        assert any(jeton in parti.body for parti in mail.outbox)
        assert not CourrielSortant.objects.filter(corps__contains=jeton).exists()


class TestLaPosteFermee:
    def test_les_essais_s_espacent_puis_le_courriel_part_une_fois(self, cause, poste_fermee, caplog):
        """One hour without a post: nothing is lost, the tries are spaced, then it leaves with the same identifier."""
        caplog.set_level(logging.CRITICAL)
        courriel = courriels.deposer(INVITATION, cause)
        for essai, minutes in enumerate(DELAIS[:4], start=1):
            courriels.envoyer.call(courriel.pk)
            courriel.refresh_from_db()
            attente = courriel.prochain_essai - timezone.now()
            assert courriel.essais == essai
            assert timedelta(minutes=minutes - 1) < attente <= timedelta(minutes=minutes)
            assert courriel.derniere_erreur == "ConnectionRefusedError"
            assert "jeton-secret" in courriel.corps
        poste_fermee()
        courriels.envoyer.call(courriel.pk)
        courriels.envoyer.call(courriel.pk)
        assert [m.extra_headers["Message-ID"] for m in mail.outbox] == [courriel.identifiant_message]

    def test_l_ouvrier_reprend_de_lui_meme(self, cause, poste_fermee, caplog):
        """The failed task has planned the next one: an hour later, the worker alone sends it."""
        caplog.set_level(logging.CRITICAL)
        courriels.deposer(INVITATION, cause)
        assert travailler() == 1
        poste_fermee()
        assert travailler() == 0, "le prochain essai n’est pas encore dû"
        with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(hours=1)):
            assert travailler() == 1
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize(
        "panne",
        [
            smtplib.SMTPServerDisconnected("coupé"),
            smtplib.SMTPRecipientsRefused({"x": (451, b"plus tard")}),
            TimeoutError("trop long"),
        ],
    )
    def test_toute_panne_de_la_poste_se_reessaie(self, cause, monkeypatch, caplog, panne):
        """Refused, cut or too slow: a next try is planned, and the words of the server are not kept."""
        caplog.set_level(logging.CRITICAL)

        def echouer(self, *args, **kwargs):
            raise panne

        monkeypatch.setattr(EmailMessage, "send", echouer)
        courriel = courriels.deposer(INVITATION, cause)
        courriels.envoyer.call(courriel.pk)
        courriel.refresh_from_db()
        assert courriel.prochain_essai
        assert courriel.derniere_erreur == type(panne).__name__

    def test_on_cesse_d_essayer_sans_effacer(self, cause, poste_fermee, caplog):
        """After the last try nothing is planned any more; the mail stays, with its last error, for a person to see."""
        caplog.set_level(logging.CRITICAL)
        courriel = courriels.deposer(INVITATION, cause)
        CourrielSortant.objects.filter(pk=courriel.pk).update(essais=ESSAIS_MAXIMUM - 1)
        taches = DBTaskResult.objects.count()
        courriels.envoyer.call(courriel.pk)
        courriel.refresh_from_db()
        assert (courriel.envoye_le, courriel.prochain_essai) == (None, None)
        assert courriel.situation == "echec" and courriel in CourrielSortant.objects.a_reparer()
        assert DBTaskResult.objects.count() == taches

    def test_la_trace_ne_dit_ni_adresse_ni_texte(self, cause, poste_fermee, caplog, monkeypatch):
        """Logs hold ids only."""
        # Whatever an earlier test of the same process did to the loggers.
        monkeypatch.setattr(courriels.trace, "disabled", False)
        caplog.set_level(logging.WARNING, logger=courriels.trace.name)
        courriel = courriels.deposer(INVITATION, cause)
        courriels.envoyer.call(courriel.pk)
        assert f"courriel {courriel.pk} non parti" in caplog.text
        assert "metier@example.org" not in caplog.text and "jeton-secret" not in caplog.text

    def test_reprendre_remet_en_file_les_courriels_perdus_par_une_panne(self, cause):
        """The task row was lost with the worker: the command queues what is due, and nothing is sent twice."""
        courriels.deposer(INVITATION, cause)
        DBTaskResult.objects.all().delete()
        sortie = StringIO()
        call_command("reprendre", stdout=sortie)
        call_command("reprendre", stdout=StringIO())
        assert "1 courriel(s)" in sortie.getvalue()
        assert travailler() == 1
        assert len(mail.outbox) == 1
