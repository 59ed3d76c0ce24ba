"""The witness, against a real server: it signs what grows, cries when the log is rewritten, and never signs twice."""

import pytest

from registre import cles
from registre.models import Cosignature, Feuille, PointDeControle
from registre.transparence import journal_public, notes, temoin

from .test_journal_public import remplir

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.une_base]


@pytest.fixture
def journal(live_server, settings):
    settings.ADRESSE_PUBLIQUE = live_server.url
    remplir(5)
    journal_public.publier()
    return f"{live_server.url}/journal"


@pytest.fixture
def employeurs(journal, tmp_path, settings):
    """A witness made with the log's key, whose own key the operator has put in the settings."""
    cle = str(cles.signataire_du_journal(journal_public.origine()).verificateur)
    cree = temoin.Temoin.creer(tmp_path / "temoin", "college-employeurs", journal, cle)
    settings.TEMOINS_DU_JOURNAL = [str(cree.signataire.verificateur)]
    return cree


def signer(employeurs) -> int:
    return temoin.principal(["signer", "--dossier", str(employeurs.dossier)])


def test_un_temoin_signe_et_la_page_le_montre(employeurs, client):
    """Its line stands under the checkpoint that is served, and the page says when it saw it."""
    assert signer(employeurs) == 0
    connus = [employeurs.signataire.verificateur]
    assert "college-employeurs" in notes.instants(client.get("/journal/checkpoint").text, connus)
    page = client.get("/journal/").text
    assert "college-employeurs" in page and "a contresigné ce point de contrôle" in page
    assert "1 témoin sur 1" in page


def test_un_journal_qui_grandit_se_contresigne(employeurs):
    """From one checkpoint to the next, over the edge of a tile."""
    for ajout in (0, 260, 3):
        remplir(ajout)
        journal_public.publier()
        assert signer(employeurs) == 0
    assert [c.point.taille for c in Cosignature.objects.order_by("point__taille")] == [5, 265, 268]
    assert employeurs.vu.taille == 268


def test_un_journal_reecrit_est_denonce(employeurs, capsys):
    """Another leaf in the past, under a checkpoint that the log itself has signed: nothing is signed, exit 1."""
    assert signer(employeurs) == 0
    PointDeControle.objects.all().delete()
    Feuille.objects.filter(rang=2).update(hachage="cd" * 32)
    remplir(2)
    journal_public.publier()
    assert signer(employeurs) == 1
    assert "ALERTE" in capsys.readouterr().err and Cosignature.objects.count() == 0
    assert employeurs.vu.taille == 5


def test_un_journal_raccourci_est_denonce(employeurs, capsys):
    """A restored backup is behind what was seen."""
    remplir(3)
    journal_public.publier()
    assert signer(employeurs) == 0
    PointDeControle.objects.filter(taille=8).delete()
    assert signer(employeurs) == 1
    assert "5 feuilles, nous en avons vu 8" in capsys.readouterr().err


def test_une_autre_cle_n_est_pas_ce_journal(journal, tmp_path, capsys):
    """Who answers in the place of the log does not have its key."""
    autre = notes.Signataire(journal_public.origine(), notes.Ed25519PrivateKey.generate()).verificateur
    cree = temoin.Temoin.creer(tmp_path / "t", "salaries", journal, str(autre))
    assert temoin.principal(["signer", "--dossier", str(cree.dossier)]) == 2
    assert "Rien n’a été contrôlé" in capsys.readouterr().err and cree.vu is None


def test_un_temoin_inconnu_n_est_pas_garde(employeurs, settings, capsys):
    """A cosignature counts when the operator has named its witness, and under one of our checkpoints only."""
    settings.TEMOINS_DU_JOURNAL = []
    assert signer(employeurs) == 2
    assert Cosignature.objects.count() == 0 and "400" in capsys.readouterr().err


@pytest.mark.parametrize("corps", ["", "n’importe quoi", "a\n1\nx\n\n— b AAAA\n", "x" * 5000])
def test_le_journal_refuse_ce_qui_n_est_pas_une_cosignature(journal, client, corps):
    """A sentence, never a page of error of ours."""
    reponse = client.post("/journal/cosignature", corps, content_type="text/plain")
    assert reponse.status_code == 400 and reponse.text.startswith("Cosignature refusée")


@pytest.mark.parametrize(
    ("nom", "adresse"), [("avec espace", "https://x.example.org/journal"), ("bon", "http://x.example.org/journal")]
)
def test_un_temoin_se_cree_avec_une_adresse_sure(tmp_path, nom, adresse):
    """https only (this machine apart), and a name that a note can carry."""
    with pytest.raises(ValueError, match="https|espace"):
        temoin.Temoin.creer(tmp_path / "t", nom, adresse, "x+00000000+AAAA")
