"""Texts that people adapt: plain text with `{names}` of a closed list, never handed to a template engine.

Mails and documents share these few rules: a name that is not offered is refused when the text is written, and means
nothing once it is printed.
"""

import re
from collections.abc import Callable, Iterable

_NOM = re.compile(r"\{([a-z][a-z_]*)\}")


def noms_employes(texte: str) -> set[str]:
    return set(_NOM.findall(texte))


def remplacer(texte: str, valeurs: Callable[[str], str]) -> str:
    """Replace each `{name}` once; what a value holds is not read again. Empty paragraphs close up."""
    rempli = _NOM.sub(lambda trouve: valeurs(trouve.group(1)), texte)
    return re.sub(r"\n{3,}", "\n\n", rempli).strip()


def inconnus(texte: str, permis: Iterable[str]) -> list[str]:
    """The names of this text that are not offered, in alphabetical order."""
    return sorted(noms_employes(texte) - set(permis))


def accolade_seule(texte: str) -> bool:
    """Does a brace stand there that is not that of a name?"""
    return re.search(r"[{}]", _NOM.sub("", texte)) is not None
