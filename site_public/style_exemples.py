"""Content of the `/style/` page: real certifications, invented people."""

import datetime
import itertools
import json

import plotly.graph_objects as go

J = datetime.date

JETONS = (
    "papier feuille lavis encre encre-2 pierre-1 pierre-2 pierre-3 ocre ocre-trait ocre-encre ocre-lavis nuit "
    "valide partiel refus info"
).split()

MENU = [
    {
        "titre": "Mon travail",
        "entrees": [
            {"libelle": "À faire", "url": "/style/?base=gestion", "icone": "accueil", "actif": True, "compte": 7},
            {"libelle": "Candidatures", "url": "#", "icone": "document", "actif": False},
            {"libelle": "Sessions de jury", "url": "#", "icone": "jury", "actif": False, "compte": 2},
            {"libelle": "Délivrances", "url": "#", "icone": "parchemin", "actif": False},
            {"libelle": "SI CPF", "url": "#", "icone": "cpf", "actif": False},
        ],
    },
    {
        "titre": "Suivi",
        "entrees": [
            {"libelle": "Tableau de bord", "url": "#", "icone": "tableau", "actif": False},
            {"libelle": "Journal", "url": "#", "icone": "journal", "actif": False},
        ],
    },
]

CARTES = [
    {
        "titre": "Couvreur lauzier schiste",
        "numero": "RNCP41346",
        "nature": "CQP",
        "niveau": 3,
        "filiere": "Couverture",
        "porteur": "Association des lauziers couvreurs",
        "accroche": "Poser et restaurer des toitures de lauzes de schiste, de la taille à l’égout.",
        "etat_libelle": "Enregistré jusqu’au 24 septembre 2030",
        "etat_ton": "valide",
    },
    {
        "titre": "Technicien protection risques naturels",
        "numero": "RNCP40283",
        "nature": "CQP",
        "niveau": 4,
        "filiere": "Travaux sur cordes",
        "porteur": "France travaux sur cordes",
        "accroche": "Poser filets, ancrages et écrans là où la falaise menace la route.",
        "etat_libelle": "Enregistré jusqu’au 28 février 2030",
        "etat_ton": "valide",
    },
    {
        "titre": "Ouvrier professionnel en pierre sèche",
        "numero": "RNCP35654",
        "nature": "CQP",
        "niveau": 3,
        "filiere": "Maçonnerie",
        "porteur": "Artisans bâtisseurs en pierres sèches",
        "accroche": "Bâtir sans mortier des murs qui tiennent un siècle.",
        "etat_libelle": "Fin d’enregistrement le 17 juin 2026",
        "etat_ton": "neutre",
    },
]

ETAPES = [
    {"numero": n, "libelle": libelle, "etat": etat, "date": jour}
    for n, libelle, etat, jour in (
        (1, "Préparation", "faite", J(2026, 9, 1)),
        (2, "Inscription", "faite", J(2026, 9, 14)),
        (3, "Recevabilité", "faite", J(2026, 9, 18)),
        (4, "Positionnement", "sans_objet", None),
        (5, "Évaluateurs", "faite", J(2026, 10, 2)),
        (6, "Évaluation", "en_cours", None),
        (7, "Inscription au jury", "a_venir", None),
        (8, "Jury paritaire", "a_venir", None),
        (9, "Jury de certification", "a_venir", None),
        (10, "Délivrance", "a_venir", None),
    )
]

ATTENTE = {
    "qui": "Jean-Marc Boissier, évaluateur habilité,",
    "quoi": "doit encore enregistrer le résultat de deux compétences.",
    "depuis": J(2026, 11, 9),
    "relance": J(2026, 11, 23),
    "manques": [
        {"libelle": "Bloc 2, compétence C2.3\u00a0: poser une rive en lauzes", "url": "#"},
        {"libelle": "Bloc 2, compétence C2.4\u00a0: contrôler l’étanchéité de l’ouvrage", "url": "#"},
        "Le guide d’évaluation signé",
    ],
}

FACETTES = [
    {
        "nom": "niveau",
        "libelle": "Niveau",
        "ouvert": True,
        "choix": [
            {"valeur": "3", "libelle": "Niveau 3 (CAP)", "compte": 12, "coche": True},
            {"valeur": "4", "libelle": "Niveau 4 (baccalauréat)", "compte": 7, "coche": False},
        ],
    },
    {
        "nom": "filiere",
        "libelle": "Filière",
        "ouvert": False,
        "choix": [{"valeur": "couverture", "libelle": "Couverture", "compte": 4, "coche": False}],
    },
]

