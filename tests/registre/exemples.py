"""Frozen records used by the tests of the trust core: one of each kind, changed at will."""

from copy import deepcopy

_PARCHEMIN = {
    "format": "cqp-enregistrement-2",
    "nature": "parchemin",
    "numero": "FTC-2026-00001",
    "delivre_le": "2026-11-22",
    "lieu": "Paris",
    "certification": {
        "slug": "conducteur-de-ligne",
        "nature": "CQP",
        "repertoire": "rncp",
        "numero_fiche": "RNCP41346",
        "intitule": "Conducteur(trice) de ligne de conditionnement",
        "option": "",
        "niveau": 3,
        "niveau_cec": 3,
        "date_decision": "2025-10-01",
        "duree_enregistrement": 5,
        "nsf": [{"code": "222", "libelle": "Transformations chimiques et apparentées"}],
    },
    "certificateurs": [
        {
            "raison_sociale": "Commission paritaire nationale de l’emploi des industries du thé et du café",
            "sigle": "CPNE-TC",
            "nom_commercial": "",
            "siret": "12345678900011",
            "role": "cpne",
        }
    ],
    "titulaire": {
        "sexe": "F",
        "nom_naissance": "DUPONT",
        "nom_usage": "",
        "prenom1": "Élodie",
        "prenom2": "Marie",
        "prenom3": "",
        "annee_naissance": 1985,
        "mois_naissance": 5,
        "jour_naissance": 3,
        "code_insee_naissance": "69383",
        "code_postal_naissance": "69003",
        "commune_naissance": "Lyon",
        "pays_naissance": "99100",
        "libelle_pays_naissance": "France",
    },
    "jury": {"date": "2026-11-10", "pv": "PV-2026-004"},
    "blocs": [
        {
            "code": "RNCP41346BC01",
            "libelle": "Préparer la ligne de conditionnement",
            "acquis": True,
            "valide_jusqu_au": "",
        },
        {"code": "RNCP41346BC02", "libelle": "Conduire la ligne", "acquis": True, "valide_jusqu_au": ""},
    ],
    "acces": {
        "modalite": "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
        "voie_vae": "",
        "initiative": "EMPLOYEUR",
        "inscrit_le": "2026-01-12",
        "examen_debut": "",
        "examen_fin": "",
    },
    "signataires": [
        {"college": "employeurs", "nom": "Jeanne Lefèvre", "qualite": "Présidente de la CPNE", "signature": ""},
        {"college": "salaries", "nom": "Paul O’Brien", "qualite": "Vice-président de la CPNE", "signature": ""},
    ],
    "modele": {
        "version": None,
        "numero": None,
        "couleur": "#7a2e12",
        "graine": "conducteur-de-ligne",
        "orientation": "paysage",
        "logos": [],
        "textes": {"formule": "est décerné à", "option": "Option\u00a0: {option}", "mention": ""},
        "montrer_blocs": False,
    },
}


def enregistrement(**changements) -> dict:
    """Return the record of a full RNCP parchemin; `titulaire__prenom1="Zoé"` changes one field."""
    copie = deepcopy(_PARCHEMIN)
    for chemin, valeur in changements.items():
        *parents, dernier = chemin.split("__")
        cible = copie
        for parent in parents:
            cible = cible[parent]
        if dernier not in cible:
            raise KeyError(chemin)
        cible[dernier] = valeur
    return copie


def attestation(**changements) -> dict:
    """Return the record of a partial success: one bloc acquired out of two."""
    fiche = enregistrement(**({"nature": "attestation", "numero": "FTC-A-2026-00007"} | changements))
    fiche["blocs"][0]["valide_jusqu_au"] = "2031-11-22"
    fiche["blocs"][1]["acquis"] = False
    return fiche


def bloc(**changements) -> dict:
    """Return the record of the attestation of one bloc."""
    seul = {"blocs": attestation()["blocs"][:1]}
    return enregistrement(**({"nature": "bloc", "numero": "FTC-B-2026-00003"} | seul | changements))


def du_premier_format(fiche: dict) -> dict:
    """Return a record as it was frozen before certificateurs had templates: a colour, and nothing else to choose."""
    signataires = [{cle: s[cle] for cle in ("college", "nom", "qualite")} for s in fiche["signataires"]]
    modele = {cle: fiche["modele"][cle] for cle in ("couleur", "graine")}
    return fiche | {"format": "cqp-enregistrement-1", "signataires": signataires, "modele": modele}


def au_repertoire_specifique(**changements) -> dict:
    """Return the record of a certification of the répertoire spécifique: no level."""
    sans_niveau = {"certification__niveau": None, "certification__niveau_cec": None}
    fiche = {"certification__repertoire": "rs", "certification__numero_fiche": "RS6610"}
    return enregistrement(**(sans_niveau | fiche | changements))


def de_branche(**changements) -> dict:
    """Return the record of a certification that no national register holds."""
    sans_fiche = {"certification__repertoire": "branche", "certification__numero_fiche": ""}
    sans_niveau = {"certification__niveau": None, "certification__niveau_cec": None}
    sans_decision = {"certification__date_decision": "", "certification__duree_enregistrement": None}
    return enregistrement(**(sans_fiche | sans_niveau | sans_decision | changements))
