"""One sequence of bytes for one record, so that it can be hashed and signed.

The form is that of RFC 8785 (JSON Canonicalization Scheme) narrowed to what a frozen record holds: objects, lists,
strings, integers, booleans and null. Floats are refused, since two machines may print them differently, and
strings must already be in NFC, since « é » typed in two ways would give two hashes of the same name.
"""

import hashlib
import json
import unicodedata

# Beyond this a JSON reader that keeps numbers as doubles (every browser) reads another integer (RFC 8785 §3.2.2.3).
ENTIER_MAXIMAL = 2**53 - 1


class NonCanonique(ValueError):
    """The object cannot be written in one way only."""


def canoniser(objet) -> bytes:
    """Return the only canonical writing of `objet`, in UTF-8.

    Raises:
        NonCanonique: float, integer beyond 2**53-1, text out of NFC or with a lone surrogate, key that is not text,
            or any type that JSON does not know. The message gives the path of the culprit.
    """
    _verifier(objet, "$")
    return _ecrire(objet).encode("utf-8")


def empreinte(objet, domaine: str = "") -> str:
    """Return the SHA-256 of the canonical writing, in hexadecimal; `domaine` keeps two uses of a hash apart."""
    prefixe = domaine.encode("utf-8") + b"\x00" if domaine else b""
    return hashlib.sha256(prefixe + canoniser(objet)).hexdigest()


def _verifier(objet, chemin: str) -> None:
    if objet is None or isinstance(objet, bool):
        return
    if isinstance(objet, str):
        _verifier_texte(objet, chemin)
    elif isinstance(objet, int):
        if abs(objet) > ENTIER_MAXIMAL:
            raise NonCanonique(f"{chemin}\u00a0: entier au-delà de 2^53-1")
    elif isinstance(objet, list | tuple):
        for rang, element in enumerate(objet):
            _verifier(element, f"{chemin}[{rang}]")
    elif isinstance(objet, dict):
        for cle, valeur in objet.items():
            if not isinstance(cle, str):
                raise NonCanonique(f"{chemin}\u00a0: la clé {cle!r} n’est pas un texte")
            _verifier_texte(cle, f"{chemin}.{cle!r}")
            _verifier(valeur, f"{chemin}.{cle}")
    else:
        raise NonCanonique(f"{chemin}\u00a0: le type {type(objet).__name__} ne s’écrit pas d’une seule façon")


def _verifier_texte(texte: str, chemin: str) -> None:
    if not unicodedata.is_normalized("NFC", texte):
        raise NonCanonique(f"{chemin}\u00a0: le texte n’est pas en NFC")
    if any("\ud800" <= caractere <= "\udfff" for caractere in texte):
        raise NonCanonique(f"{chemin}\u00a0: demi-caractère isolé")


def _ecrire(objet) -> str:
    if isinstance(objet, dict):
        # RFC 8785 §3.2.3: keys are sorted by UTF-16 code units, which is the order of their big-endian bytes.
        cles = sorted(objet, key=lambda cle: cle.encode("utf-16-be"))
        return "{" + ",".join(f"{_ecrire(cle)}:{_ecrire(objet[cle])}" for cle in cles) + "}"
    if isinstance(objet, list | tuple):
        return "[" + ",".join(_ecrire(element) for element in objet) + "]"
    # A subclass (TextChoices) is written as its plain value.
    if isinstance(objet, str):
        return json.dumps(str.__str__(objet), ensure_ascii=False)
    return json.dumps(objet)
