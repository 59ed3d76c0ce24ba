"""Ed25519 keys that sign parchemins, kept as files in `settings.DOSSIER_CLES`.

A key is a number from 1 to 255, the one byte of the token. `<kid>.pem` is the private half, readable by its owner
only; `<kid>.pub` is the public half, which stays when the private one is gone: what it signed verifies for ever.
`<kid>.coupure` says that the key was stolen or may have been: from an index of the public log on, what it signs is
worth nothing. The algorithm is a property of the number (all are Ed25519 today) and is never read from a token: a
forger cannot choose a weaker one.

Only files here; `registre.trousseau` carries out the acts and tells them to the journal and to the public log.
"""

import base64
import json
import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from registre.transparence import notes

ALGORITHME = "Ed25519"
KID_MAXIMAL = 255


class CleIndisponible(RuntimeError):
    """No usable signing key: absent, exposed to other accounts, or of another kind than expected."""


@dataclass(frozen=True)
class ClePrivee:
    """The half that signs. Never printed, never serialised."""

    kid: int
    _secret: Ed25519PrivateKey

    def signer(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`."""
        return self._secret.sign(message)

    def __repr__(self):
        return f"<ClePrivee {self.kid}>"


@dataclass(frozen=True)
class Coupure:
    """From which index of the public log on a compromised key is worth nothing, and the day that was decided."""

    depuis: int
    le: date


@lru_cache(maxsize=32)
def _publique(octets: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(octets)


@dataclass(frozen=True)
class ClePublique:
    """The half that verifies, published for ever."""

    kid: int
    octets: bytes
    active: bool
    coupure: Coupure | None = None

    @property
    def x(self) -> str:
        """The key itself, as RFC 8037 writes it."""
        return base64.urlsafe_b64encode(self.octets).rstrip(b"=").decode()

    @property
    def etat(self) -> str:
        """« active », « retiree » (verifies for ever) or « revoquee » (cut)."""
        if self.coupure:
            return "revoquee"
        return "active" if self.active else "retiree"

    def vaut_pour(self, rang: int | None) -> bool:
        """Does its signature count for the document that the public log names at this index (None: not named)?"""
        return self.coupure is None or (rang is not None and rang < self.coupure.depuis)

    def verifier(self, signature: bytes, message: bytes) -> None:
        """Check a signature.

        Raises:
            cryptography.exceptions.InvalidSignature: the signature is not that of this message by this key.
        """
        _publique(self.octets).verify(signature, message)

    def jwk(self) -> dict:
        """Return the key as RFC 8037 writes it, with its state in the house's words."""
        coupure = {"depuis": self.coupure.depuis, "revoquee_le": self.coupure.le.isoformat()} if self.coupure else {}
        return {
            "kty": "OKP",
            "crv": ALGORITHME,
            "alg": ALGORITHME,
            "use": "sig",
            "kid": str(self.kid),
            "x": self.x,
            "etat": self.etat,
        } | coupure


_cache: tuple[tuple, dict[int, ClePublique]] | None = None


def dossier() -> Path:
    """Return the folder of the keys."""
    return Path(settings.DOSSIER_CLES)


def publiques() -> dict[int, ClePublique]:
    """Return every public key, active and retired, by number; read again only when the folder changes.

    Raises:
        CleIndisponible: a file of the folder is not an Ed25519 public key.
    """
    global _cache
    try:
        etat = (str(dossier()), os.stat(dossier()).st_mtime_ns, tuple(os.listdir(dossier())))
    except FileNotFoundError:
        return {}
    if _cache is None or _cache[0] != etat:
        _cache = (etat, _lire_publiques())
    return _cache[1]


def cle_active() -> ClePrivee:
    """Return the private key of highest number: the one that signs today.

    Raises:
        CleIndisponible: there is none, or its file is readable by other accounts of the machine.
    """
    while True:
        kid = _kid_actif()
        if kid is None:
            raise CleIndisponible("Aucune clé de signature. Créez-en une\u00a0: python manage.py cles creer")
        try:
            return ClePrivee(kid, _lire_privee(dossier() / f"{kid}.pem"))
        except FileNotFoundError:
            # Retired between the two lines: the next one signs.
            continue


def _kid_actif() -> int | None:
    return max(_numeros(".pem") - _numeros(".coupure"), default=None)


def creer() -> int:
    """Create the next key and return its number; from now on it signs. The first one comes with the log's own.

    The public half is written first: after a power cut there may be a public key that never signs, never a
    signature that nobody can verify.

    Raises:
        CleIndisponible: the 255 numbers are used.
        FileExistsError: another process took the number at the same moment; try again.
    """
    global _cache
    dossier().mkdir(parents=True, exist_ok=True, mode=0o700)
    kid = max(_numeros(".pem") | _numeros(".pub") | _numeros(".coupure"), default=0) + 1
    if kid > KID_MAXIMAL:
        raise CleIndisponible(
            "Les 255 numéros de clé sont épuisés\u00a0: une nouvelle version de jeton est nécessaire."
        )
    secret = Ed25519PrivateKey.generate()
    publique = secret.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    ecrire(dossier() / f"{kid}.pub", publique, 0o644)
    ecrire(dossier() / f"{kid}.pem", _en_pem(secret), 0o600)
    _cache = None
    creer_cle_du_journal()
    return kid


def retirer(kid: int, archive: Path | None = None) -> bool:
    """Take the private half of a key away: into the folder `archive`, or for ever. Tell whether there was one.

    Raises:
        CleIndisponible: it is the only one that can sign.
        FileExistsError: the archive already holds a key of this number.
    """
    global _cache
    chemin = dossier() / f"{kid}.pem"
    if not chemin.exists():
        return False
    if kid == _kid_actif() and len(_numeros(".pem") - _numeros(".coupure")) == 1:
        raise CleIndisponible(f"La clé {kid} est la seule qui puisse signer\u00a0: tournez d’abord.")
    contenu = chemin.read_bytes()
    if archive is not None:
        archive.mkdir(parents=True, exist_ok=True, mode=0o700)
        ecrire(archive / chemin.name, contenu, 0o600)
    ote = chemin.with_name(f".{chemin.name}.ote")
    os.replace(chemin, ote)
    # Blanked before it goes, for disks that write in place; the documentation says what that is worth on the others.
    with open(ote, "r+b") as fichier:
        fichier.write(bytes(len(contenu)))
        fichier.flush()
        os.fsync(fichier.fileno())
    ote.unlink()
    _cache = None
    return True


def couper(kid: int, depuis: int, le: date) -> None:
    """Write that a key is worth nothing from this index of the public log on. An earlier cut stays.

    Raises:
        CleIndisponible: no key has this number.
    """
    global _cache
    cle = publiques().get(kid)
    if cle is None:
        raise CleIndisponible(f"Aucune clé ne porte le numéro {kid}.")
    if cle.coupure and cle.coupure.depuis <= depuis:
        return
    contenu = json.dumps({"depuis": depuis, "le": le.isoformat()}).encode()
    ecrire(dossier() / f"{kid}.coupure", contenu, 0o644, remplacer=True)
    _cache = None


def creer_cle_du_journal() -> None:
    """Create the key that signs the checkpoints of the public log; nothing when there is one.

    It is never changed: its name stands in what witnesses and verifiers keep.
    """
    if not (dossier() / "journal.pem").exists():
        ecrire(dossier() / "journal.pem", _en_pem(Ed25519PrivateKey.generate()), 0o600)


def signataire_du_journal(nom: str) -> notes.Signataire:
    """Return the signer of the public log under its name.

    Raises:
        CleIndisponible: there is no key, or its file is readable by other accounts of the machine.
    """
    chemin = dossier() / "journal.pem"
    if not chemin.exists():
        raise CleIndisponible("Aucune clé pour le journal public. Créez-la\u00a0: python manage.py cles creer")
    return notes.Signataire(nom, _lire_privee(chemin))


def _en_pem(secret: Ed25519PrivateKey) -> bytes:
    return secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _lire_privee(chemin: Path) -> Ed25519PrivateKey:
    if chemin.stat().st_mode & 0o077:
        raise CleIndisponible(f"La clé {chemin.stem} est lisible par d’autres comptes\u00a0: chmod 600 {chemin.name}")
    secret = serialization.load_pem_private_key(chemin.read_bytes(), password=None)
    if not isinstance(secret, Ed25519PrivateKey):
        raise CleIndisponible(f"La clé {chemin.stem} n’est pas une clé {ALGORITHME}.")
    return secret


def ecrire(chemin: Path, contenu: bytes, mode: int, *, remplacer: bool = False) -> None:
    """Write a file, which must not exist yet unless it is to be replaced; it appears whole or not at all."""
    provisoire = chemin.with_name(f".{chemin.name}.{os.getpid()}")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(contenu)
            fichier.flush()
            os.fsync(fichier.fileno())
        (os.replace if remplacer else os.link)(provisoire, chemin)
    finally:
        provisoire.unlink(missing_ok=True)


def _numeros(suffixe: str) -> set[int]:
    return {
        int(chemin.stem)
        for chemin in dossier().glob(f"*{suffixe}")
        if chemin.stem.isascii() and chemin.stem.isdigit() and 1 <= int(chemin.stem) <= KID_MAXIMAL
    }


def _lire_coupure(kid: int) -> Coupure | None:
    chemin = dossier() / f"{kid}.coupure"
    if not chemin.exists():
        return None
    try:
        lue = json.loads(chemin.read_text(encoding="utf-8"))
        return Coupure(int(lue["depuis"]), date.fromisoformat(lue["le"]))
    except (KeyError, TypeError, ValueError) as erreur:
        raise CleIndisponible(f"La coupure de la clé {kid} ne se lit pas\u00a0: restaurez {chemin.name}.") from erreur


def _lire_publiques() -> dict[int, ClePublique]:
    active = _kid_actif()
    trouvees = {}
    for kid in sorted(_numeros(".pub")):
        cle = serialization.load_pem_public_key((dossier() / f"{kid}.pub").read_bytes())
        if not isinstance(cle, Ed25519PublicKey):
            raise CleIndisponible(f"La clé publique {kid} n’est pas une clé {ALGORITHME}.")
        octets = cle.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        trouvees[kid] = ClePublique(kid, octets, kid == active, _lire_coupure(kid))
    return trouvees
