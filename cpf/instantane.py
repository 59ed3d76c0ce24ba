"""From the frozen record of a parchemin to the snapshot of a passage: what will be declared, kept as it was sent."""

from typing import Any

from registre.textes import normaliser

FORMAT = "cpf-passage-1"
FRANCE = "99100"
LONGUEUR_ADRESSE_PREUVE = 255
LONGUEUR_CODE_INSEE = 5
TYPES = {"rncp": "RNCP", "rs": "RS"}


def _texte(valeur: Any) -> str:
    """Text as it goes out: NFC, one blank between words, none at the ends (a line break would break the lengths)."""
    return normaliser(str(valeur or ""))


def est_ne_a_l_etranger(titulaire: dict) -> bool:
    """Whether the country of birth is known and is not France (COG 99100)."""
    return bool(_texte(titulaire.get("pays_naissance"))) and _texte(titulaire.get("pays_naissance")) != FRANCE


def _naissance_a_l_etranger(titulaire: dict) -> dict[str, str]:
    """Abroad: the COG code of the country as commune code, the same without its leading 99 as country code."""
    pays = _texte(titulaire["pays_naissance"])
    return {
        "code_insee": pays,
        "code_postal": "",
        "commune": _texte(titulaire.get("commune_naissance")),
        "code_pays": pays[2:],
        "pays": _texte(titulaire.get("libelle_pays_naissance")),
    }


def _naissance_en_france(titulaire: dict) -> dict[str, str]:
    """In France: the INSEE code when it has its five characters, else the postal code, else nothing (nil).

    No country code: 99100 must never be sent for a birth in France, and the element is optional.
    """
    insee = _texte(titulaire.get("code_insee_naissance")).upper()
    insee = insee if len(insee) == LONGUEUR_CODE_INSEE else ""
    return {
        "code_insee": insee,
        "code_postal": "" if insee else _texte(titulaire.get("code_postal_naissance")),
        "commune": _texte(titulaire.get("commune_naissance")),
        "code_pays": "",
        "pays": _texte(titulaire.get("libelle_pays_naissance")),
    }


def _etat_civil(titulaire: dict) -> dict[str, Any]:
    lieu = _naissance_a_l_etranger(titulaire) if est_ne_a_l_etranger(titulaire) else _naissance_en_france(titulaire)
    return {
        "nom_naissance": _texte(titulaire.get("nom_naissance")),
        "nom_usage": _texte(titulaire.get("nom_usage")),
        "prenom1": _texte(titulaire.get("prenom1")),
        "prenom2": _texte(titulaire.get("prenom2")),
        "prenom3": _texte(titulaire.get("prenom3")),
        "annee_naissance": titulaire.get("annee_naissance"),
        "mois_naissance": titulaire.get("mois_naissance"),
        "jour_naissance": titulaire.get("jour_naissance"),
        "sexe": _texte(titulaire.get("sexe")),
        **lieu,
    }


def instantane(enregistrement: dict, identifiant: str, adresse_preuve: str = "") -> dict[str, Any]:
    """Snapshot of the passage that declares the parchemin of this frozen record.

    `identifiant` is the stable identifier of the parchemin: with the matricule of the émetteur it is the key of the
    passage at the Caisse des dépôts, never reused. A CQP is awarded by a jury on admission, and its result is final.
    The address of proof is optional: it is left out beyond the 255 characters of the format.
    A value is never invented: an unknown one stays empty, `cpf.controles` tells whether the passage can go.
    """
    certification, acces = enregistrement["certification"], enregistrement["acces"]
    modalite = _texte(acces.get("modalite"))
    adresse = _texte(adresse_preuve)
    return {
        "format": FORMAT,
        "numero": enregistrement["numero"],
        "type": TYPES.get(certification["repertoire"], ""),
        "code": _texte(certification["numero_fiche"]).upper(),
        "id_technique": _texte(identifiant),
        "url_preuve": adresse if len(adresse) <= LONGUEUR_ADRESSE_PREUVE else "",
        "libelle_option": _texte(certification.get("option")),
        "obtention": "PAR_ADMISSION",
        "donnee_certifiee": True,
        "debut_examen": _texte(acces.get("examen_debut")),
        "fin_examen": _texte(acces.get("examen_fin")),
        "debut_validite": _texte(enregistrement["delivre_le"]),
        "fin_validite": "",
        "scoring": "",
        "mention": "",
        "modalite_acces": modalite,
        "voie_vae": _texte(acces.get("voie_vae")) if modalite == "VAE" else "",
        "initiative": _texte(acces.get("initiative")),
        "inscrit_le": _texte(acces.get("inscrit_le")),
        "titulaire": _etat_civil(enregistrement["titulaire"]),
    }
