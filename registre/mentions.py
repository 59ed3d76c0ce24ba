"""What a document must say, and what it must never say.

Mandatory mentions: France compétences, questions and answers on the parchemin (registration and its decision,
certificateurs, exact title, level and European level, NSF codes, holder, date and place, signature). The répertoire
spécifique has no level; a certification that only its branch recognises (L. 6113-4, 3° of the code du travail) speaks
neither of a level nor of a national register.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from registre.textes import plier

# Folded forms: words that would mislead about the issuer, the effect or the nature of the document.
INTERDITS = {
    "titre professionnel": "« titre professionnel » désigne un titre du ministère du travail",
    "diplome d etat": "« diplôme d’État » désigne un diplôme de l’État",
    "diplome national": "« diplôme national » désigne un diplôme de l’État",
    "republique francaise": "la République française ne délivre pas ce document",
    "marianne": "la marque de l’État est réservée à l’État",
    "ministere": "aucun ministère ne délivre ce document",
    "reconnu par l etat": "« reconnu par l’État » trompe sur les effets du document",
    "homologue": "l’homologation n’existe plus",
    "en cours d enregistrement": "une certification est enregistrée ou ne l’est pas",
    "sous reserve": "un document délivré l’est sans réserve",
    "qualiopi": "Qualiopi concerne les organismes de formation, pas les certifications",
}
_CODES = {"rncp": re.compile(r"RNCP\d{1,6}"), "rs": re.compile(r"RS\d{1,6}")}
_REPERTOIRE_OU_NIVEAU = re.compile(r"\b(rncp\d*|rs\d+|repertoire (national|specifique)|niveau [1-8ivx]+)\b")


def verifier_mentions(enregistrement: dict) -> list[str]:
    """Return, in French sentences, what prevents this record from being printed; an empty list when it is complete."""
    certification = enregistrement["certification"]
    return [
        *_sur_l_enregistrement(certification, enregistrement["delivre_le"]),
        *_sur_le_niveau(certification),
        *_sur_l_emetteur(enregistrement),
        *_sur_le_titulaire(enregistrement["titulaire"]),
        *_sur_le_document(enregistrement),
        *_mots_interdits(enregistrement),
    ]


def _sur_l_enregistrement(certification: dict, delivre_le: str) -> Iterator[str]:
    if not certification["intitule"].strip():
        yield "Il manque l’intitulé exact de la certification."
    repertoire = certification["repertoire"]
    if repertoire == "branche":
        if certification["numero_fiche"] or certification["date_decision"]:
            yield "Une certification de branche n’a ni numéro de fiche ni décision d’enregistrement."
        return
    if repertoire not in _CODES:
        yield f"Le répertoire « {repertoire} » n’est pas connu."
        return
    if not _CODES[repertoire].fullmatch(certification["numero_fiche"]):
        yield f"Il manque le numéro de la fiche {repertoire.upper()}, ou il est mal écrit."
    decision = certification["date_decision"]
    if not _est_une_date(decision):
        yield "Il manque la date de la décision d’enregistrement du directeur général de France compétences."
    elif _est_une_date(delivre_le) and decision > delivre_le:
        yield "La décision d’enregistrement est postérieure à la délivrance."
    if not certification["nsf"] or not all(nsf["code"] for nsf in certification["nsf"]):
        yield "Il manque le code NSF (spécialité de formation)."


def _sur_le_niveau(certification: dict) -> Iterator[str]:
    niveaux = {"niveau": certification["niveau"], "niveau_cec": certification["niveau_cec"]}
    if certification["repertoire"] == "rncp":
        if niveaux["niveau"] not in range(1, 9):
            yield "Il manque le niveau de qualification du cadre national (1 à 8)."
        if niveaux["niveau_cec"] not in range(1, 9):
            yield "Il manque le niveau du cadre européen des certifications (1 à 8)."
    elif any(niveau is not None for niveau in niveaux.values()):
        yield "Seule une certification inscrite au RNCP porte un niveau de qualification."


def _sur_l_emetteur(enregistrement: dict) -> Iterator[str]:
    certificateurs = enregistrement["certificateurs"]
    if not certificateurs or not all(c["raison_sociale"].strip() for c in certificateurs):
        yield "Il manque la raison sociale du certificateur."
    signataires = enregistrement["signataires"]
    if not signataires or not all(s["nom"].strip() and s["qualite"].strip() for s in signataires):
        yield "Il manque le nom et la qualité de la personne qui signe pour le certificateur."


def _sur_le_titulaire(titulaire: dict) -> Iterator[str]:
    if not titulaire["nom_naissance"].strip():
        yield "Il manque le nom de naissance du titulaire."
    if not titulaire["prenom1"].strip():
        yield "Il manque le prénom du titulaire."
    if titulaire["sexe"] not in ("F", "M"):
        yield "Il manque le sexe à l’état civil du titulaire, nécessaire à l’accord de « né » ou « née »."
    if not titulaire["annee_naissance"]:
        yield "Il manque l’année de naissance du titulaire."
    if not (titulaire["commune_naissance"].strip() or titulaire["libelle_pays_naissance"].strip()):
        yield "Il manque le lieu de naissance du titulaire."


def _sur_le_document(enregistrement: dict) -> Iterator[str]:
    if not enregistrement["numero"].strip():
        yield "Il manque le numéro du document."
    if not _est_une_date(enregistrement["delivre_le"]):
        yield "Il manque la date de délivrance."
    if not enregistrement["lieu"].strip():
        yield "Il manque le lieu de délivrance."
    if enregistrement["nature"] == "attestation" and not any(b["acquis"] for b in enregistrement["blocs"]):
        yield "Une attestation de réussite partielle cite au moins un bloc acquis."
    if enregistrement["nature"] == "bloc" and [b["acquis"] for b in enregistrement["blocs"]] != [True]:
        yield "Une attestation de bloc cite un seul bloc, et il est acquis."


def _mots_interdits(enregistrement: dict) -> Iterator[str]:
    """Look into every text that a person wrote and that will be printed, except the holder's name and places."""
    certification = enregistrement["certification"]
    textes = [certification["intitule"], certification["option"]]
    textes += [c[champ] for c in enregistrement["certificateurs"] for champ in ("raison_sociale", "nom_commercial")]
    textes += [s["qualite"] for s in enregistrement["signataires"]]
    textes += [bloc["libelle"] for bloc in enregistrement["blocs"]]
    textes += enregistrement["modele"].get("textes", {}).values()
    yield from mots_interdits(textes)
    plies = " | ".join(map(plier, textes))
    if certification["repertoire"] == "branche" and _REPERTOIRE_OU_NIVEAU.search(plies):
        yield "Une certification de branche ne parle ni d’un répertoire national ni d’un niveau de qualification."


def mots_interdits(textes: Iterable[str]) -> Iterator[str]:
    """Say, in French sentences, which words of these texts would mislead about the issuer, the effect or the nature."""
    plies = " | ".join(map(plier, textes))
    for mot, raison in INTERDITS.items():
        if re.search(rf"\b{mot.replace(' ', 's? ')}s?\b", plies):
            yield f"Une mention est interdite : {raison}."


def _est_une_date(texte: str) -> bool:
    try:
        return date.fromisoformat(texte).isoformat() == texte
    except (TypeError, ValueError):
        return False
