"""What may enter a dossier: PDF, JPEG and PNG files, checked and cleaned before they are stored."""

import hashlib
import io
import secrets
import struct
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from .examen_pdf import Verdict, examiner

PIXELS_MAXIMUM = 50_000_000
# A file that is a PDF and something else as well carries the other one after its end.
SUITE_MAXIMALE = 1024
TROP_GRANDE = "Cette image est trop grande\u00a0: photographiez le document à une taille ordinaire."
TYPES = {"PDF": ("application/pdf", "pdf"), "JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png")}
REFUS_PDF = {
    Verdict.PROTEGE: "Ce PDF est protégé par un mot de passe\u00a0: envoyez-le sans protection.",
    Verdict.LONG: f"Ce PDF a plus de {settings.PAGES_MAXIMALES_PIECE} pages\u00a0: n’envoyez que les pages utiles.",
    Verdict.ACTIF: "Ce PDF contient du code ou des fichiers joints\u00a0: imprimez-le en PDF, puis envoyez "
    "cette copie.",
    Verdict.ABIME: "Ce PDF est abîmé et ne s’ouvre pas\u00a0: enregistrez-le de nouveau, puis renvoyez-le.",
}


@dataclass(frozen=True)
class FichierSain:
    """A file that passed every check: its clean bytes, its true type, the name its sender gave it."""

    contenu: bytes
    nom: str
    type_mime: str
    extension: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.contenu).hexdigest()

    def fichier(self) -> ContentFile:
        """The bytes under a random name: the storage never sees what people typed."""
        return ContentFile(self.contenu, name=f"pieces/{secrets.token_hex(2)}/{secrets.token_hex(16)}.{self.extension}")


def controler(televerse) -> FichierSain:
    """Check an uploaded file and return its clean form.

    A PDF keeps its bytes (a signed document must stay itself); an image is decoded and encoded again, without metadata.

    Raises:
        ValidationError: a French sentence that says what is wrong and what to send instead.
    """
    if televerse.size > settings.TAILLE_MAXIMALE_PIECE:
        raise ValidationError("Ce fichier dépasse 10 Mo\u00a0: réduisez-le ou envoyez-le en plusieurs pièces.")
    contenu = televerse.read()
    if not contenu:
        raise ValidationError("Ce fichier est vide\u00a0: choisissez-le de nouveau.")
    if contenu.startswith(b"%PDF-"):
        if len(contenu) - contenu.rfind(b"%%EOF") > SUITE_MAXIMALE:
            raise ValidationError(
                "Ce PDF est suivi d’autres données\u00a0: ouvrez-le et enregistrez-le de nouveau en PDF, puis "
                "renvoyez-le."
            )
        _controler_pdf(contenu)
        genre = "PDF"
    elif contenu.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        contenu, genre = _reencoder(contenu)
    else:
        raise ValidationError("Ce format n’est pas accepté\u00a0: envoyez un PDF, un JPEG ou un PNG.")
    type_mime, extension = TYPES[genre]
    nom = "".join(c for c in televerse.name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())
    return FichierSain(contenu, nom[:150] or f"piece.{extension}", type_mime, extension)


def _controler_pdf(contenu: bytes) -> None:
    verdict = examiner(contenu, settings.PAGES_MAXIMALES_PIECE)
    if verdict is not Verdict.SAIN:
        raise ValidationError(REFUS_PDF[verdict])


def _reencoder(contenu: bytes) -> tuple[bytes, str]:
    try:
        with Image.open(io.BytesIO(contenu), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > PIXELS_MAXIMUM:
                raise ValidationError(TROP_GRANDE)
            genre = image.format
            sortie = io.BytesIO()
            # A phone turns its photos by a metadata, which goes away with the others: the pixels are turned instead.
            droite = ImageOps.exif_transpose(image)
            propre = droite.convert("RGBA" if droite.has_transparency_data else "L" if droite.mode == "L" else "RGB")
            propre.info.clear()
            propre.save(sortie, format=genre, **({"quality": 90} if genre == "JPEG" else {"optimize": True}))
    except Image.DecompressionBombError:
        raise ValidationError(TROP_GRANDE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as erreur:
        if isinstance(erreur, ValidationError):
            raise
        raise ValidationError("Cette image est abîmée et ne s’ouvre pas\u00a0: prenez une nouvelle photo.") from None
    return sortie.getvalue(), genre
