"""Signed notes: a few lines of text with the signatures of those who vouch for them (C2SP signed-note).

The log signs its checkpoint; witnesses add a cosignature that says when they saw it (C2SP tlog-cosignature). Nothing
here reads the database or Django's settings: the witness program runs on another machine.
"""

import base64
import hashlib
import re
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 1, 4
_SIGNATURE = re.compile(r"— (?P<nom>[^ +\n]+) (?P<octets>[A-Za-z0-9+/]+={0,2})")
_TETE = re.compile(r"(?P<origine>[^\n]+)\n(?P<taille>0|[1-9][0-9]{0,18})\n(?P<racine>[A-Za-z0-9+/]{43}=)\n")


class NoteFausse(ValueError):
    """This text is not a note, or nobody we know signed it."""


@dataclass(frozen=True)
class Verificateur:
    """A public key under a name, as notes write it: « name+id+key »."""

    nom: str
    genre: int
    octets: bytes

    @classmethod
    def lire(cls, texte: str) -> "Verificateur":
        """Read the line that a log or a witness publishes.

        Raises:
            NoteFausse: it is not such a line.
        """
        try:
            nom, identifiant, cle = texte.strip().split("+", 2)
            octets = base64.b64decode(cle, validate=True)
            lu = cls(nom, octets[0], octets[1:])
            Ed25519PublicKey.from_public_bytes(lu.octets)
        except (ValueError, IndexError) as erreur:
            raise NoteFausse("cette ligne n’est pas une clé publique de note") from erreur
        if lu.genre not in (ED25519, COSIGNATURE) or identifiant != lu.identifiant.hex():
            raise NoteFausse("l’identifiant de cette clé n’est pas le sien")
        return lu

    @property
    def identifiant(self) -> bytes:
        """The four bytes that announce this key in a signature."""
        return hashlib.sha256(self.nom.encode() + b"\n" + bytes([self.genre]) + self.octets).digest()[:4]

    def __str__(self):
        cle = base64.b64encode(bytes([self.genre]) + self.octets).decode()
        return f"{self.nom}+{self.identifiant.hex()}+{cle}"

    def instant(self, corps: str, octets: bytes) -> int:
        """Check one signature of `corps`; return when a witness saw it (seconds), 0 for the log's own.

        Raises:
            NoteFausse: it is not this key's signature of this text.
        """
        moment, message, signature = 0, corps.encode(), octets
        if self.genre == COSIGNATURE:
            if len(octets) != 72:
                raise NoteFausse("cosignature de mauvaise longueur")
            moment, signature = struct.unpack(">Q", octets[:8])[0], octets[8:]
            message = _message_du_temoin(corps, moment)
        try:
            Ed25519PublicKey.from_public_bytes(self.octets).verify(signature, message)
        except InvalidSignature:
            raise NoteFausse(f"la signature de {self.nom} n’est pas celle de ce texte") from None
        return moment


@dataclass(frozen=True)
class Signataire:
    """A private key under a name."""

    nom: str
    secret: Ed25519PrivateKey
    genre: int = ED25519

    @property
    def verificateur(self) -> Verificateur:
        return Verificateur(self.nom, self.genre, self.secret.public_key().public_bytes_raw())

    def signer(self, corps: str, moment: int = 0) -> str:
        """Return the signature line of a text, ended by a line break. A witness says when, in seconds."""
        if self.genre == COSIGNATURE:
            octets = struct.pack(">Q", moment) + self.secret.sign(_message_du_temoin(corps, moment))
        else:
            octets = self.secret.sign(corps.encode())
        marque = base64.b64encode(self.verificateur.identifiant + octets).decode()
        return f"— {self.nom} {marque}\n"


def _message_du_temoin(corps: str, moment: int) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{corps}".encode()


@dataclass(frozen=True)
class Tete:
    """What a checkpoint says: of which log, how many leaves, which root."""

    origine: str
    taille: int
    racine: bytes

    @property
    def corps(self) -> str:
        """The text that is signed."""
        return f"{self.origine}\n{self.taille}\n{base64.b64encode(self.racine).decode()}\n"

    @classmethod
    def lire(cls, corps: str) -> "Tete":
        """Read the text of a checkpoint.

        Raises:
            NoteFausse: it is not one.
        """
        lu = _TETE.match(corps)
        if lu is None:
            raise NoteFausse("ce texte n’est pas un point de contrôle")
        return cls(lu["origine"], int(lu["taille"]), base64.b64decode(lu["racine"]))


def separer(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note and its signatures: (name, four bytes of key and signature).

    Raises:
        NoteFausse: it has no signature, or lines that are none.
    """
    corps, coupe, signatures = note.rpartition("\n\n")
    lignes = signatures.splitlines()
    lues = [_SIGNATURE.fullmatch(ligne) for ligne in lignes]
    if not coupe or not lignes or not all(lues):
        raise NoteFausse("cette note n’est pas signée")
    return corps + "\n", [(lu["nom"], base64.b64decode(lu["octets"] + "==")) for lu in lues]


def instants(note: str, verificateurs: list[Verificateur]) -> dict[str, int]:
    """Return who, among these, vouches for this note, and when each witness saw it (0 for the log).

    A signature by a key we do not know is ignored; one that claims a known key and is not its own is a fault.

    Raises:
        NoteFausse: it is not a note, or a signature claims a known key and is false.
    """
    corps, signatures = separer(note)
    connus = {(v.nom, v.identifiant): v for v in verificateurs}
    trouves = {}
    for nom, octets in signatures:
        if verificateur := connus.get((nom, octets[:4])):
            trouves[nom] = verificateur.instant(corps, octets[4:])
    return trouves
