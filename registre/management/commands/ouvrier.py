"""`manage.py ouvrier`: the background worker. Killed at any point, the next one finishes what it had begun."""

import time

from django.core.management.base import BaseCommand
from django_tasks_db.management.commands.db_worker import Worker

from registre import ouvriers, reprise

# Between two looks at what was left half way, in seconds.
RONDE = 30


class Ouvrier(Worker):
    """A worker that looks, when it begins and then regularly, for what others left half way."""

    prochaine_ronde = 0.0

    def faire_la_ronde(self) -> None:
        if time.monotonic() >= self.prochaine_ronde:
            reprise.reprendre()
            self.prochaine_ronde = time.monotonic() + RONDE

    def run_task(self, db_task_result) -> None:
        super().run_task(db_task_result)
        self.faire_la_ronde()


class Command(BaseCommand):
    help = (
        "Accomplit les tâches de fond\u00a0: documents, courriels, lots, index. Plusieurs peuvent travailler ensemble."
    )

    def add_arguments(self, parser):
        parser.add_argument("--une-fois", action="store_true", help="s’arrête quand il n’y a plus rien à faire")
        parser.add_argument("--intervalle", type=float, default=1.0, help="secondes d’attente quand la file est vide")

    def handle(self, *, une_fois, intervalle, **options):
        with ouvriers.presence() as nom:
            ouvrier = Ouvrier(
                queue_names=["*"],
                interval=intervalle,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id=nom,
                excluded_queue_names=[],
            )
            ouvrier.configure_signals()
            while ouvrier.running:
                ouvrier.faire_la_ronde()
                ouvrier.run()
                if une_fois:
                    break
                if ouvrier.running:
                    time.sleep(intervalle)
