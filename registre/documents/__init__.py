"""Documents: a frozen record in, the bytes of a PDF out. Nothing is read from the database nor from a clock."""

import hashlib
import html
import re

from django.template.loader import render_to_string

from registre import jetons
from registre.documents import composition, modele, polices
from registre.mentions import verifier_mentions

# The two attestations have one sheet.
_FEUILLES = {"parchemin": "parchemin.css", "attestation": "attestation.css", "bloc": "attestation.css"}
# From airy to tight, with the size of the large texts: the first that holds on one page is kept.
_DENSITES = {"aere": 1.0, "courant": 0.92, "serre": 0.8, "serre dense": 0.66}

# What alone changes, most of the time, from one document of a lot to the next; where it stands is kept.
_CHANGEANTS = ("nom", "nom_usage", "naissance", "numero", "adresse")


class DocumentImpossible(ValueError):
    """The record cannot be printed; the message says in French what to correct."""


def rendre(
    enregistrement: dict, jeton: str, images: dict[str, bytes] | None = None, duplicata: dict | None = None
) -> bytes:
    """Return the PDF of a document, always the same bytes for the same record.

    Args:
        images: the logos and signatures that the record names, by SHA-256; see `registre.modeles.images_de`.
        duplicata: `{"rang": 1, "delivre_le": "2026-12-01"}` when this is not the first edition.

    Raises:
        DocumentImpossible: a mandatory mention is missing, the token was signed for another record, a character has
            no drawing in our faces, an image is missing or is not the one chosen, or the text does not hold on one
            page.
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
    identifiant = f"{jeton} duplicata {duplicata['rang']}" if duplicata else jeton
    return _mettre_en_page(enregistrement, jetons.adresse(jeton), images or {}, duplicata, identifiant)


def specimen(enregistrement: dict, images: dict[str, bytes], duplicata: dict | None = None) -> bytes:
    """Return what a template gives for an invented record: a document that says it is worth nothing.

    Nothing is signed for it: the code QR has the size of a true one and leads to « Altéré ».

    Raises:
        DocumentImpossible: as `rendre`.
    """
    if manques := verifier_mentions(enregistrement):
        raise DocumentImpossible(" ".join(manques))
    return _mettre_en_page(enregistrement, jetons.adresse("A" * jetons.LONGUEUR), images, duplicata, "specimen", True)


def _mettre_en_page(
    enregistrement: dict,
    adresse: str,
    images: dict[str, bytes],
    duplicata: dict | None,
    identifiant: str,
    en_specimen: bool = False,
) -> bytes:
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import compositions, rendu

    nature = enregistrement["nature"]
    variables, dessins = composition.contexte(enregistrement, adresse, duplicata)
    siennes = _ses_images(enregistrement, images)
    textes = tuple(variables[nom] for nom in _CHANGEANTS)
    _verifier_glyphes(" ".join(textes), variables["formule"])
    marques = {nom: compositions.marque(rang) for rang, nom in enumerate(_CHANGEANTS) if variables[nom]}
    for densite, facteur in _DENSITES.items():
        tailles = composition.mise_en_page(nature, variables, facteur)
        page = render_to_string(
            f"documents/{nature}.html", variables | marques | tailles | {"densite": densite, "specimen": en_specimen}
        )
        _verifier_glyphes(compositions.remplir(page, ("",) * len(textes)))
        try:
            return rendu.produire(page, _FEUILLES[nature], dessins, identifiant, images=siennes, textes=textes)
        except rendu.PageDebordee:
            continue
    raise DocumentImpossible("Le texte ne tient pas sur une page\u00a0: raccourcissez les libellés du modèle.")


def _ses_images(enregistrement: dict, images: dict[str, bytes]) -> dict[str, bytes]:
    """Return the images of the record, each checked against its hash.

    Raises:
        DocumentImpossible: one is missing, or its bytes are not those that were chosen.
    """
    siennes = {}
    for empreinte in modele.images(enregistrement):
        contenu = images.get(empreinte, b"")
        if hashlib.sha256(contenu).hexdigest() != empreinte:
            raise DocumentImpossible("Une image du modèle manque, ou n’est plus celle qui a été choisie.")
        siennes[empreinte] = contenu
    return siennes


def _verifier_glyphes(page: str, formule: str = "") -> None:
    texte = html.unescape(re.sub(r"<[^>]*>", " ", page))
    absents = polices.glyphes_absents(texte) | polices.glyphes_absents(formule, ("serif-italique",))
    if absents:
        raise DocumentImpossible(f"Caractères sans dessin dans nos polices\u00a0: {' '.join(sorted(absents))}")
