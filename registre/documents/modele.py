"""What a certificateur chose for its documents, as frozen in the record; a record of the first format chose nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from registre.documents import phrases
from registre.mots import remplacer

PAYSAGE, PORTRAIT = "paysage", "portrait"
FORMULE = "est décerné à"
OPTION = "Option\u00a0: {option}"
_PAR_DEFAUT = {
    "orientation": PAYSAGE,
    "logos": [],
    "textes": {"formule": FORMULE, "option": OPTION, "mention": ""},
    "montrer_blocs": False,
}


@dataclass(frozen=True)
class Mot:
    """One word that a text of a template may hold, and where the record says it."""

    nom: str
    description: str
    valeur: Callable[[dict], str]


MOTS = {
    mot.nom: mot
    for mot in (
        Mot("titulaire", "prénoms et nom du titulaire", lambda e: phrases.noms(e["titulaire"])),
        Mot("certification", "intitulé exact de la certification", lambda e: e["certification"]["intitule"]),
        Mot("option", "option obtenue", lambda e: e["certification"]["option"]),
        Mot(
            "certificateur",
            "certificateurs, dans l’ordre de la fiche",
            lambda e: ", ".join(c["raison_sociale"] for c in e["certificateurs"]),
        ),
        Mot("numero", "numéro du document", lambda e: e["numero"]),
        Mot("date", "date de délivrance", lambda e: phrases.date_francaise(e["delivre_le"])),
        Mot("lieu", "lieu de délivrance", lambda e: e["lieu"]),
        Mot("date_jury", "date du jury", lambda e: phrases.date_francaise(e["jury"]["date"])),
    )
}


def modele(enregistrement: dict) -> dict:
    """Return the whole choice, completed by what we choose when nobody did."""
    return _PAR_DEFAUT | enregistrement["modele"]


def texte(enregistrement: dict, place: str) -> str:
    """Return the text of one place of the document, its words replaced by what the record says."""
    ecrit = modele(enregistrement)["textes"][place]
    return phrases.typographie(remplacer(ecrit, lambda nom: MOTS[nom].valeur(enregistrement) if nom in MOTS else ""))


def images(enregistrement: dict) -> set[str]:
    """Return the SHA-256 of every image that the document shows."""
    signatures = {s.get("signature", "") for s in enregistrement["signataires"]}
    return {logo["sha256"] for logo in modele(enregistrement)["logos"]} | signatures - {""}
