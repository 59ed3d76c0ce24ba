"""The worker inside a test: it runs the queued tasks, in order, until none is ready."""

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def travailler() -> int:
    """Run every ready task as `db_worker` would, in this connection; return how many ran. A failed task raises."""
    ouvrier = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="suite",
        excluded_queue_names=[],
    )
    faits = 0
    while resultat := DBTaskResult.objects.ready().first():
        resultat.claim("suite")
        ouvrier.run_task(resultat)
        resultat.refresh_from_db()
        assert resultat.status == "SUCCESSFUL", resultat.traceback
        faits += 1
    return faits
