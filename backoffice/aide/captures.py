"""The pictures of the guides: taken by `script/guides`, named in the guides, described in a manifest."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

DOSSIER = Path(settings.BASE_DIR) / "site_public" / "static" / "guides"
MANIFESTE = DOSSIER / "captures.json"


@cache
def dimensions() -> dict[str, list[int]]:
    """Width and height in pixels of each picture, by name."""
    return json.loads(MANIFESTE.read_text(encoding="utf-8")) if MANIFESTE.exists() else {}
