"""How long what was acquired or proved stays valid: months counted the same way everywhere."""

from calendar import monthrange
from datetime import date


def fin_de_validite(jour: date, mois: int) -> date:
    """The last day on which what dates from `jour` is valid, `mois` months later."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    # Same day of the month; its last day when it is shorter (code de procédure civile, article 641).
    return jour.replace(year=annee, month=rang + 1, day=min(jour.day, monthrange(annee, rang + 1)[1]))
