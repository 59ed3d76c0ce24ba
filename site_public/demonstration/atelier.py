"""Renders the documents of the demonstration on the other processors, while the acts go on."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context

from registre import fabrication
from registre.modeles import images_de
from registre.models import Parchemin

from . import processus

COMPOSER = fabrication.composer


def _composer(parchemin: Parchemin, images: dict[str, bytes]) -> bytes:
    """What a child runs: known by a name of its own, since `_rendu_d_avance` stands in for the other one meanwhile."""
    return COMPOSER(parchemin, images)


class Atelier:
    """A document is asked for when it is issued, and stored before anything reads it: see `livrer`."""

    def __init__(self):
        # Started afresh rather than forked: a child must inherit neither a connection nor half a transaction.
        self._executeur = ProcessPoolExecutor(
            max_workers=max(1, (os.cpu_count() or 1) - 1),
            mp_context=get_context("spawn"),
            initializer=processus.demarrer,
            initargs=(processus.reglages(),),
        )
        self._commandes: dict[int, Future | None] = {}

    def __enter__(self) -> "Atelier":
        return self

    def __exit__(self, *exception) -> None:
        self._executeur.shutdown(cancel_futures=True)

    def commander(self, parchemin: Parchemin) -> None:
        """Have this document rendered as soon as a processor is free; here and later, when no child can live."""
        try:
            images = images_de(parchemin.enregistrement)
            commande = self._executeur.submit(_composer, parchemin, images)
        except BrokenProcessPool:
            commande = None
        self._commandes[parchemin.pk] = commande

    def livrer(self) -> None:
        """Store every document asked for, through the very task that the worker runs."""
        for pk, commande in self._commandes.items():
            try:
                contenu = commande and commande.result()
            except BrokenProcessPool:
                contenu = None
            with _rendu_d_avance(contenu) if contenu else nullcontext():
                fabrication.fabriquer.call(pk)
        self._commandes.clear()


@contextmanager
def _rendu_d_avance(contenu: bytes) -> Iterator[None]:
    """Spare `fabriquer` the rendering, and that alone: it checks, hashes and stores as ever."""
    fabrication.composer = lambda parchemin: contenu
    try:
        yield
    finally:
        fabrication.composer = COMPOSER
