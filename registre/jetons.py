"""The signed token of a parchemin: what the QR code carries, and enough to check it without our server.

105 bytes, written as 168 characters of base32 (RFC 4648, upper case, no padding; 105 is a multiple of 5, so each
token has exactly one writing, and the QR code stays in its dense alphanumeric mode):

    byte      0  version            1
    byte      1  key                1..255, see `registre.cles`; fixes the algorithm
    bytes   2-6  number, 40 bits    kind (4) | mark of the series (16) | rank in the series (20)
    bytes   7-8  day of delivery    days since 1 January 2000
    bytes  9-24  identifier         16 random bytes, the only key to the register
    bytes 25-40  commitment         first 16 bytes of SHA-256, see `engagement`
    bytes 41-104 signature          Ed25519 of the domain `DOMAINE_SIGNATURE` followed by bytes 0-40

The mark of a series is a hash of its text (« FTC-2026 »): a verifier who reads the number printed on the paper can
compare it without any table. No name is in the token: who scans it learns none.
"""

import base64
import hashlib
import re
import struct
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hmac import compare_digest

from cryptography.exceptions import InvalidSignature
from django.conf import settings

from registre import cles
from registre.canonique import canoniser

VERSION = 1
LONGUEUR = 168
NATURES = {1: "parchemin", 2: "attestation", 3: "bloc"}
DOMAINE_SIGNATURE = b"cqp-jeton-1\x00"
DOMAINE_ENGAGEMENT = b"cqp-engagement-1\x00"
DOMAINE_SERIE = b"cqp-serie-1\x00"

_FORMAT = struct.Struct(">BB5sH16s16s64s")
_ORIGINE = date(2000, 1, 1)
_RANG_MAXIMAL = 2**20 - 1
_FORME = re.compile(rf"[A-Z2-7]{{{LONGUEUR}}}")
_NUMERO = re.compile(r"(?P<serie>.+)-(?P<rang>[0-9]+)")
_ALPHANUMERIQUE_QR = re.compile(r"[0-9A-Z $%*+\-./:]*")
# urlPreuve of the SI CPF: 255 characters at most.
_ADRESSE_MAXIMALE = 255


class Defaut(StrEnum):
    """Why a token is refused; the value is for journals and tests, never for the public."""

    FORME = "forme"
    VERSION = "version"
    CLE = "cle"
    SIGNATURE = "signature"
    CONTENU = "contenu"


class JetonInvalide(ValueError):
    """The text is not a token that one of our keys signed."""

    def __init__(self, motif: Defaut):
        super().__init__(motif.value)
        self.motif = motif


@dataclass(frozen=True)
class Jeton:
    """A token whose signature has been checked."""

    kid: int
    nature: str
    marque_serie: int
    rang: int
    jour: date
    identifiant: str
    engagement: bytes
    texte: str

    def concorde_avec(self, enregistrement: dict) -> bool:
        """Tell whether this token was signed for this record: same kind, number, day, people and title."""
        try:
            nature, marque, rang = _numero(enregistrement)
            jour = date.fromisoformat(enregistrement["delivre_le"])
            attendu = engagement(enregistrement, self.identifiant)
        except (KeyError, TypeError, ValueError, AttributeError):
            return False
        return (NATURES[nature], marque, rang, jour) == (
            self.nature,
            self.marque_serie,
            self.rang,
            self.jour,
        ) and compare_digest(attendu, self.engagement)


def signer(enregistrement: dict, identifiant: str, cle: cles.ClePrivee | None = None) -> str:
    """Return the token of a record: 168 characters, always the same for the same record, identifier and key.

    Args:
        enregistrement: the frozen record; its number ends with « -rank ».
        identifiant: 32 hexadecimal digits drawn at random.
        cle: the signing key, the active one by default.

    Raises:
        ValueError: a kind, number, day or identifier that the token cannot carry.
        registre.cles.CleIndisponible: there is no key to sign with.
    """
    cle = cle or cles.cle_active()
    nature, marque, rang = _numero(enregistrement)
    jour = (date.fromisoformat(enregistrement["delivre_le"]) - _ORIGINE).days
    if not 0 <= jour <= 0xFFFF:
        raise ValueError(f"date de délivrance hors du jeton\u00a0: {enregistrement['delivre_le']}")
    corps = _FORMAT.pack(
        VERSION,
        cle.kid,
        (nature << 36 | marque << 20 | rang).to_bytes(5, "big"),
        jour,
        _octets_identifiant(identifiant),
        engagement(enregistrement, identifiant),
        b"",
    )[:-64]
    return base64.b32encode(corps + cle.signer(DOMAINE_SIGNATURE + corps)).decode("ascii")


