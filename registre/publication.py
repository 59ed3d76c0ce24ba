"""The checkpoint of the public log that follows a batch: as soon as no document waits to be made any more."""

from django.db import transaction
from django_tasks import task

from . import ouvriers
from .fabrication import fabriquer
from .models import Parchemin
from .rangement import suite_du_rangement
from .transparence import journal_public

# Beyond this many documents to make, the batch is surely not at its end: nothing more is looked at.
PRESQUE_FINI = 20


@task()
def publier_jusqu_a(taille: int) -> None:
    """Publish the checkpoint of the batch whose last leaf this is; nothing when a later one is published already."""
    point = journal_public.dernier_point()
    if point is None or point.taille < taille:
        journal_public.publier()


@suite_du_rangement
def publier_apres_le_lot(parchemin: Parchemin) -> None:
    """Once this document is committed, so that the last of two that end together sees that none is left."""
    transaction.on_commit(_si_le_lot_est_fini)


def _si_le_lot_est_fini() -> None:
    restants = set(Parchemin.objects.filter(sha256="").values_list("pk", flat=True)[: PRESQUE_FINI + 1])
    # A document that cannot be made rests, and holds back the checkpoint of the others no longer.
    if len(restants) <= PRESQUE_FINI and not restants & ouvriers.en_file(fabriquer):
        ouvriers.remettre_en_file(publier_jusqu_a, [journal_public.taille()])
