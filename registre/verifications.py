"""What `manage.py journal verifier` recomputes beside the journal: each room registers what it has sealed."""

from collections.abc import Callable, Iterator

VERIFICATIONS: list[Callable[[], Iterator[str]]] = []


def verification(fonction: Callable[[], Iterator[str]]):
    """Register a function that yields a French sentence per fault (no name in it), nothing when all is sound."""
    VERIFICATIONS.append(fonction)
    return fonction
