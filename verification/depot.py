"""A file dropped on the verification page: is it, byte for byte, what was issued?

The file is hashed, its seal is read (`registre.sceau`), and its bytes are searched for a token of ours; no PDF is
interpreted, nothing is kept. Green is for the bytes of the register under a good seal on the entire file. A copy that
was printed, edited or saved again is no longer the original, whatever it shows.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from registre import jetons, sceau
from registre.models import Duplicata, Parchemin

from .constat import Constat, constater, lire_jeton

TAILLE_MAXIMALE = 10 * 1024 * 1024
# How much of the compressed parts is unfolded in search of the token: a bomb is left folded.
_DEPLIE_MAXIMUM = 16 * 1024 * 1024
_PARTIE_MAXIMALE = 1024 * 1024
# How many compressed parts are tried: a document of ours has some thirty, a trap has a million that unfold to nothing.
_FLUX_MAXIMUM = 500
_JETON = re.compile(rb"/V/([A-Z2-7]{168})(?![A-Z2-7])")
_JETON_UTF16 = re.compile(rb"/\x00V\x00/\x00((?:[A-Z2-7]\x00){168})|\x00/\x00V\x00/((?:\x00[A-Z2-7]){168})")
_FLUX = re.compile(rb"stream\r?\n")
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")


class Cas(StrEnum):
    """What the file is; each has its own text on the page."""

    AUTHENTIQUE = "authentique"
    MAL_SCELLE = "mal_scelle"
    SCELLE = "scelle"
    MODIFIE = "modifie"
    NUMERISE = "numerise"
    INCONNU = "inconnu"
    ILLISIBLE = "illisible"


@dataclass(frozen=True)
class Examen:
    """What was found: the case, the seal and, when we know of which document, what the register says of it.

    `duplicata`: the file is not the first sheet, but this one. `etait_scelle`: it was sealed when it was issued.
    """

    cas: Cas
    constat: Constat | None = None
    duplicata: Duplicata | None = None
    pose: sceau.Examen = field(default_factory=sceau.Examen)
    etait_scelle: bool = True


def examiner(octets: bytes) -> Examen:
    """Say what a dropped file is. Two queries when it is an original, one more when it is not the first sheet."""
    if octets.startswith(_IMAGES):
        return Examen(Cas.NUMERISE)
    if not octets.startswith(b"%PDF-"):
        return Examen(Cas.ILLISIBLE)
    pose = sceau.examiner(octets)
    original, duplicata = _delivre(hashlib.sha256(octets).hexdigest())
    if original is not None:
        lu, scelle = lire_jeton(original.jeton), (duplicata or original).scelle_le is not None
        cas = Cas.AUTHENTIQUE if pose.bon or not scelle else Cas.MAL_SCELLE
        return Examen(cas, constater(lu) if isinstance(lu, jetons.Jeton) else lu, duplicata, pose, scelle)
    deplie = _deplier(octets)
    for texte in _jetons(octets, deplie):
        lu = lire_jeton(texte)
        if isinstance(lu, jetons.Jeton):
            return Examen(Cas.SCELLE if pose.bon else Cas.MODIFIE, constater(lu), pose=pose)
    if pose.bon:
        return Examen(Cas.SCELLE, pose=pose)
    numerise = not any(b"/Font" in partie for partie in (octets, deplie)) and b"/Image" in octets + deplie[:1024]
    return Examen(Cas.NUMERISE if numerise else Cas.INCONNU, pose=pose)


def _delivre(empreinte: str) -> tuple[Parchemin | None, Duplicata | None]:
    """The document whose file has this hash, and the duplicata that it is, if it is one."""
    original = Parchemin.objects.filter(sha256=empreinte).only("jeton", "scelle_le").first()
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
    parties, total, vue = [], 0, memoryview(octets)
    for debut in islice(_FLUX.finditer(octets), _FLUX_MAXIMUM):
        if total >= _DEPLIE_MAXIMUM:
            break
        try:
            partie = zlib.decompressobj().decompress(
                vue[debut.end() : debut.end() + 4 * _PARTIE_MAXIMALE], _PARTIE_MAXIMALE
            )
        except zlib.error:
            continue
        parties.append(partie)
        total += len(partie)
    return b"".join(parties)
