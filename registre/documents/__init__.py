"""Documents: a frozen record in, the bytes of a PDF out. Nothing is read from the database nor from a clock."""

import html
import re

from django.template.loader import render_to_string

from registre import jetons
from registre.documents import composition, polices
from registre.mentions import verifier_mentions

_GABARITS = {"parchemin": "documents/parchemin.html", "attestation": "documents/attestation.html"}
_FEUILLES = {"parchemin": "parchemin.css", "attestation": "attestation.css"}
# From airy to tight: the first that holds on one page is kept.
_DENSITES = ("aere", "courant", "serre")


class DocumentImpossible(ValueError):
    """The record cannot be printed; the message says in French what to correct."""


def rendre(enregistrement: dict, jeton: str) -> bytes:
    """Return the PDF of a parchemin or of an attestation, always the same bytes for the same record.

    Raises:
        DocumentImpossible: a mandatory mention is missing, the token was signed for another record, a character has
            no drawing in our faces, or the text does not hold on one page.
    """
    manques = verifier_mentions(enregistrement)
    if manques:
        raise DocumentImpossible(" ".join(manques))
    try:
        concorde = jetons.lire(jeton).concorde_avec(enregistrement)
    except jetons.JetonInvalide as erreur:
        raise DocumentImpossible("Le jeton du document n’est pas signé par une de nos clés.") from erreur
    if not concorde:
        raise DocumentImpossible("Le jeton a été signé pour un autre document.")
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    nature = enregistrement["nature"]
    variables, dessins = composition.contexte(enregistrement, jetons.adresse(jeton))
    variables |= _mise_en_page(nature, variables)
    for densite in _DENSITES:
        page = render_to_string(_GABARITS[nature], variables | {"densite": densite})
        _verifier_glyphes(page)
        try:
            return rendu.produire(page, _FEUILLES[nature], dessins, jeton)
        except rendu.PageDebordee:
            continue
    raise DocumentImpossible("Le texte ne tient pas sur une page : raccourcissez les libellés du modèle.")


def _mise_en_page(nature: str, variables: dict) -> dict:
    """Return the sizes of the two texts whose length varies most: the title and the name."""
    if nature == "attestation":
        return {
            "corps_intitule": composition.corps(variables["intitule"], "sans-demi", 138, 26, 17),
            "corps_nom": composition.corps(variables["nom"], "sans-demi", 138, 20, 20),
        }
    return {
        "corps_intitule": composition.corps(variables["intitule"], "serif-demi", 225, 25, 27),
        "corps_nom": composition.corps(variables["nom"], "serif-demi", 225, 25, 38),
    }


def _verifier_glyphes(page: str) -> None:
    texte = html.unescape(re.sub(r"<[^>]*>", " ", page))
    absents = polices.glyphes_absents(texte)
    if absents:
        raise DocumentImpossible(f"Caractères sans dessin dans nos polices : {' '.join(sorted(absents))}")
