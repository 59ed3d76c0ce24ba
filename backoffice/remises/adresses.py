"""A postal address as French sorting machines read it: at most six lines of 38 characters (AFNOR NF Z10-011).

From the most precise to the most general: who, where in the building, which building, number and street, hamlet or
post box, postcode and town. The lines from the street down are in capitals, without accent nor punctuation.
"""

import re
import unicodedata

LONGUEUR = 38
LIGNES = 6


def capitales(texte: str) -> str:
    """« 3 bis, rue de l’Église » → « 3 BIS RUE DE L EGLISE »."""
    ouvert = texte.upper().replace("Œ", "OE").replace("Æ", "AE")
    nu = "".join(c for c in unicodedata.normalize("NFKD", ouvert) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9A-Z]+", " ", nu).split())


def lignes(destinataire, complement="", batiment="", voie="", lieu_dit="", code_postal="", commune="", pays=""):
    """The lines to print, empty ones left out; no address yet gives no line."""
    if not voie and not lieu_dit and not commune:
        return []
    hautes = [destinataire.strip(), complement.strip(), batiment.strip()]
    basses = [capitales(voie), capitales(lieu_dit), capitales(f"{code_postal} {commune}"), capitales(pays)]
    return [ligne for ligne in (*hautes, *basses) if ligne]


def fautes(adresse: list[str]) -> list[str]:
    """What keeps these lines from being printed on a label."""
    phrases = [
        f"«\u202f{ligne}\u202f» compte {len(ligne)} caractères\u00a0: une adresse en admet {LONGUEUR} par ligne."
        for ligne in adresse
        if len(ligne) > LONGUEUR
    ]
    if len(adresse) > LIGNES:
        phrases.append(f"Cette adresse compte {len(adresse)} lignes\u00a0: une étiquette en admet {LIGNES}.")
    return phrases
