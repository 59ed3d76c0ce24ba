"""A CQP for machines: schema.org JSON-LD, read by search engines and other registers. Never a person."""

import json

from django.utils.safestring import SafeString, mark_safe

from home.fiche import FicheCQP

# As Django's json_script does: nothing in the data can close the script element.
ECHAPPEMENTS = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
CADRE_NATIONAL = "Cadre national des certifications professionnelles (décret n° 2019-14 du 8 janvier 2019)"
CADRE_EUROPEEN = "Cadre européen des certifications"


def certification_en_json_ld(fiche: FicheCQP, adresse: str) -> SafeString:
    """The EducationalOccupationalCredential of `fiche`, whose page stands at `adresse`."""
    texte = json.dumps(certification_en_donnees(fiche, adresse), ensure_ascii=False, separators=(",", ":"))
    return mark_safe(texte.translate(ECHAPPEMENTS))  # noqa: S308 - escaped just above


def certification_en_donnees(fiche: FicheCQP, adresse: str) -> dict:
    """The same as plain data. A branch-only CQP has no level, and nobody but the branch recognises it."""
    version = fiche.version
    donnees = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": adresse,
        "url": adresse,
        "name": version.intitule,
        "description": fiche.certification.accroche,
        "inLanguage": "fr",
        "credentialCategory": {
            "@type": "DefinedTerm",
            "termCode": fiche.certification.nature,
            "name": "Certificat de qualification professionnelle",
        },
        "creator": [{"@type": "Organization", "name": nom} for nom in fiche.certificateurs],
        "publisher": {"@type": "Organization", "name": fiche.certification.porteur.raison_sociale},
        "competencyRequired": [] if version.blocs_exemple else [bloc.libelle for bloc in fiche.blocs],
        "datePublished": version.date_decision.isoformat() if version.date_decision else "",
        "expires": version.date_fin_enregistrement.isoformat() if version.date_fin_enregistrement else "",
        "educationalLevel": _niveaux(version),
        "about": [
            {"@type": "DefinedTerm", "inDefinedTermSet": nomenclature, "termCode": code}
            for nomenclature, code in fiche.codes
        ],
    }
    if version.numero:
        donnees |= {
            "identifier": {
                "@type": "PropertyValue",
                "propertyID": version.repertoire.upper(),
                "value": version.numero,
            },
            "recognizedBy": {"@type": "GovernmentOrganization", "name": "France compétences"},
            "sameAs": version.url_france_competences,
        }
    return {cle: valeur for cle, valeur in donnees.items() if valeur not in ("", [], None)}


def _niveaux(version) -> list[dict]:
    niveaux = [(version.niveau, CADRE_NATIONAL), (version.niveau_cec, CADRE_EUROPEEN)]
    return [
        {"@type": "DefinedTerm", "termCode": str(niveau), "inDefinedTermSet": cadre}
        for niveau, cadre in niveaux
        if niveau
    ]
