"""Dates as French writes them: « 1er décembre », then « 2 décembre »."""

import re

from django.utils import dateformat

_JOUR_ET_MOIS = re.compile(r"(?<!\\)j[\s\u00a0]+(?<!\\)[FNM]")


class DateFrancaise(dateformat.DateFormat):
    """Django's formatter, which writes « 1 décembre »: the first day is an ordinal before the name of its month."""

    _avec_le_mois = False

    def format(self, formatstr):
        self._avec_le_mois = bool(_JOUR_ET_MOIS.search(str(formatstr)))
        return super().format(formatstr)

    def j(self):
        jour = super().j()
        return "1er" if jour == 1 and self._avec_le_mois else jour


def adopter() -> None:
    """Have every date of the product, and of the packages under it, written so: filters and functions end here."""
    dateformat.DateFormat = DateFrancaise
