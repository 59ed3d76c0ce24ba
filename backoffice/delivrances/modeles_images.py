"""Logos and signatures: checked, encoded again without metadata, reduced, kept once by what they hold."""

import hashlib
import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from backoffice.candidatures.fichiers import controler
from registre.models import ImageDeDocument

# On paper a logo is at most 150 mm wide: beyond, more pixels would only make each document heavier.
COTE_MAXIMAL = 1600
SVG = (
    "Un dessin vectoriel (SVG) peut contenir du code\u00a0: il n’est pas accepté. "
    "Exportez-le en PNG, d’au moins 600 pixels de large."
)
AUTRE = "Ce fichier n’est pas une image\u00a0: envoyez un PNG ou un JPEG."


def nettoyer(televerse) -> bytes:
    """Return the clean PNG of an uploaded image.

    Raises:
        ValidationError: a French sentence that says what is wrong and what to send instead.
    """
    debut = televerse.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    televerse.seek(0)
    if televerse.name.lower().endswith((".svg", ".svgz")) or debut.startswith((b"<svg", b"<?xml")):
        raise ValidationError(SVG)
    if debut.startswith(b"%pdf-"):
        raise ValidationError(AUTRE)
    sain = controler(televerse)
    with Image.open(io.BytesIO(sain.contenu), formats=("JPEG", "PNG")) as image:
        propre = image.convert("RGBA" if image.has_transparency_data else "RGB")
    propre.thumbnail((COTE_MAXIMAL, COTE_MAXIMAL))
    propre.info.clear()
    sortie = io.BytesIO()
    propre.save(sortie, "PNG", optimize=True)
    return sortie.getvalue()


def ranger(contenu: bytes, acteur) -> ImageDeDocument:
    """Keep a clean PNG under its SHA-256; the same image is kept once."""
    empreinte = hashlib.sha256(contenu).hexdigest()
    if connue := ImageDeDocument.objects.filter(pk=empreinte).first():
        return connue
    with Image.open(io.BytesIO(contenu)) as image:
        largeur, hauteur = image.size
    image = ImageDeDocument(
        sha256=empreinte, largeur=largeur, hauteur=hauteur, deposee_par=acteur, deposee_le=timezone.now()
    )
    nom = f"modeles/{empreinte}.png"
    if image.fichier.storage.exists(nom):
        image.fichier.name = nom
    else:
        image.fichier.save(nom, ContentFile(contenu), save=False)
    image.save(force_insert=True)
    return image
