"""A file dropped on the verification page: is it, byte for byte, what was issued?

The file is hashed, and its bytes are searched for a token of ours; no PDF is interpreted, nothing is kept. A copy that
was printed, edited or saved again is no longer the original, whatever it shows.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum

from registre import jetons
from registre.models import Duplicata, Parchemin

from .constat import Constat, constater, lire_jeton

TAILLE_MAXIMALE = 10 * 1024 * 1024
# How much of the compressed parts is unfolded in search of the token: a bomb is left folded.
_DEPLIE_MAXIMUM = 16 * 1024 * 1024
_PARTIE_MAXIMALE = 1024 * 1024
_JETON = re.compile(rb"/V/([A-Z2-7]{168})(?![A-Z2-7])")
_JETON_UTF16 = re.compile(rb"/\x00V\x00/\x00((?:[A-Z2-7]\x00){168})|\x00/\x00V\x00/((?:\x00[A-Z2-7]){168})")
_FLUX = re.compile(rb"stream\r?\n")
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")


class Cas(StrEnum):
    """What the file is; each has its own text on the page."""

    AUTHENTIQUE = "authentique"
    MODIFIE = "modifie"
    NUMERISE = "numerise"
    INCONNU = "inconnu"
    ILLISIBLE = "illisible"


@dataclass(frozen=True)
class Examen:
    """What was found: the case and, when a token of ours says of which document, what the register says of it.

    `duplicata`: the file is not the first sheet, but this one.
    """

    cas: Cas
    constat: Constat | None = None
    duplicata: Duplicata | None = None


def examiner(octets: bytes) -> Examen:
    """Say what a dropped file is. Two queries when it is an original, one more when it is not the first sheet."""
    if octets.startswith(_IMAGES):
        return Examen(Cas.NUMERISE)
    if not octets.startswith(b"%PDF-"):
        return Examen(Cas.ILLISIBLE)
    original, duplicata = _delivre(hashlib.sha256(octets).hexdigest())
    if original is not None:
        lu = lire_jeton(original.jeton)
        return Examen(Cas.AUTHENTIQUE, constater(lu) if isinstance(lu, jetons.Jeton) else lu, duplicata)
    deplie = _deplier(octets)
    for texte in _jetons(octets, deplie):
        lu = lire_jeton(texte)
        if isinstance(lu, jetons.Jeton):
            return Examen(Cas.MODIFIE, constater(lu))
    numerise = not any(b"/Font" in partie for partie in (octets, deplie)) and b"/Image" in octets + deplie[:1024]
    return Examen(Cas.NUMERISE if numerise else Cas.INCONNU)


def _delivre(empreinte: str) -> tuple[Parchemin | None, Duplicata | None]:
    """The document whose file has this hash, and the duplicata that it is, if it is one."""
    original = Parchemin.objects.filter(sha256=empreinte).only("jeton").first()
    if original is not None:
        return original, None
    duplicata = Duplicata.objects.filter(sha256=empreinte).select_related("parchemin").first()
    return (duplicata.parchemin, duplicata) if duplicata else (None, None)


def _jetons(*parties: bytes):
    """The tokens written in these bytes, in one-byte or two-byte letters, each once."""
    vus = set()
    for partie in parties:
        trouves = [t.group(1) for t in _JETON.finditer(partie)]
        trouves += [(t.group(1) or t.group(2)).replace(b"\x00", b"") for t in _JETON_UTF16.finditer(partie)]
        for octets in trouves:
            if octets not in vus and len(vus) < 8:
                vus.add(octets)
                yield octets.decode("ascii")


def _deplier(octets: bytes) -> bytes:
    """The compressed parts of a PDF, unfolded one after the other, up to a ceiling."""
    parties, total = [], 0
    for debut in _FLUX.finditer(octets):
        if total >= _DEPLIE_MAXIMUM:
            break
        try:
            partie = zlib.decompressobj().decompress(
                octets[debut.end() : debut.end() + 4 * _PARTIE_MAXIMALE], _PARTIE_MAXIMALE
            )
        except zlib.error:
            continue
        parties.append(partie)
        total += len(partie)
    return b"".join(parties)
