"""Real workers on the base of the test, started, killed, and started again as the supervisor would."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

RACINE = Path(__file__).resolve().parents[2]
# Of the suite's own base: what a process needs to open the same one.
CLES = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")


class Equipe:
    """Two workers; `relancer` does what script/superviseur.py does: a process that ended starts again."""

    def __init__(self, dossier: Path, nombre: int = 2):
        self.dossier, self.nombre, self.relances = dossier, nombre, 0
        reglages = {
            "base": {cle: connection.settings_dict[cle] for cle in CLES},
            "donnees": str(dossier),
            "cles": str(settings.DOSSIER_CLES),
            "gardien": str(settings.FICHIER_DU_GARDIEN),
            "prive": str(storages["prive"].base_location),
        }
        self.environnement = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.drills.reglages",
            "REGLAGES_DU_DRILL": json.dumps(reglages),
        }
        self.ouvriers: list[subprocess.Popen] = []

    def _lancer(self) -> subprocess.Popen:
        with (self.dossier / "ouvriers.log").open("ab") as sortie:
            return subprocess.Popen(
                [sys.executable, "manage.py", "ouvrier", "--intervalle", "0.2"],
                cwd=RACINE, env=self.environnement, stdin=subprocess.DEVNULL, stdout=sortie, stderr=sortie,
            )  # fmt: skip

    def __enter__(self):
        self.ouvriers = [self._lancer() for _ in range(self.nombre)]
        return self

    def __exit__(self, *faute):
        for ouvrier in self.ouvriers:
            ouvrier.kill()
            ouvrier.wait()

    def relancer(self) -> None:
        for rang, ouvrier in enumerate(self.ouvriers):
            if ouvrier.poll() is not None:
                self.ouvriers[rang], self.relances = self._lancer(), self.relances + 1

    def tuer(self, rang: int) -> None:
        """`kill -9`, whatever it is doing."""
        self.ouvriers[rang].send_signal(signal.SIGKILL)
        self.ouvriers[rang].wait()

    def memoires(self) -> list[int]:
        """The most that each worker alive ever held, in megabytes."""
        lus = [Path(f"/proc/{ouvrier.pid}/status").read_text() for ouvrier in self.ouvriers if ouvrier.poll() is None]
        return [int(lu.partition("VmHWM:")[2].split()[0]) // 1024 for lu in lus]

    def traces(self, nombre: int = 40) -> str:
        return "\n".join((self.dossier / "ouvriers.log").read_text().splitlines()[-nombre:])
