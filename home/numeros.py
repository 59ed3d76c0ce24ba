"""A number that nobody holds here: what the visitor may have meant."""

import difflib

from home.catalogue import adresse
from home.registre_public.lecture import versions_publiques
from registre.models.certifications import adresse_fiche

AU_PLUS = 3


def proches(numero: str) -> dict:
    """The public versions whose number looks like this one, and where the official fiche would stand."""
    connues = {v.numero: v for v in versions_publiques().exclude(numero="").select_related("certification")}
    chiffres = numero.lstrip("RNCPS")
    autre_repertoire = [n for n in connues if n.lstrip("RNCPS") == chiffres]
    trouves = dict.fromkeys(autre_repertoire + difflib.get_close_matches(numero, connues, n=AU_PLUS, cutoff=0.8))
    return {
        "numero": numero,
        "proches": [
            {"numero": n, "intitule": connues[n].intitule, "url": adresse(connues[n].certification)}
            for n in list(trouves)[:AU_PLUS]
        ],
        "officielle": adresse_fiche("rncp" if numero.startswith("RNCP") else "rs", numero),
    }
