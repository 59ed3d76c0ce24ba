"""From the frozen record to what the templates print: sentences, sizes, drawings."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from registre.documents import codes_qr, guilloche, phrases, polices

COULEUR_PAR_DEFAUT = "#1f3a5f"
_COULEUR = re.compile(r"#[0-9a-fA-F]{6}")
_POINT = 72 / 25.4
COLLEGES = {"employeurs": "Pour le collège des employeurs", "salaries": "Pour le collège des salariés"}


def contexte(enregistrement: dict, adresse: str) -> tuple[dict, dict[str, str]]:
    """Return the variables of the template and the drawings it may call."""
    certification, titulaire = enregistrement["certification"], enregistrement["titulaire"]
    couleur = couleur_lisible(enregistrement["modele"]["couleur"])
    graine = enregistrement["modele"]["graine"] or certification["slug"]
    code = codes_qr.dessiner(adresse)
    blocs = [bloc for bloc in enregistrement["blocs"] if bloc["acquis"]]
    variables = {
        "couleur": couleur,
        "couleur_pale": guilloche.eclaircir(couleur, 0.9),
        "numero": enregistrement["numero"],
        "adresse": adresse,
        "fige_le": f"{enregistrement['delivre_le']}T12:00:00Z",
        "titre": phrases.titre(certification),
        "intitule": phrases.typographie(certification["intitule"]),
        "option": phrases.typographie(certification["option"]),
        "certificateurs": [phrases.certificateur(c) for c in enregistrement["certificateurs"]],
        "nom": phrases.noms(titulaire),
        "nom_usage": phrases.nom_usage(titulaire),
        "naissance": phrases.naissance(titulaire),
        "accord": "e" if titulaire["sexe"] == "F" else "",
        "enregistrement": phrases.mention_enregistrement(certification),
        "niveau": phrases.mention_niveau(certification),
        "nsf": phrases.mention_nsf(certification),
        "jury": phrases.mention_jury(enregistrement),
        "lieu": phrases.typographie(enregistrement["lieu"]),
        "date": phrases.date_francaise(enregistrement["delivre_le"]),
        "blocs": [_bloc(bloc) for bloc in blocs],
        "total_blocs": len(enregistrement["blocs"]),
        "signataires": [_signataire(s) for s in enregistrement["signataires"]],
        "domaine": urlsplit(settings.ADRESSE_PUBLIQUE).netloc,
        "cote_qr": f"{code.cote:g}mm",
    }
    dessins = {"qr": code.svg, "rosace": guilloche.rosace(graine, couleur, 24)}
    if enregistrement["nature"] == "parchemin":
        dessins["fond"] = guilloche.fond_de_parchemin(graine, couleur, 297, 210)
    return variables, dessins


def corps(texte: str, police: str, largeur: float, hauteur: float, maximum: float) -> str:
    """Return the size, as CSS, at which a text fits in a box given in millimetres."""
    taille = polices.corps_ajuste(texte, police, largeur * _POINT * 0.98, hauteur * _POINT, maximum, 1.16)
    return f"{taille:g}pt"


def couleur_lisible(couleur: str) -> str:
    """Return the colour of the certification, darkened until white paper gives it a contrast of 5 at least."""
    if not _COULEUR.fullmatch(couleur):
        return COULEUR_PAR_DEFAUT
    canaux = [int(couleur[i : i + 2], 16) for i in (1, 3, 5)]
    while 1.05 / (_luminance(canaux) + 0.05) < 5:
        canaux = [int(canal * 0.94) for canal in canaux]
    return "#" + "".join(f"{canal:02x}" for canal in canaux)


def _luminance(canaux: list[int]) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    lineaires = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in canaux]
    return sum(poids * canal for poids, canal in zip((0.2126, 0.7152, 0.0722), lineaires, strict=True))


def _bloc(bloc: dict) -> dict:
    limite = bloc["valide_jusqu_au"]
    return {
        "code": bloc["code"],
        "libelle": phrases.typographie(bloc["libelle"]),
        "validite": f"jusqu’au {phrases.date_francaise(limite)}" if limite else "sans limite de durée",
    }


def _signataire(signataire: dict) -> dict:
    return {
        "college": COLLEGES.get(signataire["college"], ""),
        "nom": phrases.typographie(signataire["nom"]),
        "qualite": phrases.typographie(signataire["qualite"]),
    }
