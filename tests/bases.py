"""The migrated test base: making it costs as much as hundreds of tests, so it is kept from one session to the next."""

import fcntl
import hashlib
import os
import sys
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def empreinte() -> str:
    """Fingerprint of all that the migrated base depends on: our migrations, the packages, the settings, Python."""
    racine = Path(settings.BASE_DIR)
    sources = [
        *sorted(f for app in racine.iterdir() if app.name != ".venv" for f in app.glob("**/migrations/*.py")),
        *sorted((racine / "site_public" / "settings").glob("*.py")),
        racine / "script" / "requirements-test.txt",
    ]
    somme = hashlib.sha256(sys.version.encode())
    for source in sources:
        somme.update(f"{source.relative_to(racine)}\n".encode() + source.read_bytes())
    return somme.hexdigest()[:32]


@contextmanager
def verrou(chemin: Path):
    """Hold a lock between processes; the value is a function that lets it go early."""
    with chemin.open("w") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(fichier, fcntl.LOCK_UN)


def garder(connexion, modele: Path) -> None:
    """Keep a copy of the base just migrated, and no older one."""
    provisoire = modele.with_suffix(f".{os.getpid()}")
    with connexion.cursor() as curseur:
        curseur.execute("VACUUM INTO %s", [str(provisoire)])
    for ancien in modele.parent.glob("*.sqlite3"):
        ancien.unlink()
    provisoire.rename(modele)


def oter_les_declencheurs(connexion) -> None:
    """Let the journal be emptied; the triggers are laid again afterwards."""
    with connexion.cursor() as curseur:
        if connexion.vendor == "postgresql":
            curseur.execute("DROP TRIGGER IF EXISTS journal_sans_vidange ON registre_entreejournal")
            return
        curseur.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_%'")
        for (nom,) in curseur.fetchall():
            curseur.execute(f"DROP TRIGGER {nom}")
