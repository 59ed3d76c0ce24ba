"""The proof that a person is who they say, asked again before an act that commits them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

DUREE = timedelta(minutes=5)


@dataclass(frozen=True)
class Preuve:
    """A second factor presented: by whom, with what (« totp », « webauthn »…), when."""

    personne: int
    moyen: str
    le: datetime

    def vaut_pour(self, acteur) -> bool:
        """Is it theirs, and fresh enough? One from the future proves nothing either."""
        return self.personne == getattr(acteur, "pk", None) and timedelta(0) <= timezone.now() - self.le < DUREE
