"""Are the stored files still those whose hash the register and the public log hold?"""

import hashlib
from collections.abc import Iterator

from registre.models import Parchemin

BLOC = 1024 * 1024


def verifier_les_fichiers() -> Iterator[str]:
    """Read every stored document again and yield a French sentence per fault: absent, unreadable, changed."""
    for document in Parchemin.objects.edites().only("numero", "fichier", "sha256").order_by("pk").iterator():
        try:
            with document.fichier.open("rb") as fichier:
                empreinte = hashlib.sha256()
                while bloc := fichier.read(BLOC):
                    empreinte.update(bloc)
        except (OSError, ValueError):
            yield f"Document {document.numero}\u00a0: son fichier est absent ou ne se lit pas."
            continue
        if empreinte.hexdigest() != document.sha256:
            yield f"Document {document.numero}\u00a0: son fichier n’est plus celui qui a été délivré."
