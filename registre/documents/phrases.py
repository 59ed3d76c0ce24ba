"""The French sentences of a document, from the frozen record only."""

from datetime import date

_MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
INSECABLE = "\u00a0"
_FRANCE = "99100"
_SIGLES = {"rncp": "RNCP", "rs": "RS"}
TITRES = {
    "CQP": "Certificat de qualification professionnelle",
    "CQPI": "Certificat de qualification professionnelle interbranches",
}
_REPERTOIRES = {
    "rncp": "Certification professionnelle enregistrée au répertoire national des certifications professionnelles",
    "rs": "Certification enregistrée au répertoire spécifique",
}


def date_francaise(iso: str) -> str:
    """Return « 22 novembre 2026 » for « 2026-11-22 »; the first of a month is « 1er »."""
    jour = date.fromisoformat(iso)
    return INSECABLE.join((_quantieme(jour.day), _MOIS[jour.month - 1], str(jour.year)))


def noms(titulaire: dict) -> str:
    """Return first names then birth name in capitals, as printed."""
    prenoms = [titulaire[champ] for champ in ("prenom1", "prenom2", "prenom3") if titulaire[champ]]
    return typographie(" ".join([*prenoms, titulaire["nom_naissance"].upper()]))


def nom_usage(titulaire: dict) -> str:
    """Return the used name in capitals, or nothing when it is the birth name."""
    usage = typographie(titulaire["nom_usage"].upper())
    return "" if usage == typographie(titulaire["nom_naissance"].upper()) else usage


def naissance(titulaire: dict) -> str:
    """Return « née le 3 mai 1985 à Lyon »; a date known in part only gives what is known."""
    ne = "née" if titulaire["sexe"] == "F" else "né"
    return " ".join(filter(None, (ne, _date_naissance(titulaire), _lieu_naissance(titulaire))))


def _date_naissance(titulaire: dict) -> str:
    annee, mois, jour = (titulaire[f"{champ}_naissance"] for champ in ("annee", "mois", "jour"))
    if not mois:
        return f"en{INSECABLE}{annee}"
    if not jour:
        return INSECABLE.join(("en", _MOIS[mois - 1], str(annee)))
    return INSECABLE.join(("le", _quantieme(jour), _MOIS[mois - 1], str(annee)))


def _lieu_naissance(titulaire: dict) -> str:
    commune, pays = titulaire["commune_naissance"], titulaire["libelle_pays_naissance"]
    if titulaire["pays_naissance"] == _FRANCE:
        return _a(commune) if commune else ""
    return f"{_a(commune) if commune else 'à l’étranger'} ({typographie(pays)})"


def _a(commune: str) -> str:
    """Contract « à Le Mans » into « au Mans » and « à Les Abymes » into « aux Abymes »."""
    article, _, reste = commune.partition(" ")
    contraction = {"le": "au", "les": "aux"}.get(article.lower())
    return f"{contraction} {typographie(reste)}" if contraction and reste else f"à {typographie(commune)}"


def _quantieme(jour: int) -> str:
    return "1er" if jour == 1 else str(jour)


def identite(titulaire: dict) -> tuple[str, str, str]:
    """Return all that a document prints of its holder: names, used name, birth. Another one is another document."""
    return noms(titulaire), nom_usage(titulaire), naissance(titulaire)


def titre(certification: dict) -> str:
    """Return what the document is, written in full: CQP, or CQP interbranches."""
    return TITRES.get(certification["nature"], TITRES["CQP"])


def certificateur(organisme: dict) -> str:
    """Return the raison sociale, followed by the commercial name when there is one."""
    raison, commercial = typographie(organisme["raison_sociale"]), typographie(organisme["nom_commercial"])
    return f"{raison} ({commercial})" if commercial and commercial != raison else raison


def mention_enregistrement(certification: dict) -> str:
    """Return the sentence on the registration, with the decision that founds it; a line feed where it may be cut.

    Recommended content: France compétences, questions and answers on the parchemin; L. 6113-4 for what no national
    register holds.
    """
    repertoire = certification["repertoire"]
    if repertoire == "branche":
        return (
            "Certificat établi par la commission paritaire nationale de l’emploi et reconnu par la branche\n"
            f"professionnelle, en application de l’article{INSECABLE}L.{INSECABLE}6113-4 du code du travail."
        )
    duree = certification["duree_enregistrement"]
    pour = f", pour une durée de {duree}{INSECABLE}an{'s' if duree > 1 else ''}" if duree else ""
    return (
        f"{_REPERTOIRES[repertoire]} ({_SIGLES[repertoire]}) sous le n°{INSECABLE}{certification['numero_fiche']}\n"
        "par décision du directeur général de France compétences en date du "
        f"{date_francaise(certification['date_decision'])}{pour}."
    )


def mention_niveau(certification: dict) -> str:
    """Return the sentence on the level, French and European; nothing outside of the RNCP."""
    if certification["repertoire"] != "rncp":
        return ""
    return (
        f"Niveau{INSECABLE}{certification['niveau']} du cadre national des certifications professionnelles "
        f"(niveau{INSECABLE}{certification['niveau_cec']} du cadre européen des certifications)."
    )


def mention_nsf(certification: dict) -> str:
    """Return the sentence on the NSF codes, in the singular or the plural."""
    codes = [f"{nsf['code']} – {nsf['libelle']}" if nsf["libelle"] else nsf["code"] for nsf in certification["nsf"]]
    if not codes:
        return ""
    intitule = f"Code{'s' if len(codes) > 1 else ''}{INSECABLE}NSF"
    return typographie(f"{intitule}{INSECABLE}: {f'{INSECABLE}; '.join(codes)}.")


def mention_jury(enregistrement: dict) -> str:
    """Return the sentence on the jury whose decision the document carries."""
    jour = enregistrement["jury"]["date"]
    return f"Décision du jury paritaire du {date_francaise(jour)}." if jour else ""


def typographie(texte: str) -> str:
    """Return a text as a printer sets it: curved apostrophe, and no character that the faces lack for a space."""
    return texte.replace("'", "’").replace("\u202f", INSECABLE).replace("\u2011", "-")
