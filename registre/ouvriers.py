"""Who is at work: each worker holds a lock of its own as long as it lives, so that a dead one is known at once.

The kernel lets the lock go whatever ends the process (`kill -9` included). Where the lock cannot be asked (a worker of
another machine, a plain `db_worker`), a task that has run for an hour counts as left.
"""

import fcntl
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

TROP_LONG = timedelta(hours=1)
# A task that has ended so many workers would end the next one too.
OUVRIERS_PERDUS_AU_PLUS = 5


class OuvrierTue(Exception):
    """This task was running each time its worker was killed."""


def _dossier() -> Path:
    return Path(settings.DONNEES) / "ouvriers"


def _prefixe() -> str:
    return f"{socket.gethostname()[:30]}-"


@contextmanager
def presence() -> Iterator[str]:
    """Give this process a name, known to be at work until the block ends or the process dies."""
    nom = _prefixe() + secrets.token_hex(8)
    _dossier().mkdir(parents=True, exist_ok=True, mode=0o700)
    chemin = _dossier() / nom
    with open(chemin, "w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        try:
            yield nom
        finally:
            chemin.unlink(missing_ok=True)


def est_la(nom: str, depuis) -> bool:
    """Is the worker of this name still at work, on a task that it took at `depuis`?"""
    if not nom.startswith(_prefixe()):
        return depuis is not None and timezone.now() - depuis < TROP_LONG
    try:
        with open(_dossier() / nom) as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    (_dossier() / nom).unlink(missing_ok=True)
    return False


def rendre_les_taches() -> int:
    """Queue again the tasks whose worker was killed; return how many. Every task of ours may be run again."""
    rendues = 0
    for tache in DBTaskResult.objects.running():
        if est_la(tache.worker_ids[-1] if tache.worker_ids else "", tache.started_at):
            continue
        if len(tache.worker_ids) >= OUVRIERS_PERDUS_AU_PLUS:
            tache.set_failed(OuvrierTue(f"{len(tache.worker_ids)} ouvriers perdus"))
            continue
        # As it was read: another worker may have given it back, and taken it, meanwhile.
        lue = DBTaskResult.objects.running().filter(pk=tache.pk, started_at=tache.started_at)
        rendues += lue.update(status=TaskResultStatus.READY, started_at=None)
    return rendues


def _appels(tache, resultats: QuerySet) -> QuerySet:
    return resultats.filter(task_path=tache.module_path)


def en_file(tache) -> set:
    """The first argument of each call of this task that is queued or running."""
    vivants = DBTaskResult.objects.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    return {appel["args"][0] for appel in _appels(tache, vivants).values_list("args_kwargs", flat=True)}


def en_repos(tache) -> set:
    """The first argument of each call that failed lately: tried again after 1, 2, 4… minutes, six hours at most."""
    depuis = timezone.now() - timedelta(days=2)
    echecs: dict = {}
    rates = DBTaskResult.objects.failed().filter(finished_at__gte=depuis)
    for appel, quand in _appels(tache, rates).values_list("args_kwargs", "finished_at"):
        nombre, dernier = echecs.get(appel["args"][0], (0, quand))
        echecs[appel["args"][0]] = (nombre + 1, max(dernier, quand))
    attente = {cle: quand + timedelta(minutes=min(2 ** (n - 1), 360)) for cle, (n, quand) in echecs.items()}
    return {cle for cle, fin in attente.items() if fin > timezone.now()}


def remettre_en_file(tache, cles) -> int:
    """Queue this task for each of these keys that is neither queued already nor resting; return how many."""
    absentes = sorted(set(cles) - en_file(tache) - en_repos(tache)) if cles else []
    for cle in absentes:
        tache.enqueue(cle)
    return len(absentes)
