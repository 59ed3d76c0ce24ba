"""A workbook written as a stream: openpyxl makes an object per cell, which is what its time goes to.

Texts stay texts whatever they begin with (« =HYPERLINK(…) », « @SUM »), even once edited in the spreadsheet: inline
strings, in the format « text ». Dates are dates, of Paris.
"""

import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from typing import BinaryIO

from django.utils import timezone

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ILLEGAUX = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_A_PROTEGER = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ORIGINE = date(1899, 12, 30).toordinal()
_LONGUEUR_MAXIMALE = 32_767  # what a cell may hold
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAQUET = "http://schemas.openxmlformats.org/package/2006"
_TETE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTIES = {
    "[Content_Types].xml": f'<Types xmlns="{_PAQUET}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_ML}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_ML}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_ML}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PAQUET}/relationships"><Relationship Id="rId1" '
    f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PAQUET}/relationships"><Relationship Id="rId1" '
    f'Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_REL}/styles" '
    'Target="styles.xml"/></Relationships>',
    # Formats of cells: 0 number, 1 text, 2 date, 3 heading.
    "xl/styles.xml": f'<styleSheet {_NS}><numFmts count="1"><numFmt numFmtId="164" formatCode="DD/MM/YYYY"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def _proteger(texte: str) -> str:
    return escape(_ILLEGAUX.sub("", texte)[:_LONGUEUR_MAXIMALE], quote=False)


def _cellule(valeur) -> str:
    if valeur is None or valeur == "":
        return "<c/>"
    if isinstance(valeur, datetime):
        valeur = timezone.localdate(valeur)
    if isinstance(valeur, date):
        return f'<c s="2"><v>{valeur.toordinal() - _ORIGINE}</v></c>'
    if isinstance(valeur, int) and not isinstance(valeur, bool):
        return f"<c><v>{valeur}</v></c>"
    texte = str(valeur)
    if len(texte) > _LONGUEUR_MAXIMALE or _A_PROTEGER.search(texte):
        texte = _proteger(texte)
    return f'<c s="1" t="inlineStr"><is><t xml:space="preserve">{texte}</t></is></c>'


def ecrire(sortie: BinaryIO, titre: str, colonnes: Iterable[tuple[str, int]], lignes: Iterable[Iterable]) -> None:
    """Write a workbook of one sheet to `sortie`: headings with their widths, then the rows as they come."""
    colonnes = list(colonnes)
    feuille = f'<sheets><sheet name="{_nom_de_feuille(titre)}" sheetId="1" r:id="rId1"/></sheets>'
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for nom, contenu in _PARTIES.items():
            archive.writestr(nom, _TETE + contenu)
        archive.writestr("xl/workbook.xml", f'{_TETE}<workbook {_NS} xmlns:r="{_REL}">{feuille}</workbook>')
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as flux:
            flux.write(_debut(colonnes).encode())
            tampon = []
            for ligne in lignes:
                tampon.append("<row>" + "".join(map(_cellule, ligne)) + "</row>")
                if len(tampon) >= 200:
                    flux.write("".join(tampon).encode())
                    tampon.clear()
            flux.write("".join(tampon).encode() + b"</sheetData></worksheet>")


def _debut(colonnes: list[tuple[str, int]]) -> str:
    largeurs = "".join(
        f'<col min="{rang}" max="{rang}" width="{largeur}" customWidth="1"/>'
        for rang, (_, largeur) in enumerate(colonnes, 1)
    )
    entetes = "".join(f'<c s="3" t="inlineStr"><is><t>{_proteger(titre)}</t></is></c>' for titre, _ in colonnes)
    vue = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_TETE}<worksheet {_NS}><sheetViews><sheetView workbookViewId="0">{vue}</sheetView></sheetViews>'
        f"<cols>{largeurs}</cols><sheetData><row>{entetes}</row>"
    )


def _nom_de_feuille(titre: str) -> str:
    """At most 31 characters, without those that a spreadsheet refuses in the name of a sheet."""
    return escape(re.sub(r"[\[\]:*?/\\']", " ", titre)[:31])
