"""From the frozen record to what the templates print: sentences, sizes, drawings."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from registre.documents import codes_qr, guilloche, modele, phrases, polices

COULEUR_PAR_DEFAUT = "#1f3a5f"
_COULEUR = re.compile(r"#[0-9a-fA-F]{6}")
_POINT = 72 / 25.4
_INTERLIGNE, _UNE_LIGNE = 1.16, 0.78
CONTRASTE_MINIMAL = 5
COLLEGES = {
    "employeurs": "Pour le collège des employeurs",
    "salaries": "Pour le collège des salariés",
    "certificateur": "Pour le certificateur",
}
# Millimetres: a logo covers about 19 × 19, never taller than 18, and none comes nearer than 9 to the next one.
_AIRE_DU_LOGO, _HAUTEUR_DU_LOGO, _ENTRE_LES_LOGOS = 360.0, 18.0, 9.0
# Of a parchemin, in millimetres: the sheet, and the heart of its rosette, which follows the axis of the text.
_FORMATS = {modele.PAYSAGE: (297.0, 210.0), modele.PORTRAIT: (210.0, 297.0)}
_COEURS = {
    (modele.PAYSAGE, False): (148.5, 90.0),
    (modele.PAYSAGE, True): (119.5, 90.0),
    (modele.PORTRAIT, False): (105.0, 128.0),
    (modele.PORTRAIT, True): (105.0, 128.0),
}
_LARGEUR_DES_LOGOS = {"parchemin": 150.0, "attestation": 138.0, "bloc": 138.0}


def contexte(
    enregistrement: dict, adresse: str, duplicata: dict | None = None
) -> tuple[dict, dict[str, str | codes_qr.CodeQR]]:
    """Return the variables of the template and the drawings it may call."""
    choix = modele.modele(enregistrement)
    couleur = couleur_lisible(choix["couleur"])
    code = codes_qr.dessiner(adresse)
    page = _page(enregistrement, choix)
    variables = {
        **page,
        **_textes(enregistrement),
        "couleur": couleur,
        "couleur_pale": guilloche.eclaircir(couleur, 0.9),
        "adresse": adresse,
        "fige_le": f"{(duplicata or enregistrement)['delivre_le']}T12:00:00Z",
        "logos": logos(choix["logos"], _LARGEUR_DES_LOGOS[enregistrement["nature"]]),
        "signataires": [_signataire(s) for s in enregistrement["signataires"]],
        "sceau": enregistrement["nature"] == "parchemin" and len(enregistrement["signataires"]) == 1,
        "domaine": urlsplit(settings.ADRESSE_PUBLIQUE).netloc,
        "cote_qr": f"{code.cote:g}mm",
        "duplicata": duplicata and _duplicata(duplicata),
    }
    dessins = {"qr": code}
    if enregistrement["nature"] == "parchemin":
        graine = choix["graine"] or enregistrement["certification"]["slug"]
        format_, coeur = _FORMATS[page["orientation"]], _COEURS[page["orientation"], page["montrer_blocs"]]
        dessins |= {
            "fond": guilloche.fond_de_parchemin(graine, couleur, format_, coeur),
            "ornement": guilloche.ornement(couleur, 62),
            "rosace": guilloche.rosace(graine, couleur, 34),
        }
    return variables, dessins


def _page(enregistrement: dict, choix: dict) -> dict:
    """Return how the page stands, and the width in millimetres that its texts have."""
    orientation = choix["orientation"] if enregistrement["nature"] == "parchemin" else modele.PORTRAIT
    montrer_blocs = choix["montrer_blocs"] and any(bloc["acquis"] for bloc in enregistrement["blocs"])
    largeur = 150 if orientation == modele.PORTRAIT else 176 if montrer_blocs else 225
    return {
        "orientation": orientation,
        "montrer_blocs": montrer_blocs,
        "largeur_texte": largeur,
        "etroit": largeur < 200,
    }


def _textes(enregistrement: dict) -> dict:
    """Return what the document says, in words."""
    certification, titulaire = enregistrement["certification"], enregistrement["titulaire"]
    blocs = [_bloc(bloc) for bloc in enregistrement["blocs"] if bloc["acquis"]]
    return {
        "numero": enregistrement["numero"],
        "titre": phrases.titre(certification),
        "intitule": phrases.typographie(certification["intitule"]),
        "option": modele.texte(enregistrement, "option") if certification["option"] else "",
        "formule": modele.texte(enregistrement, "formule"),
        "mention_libre": modele.texte(enregistrement, "mention"),
        "certificateurs": [phrases.certificateur(c) for c in enregistrement["certificateurs"]],
        "nom": phrases.noms(titulaire),
        "nom_usage": phrases.nom_usage(titulaire),
        "naissance": phrases.naissance(titulaire),
        "enregistrement": phrases.mention_enregistrement(certification),
        "niveau": phrases.mention_niveau(certification),
        "nsf": phrases.mention_nsf(certification),
        "jury": phrases.mention_jury(enregistrement),
        "lieu": phrases.typographie(enregistrement["lieu"]),
        "date": phrases.date_francaise(enregistrement["delivre_le"]),
        "blocs": blocs,
        "bloc": blocs[0] if enregistrement["nature"] == "bloc" else None,
        "total_blocs": len(enregistrement["blocs"]),
    }


def logos(choisis: list[dict], largeur: float) -> list[dict]:
    """Return the logos with their sizes in millimetres: all of the same weight for the eye, on one line.

    A wide logo and a tall one look alike when they cover the same area.
    """
    tailles = []
    for logo in choisis:
        rapport = logo["largeur"] / logo["hauteur"]
        haut = min((_AIRE_DU_LOGO / rapport) ** 0.5, _HAUTEUR_DU_LOGO)
        tailles.append((haut * rapport, haut))
    place = largeur - _ENTRE_LES_LOGOS * (len(tailles) - 1)
    facteur = min([1.0, *(place / somme for somme in [sum(w for w, _ in tailles)] if somme)])
    return [
        {
            "adresse": f"image:{logo['sha256']}",
            "alternatif": phrases.typographie(logo["alternatif"]),
            "taille": f"width: {w * facteur:.2f}mm; height: {h * facteur:.2f}mm",
        }
        for logo, (w, h) in zip(choisis, tailles, strict=True)
    ]


def mise_en_page(nature: str, variables: dict, facteur: float) -> dict:
    """Return the sizes of the two texts whose length varies most, the title and the name; 1 is all the room."""
    if nature == "parchemin":
        police, largeur, hauteur, maxima = "serif", variables["largeur_texte"], 25 * facteur, (28, 38)
    else:
        police, largeur, hauteur, maxima = "sans-demi", 138, 26 * facteur, (17, 20)
    textes = {
        "intitule": (variables["intitule"], police),
        "nom": (variables["nom"], f"{police.removesuffix('-demi')}-demi"),
    }
    return {
        f"corps_{place}": corps(texte, face, largeur, hauteur, round(maximum * facteur))
        for (place, (texte, face)), maximum in zip(textes.items(), maxima, strict=True)
    }


def corps(texte: str, police: str, largeur: float, hauteur: float, maximum: float) -> str:
    """Return the size, as CSS, at which a text fits in a box given in millimetres; on one line when it nearly does.

    A little smaller on one line reads better than large with a last word alone on the next.
    """
    boite = largeur * _POINT * 0.98
    seule = polices.corps_ajuste(texte, police, boite, maximum * _INTERLIGNE, maximum, _INTERLIGNE)
    if seule >= maximum * _UNE_LIGNE:
        return f"{seule:g}pt"
    return f"{polices.corps_ajuste(texte, police, boite, hauteur * _POINT, maximum, _INTERLIGNE):g}pt"


def couleur_lisible(couleur: str) -> str:
    """Return the colour of the certification, darkened until white paper gives it a contrast of 5 at least."""
    if not _COULEUR.fullmatch(couleur):
        return COULEUR_PAR_DEFAUT
    canaux = [int(couleur[i : i + 2], 16) for i in (1, 3, 5)]
    while _sur_blanc(canaux) < CONTRASTE_MINIMAL:
        canaux = [int(canal * 0.94) for canal in canaux]
    return "#" + "".join(f"{canal:02x}" for canal in canaux)


def contraste(couleur: str) -> float:
    """Return the contrast of a colour « #rrggbb » on white paper, 1 to 21 (WCAG 2.2)."""
    return _sur_blanc([int(couleur[i : i + 2], 16) for i in (1, 3, 5)])


def _sur_blanc(canaux: list[int]) -> float:
    return 1.05 / (_luminance(canaux) + 0.05)


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
        "image": f"image:{signataire['signature']}" if signataire.get("signature") else "",
    }


def _duplicata(duplicata: dict) -> dict:
    return {"rang": duplicata["rang"], "date": phrases.date_francaise(duplicata["delivre_le"])}
