"""Charts of the dashboards: plotly figures as data, each with its table."""

import json
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from plotly import graph_objects as go

from backoffice.candidatures.models import ETAPE_DE_L_ETAT

ETAPES = {
    2: "Inscription",
    3: "Recevabilité",
    5: "Parcours et évaluateurs",
    6: "Évaluation",
    7: "Attente de jury",
    8: "Jury inscrit",
    9: "Proposition rendue",
    10: "Décision rendue",
}


def etats_a_l_etape(etape: int) -> list[str]:
    """The states in which a dossier stands at this step."""
    return [str(etat) for etat, sienne in ETAPE_DE_L_ETAT.items() if sienne == etape]


def liste_des_etats(etats) -> str:
    """Address of the list of the dossiers in these states: what proves a figure."""
    return f"{reverse('candidatures:liste')}?{urlencode([('etat', str(etat)) for etat in etats])}"


def entonnoir(candidatures) -> dict:
    """How many dossiers stand at each step: figure, finding, table. Each figure equals a direct count."""
    par_etat = dict(candidatures.order_by().values_list("etat").annotate(Count("pk", distinct=True)))
    comptes = {etape: sum(par_etat.get(etat, 0) for etat in etats_a_l_etape(etape)) for etape in ETAPES}
    return {
        "id": "entonnoir",
        "titre": _constat(comptes),
        "legende": "Nombre de dossiers par étape, aujourd’hui",
        "figure": json.loads(_barres(comptes).to_json()),
        "colonnes": ["Étape", "Dossiers"],
        "lignes": [
            (format_html('<a href="{}">{}</a>', liste_des_etats(etats_a_l_etape(etape)), ETAPES[etape]), nombre)
            for etape, nombre in comptes.items()
        ],
    }


def _barres(comptes: dict[int, int]) -> go.Figure:
    """One bar per step, the fullest one set apart; colours and fonts are those of the page, light or dark."""
    pleine = _plus_pleine(comptes)
    figure = go.Figure()
    for choisie in (False, True):
        siennes = {etape: n for etape, n in comptes.items() if (etape == pleine) == choisie}
        valeurs = list(siennes.values())
        noms = [ETAPES[etape] for etape in siennes]
        figure.add_bar(y=noms, x=valeurs, text=valeurs, orientation="h", textposition="outside", cliponaxis=False)
    figure.update_layout(
        template=None,
        barmode="stack",
        showlegend=False,
        xaxis={"visible": False, "rangemode": "tozero"},
        yaxis={
            "categoryorder": "array",
            "categoryarray": list(reversed(ETAPES.values())),
            "showgrid": False,
            "ticksuffix": "  ",
        },
        margin={"r": 48},
    )
    return figure


def _plus_pleine(comptes: dict[int, int]) -> int | None:
    """The step, before the decision, where most dossiers wait; None when none does."""
    en_route = {etape: nombre for etape, nombre in comptes.items() if etape < 10 and nombre}
    return max(en_route, key=en_route.get) if en_route else None


def _constat(comptes: dict[int, int]) -> str:
    etape = _plus_pleine(comptes)
    if etape is None:
        return "Aucun dossier n’est en route"
    return f"C’est à l’étape «\u202f{ETAPES[etape]}\u202f» que le plus de dossiers attendent\u00a0: {comptes[etape]}"
