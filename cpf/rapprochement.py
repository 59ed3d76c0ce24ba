"""What may keep the Caisse des dépôts from recognising the person: doubts on the civil status, places of the COG.

The schema reads shapes, `controles.py` the passage by itself; here the person is read as the national registry of
identities would: birth name, first name, sex, year, then day and month, then place. The doubts are those of the forms
(`registre.vraisemblance`): one rule, told when it is typed as when it is declared.
"""

import re
from collections.abc import Iterable, Iterator

from registre.cog import FRANCE, VILLES_A_ARRONDISSEMENTS, Lecture
from registre.models import Titulaire
from registre.vraisemblance import avertissements

from .controles import Anomalie

# Départements that have or had communes; 20 was Corsica until 1976, and its codes have become 2A and 2B.
_DEPARTEMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]|98[4678]")
_CORSE = re.compile(r"20\d{3}")
CHAMPS_DU_LIEU = {
    "code_insee_naissance": "code_insee",
    "pays_naissance": "code_pays",
    "commune_naissance": "commune",
    "libelle_pays_naissance": "pays",
}
CONSEIL_LIEU = (
    "Choisissez le lieu de naissance dans l’aide à la saisie\u00a0: elle donne le code du jour de la naissance."
)


def _personne(titulaire: dict) -> Titulaire:
    """The person of a snapshot, as the forms know them."""
    a_l_etranger = bool(titulaire["code_pays"])
    return Titulaire(
        **{
            champ: titulaire[champ] for champ in ("sexe", "nom_naissance", "nom_usage", "prenom1", "prenom2", "prenom3")
        },
        **{f"{partie}_naissance": titulaire[f"{partie}_naissance"] for partie in ("annee", "mois", "jour")},
        code_insee_naissance="" if a_l_etranger else titulaire["code_insee"],
        code_postal_naissance=titulaire["code_postal"],
        commune_naissance=titulaire["commune"],
        pays_naissance=titulaire["code_insee"] if a_l_etranger else FRANCE,
        libelle_pays_naissance=titulaire["pays"],
    )


def _lieu_impossible(titulaire: dict, lieux: Lecture) -> Iterator[Anomalie]:
    """Codes that never were those of a birthplace: the passage would go and come back."""
    code = titulaire["code_insee"]
    if titulaire["code_pays"]:
        if code not in lieux.pays():
            yield Anomalie("code_pays", f"Le code {code} n’est celui d’aucun pays, actuel ou ancien.", CONSEIL_LIEU)
    elif not code or code in VILLES_A_ARRONDISSEMENTS or lieux.periodes(code):
        return
    elif _CORSE.fullmatch(code):
        phrase = f"Le code {code} est l’ancien code de la Corse\u00a0: il commence aujourd’hui par 2A ou 2B."
        yield Anomalie("code_insee", phrase, CONSEIL_LIEU)
    elif not _DEPARTEMENT.match(code):
        yield Anomalie("code_insee", f"Le code {code} n’est celui d’aucun département.", CONSEIL_LIEU)
    elif code.endswith("000"):
        yield Anomalie("code_insee", f"{code} est un code postal, pas le code INSEE d’une commune.", CONSEIL_LIEU)
    elif lieux.decrit(code):
        phrase = f"Le code {code} n’est celui d’aucune commune, actuelle ou ancienne."
        yield Anomalie("code_insee", phrase, CONSEIL_LIEU)


def rapprocher(passage: dict, lieux: Lecture, deja: Iterable[Anomalie] = ()) -> list[Anomalie]:
    """Impossible places, then doubts, on the fields of the person about which `deja` says nothing yet."""
    titulaire = passage["titulaire"]
    dits = {anomalie.champ for anomalie in deja}
    impossibles = [a for a in _lieu_impossible(titulaire, lieux) if a.champ not in dits]
    dits |= {anomalie.champ for anomalie in impossibles}
    doutes = [
        Anomalie(CHAMPS_DU_LIEU.get(doute.champ, doute.champ), doute.phrase, bloquante=False)
        for doute in avertissements(_personne(titulaire), lieux)
    ]
    return impossibles + [doute for doute in doutes if doute.champ not in dits]
