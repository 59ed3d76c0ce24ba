"""A page laid out once for a whole lot: the lines that change from one holder to the next are set in their places.

Two documents of a lot differ by a few short lines, a code, and the title of the file. As long as each of these lines
still holds on one, nothing else moves: the page laid out for the first document is painted with the texts of the next,
to the very bytes that a new layout would give (a test compares). What does not hold so is laid out anew.
"""

import html
import re
from dataclasses import dataclass

from weasyprint import Document
from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import split_first_line

from registre.documents.traces import Trace

# In a page, what stands for each text that changes: a letter that no face draws, hence that no text holds.
_PREMIERE = 0xE000
_MARQUE = re.compile("[\ue000-\ue0ff]")
_ENTRE_BALISES = re.compile("<title>([^<]*)</title>|>([^<>]*[\ue000-\ue0ff][^<>]*)<")
_ALTERNATIF = re.compile('alt="([^"]*[\ue000-\ue0ff][^"]*)"')
_MOTS_CLES = re.compile('name="keywords" content="([^"]*)"')


def marque(rang: int) -> str:
    """Return what stands for the text of this rank in a page."""
    return chr(_PREMIERE + rang)


def remplir(page: str, textes: tuple[str, ...]) -> str:
    """Return a page, or a part of it, with its texts."""
    return _MARQUE.sub(lambda trouvee: textes[ord(trouvee[0]) - _PREMIERE], page)


@dataclass
class _Ligne:
    """A text that changes, alone on its line or not, and the block that the line stands in."""

    patron: str
    boite: boxes.TextBox
    seule: bool
    bloc: boxes.BlockContainerBox

    def composer(self, textes: tuple[str, ...]) -> dict | None:
        """Return what the box becomes with these texts; None when something else would move."""
        texte, boite, place = remplir(self.patron, textes), self.boite, self.bloc.width
        trace, _, suite, largeur, hauteur, _ = split_first_line(texte, boite.style, None, place, 0)
        if suite is not None or hauteur != boite.height or largeur >= place:
            return None
        gauche = boite.position_x
        if self.seule and boite.style["text_align_all"] == "center":
            gauche = self.bloc.content_box_x() + (place - largeur) / 2
        elif not self.seule and largeur != boite.width:
            return None
        return {"text": texte, "pango_layout": trace, "width": largeur, "position_x": gauche}


class Composition:
    """A document of WeasyPrint, and where its texts stand."""

    def __init__(self, document: Document, page: str, textes: tuple[str, ...], code: Trace | None):
        """Look for the texts of `page`, where marks stand for them, in the document that was laid out with them."""
        self.document = document
        patrons = [titre or texte for titre, texte in _ENTRE_BALISES.findall(page)]
        self._titre, *attendus = map(html.unescape, patrons) if patrons else [""]
        self._attendus = {remplir(patron, textes): patron for patron in attendus}
        self._mots_cles = "".join(_MOTS_CLES.findall(page))
        self._alternatif = html.unescape("".join(_ALTERNATIF.findall(page)))
        self._code, self._lignes, self._images = code, [], []
        for feuille in document.pages:
            self._parcourir(feuille._page_box, None, None)
        trouves = {ligne.patron for ligne in self._lignes}
        self.reprenable = len(self._lignes) == len(attendus) == len(trouves) and len(self._images) == 1

    def _parcourir(self, boite, bloc, ligne) -> None:
        for enfant in getattr(boite, "children", ()):
            if isinstance(enfant, boxes.TextBox):
                patron = self._attendus.get(enfant.text)
                if patron and isinstance(bloc, boxes.BlockContainerBox):
                    self._lignes.append(_Ligne(patron, enfant, list(ligne.children) == [enfant], bloc))
            elif isinstance(enfant, boxes.LineBox):
                self._parcourir(enfant, boite, enfant)
            else:
                if self._code is not None and getattr(enfant, "replacement", None) is self._code:
                    self._images.append(enfant)
                self._parcourir(enfant, bloc, ligne)

    def reprendre(self, textes: tuple[str, ...], code: Trace) -> bool:
        """Set other texts and another code in their places; False, and nothing is done, when they would not hold so."""
        composees = [ligne.composer(textes) for ligne in self._lignes]
        (image,) = self._images
        if None in composees or (code.largeur, code.hauteur) != (self._code.largeur, self._code.hauteur):
            return False
        for ligne, composee in zip(self._lignes, composees, strict=True):
            vars(ligne.boite).update(composee)
        self._code = image.replacement = code
        image.element.set("alt", remplir(self._alternatif, textes))
        metadonnees = self.document.metadata
        metadonnees.title = remplir(self._titre, textes)
        if self._mots_cles:
            metadonnees.keywords = [remplir(self._mots_cles, textes)]
        return True