def lire(texte: str) -> Jeton:
    """Read a token and check its signature; touches no database.

    Only the canonical writing is read: a route that accepts small letters must first put them in capitals.

    Raises:
        JetonInvalide: with its `motif`.
    """
    if not isinstance(texte, str) or not _FORME.fullmatch(texte):
        raise JetonInvalide(Defaut.FORME)
    octets = base64.b32decode(texte)
    version, kid, numero, jour, identifiant, engage, signature = _FORMAT.unpack(octets)
    if version != VERSION:
        raise JetonInvalide(Defaut.VERSION)
    cle = cles.publiques().get(kid)
    if cle is None:
        raise JetonInvalide(Defaut.CLE)
    try:
        cle.verifier(signature, DOMAINE_SIGNATURE + octets[:-64])
    except InvalidSignature:
        raise JetonInvalide(Defaut.SIGNATURE) from None
    entier = int.from_bytes(numero, "big")
    if entier >> 36 not in NATURES:
        raise JetonInvalide(Defaut.CONTENU)
    return Jeton(
        kid=kid,
        nature=NATURES[entier >> 36],
        marque_serie=entier >> 20 & 0xFFFF,
        rang=entier & _RANG_MAXIMAL,
        jour=_ORIGINE + timedelta(days=jour),
        identifiant=identifiant.hex(),
        engagement=engage,
        texte=texte,
    )


def engagement(enregistrement: dict, identifiant: str) -> bytes:
    """Return the 16 bytes that bind a token to what is printed, without saying it.

    Whoever types what the paper says computes them again: SHA-256(domain, identifier, canonical mentions).

    Raises:
        ValueError: the identifier is not 16 bytes in hexadecimal.
    """
    contenu = canoniser(mentions_engagees(enregistrement))
    return hashlib.sha256(DOMAINE_ENGAGEMENT + _octets_identifiant(identifiant) + contenu).digest()[:16]


def mentions_engagees(enregistrement: dict) -> dict[str, str]:
    """Return what the commitment covers: names, title, RNCP or RS number, number and date of the document."""
    titulaire, certification = (
        enregistrement["titulaire"],
        enregistrement["certification"],
    )
    titre = f"{certification['intitule']} {certification.get('option') or ''}"
    prenoms = (titulaire["prenom1"], titulaire["prenom2"], titulaire["prenom3"])
    return {
        "nom": forme_lue(titulaire["nom_naissance"]),
        "nom_usage": forme_lue(titulaire["nom_usage"]),
        "prenoms": " ".join(filter(None, map(forme_lue, prenoms))),
        "titre": forme_lue(titre),
        "code": forme_lue(certification["numero_fiche"]),
        "numero": forme_lue(enregistrement["numero"]),
        "date": enregistrement["delivre_le"],
    }


def forme_lue(texte: str) -> str:
    """Return what two people who read the same word aloud from paper type alike: no accent, case, or punctuation.

    Signed for ever through the commitment: never change it, add a version of token instead. That is why it does
    not use `registre.textes.plier`, which serves searches and may improve.
    """
    ouvert = texte.translate(_OUVERTURES)
    decompose = unicodedata.normalize("NFKD", ouvert)
    nu = "".join(c if c.isalnum() else " " for c in decompose if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", " ".join(nu.upper().split()))


_OUVERTURES = str.maketrans(
    {
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        "ß": "ss",
        "ẞ": "SS",
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
    }
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i"}
)


def adresse(jeton: str) -> str:
    """Return the address printed in the QR code, in capitals so that the code stays alphanumeric.

    Raises:
        ValueError: `settings.ADRESSE_PUBLIQUE` has a character that this mode lacks, or makes an address longer
            than the 255 characters of urlPreuve.
    """
    texte = f"{settings.ADRESSE_PUBLIQUE.rstrip('/').upper()}/V/{jeton}"
    if not _ALPHANUMERIQUE_QR.fullmatch(texte) or len(texte) > _ADRESSE_MAXIMALE:
        raise ValueError(f"adresse publique impropre au QR code\u00a0: {settings.ADRESSE_PUBLIQUE}")
    return texte


def _numero(enregistrement: dict) -> tuple[int, int, int]:
    """Return kind, mark of the series and rank of a record."""
    nature = {libelle: code for code, libelle in NATURES.items()}.get(enregistrement["nature"])
    trouve = _NUMERO.fullmatch(enregistrement["numero"])
    if nature is None or not trouve:
        raise ValueError(f"nature ou numéro impropre au jeton\u00a0: {enregistrement['numero']}")
    rang = int(trouve["rang"])
    if rang > _RANG_MAXIMAL:
        raise ValueError(f"rang au-delà de {_RANG_MAXIMAL}\u00a0: {enregistrement['numero']}")
    marque = hashlib.sha256(DOMAINE_SERIE + trouve["serie"].encode("utf-8")).digest()[:2]
    return nature, int.from_bytes(marque, "big"), rang


def _octets_identifiant(identifiant: str) -> bytes:
    octets = bytes.fromhex(identifiant)
    if len(octets) != 16:
        raise ValueError("l’identifiant d’un parchemin compte 16 octets")
    return octets
