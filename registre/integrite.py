"""W3C Data Integrity: JSON documents of ours that any verifier of « Verifiable Credentials 2.0 » checks without us.

The suite is eddsa-jcs-2022: SHA-256 of the canonical proof options, then of the canonical document, signed with one of
our Ed25519 keys. We are `did:web:<our host>`; `/.well-known/did.json` names our keys, active and retired. The 64 bytes
that are signed here are two hashes: they can begin with none of the domains that tokens sign (`registre.jetons`).
"""

import hashlib
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from cryptography.exceptions import InvalidSignature
from django.conf import settings

from registre import cles
from registre.canonique import NonCanonique, canoniser

SUITE = "eddsa-jcs-2022"
CONTEXTE_VC = "https://www.w3.org/ns/credentials/v2"
_PREFIXE_ED25519 = b"\xed\x01"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class PreuveFausse(ValueError):
    """The document was not signed as it stands by one of the keys offered."""


def did() -> str:
    """Return who we are for machines: did:web of the public address."""
    return f"did:web:{quote(urlsplit(settings.ADRESSE_PUBLIQUE).netloc, safe='')}"


def methode(kid: int) -> str:
    """Return the name of one key in the DID document."""
    return f"{did()}#cle-{kid}"


def document_did() -> dict:
    """Return the DID document: every key that verifies, the retired ones too.

    A key that was cut stays named but no longer asserts: a verifier of credentials cannot know what the public log
    named before the cut. Its holders download their credential again, signed by another key.
    """
    publiques = cles.publiques()
    methodes = [
        {
            "id": methode(cle.kid),
            "type": "Multikey",
            "controller": did(),
            "publicKeyMultibase": en_base58(_PREFIXE_ED25519 + cle.octets),
        }
        for cle in publiques.values()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did(),
        "verificationMethod": methodes,
        "assertionMethod": [methode(kid) for kid, cle in publiques.items() if not cle.coupure],
    }


def signer(document: dict, le: datetime, cle: cles.ClePrivee | None = None) -> dict:
    """Return the document with its proof; the same bytes for the same document, moment and key.

    Args:
        document: without proof; only what `canoniser` knows.
        le: the moment that the proof gives as its own.
        cle: the signing key, the active one by default.

    Raises:
        registre.cles.CleIndisponible: there is no key to sign with.
        registre.canonique.NonCanonique: the document cannot be written in one way only.
    """
    cle = cle or cles.cle_active()
    preuve = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": _instant(le),
        "verificationMethod": methode(cle.kid),
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    return document | {"proof": preuve | {"proofValue": en_base58(cle.signer(_a_signer(document, preuve)))}}


def verifier(document: dict, publiques: dict[str, cles.ClePublique] | None = None) -> str:
    """Check a proof and return the method that made it.

    Args:
        document: with its proof.
        publiques: the keys by name of method; ours by default.

    Raises:
        PreuveFausse: no proof of this suite, a method that is not known, or another document than the one signed.
    """
    if publiques is None:
        publiques = {methode(kid): cle for kid, cle in cles.publiques().items() if not cle.coupure}
    nu = dict(document)
    try:
        preuve = dict(nu.pop("proof"))
        signature = de_base58(preuve.pop("proofValue"))
        conforme = (preuve["type"], preuve["cryptosuite"], preuve["proofPurpose"], preuve.get("@context")) == (
            "DataIntegrityProof",
            SUITE,
            "assertionMethod",
            nu["@context"],
        )
        if not conforme:
            raise PreuveFausse("la preuve n’est pas de la suite attendue")
        publiques[preuve["verificationMethod"]].verifier(signature, _a_signer(nu, preuve))
    except (KeyError, TypeError, AttributeError, ValueError, NonCanonique, InvalidSignature) as erreur:
        raise PreuveFausse("le document n’est pas celui qui a été signé") from erreur
    return preuve["verificationMethod"]


def _instant(le: datetime) -> str:
    return le.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _a_signer(document: dict, preuve: dict) -> bytes:
    return hashlib.sha256(canoniser(preuve)).digest() + hashlib.sha256(canoniser(document)).digest()


def en_base58(octets: bytes) -> str:
    """Write bytes in multibase base58btc (« z… »)."""
    entier, chiffres = int.from_bytes(octets, "big"), ""
    while entier:
        entier, reste = divmod(entier, 58)
        chiffres = _ALPHABET[reste] + chiffres
    zeros = len(octets) - len(octets.lstrip(b"\x00"))
    return "z" + "1" * zeros + chiffres


def de_base58(texte: str) -> bytes:
    """Read multibase base58btc.

    Raises:
        ValueError: another base, or a character that is not of it.
    """
    if not texte.startswith("z"):
        raise ValueError("multibase inconnue")
    chiffres, entier = texte[1:], 0
    for chiffre in chiffres:
        entier = entier * 58 + _ALPHABET.index(chiffre)
    zeros = len(chiffres) - len(chiffres.lstrip("1"))
    return bytes(zeros) + entier.to_bytes((entier.bit_length() + 7) // 8, "big")
