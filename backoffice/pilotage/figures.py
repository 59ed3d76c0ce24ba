"""Charts of the dashboards: plotly figures as data, each with its table."""

import json

from django.db.models import Count
from plotly import graph_objects as go

from backoffice.candidatures.models import ETAPE_DE_L_ETAT, Candidature

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
COULEUR = "#8a5a12"


def entonnoir(candidatures) -> dict:
    """How many dossiers stand at each step: figure, finding, table. Each figure equals a direct count."""
    par_etat = dict(candidatures.order_by().values_list("etat").annotate(Count("pk", distinct=True)))
    comptes = dict.fromkeys(ETAPES, 0)
    for etat, nombre in par_etat.items():
        etape = ETAPE_DE_L_ETAT.get(Candidature.Etat(etat))
        if etape:
            comptes[etape] += nombre
    libelles, valeurs = [ETAPES[e] for e in ETAPES], [comptes[e] for e in ETAPES]
    figure = go.Figure(
        go.Bar(y=libelles, x=valeurs, orientation="h", marker={"color": COULEUR}, text=valeurs, textposition="auto")
    )
    figure.update_layout(
        template=None,
        margin={"l": 170, "r": 20, "t": 10, "b": 40},
        height=360,
        xaxis={"title": {"text": "dossiers"}, "rangemode": "tozero"},
        yaxis={"autorange": "reversed"},
        font={"family": "Source Sans, sans-serif", "size": 15},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return {
        "id": "entonnoir",
        "titre": _constat(comptes),
        "legende": "Nombre de dossiers par étape, aujourd’hui",
        "figure": json.loads(figure.to_json()),
        "colonnes": ["Étape", "Dossiers"],
        "lignes": list(zip(libelles, valeurs, strict=True)),
    }


def _constat(comptes: dict[int, int]) -> str:
    en_route = {etape: nombre for etape, nombre in comptes.items() if etape < 10}
    if not any(en_route.values()):
        return "Aucun dossier n’est en route"
    etape = max(en_route, key=en_route.get)
    return f"C’est à l’étape « {ETAPES[etape]} » que le plus de dossiers attendent : {en_route[etape]}"
