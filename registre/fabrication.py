"""From the stored row to the stored document: what may be started again after any crash, and is done once.

The document is made outside any transaction: drawn from the row alone, its credential attached, sealed. Under the lock
of its row it is then written whole (temporary file, fsync, rename) and told: hash, leaf of the public log. A crash
before the commit leaves at most a file that no row names: the next try puts its own in the same place.
"""

import hashlib
import logging
import os
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from . import badge, cles, rangement, sceau, trousseau
from .documents import DocumentImpossible, rendre
from .modeles import images_de
from .models import Duplicata, Parchemin
from .transparence import journal_public

trace = logging.getLogger(__name__)

# A batch of a thousand documents lets mails and exports go first.
APRES_LES_AUTRES = -10


@task(priority=APRES_LES_AUTRES)
def fabriquer(pk: int) -> None:
    """Make the document of one parchemin and store it, once. A document already stored is never made again."""
    parchemin = Parchemin.objects.get(pk=pk)
    if parchemin.sha256:
        return
    if cles.publiques()[parchemin.kid].coupure and not parchemin.fichier:
        # Signed while its key was being revoked: that act has not seen this row.
        trousseau.signer_de_nouveau(pk)
        parchemin.refresh_from_db()
    jeton = parchemin.jeton
    try:
        contenu = composer(parchemin)
    except DocumentImpossible as refus:
        _renoncer(parchemin, str(refus))
        raise
    with transaction.atomic():
        parchemin = Parchemin.objects.select_for_update().get(pk=pk)
        if parchemin.sha256:
            return
        if parchemin.jeton != jeton:
            # Its key was revoked while it was drawn: another key has signed it since, and it is drawn again.
            fabriquer.enqueue(pk)
            return
        _ranger(parchemin, f"documents/{parchemin.delivre_le.year}/{parchemin.identifiant}.pdf", contenu)
        Parchemin.objects.filter(pk=pk).exclude(impossible="").update(impossible="")
        journal_public.inscrire_emission(parchemin)
        rangement.annoncer(parchemin)
    trace.info("document %s fabriqué", pk)


def _renoncer(parchemin: Parchemin, raison: str) -> None:
    """Say why there is no file, to whoever waits for it; what failed is tried again later all the same."""
    with transaction.atomic():
        if Parchemin.objects.filter(pk=parchemin.pk, sha256="").update(impossible=raison[:300]):
            rangement.annoncer_l_echec(parchemin)


@task()
def fabriquer_duplicata(pk: int) -> None:
    """Make one duplicata and store it, once: the record and the token of its document, and the words that say it."""
    duplicata = Duplicata.objects.select_related("parchemin").get(pk=pk)
    if duplicata.sha256:
        return
    contenu = _composer_duplicata(duplicata)
    with transaction.atomic():
        # The document first, as everywhere: its leaf is added under the lock of the log.
        parchemin = Parchemin.objects.select_for_update(no_key=True).get(pk=duplicata.parchemin_id)
        duplicata = Duplicata.objects.select_for_update().get(pk=pk)
        if duplicata.sha256:
            return
        nom = f"documents/{duplicata.delivre_le.year}/{parchemin.identifiant}-duplicata-{duplicata.rang}.pdf"
        _ranger(duplicata, nom, contenu)
        journal_public.inscrire_duplicata(duplicata)
        rangement.annoncer_le_duplicata(duplicata)
    trace.info("duplicata %s fabriqué", pk)


def composer(parchemin: Parchemin, images: dict[str, bytes] | None = None) -> bytes:
    """Return the whole document: what is printed, the credential for machines, the seal. Writes nothing.

    Args:
        parchemin: the row; nothing else is read once the images are given.
        images: those of its record, read from the storage when they are not given.

    Raises:
        registre.documents.DocumentImpossible: it cannot be printed.
        registre.certificats.SceauIndisponible: there is no certificate to seal with; nothing is lost, try again later.
    """
    fiche = parchemin.enregistrement
    return _sceller(parchemin, rendre(fiche, parchemin.jeton, images_de(fiche) if images is None else images))


def _composer_duplicata(duplicata: Duplicata) -> bytes:
    fiche = duplicata.parchemin.enregistrement
    dit = {"rang": duplicata.rang, "delivre_le": duplicata.delivre_le.isoformat()}
    return _sceller(duplicata.parchemin, rendre(fiche, duplicata.parchemin.jeton, images_de(fiche), dit))


def _sceller(parchemin: Parchemin, pdf: bytes) -> bytes:
    """Return a drawn document with its credential attached, sealed as a whole."""
    attestation = sceau.Piece(
        badge.NOM_DU_FICHIER,
        "application/json",
        "Attestation numérique (Open Badges 3.0)",
        badge.en_octets(badge.attestation_numerique(parchemin)),
    )
    return sceau.sceller(pdf, timezone.now(), (attestation,))


def _ranger(ligne: Parchemin | Duplicata, nom: str, contenu: bytes) -> None:
    """Put the file in its place and its hash on the row, under the lock that the caller holds."""
    ligne.sha256, ligne.scelle_le = hashlib.sha256(contenu).hexdigest(), timezone.now()
    ligne.fichier.name = nom
    _ecrire(Path(ligne.fichier.path), contenu)
    ligne.save(update_fields=["fichier", "sha256", "scelle_le"])


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
