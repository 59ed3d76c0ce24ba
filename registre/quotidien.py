"""What must happen every day without anybody asking: reminders, closings, purges. Each room registers its own."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tache:
    """One daily task: its name, what it does in French, the function that returns a sentence of report."""

    nom: str
    libelle: str
    effet: Callable[[], str]


TACHES: dict[str, Tache] = {}


def quotidienne(libelle: str):
    """Register a function to be run every day by `manage.py quotidien`.

    The function takes nothing, returns one French sentence (counts only: no name, no address), and is idempotent: run
    twice the same day, or after three missed days, it does what is due once.

    Raises:
        ValueError: another task has this name.
    """

    def inscrire(fonction):
        nom = fonction.__name__.strip("_")
        if nom in TACHES:
            raise ValueError(f"Deux tâches quotidiennes s’appellent «\u202f{nom}\u202f».")
        TACHES[nom] = Tache(nom, libelle, fonction)
        return fonction

    return inscrire


def accomplir(noms=()) -> list[tuple[Tache, str, bool]]:
    """Run the daily tasks (all, or those named) and return (task, sentence, succeeded) for each.

    A task that fails leaves its trace in the logs and does not keep the others from running.

    Raises:
        KeyError: a name that no task has.
    """
    comptes_rendus = []
    for tache in [TACHES[nom] for nom in noms] or sorted(TACHES.values(), key=lambda t: t.nom):
        try:
            comptes_rendus.append((tache, tache.effet(), True))
        except Exception:
            logger.exception("tâche quotidienne interrompue", extra={"tache": tache.nom})
            comptes_rendus.append((tache, "interrompue, voir les journaux du serveur.", False))
    return comptes_rendus
