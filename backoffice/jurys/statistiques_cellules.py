"""What the tables of the statistics are made of: a figure with the list that proves it, a table, its chart."""

import json
from dataclasses import dataclass, field

from django.utils.html import format_html
from plotly import graph_objects as go

AUCUN = "–"


@dataclass(frozen=True)
class Cellule:
    """A figure or a word, and the list that proves it."""

    valeur: object
    url: str = ""

    @property
    def html(self):
        if not self.url or self.valeur in (0, AUCUN):
            return self.valeur
        return format_html('<a href="{}">{}</a>', self.url, self.valeur)


@dataclass(frozen=True)
class Tableau:
    """One table: what it says in a sentence, its columns, its rows; drawn when it has a figure."""

    id: str
    nom: str
    titre: str
    legende: str
    colonnes: list[str]
    rangees: list[list[Cellule]]
    figure: dict | None = field(default=None)

    @property
    def lignes(self) -> list[list]:
        return [[cellule.html for cellule in rangee] for rangee in self.rangees]


def pourcentage(part: int, tout: int) -> str:
    """« 72 % », a dash when there is nothing to divide."""
    return f"{round(100 * part / tout)}\u202f%" if tout else AUCUN


def barres(series: dict[str, list], noms: list[str], jetons: dict[str, str] | None = None) -> dict:
    """Horizontal bars, one colour per series; colours and fonts are those of the page.

    `jetons` names the colour of a series in the style sheet, for what has one of its own everywhere else.
    """
    figure = go.Figure()
    for nom, valeurs in series.items():
        figure.add_bar(
            y=noms,
            x=valeurs,
            name=nom,
            text=valeurs,
            orientation="h",
            textposition="auto",
            meta=(jetons or {}).get(nom),
        )
    figure.update_layout(
        template=None,
        barmode="stack",
        showlegend=len(series) > 1,
        legend={"orientation": "h", "y": -0.1},
        xaxis={"visible": False, "rangemode": "tozero"},
        yaxis={"categoryorder": "array", "categoryarray": noms[::-1], "showgrid": False, "ticksuffix": "  "},
    )
    return json.loads(figure.to_json())


def nombre(valeur) -> str:
    """« 2,5 », « 3 »."""
    return f"{valeur:g}".replace(".", ",")


def jours(valeur) -> str:
    """« 2,5 jours », « 1 jour »."""
    return f"{nombre(valeur)} jour{'s' if valeur >= 2 else ''}"
