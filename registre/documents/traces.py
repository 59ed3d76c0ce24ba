"""Drawings as pieces of PDF: an SVG is traced once, and each document that shows it copies the trace as it is.

Reading an engraving and writing its thousands of curves took four fifths of a render; the drawings of a session are
all the same. WeasyPrint is given the trace for an image: it places it as it would the SVG, to the same pixels.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

import pydyf
from weasyprint.images import SVGImage
from weasyprint.pdf.stream import Stream

from registre.documents.codes_qr import ZONE_CALME, CodeQR

_GARDES = 64
# A stroke may go a little over the edge of its drawing, which does not clip it.
_DEBORD = 4
_NOIRS = re.compile("1+")


@dataclass(frozen=True)
class Trace:
    """The operators that draw a picture, compressed; its size in CSS pixels; the opacities that they call by name."""

    operateurs: bytes
    largeur: float
    hauteur: float
    opacites: tuple[tuple[str, str, float], ...] = ()

    def get_intrinsic_size(self, _resolution, _corps) -> tuple[float, float, float]:
        """Say the size of the picture, as WeasyPrint asks each of its images."""
        return self.largeur, self.hauteur, self.largeur / self.hauteur

    def draw(self, stream, largeur, hauteur, _style) -> None:
        """Show the picture on a stream of WeasyPrint, as wide and tall as told."""
        nom = f"t{len(stream._resources['XObject'])}"
        stream._resources["XObject"][nom] = self.forme()
        stream.transform(a=largeur / self.largeur, d=hauteur / self.hauteur)
        stream.draw_x_object(nom)

    def forme(self) -> pydyf.Stream:
        """Return the form XObject, to be added to one document."""
        boite = (-_DEBORD, -_DEBORD, self.largeur + _DEBORD, self.hauteur + _DEBORD)
        opacites = {nom: pydyf.Dictionary({cle: valeur}) for nom, cle, valeur in self.opacites}
        return pydyf.Stream(
            [self.operateurs],
            {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": pydyf.Array(boite),
                "Filter": "/FlateDecode",
                "Resources": pydyf.Dictionary({"ExtGState": pydyf.Dictionary(opacites)}),
            },
        )


@lru_cache(maxsize=_GARDES)
def tracer(svg: str) -> Trace:
    """Trace an SVG of ours: paths, rectangles and circles, in flat colours.

    Raises:
        ValueError: it calls for more than that (an image, a gradient, transparency).
    """
    vides = {nom: pydyf.Dictionary() for nom in ("ExtGState", "XObject", "Pattern", "Shading", "ColorSpace")}
    image = SVGImage(ElementTree.fromstring(svg), "dessin:", None, None)  # noqa: S314 – we drew it
    largeur, hauteur, _ = image.get_intrinsic_size(1, 16)
    flux = Stream({}, (0, 0, largeur, hauteur), pydyf.Dictionary(vides), {}, None, {}, None)
    image.draw(flux, largeur, hauteur, None)
    if any(vides[nom] for nom in ("XObject", "Pattern", "Shading")):
        raise ValueError("dessin trop riche pour être tracé une fois pour toutes")
    opacites = tuple((nom, cle, valeur) for nom, etat in vides["ExtGState"].items() for cle, valeur in etat.items())
    return Trace(zlib.compress(contenu(flux.stream), 9), largeur, hauteur, opacites)


def contenu(operateurs: list) -> bytes:
    """Return what pydyf would write of a stream, neither compressed nor dressed."""
    return pydyf.Stream(operateurs).data.partition(b"stream\n")[2].removesuffix(b"\nendstream")


def tracer_code(code: CodeQR) -> Trace:
    """Trace a QR code from its modules: those that touch on a line are one rectangle."""
    rectangles = (
        f"{debut} {y} {fin - debut} 1 re"
        for y, ligne in enumerate(code.lignes, ZONE_CALME)
        for debut, fin in _plages(ligne)
    )
    cote = code.modules + 2 * ZONE_CALME
    return Trace(zlib.compress("\n".join(("0 0 0 rg", *rectangles, "f")).encode()), cote, cote)


def _plages(ligne: str) -> Iterator[tuple[int, int]]:
    for plage in _NOIRS.finditer(ligne):
        yield plage.start() + ZONE_CALME, plage.end() + ZONE_CALME
