"""What every table of a list shares: rows already sorted by the database, a box to choose each one."""

from collections.abc import Callable
from dataclasses import dataclass

import django_tables2 as tables
from django.utils.html import format_html
from django_tables2.data import TableData


@dataclass(frozen=True)
class Colonne:
    """One column of the exports: its heading, how it is read. `imprimee`: on the PDF too, which is narrower."""

    titre: str
    lire: Callable
    imprimee: bool = False
    largeur: int = 24


class Lignes(TableData):
    """The rows of one page, in the order in which the database gave them."""

    def __len__(self):
        return len(self.data)

    def order_by(self, aliases):
        """Nothing: sorting 25 rows of 100 000 would be a lie."""


class CaseColumn(tables.Column):
    """A box per row, outside of any form in the table: it belongs to the form of the acts on many rows."""

    FORMULAIRE = "actes-groupes"

    def __init__(self):
        super().__init__(verbose_name="Choisir", empty_values=(), orderable=False)

    def render(self, record):
        return format_html(
            '<input type="checkbox" name="lignes" value="{}" form="{}" aria-label="Choisir {}">',
            record.pk, self.FORMULAIRE, record,
        )  # fmt: skip


class TableDeListe(tables.Table):
    """Base of the tables of the back office. `acteur` is who reads; `a_choisir` shows the boxes."""

    legende = ""

    class Meta:
        template_name = "components/tableau.html"
        order_by_field = "tri"
        empty_text = "Rien ne correspond."

    def __init__(self, lignes, *, acteur, a_choisir=False, **kwargs):
        self.acteur = acteur
        choix = [("choix", CaseColumn())] if a_choisir else []
        if choix:
            kwargs["sequence"] = ("choix", "...")
        super().__init__(Lignes(lignes), extra_columns=choix, **kwargs)
