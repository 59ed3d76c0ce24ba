"""From the stored row to the stored document: what may be started again after any crash, and is done once.

The document is made outside any transaction. Under the lock of its row it is then written whole (temporary file,
fsync, rename) and told: hash, leaf of the public log. A crash before the commit leaves at most a file that no row
names: the next try puts its own in the same place.
"""

import hashlib
import logging
import os
from pathlib import Path

from django.db import transaction
from django_tasks import task

from . import rangement
from .documents import rendre
from .models import Parchemin
from .transparence import journal_public

trace = logging.getLogger(__name__)


@task()
def fabriquer(pk: int) -> None:
    """Make the document of one parchemin and store it, once. A document already stored is never made again."""
    parchemin = Parchemin.objects.get(pk=pk)
    if parchemin.sha256:
        return
    jeton = parchemin.jeton
    contenu = rendre(parchemin.enregistrement, jeton)
    with transaction.atomic():
        parchemin = Parchemin.objects.select_for_update().get(pk=pk)
        if parchemin.sha256:
            return
        if parchemin.jeton != jeton:
            # Its key was revoked while it was drawn: another key has signed it since, and it is drawn again.
            fabriquer.enqueue(pk)
            return
        parchemin.sha256 = hashlib.sha256(contenu).hexdigest()
        parchemin.fichier.name = f"documents/{parchemin.delivre_le.year}/{parchemin.identifiant}.pdf"
        _ecrire(Path(parchemin.fichier.path), contenu)
        parchemin.save(update_fields=["fichier", "sha256"])
        journal_public.inscrire_emission(parchemin)
        rangement.annoncer(parchemin)
    trace.info("document %s fabriqué", pk)


def _ecrire(chemin: Path, contenu: bytes) -> None:
    """Put a file in its place, whole and on the disk before anything says it is there.

    The caller holds the lock of the row: the temporary name is nobody else's, and one left by a crash is written over.
    """
    for dossier in reversed([d for d in chemin.parents if not d.exists()]):
        dossier.mkdir(mode=0o700, exist_ok=True)
    provisoire = chemin.with_suffix(".partiel")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descripteur, "wb") as fichier:
        fichier.write(contenu)
        fichier.flush()
        os.fsync(fichier.fileno())
    os.replace(provisoire, chemin)
    dossier = os.open(chemin.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(dossier)
    finally:
        os.close(dossier)
