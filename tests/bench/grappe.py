"""A database for a measure: a SQLite file, or a PostgreSQL cluster made for the occasion, gone at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path


def _comme_serveur(*commande):
    """initdb refuses root: the cluster then belongs to the account of the package, or to nobody."""
    if os.getuid() == 0:
        comptes = {compte.pw_name for compte in pwd.getpwall()}
        commande = ("runuser", "-u", "postgres" if "postgres" in comptes else "nobody", "--", *commande)
    subprocess.run(commande, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def base(moteur: str):
    """Set DATABASE_URL and DOSSIER_DONNEES for Django, which must not be loaded yet."""
    # Stopped from outside, it still takes away what it made.
    signal.signal(signal.SIGTERM, lambda numero, cadre: sys.exit(1))
    dossier = Path(tempfile.mkdtemp(prefix="cqp-bench."))
    os.environ["DOSSIER_DONNEES"] = str(dossier)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_public.settings.test")
    grappe = None
    try:
        if moteur == "sqlite":
            os.environ["DATABASE_URL"] = f"sqlite:///{dossier / 'base.sqlite3'}"
        else:
            binaires = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
            grappe = Path(tempfile.mkdtemp(prefix="cqp-pg.", dir="/tmp"))
            if os.getuid() == 0:
                shutil.chown(grappe, "postgres" if "postgres" in {c.pw_name for c in pwd.getpwall()} else "nobody")
            options = f"-c listen_addresses='' -c unix_socket_directories={grappe} -c fsync=off"
            _comme_serveur(
                *(str(binaires / "initdb"), "--pgdata", str(grappe / "donnees"), "--username", "cqp"),
                *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            )
            _comme_serveur(
                *(str(binaires / "pg_ctl"), "start", "--pgdata", str(grappe / "donnees"), "--wait", "--silent"),
                *("--log", str(grappe / "journal"), "--options", options),
            )
            os.environ["DATABASE_URL"] = f"postgres://cqp@/postgres?host={grappe}"
        yield dossier
    finally:
        if grappe:
            _comme_serveur(
                str(binaires / "pg_ctl"), "stop", "--pgdata", str(grappe / "donnees"), "--mode", "immediate", "--silent"
            )
            shutil.rmtree(grappe, ignore_errors=True)
        shutil.rmtree(dossier, ignore_errors=True)


def preparer_django() -> None:
    """Load Django and make the tables."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def moteur_demande() -> tuple[str, int]:
    """(sqlite or pg, number of rows) from the command line."""
    arguments = sys.argv[1:]
    moteur = "pg" if "--pg" in arguments else "sqlite"
    nombres = [int(a) for a in arguments if a.isdecimal()]
    return moteur, nombres[0] if nombres else 100_000
