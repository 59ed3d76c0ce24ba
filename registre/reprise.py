"""What a cut left half way is found again and finished, with no human act: by each worker, and once a day.

Each room registers what it may have left unfinished. Everything here may be run at any moment, by several at once:
what is already queued is not queued again, what has just failed rests before it is tried again.
"""

import logging
from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone

from . import ouvriers
from .courriels import envoyer
from .fabrication import fabriquer, fabriquer_duplicata
from .models import CourrielSortant, Duplicata, Parchemin
from .quotidien import quotidienne
from .transparence import journal_public

trace = logging.getLogger(__name__)

REPRISES: dict[str, Callable[[], int]] = {}


def a_reprendre(quoi: str) -> Callable:
    """Register the decorated function: it queues again what was left half way, and returns how many.

    Raises:
        ValueError: another function has this name.
    """

    def inscrire(fonction):
        if quoi in REPRISES:
            raise ValueError(f"reprise déjà inscrite\u00a0: {quoi}")
        REPRISES[quoi] = fonction
        return fonction

    return inscrire


def reprendre() -> dict[str, int]:
    """Take up again all that a cut left half way; return how many of each. What fails does not stop the others."""
    repris = {}
    for quoi, fonction in REPRISES.items():
        try:
            repris[quoi] = fonction()
        except Exception:
            trace.exception("reprise interrompue", extra={"reprise": quoi})
    return repris


# First: a task given back is no longer a call that has been lost.
a_reprendre("tâche(s) interrompue(s)")(ouvriers.rendre_les_taches)


@a_reprendre("document(s)")
def _documents() -> int:
    """Numbers without a file."""
    return ouvriers.remettre_en_file(fabriquer, Parchemin.objects.filter(sha256="").values_list("pk", flat=True))


@a_reprendre("duplicata(s)")
def _duplicatas() -> int:
    absents = Duplicata.objects.filter(sha256="").values_list("pk", flat=True)
    return ouvriers.remettre_en_file(fabriquer_duplicata, absents)


@a_reprendre("courriel(s)")
def _courriels() -> int:
    dus = Q(envoye_le=None, echec_le=None, prochain_essai__lte=timezone.now())
    return ouvriers.remettre_en_file(envoyer, CourrielSortant.objects.filter(dus).values_list("pk", flat=True))


@quotidienne("Reprend ce qu’une coupure a laissé en chemin\u00a0: documents, courriels, lots, journal public.")
def reprendre_les_travaux() -> str:
    inscrites = journal_public.inscrire_les_emissions_oubliees()
    phrase = ", ".join(f"{nombre} {quoi}" for quoi, nombre in reprendre().items())
    return f"remis en file\u00a0: {phrase}\u202f; {inscrites} document(s) inscrit(s) au journal public."