CHIFFRES = [
    {"valeur": "27", "libelle": "CQP délivrés par la branche", "precision": "dont 14 au RNCP"},
    {"valeur": "1\u202f284", "libelle": "personnes certifiées en 2025", "url": "#"},
    {"valeur": "86\u00a0%", "libelle": "de réussite totale", "precision": "sessions de 2025"},
]

ONGLETS = [
    {"libelle": libelle, "url": "#", "actif": actif, "compte": compte}
    for libelle, actif, compte in (
        ("Dossier", True, None),
        ("Évaluation", False, None),
        ("Jury", False, None),
        ("Documents", False, 4),
        ("Échanges", False, 2),
        ("Journal", False, None),
    )
]

ACTIONS = [
    {"libelle": "Dupliquer le dossier", "url": "#", "icone": "dupliquer"},
    {"libelle": "Exporter en PDF", "url": "#", "icone": "pdf"},
    {"libelle": "Abandonner le dossier", "url": "#", "icone": "supprimer", "danger": True},
]

FAITS = [
    {"libelle": "Titulaire", "valeur": "Camille Łukasik-Œuvrard"},
    {"libelle": "Certification", "valeur": "CQP Couvreur lauzier schiste", "url": "#"},
    {"libelle": "Numéro", "valeur": "LAU-2026-00042"},
    {"libelle": "Délivré le", "valeur": "22 novembre 2026, à Mende"},
]

FRISE = [
    {
        "date": J(2026, 11, 9),
        "titre": "Réponse de l’évaluateur métier",
        "texte": "Hélène Chabanon, cheffe d’atelier.",
        "ton": "valide",
    },
    {"date": J(2026, 10, 2), "titre": "Évaluateurs confirmés", "texte": "Un habilité, un du métier."},
    {"date": J(2026, 9, 18), "titre": "Dossier recevable", "url": "#"},
]

TUILES = [
    {
        "titre": "Dossiers à contrôler",
        "compte": 7,
        "icone": "evaluation",
        "ton": "attente",
        "texte": "Le plus ancien attend depuis 6\u00a0jours.",
    },
    {
        "titre": "Session de jury à préparer",
        "compte": 1,
        "icone": "jury",
        "ton": "info",
        "texte": "Le 12 décembre 2026, à Mende.",
    },
    {
        "titre": "Parchemins à transmettre",
        "compte": 23,
        "icone": "cpf",
        "ton": "partiel",
        "texte": "Échéance la plus proche\u00a0: 3 janvier 2027.",
    },
    {
        "titre": "Parchemins délivrés ce mois",
        "compte": 41,
        "icone": "parchemin",
        "ton": "valide",
        "texte": "Dont six après une validation des acquis.",
    },
]

_PERSONNES = (
    "Abadie Élise",
    "Boissier Rémi",
    "Chabanon Noé",
    "Durand Œdipe",
    "Estève Maïté",
    "Fabre Lou",
    "Galtier Sami",
    "Hérail Ana",
)
_ETATS = itertools.cycle(("deposee", "incomplete", "en_evaluation", "inscrite_jury", "validee", "partielle"))
CANDIDATURES = [
    {
        "candidat": nom,
        "cqp": CARTES[rang % 3]["titre"],
        "etat": etat,
        "depuis": J(2026, 11, 20) - datetime.timedelta(days=3 * rang),
        "jours": 3 * rang,
    }
    for rang, (nom, etat) in enumerate(zip(_PERSONNES, _ETATS, strict=False))
]

MOIS = ["Juin", "Juil.", "Août", "Sept.", "Oct.", "Nov."]
VALIDES, PARTIELS = [38, 22, 9, 44, 57, 41], [6, 4, 1, 9, 7, 5]
COLONNES = ["Mois", "Validés", "Partiels"]
LIGNES = list(zip(MOIS, VALIDES, PARTIELS, strict=True))


def figure():
    """A plotly figure as the `graphique` component wants it: plain data."""
    trace = go.Figure(
        [go.Bar(x=MOIS, y=VALIDES, name="Validés"), go.Bar(x=MOIS, y=PARTIELS, name="Partiels")],
        layout={"barmode": "stack", "legend": {"orientation": "h"}},
    )
    return json.loads(trace.to_json())
