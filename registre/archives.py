"""Opens a file received from outside: as it is, or the one XML of a zip, read as a stream with a ceiling."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

TAILLE_MAXIMALE = 4 * 1024**3
TAUX_DE_COMPRESSION_MAXIMAL = 100


class FichierIllisible(Exception):
    """The file cannot be read as what it claims to be; the message is a sentence for the person."""


class _Plafonne:
    """A reader that stops at a ceiling: the size a zip announces is only its word."""

    def __init__(self, flux: BinaryIO, plafond: int):
        self.flux, self.reste = flux, plafond

    def read(self, taille: int = -1) -> bytes:
        morceau = self.flux.read(taille)
        self.reste -= len(morceau)
        if self.reste < 0:
            raise FichierIllisible("Le contenu de cette archive dépasse la taille admise.")
        return morceau


@contextmanager
def ouvrir(source: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """The bytes of the XML, from a path or an open binary file, through a zip when it is one.

    Raises :class:`FichierIllisible`, with a French sentence, for an absent file or a zip that is no plain container.
    """
    if isinstance(source, str | Path):
        try:
            fichier = open(source, "rb")
        except OSError as erreur:
            raise FichierIllisible(f"Le fichier «\u202f{source}\u202f» ne peut pas être ouvert.") from erreur
    else:
        fichier = source
    try:
        debut = fichier.read(4)
        fichier.seek(0)
        if debut != b"PK\x03\x04":
            yield fichier
            return
        with zipfile.ZipFile(fichier) as archive:
            membre = _membre_xml(archive)
            with archive.open(membre) as contenu:
                yield _Plafonne(contenu, min(TAILLE_MAXIMALE, membre.file_size))
    except zipfile.BadZipFile as erreur:
        raise FichierIllisible("Cette archive est abîmée\u202f: téléchargez-la de nouveau.") from erreur
    finally:
        if fichier is not source:
            fichier.close()


def _membre_xml(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one XML file of the archive, refused when its path or its size says a trap."""
    membres = [m for m in archive.infolist() if not m.is_dir()]
    for membre in membres:
        chemin = PurePosixPath(membre.filename.replace("\\", "/"))
        if chemin.is_absolute() or ".." in chemin.parts or re.match(r"[A-Za-z]:", membre.filename):
            raise FichierIllisible("Cette archive contient un chemin interdit.")
    xml = [m for m in membres if m.filename.lower().endswith(".xml")]
    if len(xml) != 1:
        raise FichierIllisible(f"Cette archive doit contenir un seul fichier XML\u202f; elle en contient {len(xml)}.")
    membre = xml[0]
    if membre.flag_bits & 0x1:
        raise FichierIllisible("Cette archive est protégée par un mot de passe.")
    if membre.file_size > max(TAUX_DE_COMPRESSION_MAXIMAL * membre.compress_size, 1024**2):
        raise FichierIllisible("Le taux de compression de cette archive est anormal\u202f: elle est refusée.")
    if membre.file_size > TAILLE_MAXIMALE:
        raise FichierIllisible("Le contenu de cette archive dépasse la taille admise.")
    return membre
