"""The journal on screen: for the certificateur and the auditeur, in plain French, page by page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registre import journal
from registre.models import EntreeJournal

from ... import fabriques as f
from ...connexion import connecter

pytestmark = pytest.mark.django_db

JOURNAL = "/gestion/journal/"


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.mark.parametrize("nom", ["employeur", "gestionnaire", "evaluateur", "presidente", "signataire"])
def test_le_journal_n_est_pas_pour_tous(acteurs, nom):
    """Acts of the whole platform: the others read the journal of their own dossiers."""
    assert connecter(Client(), getattr(acteurs, nom)).get(JOURNAL).status_code == 403


@pytest.mark.parametrize("nom", ["certificateur", "auditeur"])
def test_il_se_lit_en_francais(acteurs, nom):
    """Acts, roles, states and objects by the names that people know, never by their slugs."""
    dossier = f.recevable(acteurs)
    page = connecter(Client(), getattr(acteurs, nom)).get(JOURNAL)
    for mot in (
        "Déclarer recevable",
        "gestionnaire du porteur",
        "En cours d’inscription – contrôle",
        dossier.reference,
        acteurs.gestionnaire.get_full_name(),
    ):
        assert mot in page.text
    for slug in ("declarer_recevable", "candidatures.candidature", "deposee"):
        assert slug not in page.text


def test_le_plus_recent_vient_d_abord_et_le_journal_se_feuillette(acteurs):
    """Fifty acts a page, newest first; the last page ends at the first act."""
    for _ in range(8):
        f.deposee(acteurs)
    f.evaluee(acteurs)
    for _ in range(8):
        f.deposee(acteurs)
    client = connecter(Client(), acteurs.auditeur)
    total = EntreeJournal.objects.count()
    assert total > 50
    premiere = [ligne["entree"].sequence for ligne in client.get(JOURNAL).context["lignes"]]
    assert premiere == list(range(total, total - 50, -1))
    derniere = client.get(JOURNAL, {"page": "2"}).context["lignes"]
    assert derniere[-1]["entree"].sequence == 1
    for page in ("0", "999", "x", "-1"):
        assert client.get(JOURNAL, {"page": page}).status_code == 200


def test_un_acte_sur_un_objet_disparu_se_lit_encore(acteurs):
    """A model that has left the product, a row that is gone, an act without account."""
    disparu = f.OrganismeFactory()
    journal.consigner(None, "systeme", "ranger_ailleurs", disparu)
    disparu.delete()
    entree = EntreeJournal.objects.last()
    inconnue = EntreeJournal(
        sequence=entree.sequence + 1,
        horodatage=entree.horodatage,
        role="archiviste",
        verbe="classer_vieux_dossier",
        objet_type="ancien.modele",
        objet_id=7,
        etat_avant="un",
        etat_apres="deux",
        empreinte_precedente=entree.empreinte,
        empreinte="1" * 64,
    )
    inconnue.save(force_insert=True)
    page = connecter(Client(), acteurs.auditeur).get(JOURNAL)
    assert page.status_code == 200
    for mot in ("Ranger ailleurs", "Classer vieux dossier", "un → deux", "Sans compte", "archiviste"):
        assert mot in page.text


def test_le_cout_ne_depend_pas_du_nombre_d_actes(acteurs):
    """As many queries for three acts as for fifty."""
    client = connecter(Client(), acteurs.certificateur)

    def requetes() -> int:
        client.get(JOURNAL)
        with CaptureQueriesContext(connection) as capture:
            assert client.get(JOURNAL).status_code == 200
        return len(capture)

    f.inscrite(acteurs)
    # Two pages from the start: the count of pages has its own query either way.
    peu = requetes()
    for _ in range(4):
        f.inscrite(acteurs)
    assert requetes() == peu
