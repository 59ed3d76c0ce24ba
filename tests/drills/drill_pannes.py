"""The disk is full; the year ends in Paris: a lot in the middle of it."""

import errno
import os
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backoffice.delivrances import lots
from registre import journal
from registre.models import CourrielSortant, Feuille, Parchemin
from registre.transparence import journal_public
from site_public.demonstration.horloge import horloge
from tests import fabriques as f
from tests.backoffice.delivrances.lot import approuve
from tests.scelles import sceller_en_nombre

pytestmark = pytest.mark.django_db(transaction=True)

NOMBRE = 6


@pytest.fixture
def ouvrier(monkeypatch, settings, tmp_path):
    """The worker, in this process: it empties its queue, whatever fails; an hour may pass between two calls."""
    settings.DONNEES = tmp_path
    monkeypatch.setattr("signal.signal", lambda *args: None)
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)

    def travailler():
        DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(hours=7))
        call_command("ouvrier", une_fois=True, intervalle=0, stdout=StringIO())

    return travailler


def lot_approuve():
    acteurs = f.Acteurs()
    return approuve(acteurs, sceller_en_nombre(acteurs, NOMBRE))


def test_un_disque_plein_n_arrete_rien_pour_toujours(ouvrier, monkeypatch):
    """Nothing can be written, then some, then all: the lot goes on each time by itself, and tells nobody too early."""
    lot, vrai, places = lot_approuve(), os.fsync, {"reste": 0}

    def fsync(descripteur):
        if places["reste"] <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        places["reste"] -= 1
        return vrai(descripteur)

    monkeypatch.setattr(os, "fsync", fsync)
    for place in (0, 3, 7, 0):
        places["reste"] = place
        ouvrier()
        ranges = Parchemin.objects.edites().count()
        annonces = CourrielSortant.objects.filter(modele="document_delivre").count()
        assert annonces == ranges == Feuille.objects.filter(evenement="emission").count()
        lot.refresh_from_db()
        print(f"disque plein, {place} écriture(s) permise(s) : {Parchemin.objects.count()} numéros, {ranges} fichiers")
        assert lot.etat == "en_cours" and not lot.lignes.refusees().exists()
    monkeypatch.setattr(os, "fsync", vrai)
    for _ in range(3):
        ouvrier()
    lot.refresh_from_db()
    assert lot.etat == "termine"
    assert sorted(Parchemin.objects.values_list("rang", flat=True)) == list(range(1, NOMBRE + 1))
    assert Parchemin.objects.edites().count() == NOMBRE
    assert CourrielSortant.objects.filter(modele="document_delivre").count() == NOMBRE
    assert list(journal.verifier()) == [] and list(journal_public.verifier()) == []
    print(f"disque rendu : {NOMBRE} documents rangés, {NOMBRE} annoncés, 0 trou, journaux intacts")


def test_l_annee_change_a_minuit_de_paris(ouvrier):
    """Two rows before midnight in Paris, the others after: each in the series of its year, dated of its day.

    It is eleven in the evening in UTC: a server that counted there would still be in the old year.
    """
    lot = lot_approuve()
    with horloge(datetime(2026, 12, 31, 22, 59, 58, tzinfo=UTC)) as heure:
        lignes = list(lot.lignes.order_by("rang").values_list("pk", flat=True))
        for ligne in lignes[:2]:
            lots._delivrer(lot, ligne)
        heure.regler(datetime(2026, 12, 31, 23, 0, 1, tzinfo=UTC))
        for ligne in lignes[2:]:
            lots._delivrer(lot, ligne)
        documents = list(Parchemin.objects.order_by("pk"))
    fins = [tuple(d.numero.split("-")[-2:]) for d in documents]
    assert fins == [("2026", f"{n:05}") for n in (1, 2)] + [("2027", f"{n:05}") for n in range(1, NOMBRE - 1)]
    jours = [d.enregistrement["delivre_le"] for d in documents]
    assert jours == ["2026-12-31"] * 2 + ["2027-01-01"] * (NOMBRE - 2)
    print(f"minuit à Paris : {', '.join(d.numero for d in documents)}")
