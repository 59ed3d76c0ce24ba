"""Each day: sessions that are over, and what the worker remembers of tasks long done."""

from io import StringIO

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from registre.quotidien import quotidienne

# The result of a task names what it worked on by its id; a fortnight is enough to understand a failure.
JOURS = 14


@quotidienne("Efface les sessions expirées et les tâches achevées depuis deux semaines")
def entretenir_les_sessions_et_les_taches() -> str:
    """Nothing that is still open or to be done goes."""
    finies = Session.objects.filter(expire_date__lt=timezone.now()).count()
    call_command("clearsessions")
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=JOURS,
        failed_min_age_days=JOURS,
        verbosity=0,
        stdout=StringIO(),
    )
    return f"{finies} session(s) expirée(s) effacée(s), tâches achevées depuis plus de {JOURS}\u00a0jours effacées."
