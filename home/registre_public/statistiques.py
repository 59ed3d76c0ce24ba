"""The public statistics: charts, their tables, and the same masked figures as open data."""

import json
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from plotly import graph_objects as go

from home.catalogue import ETATS, RECONNAISSANCES, adresse, etat
from home.effectifs import AUTRES, Effectifs
from home.registre_public.dictionnaire import Champ, Jeu
from home.registre_public.lecture import versions_publiques
from registre.secret_statistique import TOTAL

CACHE = "secret"
AU_PLUS = 10


@dataclass(frozen=True)
class Ligne:
    """One line of the open data: a certification and a year, either of which may be « all »."""

    certification: str
    intitule: str
    annee: str
    parchemins: int | None

    @property
    def masque(self) -> bool:
        return self.parchemins is None


JEU = Jeu(
    "statistiques",
    "Parchemins délivrés",
    "Une ligne par certification et par année de délivrance, totaux compris.",
    ("certification", "annee"),
    (
        Champ(
            "certification",
            "Certification",
            lambda ligne: ligne.certification,
            "Identifiant de la certification\u202f; «\u202fautres\u202f»\u00a0: celles qui n’ont pas de page "
            "publique\u202f; «\u202ftotal\u202f»\u00a0: toutes.",
            obligatoire=True,
        ),
        Champ("intitule", "Intitulé usuel", lambda ligne: ligne.intitule, "Nom courant.", obligatoire=True),
        Champ(
            "annee",
            "Année",
            lambda ligne: ligne.annee,
            "Année de délivrance\u202f; «\u202ftotal\u202f»\u00a0: toutes.",
            obligatoire=True,
        ),
        Champ(
            "parchemins",
            "Parchemins",
            lambda ligne: ligne.parchemins,
            "Parchemins en vigueur\u202f; vide quand le nombre est masqué.",
            "integer",
        ),
        Champ(
            "masque",
            "Masqué",
            lambda ligne: ligne.masque,
            "Le nombre est-il masqué, parce qu’il est petit ou parce qu’il en révélerait un petit\u00a0?",
            "boolean",
            obligatoire=True,
        ),
    ),
)


def en_clair(nombre: int | None) -> str:
    """A figure as people read it."""
    return CACHE if nombre is None else number_format(nombre, force_grouping=True)


def lignes(effectifs: Effectifs) -> list[Ligne]:
    """Every figure of the protected table, the zeros apart."""
    noms = [(c.pk, c.slug, c.intitule_usuel) for c in effectifs.certifications]
    if effectifs.autres:
        noms.append((AUTRES, AUTRES, "Autres certifications"))
    noms.append((TOTAL, "total", "Toutes les certifications"))
    return [
        Ligne(slug, intitule, str(annee or "total"), nombre)
        for cle, slug, intitule in noms
        for annee in (*effectifs.annees, TOTAL)
        if (nombre := effectifs.de(cle, annee)) != 0
    ]


def _figure(noms: list[str], valeurs: list, couche: bool) -> dict:
    """Bars; a hidden figure has none. Colours and fonts are those of the page."""
    axe = {"y": noms, "x": valeurs, "orientation": "h"} if couche else {"x": noms, "y": valeurs}
    textes = [number_format(v, force_grouping=True) if v is not None else CACHE for v in valeurs]
    figure = go.Figure()
    figure.add_bar(**axe, text=textes, textposition="outside", cliponaxis=False)
    if couche:
        ordre = {"categoryorder": "array", "categoryarray": list(reversed(noms)), "showgrid": False, "ticksuffix": "  "}
        figure.update_layout(xaxis={"visible": False, "rangemode": "tozero"}, yaxis=ordre, margin={"r": 64})
    else:
        # Two or three years are bars, not walls.
        figure.update_traces(width=min(0.8, 0.16 * len(noms)))
        figure.update_layout(xaxis={"type": "category"}, yaxis={"visible": False, "rangemode": "tozero"})
    figure.update_layout(template=None, showlegend=False)
    return json.loads(figure.to_json())


