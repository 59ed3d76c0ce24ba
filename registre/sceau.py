"""The seal of a document: PAdES, put once on the finished PDF, and read back from its bytes alone.

Sealing goes through pyHanko, in one increment: the credential for machines is attached, then the whole file is signed
and certified, no change allowed. Reading trusts no reader of PDF: a seal says which bytes it covers, these must be all
those of the file, and what it signs must be their hash. It is never called a qualified signature.
"""

import asyncio
import re
from binascii import hexlify, unhexlify
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from registre import certificats

_PLAGE = re.compile(rb"/ByteRange ?\[ ?(\d{1,10}) +(\d{1,10}) +(\d{1,10}) +(\d{1,10}) *\]")
_DATE = re.compile(rb"/M ?\((D(?:[^()\\]|\\[0-7]{3}){1,40})\)")
_MOMENT = re.compile(r"D:(\d{14})(?:Z|([+-]\d\d)'(\d\d)'?)?")
_SCEAUX_LUS = 4
# Ours take a tenth of it: what is larger is not read.
_TROU_MAXIMAL = 128 * 1024
_AUTOUR = 2000


@dataclass(frozen=True)
class Piece:
    """A file to be attached to a document before it is sealed."""

    nom: str
    genre: str
    description: str
    octets: bytes


@dataclass(frozen=True)
class Examen:
    """What the bytes of a file say of its seal; each question has its own answer."""

    present: bool = False
    entier: bool = False
    intact: bool = False
    de_confiance: bool = False
    scelle_le: datetime | None = None
    au_nom_de: str = ""
    emis_par: str = ""

    @property
    def bon(self) -> bool:
        """One seal, on the entire file, intact, by a certificate of ours."""
        return self.present and self.entier and self.intact and self.de_confiance


def sceller(pdf: bytes, le: datetime, pieces: tuple[Piece, ...] = ()) -> bytes:
    """Return the document with its attached files and its seal.

    Raises:
        registre.certificats.SceauIndisponible: there is no certificate to seal with.
        OSError: the timestamp server, when the settings name one, does not answer.
    """
    # Heavy: needed where documents are made or examined, not by every page.
    from registre import scelleur

    sceau = certificats.actif()
    certificats.retenir(sceau)
    return _mener(scelleur.sceller(pdf, sceau, le, pieces))


def examiner(octets: bytes) -> Examen:
    """Read the seal of a file: the best one, when somebody added others. Never raises."""
    examens = [_examiner(octets, trou) for trou in _trous(octets)]
    return max(examens, key=lambda e: (e.bon, e.de_confiance, e.intact, e.entier), default=Examen())


@dataclass(frozen=True)
class _Trou:
    """The hole that a signature leaves in the bytes that it covers, for itself."""

    debut: int
    fin: int
    bout: int

    def chiffres(self, octets: bytes) -> bytes:
        return octets[self.debut + 1 : self.fin - 1]

    def couverts(self, octets: bytes) -> bytes:
        return octets[: self.debut] + octets[self.fin : self.bout]


def _trous(octets: bytes) -> list[_Trou]:
    trous = []
    for trouve in _PLAGE.finditer(octets):
        origine, debut, fin, reste = map(int, trouve.groups())
        bornes = octets[debut : debut + 1], octets[fin - 1 : fin]
        tenable = 1 < fin - debut <= _TROU_MAXIMAL and fin + reste <= len(octets)
        if origine == 0 and tenable and bornes == (b"<", b">"):
            trous.append(_Trou(debut, fin, fin + reste))
    return trous[-_SCEAUX_LUS:]


def _examiner(octets: bytes, trou: _Trou) -> Examen:
    """Answer each question apart; what cannot be read is not intact."""
    entier = trou.bout == len(octets)
    try:
        from registre import scelleur

        lu = scelleur.lire(unhexlify(trou.chiffres(octets)))
        # Nothing hides in the hole: the signature, then zeros.
        propre = trou.chiffres(octets) == hexlify(lu.octets).upper().ljust(trou.fin - trou.debut - 2, b"0")
        scelle_le = _date(trou.couverts(octets[: trou.fin + _AUTOUR])[max(0, trou.debut - _AUTOUR) :])
        chaine = certificats.connus().get(lu.certificat_der)
        intact, de_confiance = _mener(scelleur.controler(lu, trou.couverts(octets), chaine, scelle_le))
    except Exception:
        # Whatever a hostile file does to the reader of ASN.1: it is not a seal.
        return Examen(present=True, entier=entier)
    return Examen(
        present=True,
        entier=entier and propre,
        intact=intact,
        de_confiance=de_confiance,
        scelle_le=scelle_le,
        au_nom_de=lu.sujet,
        emis_par=lu.emetteur,
    )


def _date(octets: bytes) -> datetime | None:
    """The moment that the seal gives as its own, written beside it and covered by it."""
    trouve = _DATE.search(octets)
    if not trouve:
        return None
    ecrit = re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8) & 0xFF]), trouve[1]).decode("ascii")
    moment = _MOMENT.fullmatch(ecrit)
    return datetime.strptime(f"{moment[1]}{moment[2] or '+00'}{moment[3] or '00'}", "%Y%m%d%H%M%S%z")


def _mener(tache: Coroutine):
    """Carry a task of pyHanko to its end, also where a loop of events is running already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(tache)
    with ThreadPoolExecutor(1) as fil:
        return fil.submit(asyncio.run, tache).result()
