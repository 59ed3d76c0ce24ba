"""One certificateur of the demonstration has its own parchemin, with a logo invented here; the other keeps ours."""

import io
import math

from PIL import Image, ImageDraw

from backoffice.comptes.models import Utilisateur
from backoffice.delivrances.modeles_images import ranger
from backoffice.delivrances.modeles_workflow import MODELE, preparer
from registre.models import Organisme
from registre.transitions import executer

ARDOISE, BRIQUE = (31, 58, 82, 255), (168, 84, 42, 255)
COTE, FINESSE = 640, 4


def publier(organismes: dict[str, Organisme], comptes: dict[str, Utilisateur]) -> None:
    """Written by one person, published by another, as any other template."""
    redactrice = comptes["certificateur@example.org"]
    modele = preparer(redactrice, organismes["cpne-btp"], "parchemin")
    donnees = {
        "regles": {"couleur": "#1f3a52", "montrer_blocs": True, "motif": "Charte de la CPNE, adoptée à sa création."},
        "logos": [(ranger(embleme(), redactrice).pk, "Emblème de la CPNE\u00a0: un toit au-dessus d’un compas")],
    }
    modele = executer(MODELE, "modifier_modele", modele, redactrice, donnees)
    modele = executer(MODELE, "proposer_modele", modele, redactrice)
    executer(MODELE, "publier_modele", modele, comptes["signataire@example.org"])


def embleme() -> bytes:
    """A roof over an open pair of compasses, in a ring: drawn large, then reduced so that its edges are smooth."""
    cote = COTE * FINESSE
    image = Image.new("RGBA", (cote, cote), (255, 255, 255, 0))
    trait = ImageDraw.Draw(image)
    milieu, epaisseur = cote / 2, cote * 0.022

    def point(angle: float, rayon: float, x: float = 0.5, y: float = 0.5) -> tuple[float, float]:
        return cote * x + cote * rayon * math.cos(angle), cote * y + cote * rayon * math.sin(angle)

    for rayon, largeur in ((0.485, 0.022), (0.445, 0.008)):
        boite = [milieu - cote * rayon, milieu - cote * rayon, milieu + cote * rayon, milieu + cote * rayon]
        trait.ellipse(boite, outline=ARDOISE, width=round(cote * largeur))
    toit = [(0.2, 0.46), (0.5, 0.2), (0.8, 0.46), (0.74, 0.5), (0.5, 0.29), (0.26, 0.5)]
    trait.polygon([(cote * x, cote * y) for x, y in toit], fill=BRIQUE)
    for sens in (-1, 1):
        # A leg that narrows to its point.
        jambe = [(0.5, 0.42), (0.5 + sens * 0.045, 0.42), (0.5 + sens * 0.2, 0.82), (0.5 + sens * 0.165, 0.75)]
        trait.polygon([(cote * x, cote * y) for x, y in jambe], fill=ARDOISE)
    rayon = cote * 0.035
    trait.ellipse([milieu - rayon, cote * 0.42 - rayon, milieu + rayon, cote * 0.42 + rayon], fill=BRIQUE)
    arc = [point(math.pi * (0.28 + 0.44 * pas / 40), 0.24, 0.5, 0.42) for pas in range(41)]
    trait.line(arc, fill=ARDOISE, width=round(epaisseur * 0.8), joint="curve")
    image = image.resize((COTE, COTE), Image.Resampling.LANCZOS)
    sortie = io.BytesIO()
    image.save(sortie, "PNG", optimize=True)
    return sortie.getvalue()
