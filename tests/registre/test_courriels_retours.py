"""Mails that come back: delivery notifications as Postfix, Exchange and Gmail write them, read from real mailboxes."""

import mailbox
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from registre import courriels, journal
from registre.courriels import Message
from registre.models import CourrielSortant
from registre.retours_courriel import TAILLE_MAXIMALE, lire

from .. import fabriques as f

DONNEES = Path(__file__).parent / "donnees" / "retours"


@pytest.fixture
def partis(db):
    """Three mails that left, to be named in the samples by A, B and C."""
    cause = journal.consigner(None, "essai", "essai", f.OrganismeFactory())
    lettres = {}
    for nom in "ABC":
        message = Message(f"{nom.lower()}@example.org", "Une candidature est recevable", "Bonjour.\n", "essai")
        courriel = courriels.deposer(message, cause)
        courriels.envoyer.call(courriel.pk)
        lettres[nom] = courriel
    return lettres


def echantillon(nom: str, courriel) -> bytes:
    jeton, domaine = courriel.identifiant_message.strip("<>").split("@")
    texte = (DONNEES / f"{nom}.eml").read_text()
    return texte.replace("JETON", jeton).replace("DOMAINE", domaine).encode()


def relever(chemin, *options) -> str:
    sortie = StringIO()
    call_command("lire_retours", str(chemin), *options, stdout=sortie)
    return sortie.getvalue()


def situation(courriel) -> tuple:
    courriel.refresh_from_db()
    return courriel.situation, courriel.motif_echec, courriel.code_reponse


class TestLesAvis:
    @pytest.mark.parametrize(
        ("nom", "attendu"),
        [
            ("postfix_inconnu", ("retour", "adresse", "5.1.1")),
            ("exchange_boite_pleine", ("retour", "boite", "5.2.2")),
            ("gmail_sans_entetes", ("retour", "adresse", "5.1.1")),
            ("postfix_expire", ("retour", "sans_reponse", "4.4.1")),
            ("postfix_retarde", ("envoye", "", "")),
            ("accuse_de_remise", ("envoye", "", "")),
            ("absence", ("envoye", "", "")),
        ],
    )
    def test_chaque_avis_dit_ce_qu_est_devenu_le_courriel(self, partis, tmp_path, nom, attendu):
        """Known by its Message-ID, its thread or its return address; a delay, a receipt, an absence change nothing."""
        (tmp_path / "avis.eml").write_bytes(echantillon(nom, partis["A"]))
        relever(tmp_path, "--reel")
        assert situation(partis["A"]) == attendu
        assert {situation(partis[n])[0] for n in "BC"} == {"envoye"}

    def test_sans_reel_rien_n_est_ecrit_et_relire_ne_change_rien(self, partis, tmp_path):
        """Dry by default; the same mailbox read twice marks once, and nothing is moved."""
        boite = mailbox.Maildir(tmp_path / "boite")
        for nom, echant in (("A", "postfix_inconnu"), ("B", "exchange_boite_pleine"), ("C", "postfix_retarde")):
            boite.add(echantillon(echant, partis[nom]))
        boite.close()
        assert "3 avis de non-remise, dont 2 définitif(s). Rien n’est écrit" in relever(tmp_path / "boite")
        assert not CourrielSortant.objects.revenus()
        assert "2 courriel(s) noté(s)" in relever(tmp_path / "boite", "--reel")
        assert "0 courriel(s) noté(s)" in relever(tmp_path / "boite", "--reel")
        assert CourrielSortant.objects.revenus().count() == CourrielSortant.objects.a_reparer().count() == 2

    def test_une_boite_mbox_se_lit_aussi(self, partis, tmp_path, settings):
        """The path may come from the setting."""
        boite = mailbox.mbox(tmp_path / "retours")
        boite.add(echantillon("postfix_inconnu", partis["B"]))
        boite.close()
        settings.BOITE_DES_RETOURS = str(tmp_path / "retours")
        call_command("lire_retours", "--reel", stdout=StringIO())
        assert situation(partis["B"])[0] == "retour"

    def test_ce_qui_ne_nous_concerne_pas_est_laisse(self, partis, tmp_path):
        """A forged token, another's mail, a heavy or broken file: nothing is marked, nothing breaks."""
        avis = echantillon("postfix_inconnu", partis["A"])
        jeton = partis["A"].identifiant_message[1:41].encode()
        (tmp_path / "faux.eml").write_bytes(avis.replace(jeton, b"0" * 40))
        (tmp_path / "lourd.eml").write_bytes(avis + b"x" * TAILLE_MAXIMALE)
        (tmp_path / "coupe.eml").write_bytes(avis[:400])
        shutil.copy(__file__, tmp_path / "autre.eml")
        relever(tmp_path, "--reel")
        assert situation(partis["A"])[0] == "envoye"
        with pytest.raises(CommandError, match="ne se lit pas"):
            relever(tmp_path / "absente")
        with pytest.raises(CommandError, match="BOITE_DES_RETOURS"):
            call_command("lire_retours", stdout=StringIO())


@given(st.binary(max_size=2000))
def test_aucun_octet_ne_casse_la_lecture(octets):
    """Whatever comes in the mailbox: read, or left."""
    entete = b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n"
    assert lire(octets) is None
    lire(entete + octets)
    lire(entete + b"Content-Type: message/delivery-status\n\n" + octets)