def par_annee(effectifs: Effectifs) -> dict:
    """Parchemins per year: the finding is the last whole year."""
    valeurs = [effectifs.en_tout(annee) for annee in effectifs.annees]
    ecoulees = [(a, n) for a, n in zip(effectifs.annees, valeurs, strict=True) if a < timezone.localdate().year and n]
    titre = "Les parchemins délivrés chaque année"
    if ecoulees:
        annee, nombre = ecoulees[-1]
        titre = f"{en_clair(nombre)} parchemins délivrés en {annee}"
    return {
        "id": "par-annee",
        "titre": titre,
        "legende": "Nombre de parchemins en vigueur, par année de délivrance\u202f; l’année en cours n’est pas finie",
        "figure": _figure([str(a) for a in effectifs.annees], valeurs, couche=False),
        "colonnes": ["Année", "Parchemins"],
        "lignes": [(a, en_clair(n)) for a, n in zip(effectifs.annees, valeurs, strict=True)],
    }


def par_certification(effectifs: Effectifs) -> dict:
    """The certifications most delivered, over all years; the table has them all, year by year."""
    rangees = sorted(effectifs.certifications, key=lambda c: (-(effectifs.de(c.pk) or 0), c.intitule_usuel, c.pk))
    premieres = [c for c in rangees if effectifs.de(c.pk)][:AU_PLUS]
    titre = "Les certifications les plus délivrées"
    if premieres:
        titre = f"«\u202f{premieres[0].intitule_usuel}\u202f» est la certification la plus délivrée"
    corps = [
        (format_html('<a href="{}">{}</a>', adresse(c), c.intitule_usuel), *_annees(effectifs, c.pk)) for c in rangees
    ]
    if effectifs.autres:
        corps.append(("Autres certifications", *_annees(effectifs, AUTRES)))
    corps.append(("Toutes", *_annees(effectifs, TOTAL)))
    return {
        "id": "par-certification",
        "titre": titre,
        "legende": f"Nombre de parchemins en vigueur, toutes années\u202f; les {AU_PLUS} premières",
        "figure": _figure([c.intitule_usuel for c in premieres], [effectifs.de(c.pk) for c in premieres], couche=True),
        "colonnes": ["Certification", *map(str, effectifs.annees), "Toutes"],
        "lignes": corps,
    }


def _annees(effectifs: Effectifs, cle) -> list[str]:
    return [en_clair(effectifs.de(cle, annee)) for annee in (*effectifs.annees, TOTAL)]


def par_etat() -> dict:
    """The versions by who recognises them and by state: nobody is counted, nothing is hidden."""
    jour = timezone.localdate()
    comptes: dict = {}
    for version in versions_publiques().only(
        "repertoire", "date_fin_enregistrement", "date_limite_delivrance", "certification_id"
    ):
        cle = (version.repertoire, etat(version, jour)[0])
        comptes[cle] = comptes.get(cle, 0) + 1
    figure = go.Figure()
    # The colours of the states everywhere else on the site.
    couleurs = ("--valide", "--ocre-trait", "--pierre-2")
    for (cle, libelle, _), couleur in zip(ETATS, couleurs, strict=True):
        valeurs = [comptes.get((r, cle), 0) for r in RECONNAISSANCES]
        figure.add_bar(
            name=libelle,
            y=list(RECONNAISSANCES.values()),
            x=valeurs,
            text=[v or "" for v in valeurs],
            orientation="h",
            meta=couleur,
        )
    figure.update_layout(
        template=None,
        barmode="stack",
        xaxis={"visible": False, "rangemode": "tozero"},
        legend={"orientation": "h", "y": -0.2},
        yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  "},
    )
    en_cours = sum(n for (_, cle), n in comptes.items() if cle == ETATS[0][0])
    return {
        "id": "par-etat",
        "titre": f"{en_cours} version{'s' if en_cours > 1 else ''} ouverte{'s' if en_cours > 1 else ''} aux candidats",
        "legende": "Nombre de versions de certifications, par reconnaissance et par état, aujourd’hui",
        "figure": json.loads(figure.to_json()),
        "colonnes": ["Reconnaissance", *(libelle for _, libelle, _ in ETATS)],
        "lignes": [
            (libelle, *(comptes.get((r, cle), 0) for cle, _, _ in ETATS)) for r, libelle in RECONNAISSANCES.items()
        ],
    }
