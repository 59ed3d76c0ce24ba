"""The workbook to fill in: made for one CQP, with the values it allows, an example and a sheet of help."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from backoffice.parcours.models import ModaliteAcces, Parcours
from registre.models import Organisme

from .admission import voies_admises

LIGNES_PREPAREES = 500
FEUILLE, AIDE, LISTES = "Candidatures", "Aide", "Listes"
# Key, heading, width, example, help.
COLONNES = (
    ("cqp", "CQP", 22, "", "Numéro de la fiche, ou intitulé exact. Vide\u00a0: le CQP choisi au dépôt."),
    ("option", "Option", 20, "", "Seulement si ce CQP a des options."),
    ("voie", "Voie d’accès", 34, "", "Une valeur de la liste. Vide\u00a0: la voie choisie au dépôt."),
    ("etablissement", "SIRET de l’établissement", 22, "", "14 chiffres. Vide\u00a0: l’établissement choisi au dépôt."),
    ("formateur", "SIRET de l’organisme de formation", 26, "", "14 chiffres, s’il est connu de la plateforme."),
    ("sexe", "Sexe", 8, "F", "F ou M."),
    ("nom", "Nom de naissance", 24, "Exemple", "Celui de l’acte de naissance, avec ses accents. Obligatoire."),
    ("usage", "Nom d’usage", 20, "", "Le nom marital, s’il est utilisé."),
    ("prenom1", "Premier prénom", 18, "Élodie", "Un seul prénom. Obligatoire."),
    ("prenom2", "Deuxième prénom", 18, "", ""),
    ("prenom3", "Troisième prénom", 18, "", ""),
    ("naissance", "Date de naissance", 18, "03/05/1990", "JJ/MM/AAAA, année sur quatre chiffres."),
    (
        "commune",
        "Commune de naissance",
        24,
        "Mende",
        "Telle qu’elle s’appelait à la naissance\u202f; avec l’arrondissement.",
    ),
    (
        "insee",
        "Code INSEE de naissance",
        18,
        "48095",
        "Différent du code postal. Vide pour une naissance à l’étranger.",
    ),
    ("postal", "Code postal de naissance", 18, "48000", ""),
    ("pays", "Pays de naissance", 20, "France", "Nom du pays, ou son code INSEE (99…)."),
    ("courriel", "Adresse électronique", 30, "elodie.exemple@example.org", "Celle de la personne."),
    ("telephone", "Téléphone", 16, "06 39 98 00 00", ""),
)
EXEMPLE = "Exemple"


def _texte(cellule, valeur: str):
    cellule.value = valeur
    cellule.data_type, cellule.number_format = "s", "@"
    return cellule


def composer(version, acteur) -> bytes:
    """The workbook for this version, as this person may fill it."""
    parcours = Parcours.objects.all().publie(version.certification, version.certification.porteur)
    noms = dict(ModaliteAcces.choices)
    siens = Organisme.objects.filter(pk__in=acteur.organismes_ids("employeur")).exclude(siret="")
    permis = {
        "cqp": [version.numero or version.intitule],
        "option": [o.libelle for o in version.options.all()],
        "voie": [noms[voie] for voie in voies_admises(version, parcours)],
        "etablissement": [o.siret for o in siens],
        "sexe": ["F", "M"],
    }
    classeur = Workbook()
    feuille = classeur.active
    feuille.title = FEUILLE
    _remplir(feuille, permis)
    _aider(classeur.create_sheet(AIDE), version)
    listes = classeur.create_sheet(LISTES)
    for rang, (cle, valeurs) in enumerate(permis.items(), 1):
        for ligne, valeur in enumerate(valeurs, 1):
            _texte(listes.cell(ligne, rang), valeur)
        if valeurs:
            _proposer(feuille, cle, f"{LISTES}!${get_column_letter(rang)}$1:${get_column_letter(rang)}${len(valeurs)}")
    listes.sheet_state = "hidden"
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _remplir(feuille, permis: dict) -> None:
    fond = PatternFill("solid", fgColor="F5EEE3")
    for rang, (cle, titre, largeur, exemple, _) in enumerate(COLONNES, 1):
        lettre = get_column_letter(rang)
        feuille.column_dimensions[lettre].width = largeur
        # A new line typed under the example is text as well: no date nor zero is eaten.
        feuille.column_dimensions[lettre].number_format = "@"
        entete = _texte(feuille.cell(1, rang), titre)
        entete.font, entete.fill = Font(bold=True), fond
        premiere = permis.get(cle, [""])[:1]
        _texte(feuille.cell(2, rang), exemple or (premiere[0] if premiere else ""))
    feuille.freeze_panes = "A2"


def _proposer(feuille, cle: str, plage: str) -> None:
    rang = next(i for i, colonne in enumerate(COLONNES, 1) if colonne[0] == cle)
    lettre = get_column_letter(rang)
    liste = DataValidation(type="list", formula1=plage, allow_blank=True, showErrorMessage=True)
    liste.errorTitle, liste.error = "Valeur inconnue", "Choisissez une valeur de la liste."
    feuille.add_data_validation(liste)
    liste.add(f"{lettre}2:{lettre}{LIGNES_PREPAREES}")


def _aider(feuille, version) -> None:
    feuille.column_dimensions["A"].width, feuille.column_dimensions["B"].width = 34, 100
    lignes = [
        ("Ce classeur", f"Une ligne par personne, pour {version.intitule}."),
        (
            "La ligne d’exemple",
            "Remplacez-la\u00a0: la ligne dont le nom est «\u202fExemple\u202f» n’est jamais importée.",
        ),
        (
            "Ensuite",
            "Déposez le fichier\u00a0: la plateforme le vérifie ligne à ligne, sans rien créer, avant votre accord.",
        ),
        ("À ne jamais mettre", "Numéro de sécurité sociale, santé, handicap, coordonnées bancaires, pièce d’identité."),
        ("", ""),
        *((titre, aide) for _, titre, _, _, aide in COLONNES),
    ]
    for rang, (titre, aide) in enumerate(lignes, 1):
        _texte(feuille.cell(rang, 1), titre).font = Font(bold=True)
        _texte(feuille.cell(rang, 2), aide)
