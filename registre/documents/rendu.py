"""HTML to one PDF that is both PDF/A-3a (kept for fifty years) and PDF/UA-1 (read aloud), always the same bytes.

WeasyPrint knows each standard alone; the second identifier is added to the metadata here. Nothing is fetched from
outside: the fetcher knows the packaged faces and the drawings of the document, and fails on anything else.
"""

import hashlib
import zlib
from collections import OrderedDict
from functools import cache
from importlib.resources import files
from io import BytesIO
from threading import Lock

import pydyf
from django.utils.html import escape
from weasyprint import CSS, HTML, Document
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from registre.documents import compositions, polices, traces
from registre.documents.codes_qr import CodeQR

# The identifier of PDF/UA-1, and the schema by which PDF/A allows a property it does not know (ISO 19005-3, 6.6.2.3).
_PDF_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""

# Of zlib: above, a hundredth of the size is won for twice the time.
_NIVEAU = 6
_PNG = b"\x89PNG\r\n\x1a\n"
# Faces are registered with Pango once, in structures that two threads may not build at the same time.
_verrou = Lock()
# The pages of a lot: one for each size of name that it has, most of the largest.
_GARDEES = 12
_gardees: OrderedDict[tuple, compositions.Composition] = OrderedDict()


class PageDebordee(Exception):
    """The text needs more than the pages allowed."""


class Ressources(URLFetcher):
    """The only things a document may show: `police:<name>`, `dessin:<name>` and `image:<sha256>`."""

    def __init__(self, dessins: dict[str, str | CodeQR], images: dict[str, bytes] | None = None):
        super().__init__(allowed_protocols=set(), allow_redirects=False, fail_on_errors=True)
        self._dessins, self._images = dessins, images or {}

    def fetch(self, url, headers=None):
        """Return a packaged face, a drawing or an image of this document.

        Raises:
            ValueError: any other address, file and network included.
        """
        genre, _, nom = url.partition(":")
        if genre == "police" and nom in polices.POLICES:
            return URLFetcherResponse(url, polices.octets(nom), {"Content-Type": "font/otf"})
        if genre == "dessin" and nom in self._dessins:
            dessin = self._dessins[nom]
            svg = dessin.svg if isinstance(dessin, CodeQR) else dessin
            return URLFetcherResponse(url, svg.encode(), {"Content-Type": "image/svg+xml"})
        if genre == "image" and nom in self._images:
            contenu = self._images[nom]
            type_mime = "image/png" if contenu.startswith(_PNG) else "image/jpeg"
            return URLFetcherResponse(url, contenu, {"Content-Type": type_mime})
        raise ValueError(f"adresse refusée au rendu\u00a0: {url[:80]}")


def produire(
    html: str,
    feuille: str,
    dessins: dict[str, str | CodeQR],
    identifiant: str,
    pages_maximum: int | None = 1,
    images: dict[str, bytes] | None = None,
    textes: tuple[str, ...] = (),
) -> bytes:
    """Return the PDF: of one page, unless told otherwise.

    Args:
        html: the whole document, with `lang`, `<title>` and the two dcterms dates.
        feuille: name of the style sheet, in `styles/`.
        dessins: SVG or QR code by name, for `dessin:<name>` addresses.
        identifiant: what makes this document unlike all others; gives the identifier of the PDF file.
        pages_maximum: how many pages the text may take; None for as many as it needs.
        images: PNG or JPEG by SHA-256, for `image:<sha256>` addresses.
        textes: what the marks of `html` stand for (`compositions.marque`): pages that differ by these alone share
            their layout.

    Raises:
        PageDebordee: the text does not fit.
    """
    with _verrou:
        document = _composer(html, feuille, dessins, images, textes)
        if pages_maximum and len(document.pages) > pages_maximum:
            raise PageDebordee(feuille)
        document.fonts = {}
        # Given here rather than asked by name: WeasyPrint leaves its own profile file open.
        document.color_profiles["srgb"] = ColorProfile(
            BytesIO(_profil_srgb()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
        )
        return document.write_pdf(
            pdf_variant="pdf/a-3a",
            output_intent="",
            pdf_identifier=hashlib.sha256(identifiant.encode()).hexdigest()[:32].encode(),
            finisher=_comprimer,
        )


def _composer(
    html: str, feuille: str, dessins: dict[str, str | CodeQR], images: dict[str, bytes] | None, textes: tuple[str, ...]
) -> Document:
    """Return the page laid out, or one laid out before in which these texts take the place of others."""
    traces_ = _traces(dessins)
    code = traces_.get("dessin:qr")
    gravures = tuple(dessin for dessin in dessins.values() if isinstance(dessin, str))
    cle = (html, feuille, gravures)
    if textes and cle in _gardees and _gardees[cle].reprendre(textes, code):
        _gardees.move_to_end(cle)
        return _gardees[cle].document
    style, configuration = _style(feuille)
    propres = tuple(escape(texte) for texte in textes)
    document = HTML(string=compositions.remplir(html, propres), url_fetcher=Ressources(dessins, images)).render(
        stylesheets=[style], font_config=configuration, cache=traces_
    )
    _annoncer_pdf_ua(document.metadata)
    if textes:
        composition = compositions.Composition(document, html, textes, code)
        if composition.reprenable:
            _gardees[cle] = composition
            if len(_gardees) > _GARDEES:
                _gardees.popitem(last=False)
    return document


def _traces(dessins: dict[str, str | CodeQR]) -> dict[str, traces.Trace]:
    """What WeasyPrint finds already read when it looks for a drawing; it would else read the SVG, to the same end."""
    return {
        f"dessin:{nom}": traces.tracer(dessin) if isinstance(dessin, str) else traces.tracer_code(dessin)
        for nom, dessin in dessins.items()
    }


def _comprimer(_document, pdf: pydyf.PDF) -> None:
    """Compress each stream, once: asked twice for the bytes of each, pydyf compresses them twice."""
    for flux in pdf.objects:
        if isinstance(flux, pydyf.Stream) and flux.compress:
            flux.stream, flux.compress = [zlib.compress(traces.contenu(flux.stream), _NIVEAU)], False
            flux.extra = pydyf.Dictionary({**flux.extra, "Filter": "/FlateDecode"})


def _annoncer_pdf_ua(metadonnees) -> None:
    d_origine = metadonnees.generate_rdf_metadata

    def avec_pdf_ua(*args, **kwargs):
        return d_origine(*args, **kwargs).rstrip().removesuffix(b"</rdf:RDF>") + _PDF_UA

    metadonnees.generate_rdf_metadata = avec_pdf_ua


@cache
def _style(feuille: str) -> tuple[CSS, FontConfiguration]:
    configuration = FontConfiguration()
    texte = (files("registre.documents") / "styles" / feuille).read_text(encoding="utf-8")
    return CSS(string=texte, url_fetcher=Ressources({}), font_config=configuration), configuration


@cache
def _profil_srgb() -> bytes:
    return (files("weasyprint") / "pdf" / "sRGB2014.icc").read_bytes()
