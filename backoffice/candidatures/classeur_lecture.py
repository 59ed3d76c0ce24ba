"""Read the workbook that people send, xlsx or csv, as rows of texts. Hostile or huge files are refused in words."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from registre.textes import plier

TAILLE_MAXIMALE = 5 * 1024 * 1024
DEPLIE_MAXIMAL = 60 * 1024 * 1024
LIGNES_MAXIMALES = 2000
COLONNES_MAXIMALES = 60
CELLULE_MAXIMALE = 500

# Key of the column, and the headings (folded) under which it is known.
COLONNES = {
    "cqp": ("cqp", "certification", "intitule", "rncp", "fiche"),
    "option": ("option",),
    "voie": ("voie d acces", "voie", "modalite", "modalite d acces"),
    "etablissement": ("siret de l etablissement", "siret", "siret employeur", "siret entreprise"),
    "formateur": ("siret de l organisme de formation", "siret of", "siret organisme de formation"),
    "sexe": ("sexe", "civilite", "civ"),
    "nom": ("nom de naissance", "nom", "nom jeune fille"),
    "usage": ("nom d usage", "nom marital", "nom usuel"),
    "prenom1": ("premier prenom", "prenom", "prenom 1", "prenoms", "prenom s"),
    "prenom2": ("deuxieme prenom", "prenom 2"),
    "prenom3": ("troisieme prenom", "prenom 3"),
    "naissance": ("date de naissance", "ne e le", "ne le", "nee le", "naissance"),
    "commune": ("commune de naissance", "lieu de naissance", "ville de naissance", "a"),
    "insee": ("code insee de naissance", "code insee", "code insee de la commune de naissance"),
    "postal": ("code postal de naissance",),
    "pays": ("pays de naissance", "pays"),
    "courriel": ("adresse electronique", "courriel", "mail", "email", "e mail"),
    "telephone": ("telephone", "tel", "portable", "mobile"),
}
# What nobody needs here, and that no file of ours may hold.
INTERDITES = re.compile(
    r"\b(nir|securite sociale|num secu|n secu|numero de secu|ss|handicap|rqth|sante|medical|iban|rib|bic|"
    r"carte d identite|cni|passeport|religion|syndicat|ethnie)\b"
)


@dataclass
class Feuille:
    """A sheet as read: which column is which, the others, the rows with their number in the file."""

    entetes: list[str]
    lignes: list[tuple[int, list[str]]]
    colonnes: dict[str, int] = field(default_factory=dict)
    ignorees: list[str] = field(default_factory=list)
    depuis_1904: bool = False

    def valeurs(self, ligne: list[str]) -> dict[str, str]:
        """The cells of a row, by key of column."""
        return {cle: ligne[rang] if rang < len(ligne) else "" for cle, rang in self.colonnes.items()}


def lire(contenu: bytes) -> Feuille:
    """Read the file.

    Raises:
        ValidationError: a sentence that says what is wrong with the file and what to do; nothing of it is kept.
    """
    if len(contenu) > TAILLE_MAXIMALE:
        raise ValidationError("Ce fichier dépasse 5 Mo\u00a0: séparez-le en plusieurs.")
    if not contenu.strip():
        raise ValidationError("Ce fichier est vide.")
    if contenu.startswith(b"PK\x03\x04"):
        lignes, depuis_1904 = _xlsx(contenu)
    elif contenu.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError("C’est un ancien classeur (.xls)\u00a0: enregistrez-le en .xlsx, puis déposez-le.")
    else:
        lignes, depuis_1904 = _csv(contenu), False
    return _reconnaitre(lignes, depuis_1904)


def _texte(valeur) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, datetime):
        return valeur.strftime("%Y-%m-%d") if valeur.year >= 1000 else ""
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, float) and valeur.is_integer() and abs(valeur) < 1e15:
        return str(int(valeur))
    return str(valeur)


def _xlsx(contenu: bytes):
    try:
        _sans_danger(contenu)
        classeur = load_workbook(io.BytesIO(contenu), read_only=True, keep_links=False)
        feuille = next((f for f in classeur.worksheets if f.sheet_state == "visible"), None)
        if feuille is None:
            raise ValidationError("Ce classeur n’a pas de feuille visible.")
        feuille.reset_dimensions()
        lignes = []
        for numero, ligne in enumerate(feuille.iter_rows(values_only=True, max_col=COLONNES_MAXIMALES + 1), 1):
            if len(ligne) > COLONNES_MAXIMALES and ligne[COLONNES_MAXIMALES] is not None:
                raise ValidationError(
                    f"Cette feuille a plus de {COLONNES_MAXIMALES} colonnes\u00a0: ôtez les inutiles."
                )
            if any(valeur is not None and str(valeur).strip() for valeur in ligne):
                cellules = [_texte(valeur) for valeur in ligne]
                while not cellules[-1]:  # the reader fills each row up to the last column allowed
                    cellules.pop()
                lignes.append((numero, cellules))
                _compter(lignes)
        return lignes, classeur.epoch.year == 1904
    except ValidationError:
        raise
    except Exception as erreur:
        # A workbook may be broken in as many ways as there are programs: all of them are the same sentence.
        raise ValidationError("Ce classeur ne s’ouvre pas\u00a0: enregistrez-le de nouveau en .xlsx.") from erreur


def _sans_danger(contenu: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        membres = archive.infolist()
        if len(membres) > 500 or sum(m.file_size for m in membres) > DEPLIE_MAXIMAL:
            raise ValidationError("Ce classeur est trop grand une fois ouvert\u00a0: copiez les lignes dans le modèle.")
        if any(m.filename.endswith("vbaProject.bin") for m in membres):
            raise ValidationError("Ce classeur contient des macros\u00a0: enregistrez-le en .xlsx, puis déposez-le.")
        for membre in membres:
            if membre.filename.endswith((".xml", ".rels")):
                with archive.open(membre) as flux:
                    if b"<!DOCTYPE" in flux.read(4096).upper():
                        raise ValidationError("Ce classeur n’est pas un classeur ordinaire\u00a0: il est refusé.")


def _csv(contenu: bytes):
    if b"\x00" in contenu:
        raise ValidationError("Ce format n’est pas accepté\u00a0: envoyez un classeur .xlsx ou un fichier .csv.")
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = contenu.decode("cp1252", errors="replace")
    premiere = texte.lstrip().partition("\n")[0]
    separateur = max(";,\t", key=premiere.count)
    lignes = []
    try:
        for numero, ligne in enumerate(csv.reader(io.StringIO(texte), delimiter=separateur), 1):
            if len(ligne) > COLONNES_MAXIMALES:
                raise ValidationError(f"Ce fichier a plus de {COLONNES_MAXIMALES} colonnes\u00a0: ôtez les inutiles.")
            if any(cellule.strip() for cellule in ligne):
                lignes.append((numero, ligne))
                _compter(lignes)
    except csv.Error as erreur:
        raise ValidationError("Ce fichier .csv ne se lit pas\u00a0: enregistrez-le de nouveau.") from erreur
    return lignes


def _compter(lignes: list) -> None:
    if len(lignes) > LIGNES_MAXIMALES + 1:
        raise ValidationError(f"Ce fichier a plus de {LIGNES_MAXIMALES} lignes\u00a0: séparez-le en plusieurs.")


def _reconnaitre(lignes: list[tuple[int, list[str]]], depuis_1904: bool) -> Feuille:
    """Find the row of headings, then what each column is. A forbidden column refuses the whole file."""
    for position, (_, cellules) in enumerate(lignes[:10]):
        debut, colonnes = position + 1, _colonnes(cellules)
        if {"nom", "prenom1"} <= colonnes.keys():
            break
    else:
        raise ValidationError(
            "Les colonnes «\u202fNom de naissance\u202f» et «\u202fPremier prénom\u202f» ne se trouvent pas\u00a0: "
            "partez du modèle, et gardez sa ligne de titres."
        )
    if interdites := [titre for titre in cellules if INTERDITES.search(plier(titre))]:
        noms = ", ".join(f"«\u202f{titre.strip()[:60]}\u202f»" for titre in interdites)
        raise ValidationError(
            f"Cette donnée ne doit pas être transmise\u00a0: {noms}. Supprimez la colonne et déposez de nouveau le "
            "fichier\u00a0; rien n’en a été gardé."
        )
    entetes = [titre.strip()[:80] for titre in cellules]
    reconnues = set(colonnes.values())
    corps = [
        (numero, [cellule[:CELLULE_MAXIMALE] for cellule in ligne])
        for numero, ligne in lignes[debut:]
        if _colonnes(ligne).keys() != colonnes.keys()  # headings repeated in the middle
    ]
    if not corps:
        raise ValidationError("Ce fichier n’a aucune ligne sous ses titres.")
    ignorees = [titre for position, titre in enumerate(entetes) if titre and position not in reconnues]
    return Feuille(entetes, corps, colonnes, ignorees, depuis_1904)


def _colonnes(cellules: list[str]) -> dict[str, int]:
    trouvees = {}
    for position, titre in enumerate(cellules):
        # « Né(e) le » as it is, « Sexe (F ou M) » without its remark.
        plies = {plier(titre), plier(titre.partition("(")[0])}
        for cle, noms in COLONNES.items():
            if plies.intersection(noms) and cle not in trouvees:
                trouvees[cle] = position
    return trouvees
