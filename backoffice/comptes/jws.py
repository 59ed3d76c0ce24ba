"""Reading the identity token of a provider: signature first, then what it says of itself (RFC 7515, RFC 7519)."""

import base64
import binascii
import json
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

# « none » and the symmetric ones are absent on purpose: whoever reads the public key could sign with it.
FAMILLES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
MODULE_MINIMAL = 2048
TOLERANCE = 60  # seconds between two clocks


class JetonInvalide(Exception):
    """A token that proves nothing; the text names the fault, never its content."""


def _octets(texte) -> bytes:
    return base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4))


def _entier(texte) -> int:
    return int.from_bytes(_octets(texte))


def lire_jeton(jeton: str, cles: list[dict], emetteur: str, client: str) -> dict:
    """Return the claims of `jeton`, signed by one of `cles` (JWKS), issued by `emetteur` for `client` and in force.

    Raises:
        JetonInvalide: anything else.
    """
    try:
        tete, corps, sceau = jeton.split(".")
        entete, dit = json.loads(_octets(tete)), json.loads(_octets(corps))
        signature = _octets(sceau)
        algorithme = entete["alg"]
        candidates = [c for c in cles if _convient(c, entete)]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as erreur:
        raise JetonInvalide("illisible") from erreur
    if not any(_signe(algorithme, c, f"{tete}.{corps}".encode(), signature) for c in candidates):
        raise JetonInvalide("signature")
    _verifier_ce_qu_il_dit(dit, emetteur, client)
    return dit


def _convient(cle: dict, entete: dict) -> bool:
    """Is this a key for signing, of the family of the algorithm, and the one that the token names?"""
    return (
        cle.get("kty") == FAMILLES.get(entete["alg"], "aucune")
        and cle.get("use", "sig") == "sig"
        and cle.get("alg", entete["alg"]) == entete["alg"]
        and entete.get("kid") in (None, cle.get("kid"))
    )


def _signe(algorithme: str, cle: dict, message: bytes, signature: bytes) -> bool:
    try:
        if algorithme == "ES256":
            if cle["crv"] != "P-256" or len(signature) != 64:
                return False
            publique = ec.EllipticCurvePublicNumbers(_entier(cle["x"]), _entier(cle["y"]), ec.SECP256R1()).public_key()
            paire = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
            publique.verify(paire, message, ec.ECDSA(SHA256()))
            return True
        publique = rsa.RSAPublicNumbers(_entier(cle["e"]), _entier(cle["n"])).public_key()
        if publique.key_size < MODULE_MINIMAL:
            return False
        forme = padding.PKCS1v15()
        if algorithme == "PS256":
            forme = padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH)
        publique.verify(signature, message, forme, SHA256())
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def _verifier_ce_qu_il_dit(dit, emetteur, client):
    if not isinstance(dit, dict) or dit.get("iss") != emetteur:
        raise JetonInvalide("émetteur")
    destinataires = dit.get("aud") if isinstance(dit.get("aud"), list) else [dit.get("aud")]
    if client not in destinataires or dit.get("azp", client) != client or (len(destinataires) > 1 and "azp" not in dit):
        raise JetonInvalide("destinataire")
    maintenant = time.time()
    fin, debut = dit.get("exp"), dit.get("iat")
    if not all(isinstance(instant, int | float) and not isinstance(instant, bool) for instant in (fin, debut)):
        raise JetonInvalide("dates")
    if fin + TOLERANCE < maintenant or debut - TOLERANCE > maintenant:
        raise JetonInvalide("dates")
    if not isinstance(dit.get("sub"), str) or not dit["sub"]:
        raise JetonInvalide("sujet")
