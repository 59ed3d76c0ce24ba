"""The three months: bands of urgency, and the same bands as conditions on the day of issue."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from .accrochage import echeance

# No three months have fewer days than this: where the search for a day of issue begins.
TROIS_MOIS_COURTS = timedelta(days=88)


def delivre_au_plus_tard(limite: date) -> date:
    """The last day of issue whose term is not after `limite` (months differ: several days may share one term)."""
    jour = limite - TROIS_MOIS_COURTS
    while echeance(jour) > limite:
        jour -= timedelta(days=1)
    return jour


@dataclass(frozen=True)
class Bande:
    """How near the term is: from `debut` to `fin` days left, both included (None: without limit)."""

    code: str
    libelle: str
    debut: int | None
    fin: int | None

    def condition(self, jour: date, champ: str = "delivre_le") -> Q:
        """The parchemins of this band, by their day of issue."""
        condition = Q()
        if self.fin is not None:
            condition &= Q(**{f"{champ}__lte": delivre_au_plus_tard(jour + timedelta(days=self.fin))})
        if self.debut is not None:
            condition &= Q(**{f"{champ}__gt": delivre_au_plus_tard(jour + timedelta(days=self.debut - 1))})
        return condition


BANDES = (
    Bande("retard", "Échéance passée", None, -1),
    Bande("j7", "Sous 7 jours", 0, 7),
    Bande("j15", "Sous 15 jours", 8, 15),
    Bande("j30", "Sous 30 jours", 16, 30),
    Bande("loin", "Plus tard", 31, None),
)
# The days left at which the certificateur is told, the last one being « late ».
PALIERS = {"j30": 30, "j15": 15, "j7": 7, "retard": 0}
