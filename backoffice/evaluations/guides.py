"""The guide d’évaluation (outil n° 4) as it comes back: photos of its pages, put together in one PDF."""

import io

import pikepdf
from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image

from backoffice.candidatures.fichiers import TYPES, FichierSain, controler

# The long side of a page photographed: A4 at about 200 dpi, which prints and reads well.
COTE_MAXIMAL = 2400
POINTS_A4 = (595.0, 842.0)


def assembler(recus: list) -> FichierSain:
    """Check each file and return one document: the PDF itself, or one PDF of all the pages in the order they came.

    Raises:
        ValidationError: a French sentence that names the file at fault when there are several.
    """
    sains = []
    for rang, recu in enumerate(recus, 1):
        try:
            sains.append(controler(recu))
        except ValidationError as erreur:
            if len(recus) == 1:
                raise
            raise ValidationError(f"Page {rang} ({recu.name})\u00a0: {' '.join(erreur.messages)}") from None
    if len(sains) == 1 and sains[0].type_mime == TYPES["PDF"][0]:
        return sains[0]
    contenu = _reunir(sains)
    return FichierSain(contenu, "guide-evaluation.pdf", *TYPES["PDF"])


def _reunir(sains: list[FichierSain]) -> bytes:
    document = pikepdf.new()
    for sain in sains:
        page = sain.contenu if sain.type_mime == TYPES["PDF"][0] else _page(sain.contenu)
        with pikepdf.open(io.BytesIO(page)) as partie:
            document.pages.extend(partie.pages)
    if len(document.pages) > settings.PAGES_MAXIMALES_PIECE:
        raise ValidationError(
            f"Ces fichiers font plus de {settings.PAGES_MAXIMALES_PIECE} pages\u00a0: n’envoyez que les pages du guide."
        )
    sortie = io.BytesIO()
    document.save(sortie, deterministic_id=True)
    if sortie.tell() > settings.TAILLE_MAXIMALE_PIECE:
        raise ValidationError("Ces photos réunies dépassent 10 Mo\u00a0: photographiez les pages en qualité ordinaire.")
    return sortie.getvalue()


def _page(photo: bytes) -> bytes:
    """One photo as a page of A4, upright or lying as the photo is, scaled to the paper."""
    with Image.open(io.BytesIO(photo)) as image:
        droite = image.convert("RGB")
    droite.thumbnail((COTE_MAXIMAL, COTE_MAXIMAL))
    largeur, hauteur = POINTS_A4 if droite.height >= droite.width else POINTS_A4[::-1]
    points = max(droite.width / largeur, droite.height / hauteur) * 72
    sortie = io.BytesIO()
    droite.save(sortie, format="PDF", resolution=points, quality=80)
    return sortie.getvalue()
