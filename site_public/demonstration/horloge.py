"""The clock of the demonstration: its acts bear the dates they tell of, since the verbs read the hour themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


class Horloge:
    """A clock that stands still until it is set."""

    def __init__(self, instant: datetime):
        self.instant = instant

    def regler(self, instant: datetime) -> None:
        """Set the hour."""
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant


@contextmanager
def horloge(depart: datetime) -> Iterator[Horloge]:
    """Have `timezone.now()` (and so `localdate()`) tell the hour of the clock, in this process, until the end."""
    vraie, notre = timezone.now, Horloge(depart)
    timezone.now = notre
    try:
        yield notre
    finally:
        timezone.now = vraie
