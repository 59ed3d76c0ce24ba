"""Text as people type it: what is cleaned, what is refused, how two spellings are compared."""

import re
import unicodedata

from django.core.exceptions import ValidationError

_INVISIBLES = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_MISE_EN_LIGNES = dict.fromkeys(map(ord, "\r\n\t"), " ")


def normaliser(texte: str) -> str:
    """Return `texte` in NFC, spaces folded, trimmed. Nothing a reader sees is lost."""
    return re.sub(r"[\s ]+", " ", unicodedata.normalize("NFC", texte)).strip()


def plier(texte: str) -> str:
    """Return the form used to search and compare: no accent, no case, ligatures opened, punctuation as spaces."""
    ouvert = texte.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE").replace("ß", "ss")
    decompose = unicodedata.normalize("NFKD", ouvert.casefold())
    nu = "".join(c for c in decompose if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", nu.replace("ł", "l").replace("ø", "o").replace("đ", "d")).split())


def valider_ligne(texte: str) -> None:
    """Refuse what cannot stand in a line that is printed or sent: control, bidirectional, zero-width characters.

    Raises:
        ValidationError: with a sentence for the person.
    """
    if any(unicodedata.category(caractere) in _INVISIBLES for caractere in texte):
        raise ValidationError(
            "Ce texte contient un caractère invisible. Effacez-le et saisissez-le de nouveau au clavier.",
            code="caractere_invisible",
        )


def valider_texte(texte: str) -> None:
    """Refuse the same in a text of several lines, where line breaks and tabs have their place.

    Raises:
        ValidationError: with a sentence for the person.
    """
    valider_ligne(texte.translate(_MISE_EN_LIGNES))


def valider_nom(texte: str) -> None:
    """Refuse what cannot stand in a name: what `valider_ligne` refuses, and signs that no name has.

    Raises:
        ValidationError: with a sentence for the person.
    """
    valider_ligne(texte)
    if any(c in texte for c in "<>{}[]|\\^~#@*=%$"):
        raise ValidationError(
            "Un nom ne contient que des lettres, des apostrophes, des traits d’union, des points et des espaces.",
            code="caractere_interdit",
        )


def en_nfc(objet):
    """Return a copy of plain data (lists, dicts, strings, numbers) whose strings are in NFC, ready to be frozen."""
    if isinstance(objet, str):
        return unicodedata.normalize("NFC", objet)
    if isinstance(objet, dict):
        return {cle: en_nfc(valeur) for cle, valeur in objet.items()}
    if isinstance(objet, list | tuple):
        return [en_nfc(valeur) for valeur in objet]
    return objet
