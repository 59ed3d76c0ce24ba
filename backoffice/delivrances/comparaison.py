"""Two records of one document, side by side: what a replacement may correct, and what it would change."""

from copy import deepcopy

from registre.documents import phrases
from registre.models import Titulaire
from registre.textes import en_nfc

# What an error may have put wrong besides the civil status: name, part of the record, keys there (None: all of it).
# Neither the jury, nor the blocs, nor the look of the document: those are decided elsewhere, and stay.
CORRIGIBLES = {
    "intitule": ("Intitulé de la certification", "certification", ("intitule",)),
    "option": ("Option", "certification", ("option",)),
    "niveau": ("Niveau", "certification", ("niveau", "niveau_cec")),
    "decision": ("Décision d’enregistrement", "certification", ("date_decision", "duree_enregistrement")),
    "nsf": ("Code NSF", "certification", ("nsf",)),
    "certificateurs": ("Certificateurs", "certificateurs", None),
    "signataires": ("Signataires", "signataires", None),
    "acces": ("Accès et dates déclarés au SI CPF", "acces", None),
}
_IMPRIMEES = (
    ("Titulaire", lambda e: phrases.noms(e["titulaire"])),
    ("Nom d’usage", lambda e: phrases.nom_usage(e["titulaire"])),
    ("Naissance", lambda e: phrases.naissance(e["titulaire"])),
    ("Lieu de délivrance", lambda e: e["lieu"]),
)


def _partie(enregistrement: dict, section: str, cles: tuple | None):
    return enregistrement[section] if cles is None else {c: enregistrement[section][c] for c in cles}


def corrigibles(fige: dict, courant: dict) -> dict[str, str]:
    """What the register says otherwise today than on the day of the issue: key → name, value then, value now."""
    return {
        cle: f"{nom}\u00a0: {_en_mots(_partie(fige, *ou))} → {_en_mots(_partie(courant, *ou))}"
        for cle, (nom, *ou) in CORRIGIBLES.items()
        if _partie(fige, *ou) != _partie(courant, *ou)
    }


def corriger(fige: dict, titulaire: Titulaire, lieu: str, choisis=(), courant: dict | None = None) -> dict:
    """The record to issue: that of the document, the civil status of today, and what was chosen among `corrigibles`."""
    nouveau = deepcopy(fige) | {"titulaire": en_nfc(titulaire.etat_civil()), "lieu": en_nfc(lieu)}
    for cle in choisis:
        _, section, cles = CORRIGIBLES[cle]
        partie = deepcopy(_partie(courant, section, cles))
        nouveau[section] = partie if cles is None else nouveau[section] | partie
    return nouveau


def lignes(avant: dict, apres: dict) -> list[dict]:
    """What is printed of the person, always; everything else that changes: name, before, after, does it change."""
    rendues = [_ligne(nom, lire(avant), lire(apres)) for nom, lire in _IMPRIMEES]
    deja = {ligne["apres"] for ligne in rendues}
    for champ in Titulaire.CHAMPS:
        ligne = _ligne(_nom_du_champ(champ), avant["titulaire"].get(champ), apres["titulaire"].get(champ))
        if ligne["change"] and ligne["apres"] not in deja:
            rendues.append(ligne)
    for nom, *ou in CORRIGIBLES.values():
        ligne = _ligne(nom, _partie(avant, *ou), _partie(apres, *ou))
        rendues += [ligne] if ligne["change"] else []
    return rendues


def _ligne(nom: str, avant, apres) -> dict:
    return {"nom": nom, "avant": _en_mots(avant), "apres": _en_mots(apres), "change": avant != apres}


def _nom_du_champ(champ: str) -> str:
    nom = str(Titulaire._meta.get_field(champ).verbose_name)
    return nom[:1].upper() + nom[1:]


def _en_mots(valeur) -> str:
    if isinstance(valeur, dict):
        return ", ".join(str(v) for v in valeur.values() if v not in (None, "")) or "(vide)"
    if isinstance(valeur, list):
        return "\u00a0; ".join(_en_mots(v) for v in valeur) or "(vide)"
    return str(valeur) if valeur not in (None, "") else "(vide)"
