"""The image of a shared link: 1200 × 630, drawn from the words of the page, in the faces and the inks of the site."""

import hashlib
import io
import math
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.cache import cache as partage
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from registre.documents import polices

LARGEUR, HAUTEUR, MARGE = 1200, 630, 80
NUIT, PAPIER, OCRE, PIERRE = (22, 33, 58), (250, 246, 238), (229, 169, 60), (196, 201, 212)
CORPS = (76, 66, 58, 50, 44)
LIGNES_AU_PLUS = 5
# Part of the address: to be raised whenever the drawing changes.
DESSIN = "1"
CONSERVATION = 30 * 24 * 3600


@dataclass(frozen=True)
class Vignette:
    """What the image says: a title, and a few facts under it."""

    titre: str
    faits: tuple[str, ...] = ()

    @property
    def empreinte(self) -> str:
        """What the address carries, so that another text has another address."""
        matiere = "\n".join([DESSIN, settings.NOM_DU_SITE, self.titre, *self.faits])
        return hashlib.sha256(matiere.encode()).hexdigest()[:12]

    def adresse(self, page) -> str:
        """The full address of the image, which readers of shared links ask for."""
        return settings.ADRESSE_PUBLIQUE + reverse("home:image_de_partage", args=[page.pk, self.empreinte])

    def octets(self) -> bytes:
        """The PNG, drawn once."""
        return partage.get_or_set(f"vignette:{self.empreinte}", self._dessiner, CONSERVATION)

    def _dessiner(self) -> bytes:
        image = Image.new("RGB", (LARGEUR, HAUTEUR), NUIT)
        _rosace(image)
        trait = ImageDraw.Draw(image)
        trait.rectangle((0, 0, LARGEUR, 12), fill=OCRE)
        trait.text((MARGE, 64), settings.NOM_DU_SITE, font=_police("sans-demi", 34), fill=OCRE)
        police, lignes = _composer(self.titre)
        interligne = police.size * 1.14
        haut = 150 + (HAUTEUR - 150 - 130 - interligne * len(lignes)) / 2
        for rang, ligne in enumerate(lignes):
            trait.text((MARGE, haut + rang * interligne), ligne, font=police, fill=PAPIER)
        faits = "  ·  ".join(self.faits)
        trait.text((MARGE, HAUTEUR - 102), _couper(faits, _police("sans", 34)), font=_police("sans", 34), fill=PIERRE)
        sortie = io.BytesIO()
        image.quantize(96, dither=Image.Dither.NONE).save(sortie, "PNG", optimize=True)
        return sortie.getvalue()


@cache
def _police(nom: str, corps: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(polices.octets(nom)), corps)


def _composer(titre: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest face in which the title holds, and its lines; the last one is cut when nothing else helps."""
    for corps in CORPS:
        police = _police("serif-demi", corps)
        lignes = _lignes(titre, police)
        if len(lignes) * corps * 1.14 <= HAUTEUR - 300:
            return police, lignes
    lignes = lignes[:LIGNES_AU_PLUS]
    return police, [*lignes[:-1], _couper(f"{lignes[-1]}…", police)]


def _lignes(texte: str, police) -> list[str]:
    lignes = [""]
    for mot in texte.split(" "):
        essai = f"{lignes[-1]} {mot}".strip()
        if lignes[-1] and police.getlength(essai) > LARGEUR - 2 * MARGE:
            lignes.append(mot)
        else:
            lignes[-1] = essai
    return [_couper(ligne, police) for ligne in lignes]


def _couper(texte: str, police) -> str:
    """The text, or its beginning and an ellipsis."""
    coupe = texte
    while coupe and police.getlength(coupe) > LARGEUR - 2 * MARGE:
        coupe = coupe[:-2].rstrip("… ") + "…"
    return coupe


def _rosace(image: Image.Image) -> None:
    """The engraver's rose of the site, in a corner, fine and quiet."""
    taille, centre = 1400, 700
    calque = Image.new("L", (taille, taille), 0)
    trait = ImageDraw.Draw(calque)
    for anneau in range(14):
        rayon = 250 + anneau * 30
        points = [
            (
                centre + (rayon + 46 * math.sin(12 * t + anneau * 0.45)) * math.cos(t),
                centre + (rayon + 46 * math.sin(12 * t + anneau * 0.45)) * math.sin(t),
            )
            for t in (2 * math.pi * pas / 720 for pas in range(721))
        ]
        trait.line(points, fill=90, width=3)
    calque = calque.resize((taille // 2, taille // 2), Image.Resampling.LANCZOS)
    image.paste(Image.new("RGB", calque.size, OCRE), (LARGEUR - 430, HAUTEUR - 440), calque)
