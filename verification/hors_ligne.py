"""Check a parchemin with the network off: the text of its QR code and what is printed on it are enough.

One file, alone: Python 3.11 and `cryptography`, nothing of the site. Keep it with a copy of the public keys
(`/.well-known/cqp-cles.json` of the site, fetched once):

    python hors_ligne.py --cles cqp-cles.json --qr "HTTPS://…/V/…" \
        --nom "Dupont" --prenoms "Élodie Marie" --titre "Conducteur(trice) de ligne" --code RNCP12345 \
        --numero FTC-2026-00012 --date 2026-11-21

It answers for the signature and for each printed mention together; it cannot know whether the document was cancelled
or replaced since. A key that was revoked proves nothing here: only the public log, online, tells what it signed before.
Fetch the file of keys again from time to time. The same rules are written in `registre/jetons.py`; a drill compares
both on a thousand cases.
"""

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from hmac import compare_digest
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NATURES = {1: "parchemin", 2: "attestation de réussite partielle", 3: "attestation de bloc de compétences"}
_FORMAT = struct.Struct(">BB5sH16s16s64s")
_JETON = re.compile(r"[A-Z2-7]{168}")
_OUVERTURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i"}
)


@dataclass(frozen=True)
class Cle:
    """A published key; `revoquee` when it was compromised and cut."""

    octets: bytes
    revoquee: bool = False


@dataclass(frozen=True)
class Verdict:
    """What was established: the signature is good or not, the printed mentions are those signed or not.

    `mentions` is None when they were not given, or when the signature already failed.
    """

    signature: bool
    phrase: str
    mentions: bool | None = None
    nature: str = ""
    jour: date | None = None


def forme_lue(texte: str) -> str:
    """Return what two people who read the same word aloud from paper type alike: no accent, case, or punctuation."""
    decompose = unicodedata.normalize("NFKD", texte.translate(_OUVERTURES))
    nu = "".join(c if c.isalnum() else " " for c in decompose if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", " ".join(nu.upper().split()))


def lire_cles(texte: str) -> dict[int, Cle]:
    """Return the public keys of the published file, by number.

    Raises:
        ValueError: it is not that file.
    """
    try:
        return {int(c["kid"]): _cle(c) for c in json.loads(texte)["keys"]}
    except (AttributeError, KeyError, TypeError, ValueError) as erreur:
        raise ValueError("ce fichier n’est pas celui des clés publiques") from erreur


def _cle(jwk: dict) -> Cle:
    octets = base64.urlsafe_b64decode(jwk["x"] + "=" * (-len(jwk["x"]) % 4))
    return Cle(octets, jwk.get("etat") == "revoquee" or "depuis" in jwk)


def jeton_du_code(texte: str) -> str:
    """Return the token within what a reader of QR codes gives: the whole address, or the token alone."""
    dernier = re.sub(r"\s", "", texte).rstrip("/").rsplit("/", 1)[-1]
    return dernier.upper() if dernier.isascii() else dernier


def engagement(identifiant: bytes, mentions: dict[str, str]) -> bytes:
    """Return the 16 bytes that bind a token to what is printed."""
    lues = {cle: valeur if cle == "date" else forme_lue(valeur) for cle, valeur in mentions.items()}
    canonique = json.dumps(lues, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(b"cqp-engagement-1\x00" + identifiant + canonique).digest()[:16]


def verifier(code: str, cles: dict[int, Cle], mentions: dict[str, str] | None = None) -> Verdict:
    """Check the text of a QR code, and the printed mentions when they are given.

    Args:
        code: what the reader of QR codes gives.
        cles: the public keys, by number.
        mentions: nom, nom_usage, prenoms, titre, code, numero, date (ISO), as printed.
    """
    jeton = jeton_du_code(code)
    if not _JETON.fullmatch(jeton):
        return Verdict(False, "Ce texte n’est pas celui du code d’un parchemin\u00a0: scannez-le de nouveau.")
    octets = base64.b32decode(jeton)
    version, kid, numero, jour, identifiant, engage, signature = _FORMAT.unpack(octets)
    if version != 1 or kid not in cles:
        return Verdict(False, "Ce code n’a été signé par aucune des clés de ce registre.")
    try:
        Ed25519PublicKey.from_public_bytes(cles[kid].octets).verify(signature, b"cqp-jeton-1\x00" + octets[:-64])
    except InvalidSignature:
        return Verdict(False, "La signature est mauvaise\u00a0: le code a été modifié, mal recopié ou fabriqué.")
    if cles[kid].revoquee:
        return Verdict(
            False,
            "Ce code est signé par une clé révoquée\u00a0: sans connexion, rien ne montre qu’il soit antérieur. "
            "Scannez-le en ligne.",
        )
    nature = NATURES.get(int.from_bytes(numero, "big") >> 36, "")
    if not nature:
        return Verdict(False, "Ce code est signé, mais il n’est pas celui d’un parchemin ou d’une attestation.")
    lu = {"nature": nature, "jour": date(2000, 1, 1) + timedelta(days=jour)}
    if mentions is None:
        return Verdict(True, "Le code est bien signé par ce registre.", **lu)
    if compare_digest(engagement(identifiant, mentions), engage):
        return Verdict(True, "Authentique\u00a0: ce qui est imprimé est exactement ce qui a été signé.", True, **lu)
    return Verdict(
        True, "Le code est bien signé, mais pas pour ce qui est imprimé ici\u00a0: ne vous y fiez pas.", False, **lu
    )


def principal(arguments: list[str] | None = None) -> int:
    """Answer on the command line; return 0 when authentic, 1 when not, 2 when nothing could be checked."""
    analyseur = argparse.ArgumentParser(description="Vérifie un parchemin de CQP sans connexion.")
    analyseur.add_argument("--cles", required=True, type=Path, help="fichier cqp-cles.json du registre")
    analyseur.add_argument("--qr", required=True, help="texte lu dans le code QR")
    for nom in ("nom", "nom-usage", "prenoms", "titre", "code", "numero"):
        analyseur.add_argument(f"--{nom}", default="", help="comme imprimé sur le document")
    analyseur.add_argument("--date", default="", help="date de délivrance, AAAA-MM-JJ")
    options = vars(analyseur.parse_args(arguments))
    chemin, code = options.pop("cles"), options.pop("qr")
    try:
        cles = lire_cles(chemin.read_text(encoding="utf-8"))
    except (OSError, ValueError) as erreur:
        print(f"Rien n’a été vérifié\u00a0: {erreur}.", file=sys.stderr)
        return 2
    verdict = verifier(code, cles, options if any(options.values()) else None)
    print(verdict.phrase)
    if verdict.signature:
        print(f"Document\u00a0: {verdict.nature}, délivré le {verdict.jour:%d/%m/%Y}.")
        print("Sans connexion, rien ne dit s’il a été annulé ou remplacé depuis\u00a0: scannez le code en ligne.")
    return 0 if verdict.signature and verdict.mentions is not False else 1


if __name__ == "__main__":
    sys.exit(principal())
