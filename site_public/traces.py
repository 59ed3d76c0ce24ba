"""What the processes write on their error output: one line of JSON per fact, without secret nor address.

Django writes the path of a request it refuses, and the path of an invitation is its key; an error of the database
quotes the value it refuses. Whatever looks like a key or a mail address is masked in the whole line, trace included.
"""

import json
import logging
import re
from datetime import UTC, datetime

# A token, a hash, a key: a run of 20 characters or more, with at least a figure or a capital, is no word of ours.
_SECRET = re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*[0-9A-Z])[A-Za-z0-9_-]{20,}")
_LIEN_DE_COMPTE = re.compile(r"(/compte/password/reset/key/)[^\s\"'/]+")
_COURRIEL = re.compile(r"[^\s\"'<>(),:;=/]+@[^\s\"'<>(),:;=/]+\.[A-Za-z]{2,}")
# What follows in such a message is what somebody typed.
_VALEUR_REFUSEE = re.compile(r"(DETAIL:\s+).*")
MASQUE = "•••"


def masquer(texte: str) -> str:
    """Return `texte` without keys, links of accounts, mail addresses, nor values quoted by the database."""
    texte = _LIEN_DE_COMPTE.sub(rf"\1{MASQUE}", texte)
    texte = _VALEUR_REFUSEE.sub(rf"\1{MASQUE}", texte)
    return _SECRET.sub(MASQUE, _COURRIEL.sub(MASQUE, texte))


class LigneJson(logging.Formatter):
    """One record, one line."""

    def format(self, record):
        ligne = {
            "instant": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "source": record.name,
            "message": masquer(record.getMessage()),
        }
        if code := getattr(record, "status_code", None):
            ligne["code"] = code
        if record.exc_info:
            ligne["trace"] = masquer(self.formatException(record.exc_info))
        return json.dumps(ligne, ensure_ascii=False)
