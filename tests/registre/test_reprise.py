"""What a cut leaves half way is found again: calls of dead workers, numbers without a file; once, in good time."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registre import ouvriers, reprise
from registre.delivrance import delivrer
from registre.fabrication import fabriquer
from registre.models import Parchemin

from .. import fabriques as f
from ..ouvrier import travailler
from .test_delivrance import contenu, rendus  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rendus", "donnees")]


@pytest.fixture
def donnees(settings, tmp_path):
    settings.DONNEES = tmp_path


def prise_par(nom: str, depuis=timedelta(0)) -> DBTaskResult:
    """The call that makes a document, taken by this worker."""
    delivrer(**contenu(f.VersionFactory()))
    tache = DBTaskResult.objects.get(task_path=fabriquer.module_path)
    tache.claim(nom)
    DBTaskResult.objects.filter(pk=tache.pk).update(started_at=timezone.now() - depuis)
    return tache


class TestLesOuvriers:
    def test_la_tache_d_un_ouvrier_vivant_lui_reste(self):
        """However long it takes."""
        with ouvriers.presence() as nom:
            prise_par(nom, timedelta(days=1))
            assert ouvriers.rendre_les_taches() == 0
        assert ouvriers.rendre_les_taches() == 1

    def test_un_ouvrier_tue_rend_sa_tache_aussitot(self, settings):
        """`kill -9`: no farewell, and the lock is free; the document is then made, once."""
        code = (
            "import fcntl, os, pathlib, sys\n"
            "f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('la', flush=True); sys.stdin.read()"
        )
        nom = f"{ouvriers._prefixe()}tue"
        (settings.DONNEES / "ouvriers").mkdir()
        chemin = settings.DONNEES / "ouvriers" / nom
        with subprocess.Popen([sys.executable, "-c", code, chemin], stdin=-1, stdout=-1) as autre:
            assert autre.stdout.readline() == b"la\n"
            prise_par(nom)
            assert reprise.reprendre()["tâche(s) interrompue(s)"] == 0
            autre.kill()
        assert reprise.reprendre() == {**dict.fromkeys(reprise.REPRISES, 0), "tâche(s) interrompue(s)": 1}
        assert travailler() == 1
        assert Parchemin.objects.edites().count() == 1
        assert not chemin.exists()

    @pytest.mark.parametrize(("depuis", "rendues"), [(timedelta(minutes=5), 0), (timedelta(hours=2), 1)])
    def test_l_ouvrier_d_une_autre_machine_garde_la_sienne_une_heure(self, depuis, rendues):
        """Its lock cannot be asked from here."""
        prise_par("autre-machine-0123", depuis)
        assert ouvriers.rendre_les_taches() == rendues

    def test_une_tache_qui_tue_ses_ouvriers_est_mise_de_cote(self):
        """Five workers lost on the same call: it fails, and rests before it is tried again."""
        tache = prise_par("a")
        for _ in range(4):
            tache.claim(f"{ouvriers._prefixe()}mort")
        assert ouvriers.rendre_les_taches() == 0
        tache.refresh_from_db()
        assert tache.status == "FAILED" and "OuvrierTue" in tache.exception_class_path


class TestLesEchecs:
    def test_un_echec_se_repose_puis_se_reprend(self, monkeypatch):
        """One minute after the first failure, then longer: a disk that was full a moment heals by itself."""
        tache = prise_par("a")
        tache.set_failed(OSError("No space left on device"))
        assert reprise.reprendre()["document(s)"] == 0
        DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(seconds=61))
        assert reprise.reprendre()["document(s)"] == 1
        assert reprise.reprendre()["document(s)"] == 0, "déjà en file"

    def test_une_reprise_qui_echoue_n_arrete_pas_les_autres(self, monkeypatch):
        """Each is tried, the failure leaves its trace."""
        prise_par("autre-machine-0123", timedelta(hours=2))

        def casse():
            raise OSError

        monkeypatch.setattr(reprise, "REPRISES", {"cassée": casse, "tâches": ouvriers.rendre_les_taches})
        monkeypatch.setattr(reprise.trace, "exception", lambda *args, **kwargs: None)
        assert reprise.reprendre() == {"tâches": 1}


def test_l_ouvrier_commence_par_sa_ronde(monkeypatch):
    """Whoever starts it has nothing else to do: what was lost is found, made, and the worker says nothing."""
    parchemin = delivrer(**contenu(f.VersionFactory()))
    DBTaskResult.objects.all().delete()
    monkeypatch.setattr("signal.signal", lambda *args: None)
    # The connection of the test is its own.
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    call_command("ouvrier", une_fois=True, intervalle=0)
    parchemin.refresh_from_db()
    assert parchemin.sha256
