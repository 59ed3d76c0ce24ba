"""Dates as French writes them, wherever they are printed."""

from datetime import date, datetime

import pytest
from django.template import Context, Template
from django.utils.formats import date_format


@pytest.mark.parametrize(
    ("jour", "forme", "attendu"),
    [
        (date(2026, 12, 1), "j F Y", "1er décembre 2026"),
        (date(2026, 12, 1), "l j F", "mardi 1er décembre"),
        (date(2026, 12, 2), "j F Y", "2 décembre 2026"),
        (date(2026, 12, 11), "j F Y", "11 décembre 2026"),
        (date(2026, 12, 1), "d/m/Y", "01/12/2026"),
        (date(2026, 12, 1), "j", "1"),
        (date(2026, 12, 1), "DATE_FORMAT", "1er décembre 2026"),
    ],
)
def test_le_premier_du_mois_est_un_ordinal(jour, forme, attendu):
    """In templates and in sentences; never in figures, nor for the other days."""
    assert date_format(jour, forme) == attendu
    assert Template("{{ jour|date:forme }}").render(Context({"jour": jour, "forme": forme})) == attendu


def test_l_heure_reste_ce_qu_elle_est():
    assert date_format(datetime(2026, 12, 1, 1, 5), "j F Y à G:i") == "1er décembre 2026 à 1:05"
