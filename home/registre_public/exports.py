"""The open tables as files. Each says where its dictionary is, and the workbook carries it."""

import csv
import io
import json
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from home.ouvert import LICENCE, adresse_publique
from home.registre_public.dictionnaire import Jeu, en_json, en_texte

# What a spreadsheet would take for a formula.
FORMULES = ("=", "+", "-", "@", "\t", "\r")
NOTICE = (
    "Données du registre sous Licence Ouverte 2.0. Ce qui vient des répertoires nationaux a pour source "
    "France compétences, à la date dite par la colonne source_date."
)


def _neutre(texte: str) -> str:
    """The same text, which no spreadsheet will compute."""
    return f"'{texte}" if texte.startswith(FORMULES) else texte


def en_csv(jeu: Jeu, objets: Iterable) -> bytes:
    """UTF-8 with its mark, semicolons: what French spreadsheets open without a question."""
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(champ.nom for champ in jeu.champs)
    for objet in objets:
        ecrivain.writerow(_neutre(en_texte(valeur)) for valeur in jeu.ligne(objet).values())
    return sortie.getvalue().encode("utf-8-sig")


def en_tete(jeu: Jeu) -> dict:
    """What any reader must know of the data before them."""
    return {
        "titre": jeu.titre,
        "date": timezone.localdate().isoformat(),
        "licence": {"nom": "Licence Ouverte 2.0", "adresse": LICENCE},
        "mention": NOTICE,
        "dictionnaire": adresse_publique(f"/registre/{jeu.nom}.schema.json"),
    }


def en_fichier_json(jeu: Jeu, objets: Iterable) -> bytes:
    lignes = [{nom: en_json(valeur) for nom, valeur in jeu.ligne(objet).items()} for objet in objets]
    return json.dumps({**en_tete(jeu), jeu.nom: lignes}, ensure_ascii=False, indent=1).encode()


def en_xlsx(jeu: Jeu, objets: Iterable) -> bytes:
    """Three sheets: the data, their dictionary, their licence. Texts stay texts whatever they begin with."""
    classeur = Workbook(write_only=True)
    donnees = classeur.create_sheet(jeu.titre[:31])
    donnees.freeze_panes = "A2"
    donnees.append([champ.nom for champ in jeu.champs])
    for objet in objets:
        donnees.append([_cellule(donnees, valeur) for valeur in jeu.ligne(objet).values()])
    mots = classeur.create_sheet("Dictionnaire")
    mots.append(["Colonne", "Titre", "Type", "Description", "Valeurs", "Chez France compétences"])
    for c in jeu.champs:
        mots.append([c.nom, c.titre, c.genre_en_clair, c.description, ", ".join(c.valeurs), c.equivalent])
    licence = classeur.create_sheet("Licence")
    tete = en_tete(jeu)
    for ligne in ([NOTICE], [LICENCE], [f"Export du {tete['date']}"], [tete["dictionnaire"]]):
        licence.append(ligne)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _cellule(feuille, valeur):
    if valeur is None or isinstance(valeur, int) and not isinstance(valeur, bool):
        return valeur
    cellule = WriteOnlyCell(feuille, en_texte(valeur))
    cellule.data_type = "s"
    return cellule


FORMATS = {
    "csv": ("text/csv; charset=utf-8", en_csv),
    "json": ("application/json", en_fichier_json),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", en_xlsx),
}


def fichier(jeu: Jeu, format: str, objets: Iterable) -> HttpResponse:
    """The file of this table, with the addresses of its licence and of its dictionary."""
    genre, ecrire = FORMATS[format]
    reponse = HttpResponse(ecrire(jeu, objets), content_type=genre)
    nom = f"{jeu.nom}-{timezone.localdate():%Y-%m-%d}.{format}"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    schema = adresse_publique(f"/registre/{jeu.nom}.schema.json")
    reponse.headers["Link"] = f'<{LICENCE}>; rel="license", <{schema}>; rel="describedby"'
    return reponse
