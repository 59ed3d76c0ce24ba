"""The secret key of a demonstration: made once, kept in the data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path


def cle_locale(dossier: Path) -> str:
    """Return the key stored under `dossier`, made on the first call."""
    chemin = dossier / "cle_secrete"
    if not chemin.exists():
        dossier.mkdir(parents=True, exist_ok=True)
        try:
            descripteur = os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was faster
            return chemin.read_text()
        with os.fdopen(descripteur, "w") as fichier:
            fichier.write(secrets.token_urlsafe(64))
    return chemin.read_text()
