"""Twenty documents of each kind, printed at 150 dpi, blurred and stained: two decoders read each code (D2)."""

import random
import secrets

import cv2
import numpy
import pytest
import zxingcpp
from PIL import ImageDraw, ImageFilter

from registre import jetons
from registre.documents import rendre
from tests.registre.exemples import attestation, enregistrement
from tests.registre.test_documents import photographier

VINGT = 20
SORTES = {"parchemin": enregistrement, "attestation": attestation}


def abimer(image, boite, hasard: random.Random):
    """A blur of one pixel, then a round stain on 12 % of the symbol, anywhere on it, white or grey or black."""
    gauche, haut, cote = boite
    tachee = image.filter(ImageFilter.GaussianBlur(1))
    rayon = cote * (0.12 / numpy.pi) ** 0.5
    # Clear of the three finder patterns: without them no decoder knows that there is a code.
    x, y = (hasard.uniform(0.42, 0.62) for _ in range(2))
    centre = (gauche + cote * x, haut + cote * y)
    teinte = hasard.choice((255, 200, 120, 0))
    ImageDraw.Draw(tachee).ellipse([c + s * rayon for s in (-1, 1) for c in centre], fill=teinte)
    return tachee


def lire_avec_opencv(image) -> str:
    """The larger detector first, then the plain one, on the image as it is and twice as large."""
    tableau = numpy.array(image)
    for matrice in (tableau, cv2.resize(tableau, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)):
        for detecteur in (cv2.QRCodeDetectorAruco(), cv2.QRCodeDetector()):
            texte = detecteur.detectAndDecode(matrice)[0]
            if texte:
                return texte
    return ""


@pytest.mark.parametrize("sorte", SORTES)
def test_vingt_codes_taches_se_lisent_par_deux_moteurs(sorte, settings):
    """Each engine, on each page: the exact address, twenty times out of twenty."""
    settings.ADRESSE_PUBLIQUE = "https://certificats.exemple.fr"
    hasard, lus = random.Random(20261201), {"zxing-cpp": 0, "opencv": 0}
    for rang in range(1, VINGT + 1):
        prefixe = "FTC-A" if sorte == "attestation" else "FTC"
        fiche = SORTES[sorte](numero=f"{prefixe}-2026-{rang:05d}")
        jeton = jetons.signer(fiche, secrets.token_hex(16))
        page = photographier(rendre(fiche, jeton), 150)
        (net,) = zxingcpp.read_barcodes(page)
        coin = net.position
        boite = (coin.top_left.x, coin.top_left.y, coin.bottom_right.x - coin.top_left.x)
        tachee = abimer(page, boite, hasard)
        voulue = jetons.adresse(jeton)
        lus["zxing-cpp"] += [c.text for c in zxingcpp.read_barcodes(tachee)] == [voulue]
        lus["opencv"] += lire_avec_opencv(tachee) == voulue
    print(f"\n{sorte}, 150 points par pouce, flou, tache de 12 % : {lus} sur {VINGT}")
    assert lus == {"zxing-cpp": VINGT, "opencv": VINGT}
