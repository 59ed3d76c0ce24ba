"""`manage.py quotidien`: run what is due every day; `--en-boucle` stays and runs it each night."""

import time
from datetime import datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from registre.quotidien import TACHES, accomplir

HEURE = 3


def prochaine_nuit(maintenant: datetime) -> datetime:
    """The next three o'clock in the morning, local time, strictly after `maintenant` (aware)."""
    local = timezone.localtime(maintenant)
    nuit = local.replace(hour=HEURE, minute=0, second=0, microsecond=0)
    return nuit if nuit > local else nuit + timedelta(days=1)


class Command(BaseCommand):
    help = "Accomplit ce qui est dû chaque jour\u00a0: rappels, clôtures, purges."

    def add_arguments(self, parser):
        parser.add_argument("taches", nargs="*", metavar="TÂCHE", help="seulement celles-ci")
        parser.add_argument("--liste", action="store_true", help="nomme les tâches et s’arrête")
        parser.add_argument("--en-boucle", action="store_true", help="reste, et recommence chaque nuit à 3 h")

    def handle(self, *args, taches, liste, en_boucle, **options):
        if inconnues := [t for t in taches if t not in TACHES]:
            raise CommandError(
                f"Tâche inconnue\u00a0: {', '.join(inconnues)}. «\u202fmanage.py quotidien --liste\u202f» les nomme "
                "toutes."
            )
        if liste:
            for tache in sorted(TACHES.values(), key=lambda t: t.nom):
                self.stdout.write(f"{tache.nom}\u00a0: {tache.libelle}")
            return
        echecs = self._accomplir(taches)
        while en_boucle:
            time.sleep(max(1.0, (prochaine_nuit(timezone.now()) - timezone.now()).total_seconds()))
            close_old_connections()
            self._accomplir(taches)
        if echecs:
            raise CommandError(f"{echecs} tâche(s) interrompue(s).")

    def _accomplir(self, taches) -> int:
        comptes_rendus = accomplir(taches)
        for tache, phrase, reussie in comptes_rendus:
            (self.stdout if reussie else self.stderr).write(f"{tache.nom}\u00a0: {phrase}")
        return sum(not reussie for _, _, reussie in comptes_rendus)
