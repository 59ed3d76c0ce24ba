"""A version as linked data: schema.org for search engines, the European Learning Model for other registers.

ELM calls « Qualification » what has a level of the European framework. Only the RNCP gives one: a certification of the
RS or of a branch alone is described as a LearningAchievementSpecification (see docs/decisions/0017).
"""

from home.catalogue import adresse
from home.donnees_structurees import CADRE_EUROPEEN, CADRE_NATIONAL
from home.ouvert import LICENCE, adresse_publique
from home.registre_public.lecture import identifiant

ELM = {
    "@vocab": "http://data.europa.eu/snb/model/elm/",
    "id": "@id",
    "type": "@type",
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "title": {"@id": "dcterms:title", "@container": "@language"},
    "description": {"@id": "dcterms:description", "@container": "@language"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "legalName": {"@id": "http://data.europa.eu/snb/model/elm/legalName", "@container": "@language"},
    "notation": "skos:notation",
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "identifier": "adms:identifier",
    "schemeName": "http://data.europa.eu/snb/model/elm/schemeName",
    "publisher": "dcterms:publisher",
    "modified": {"@id": "dcterms:modified", "@type": "xsd:dateTime"},
    "homepage": {"@id": "foaf:homepage", "@type": "@id"},
    "hasPart": "dcterms:hasPart",
    "isPartialQualification": {"@type": "xsd:boolean"},
    "license": {"@id": "dcterms:license", "@type": "@id"},
}
NIVEAUX_EUROPEENS = "http://data.europa.eu/snb/eqf/25831c2"
CADRE_FRANCAIS = "http://data.europa.eu/snb/qdr/c_c8bc1cb9"


def nom(version) -> str:
    """The address of the version itself, as a thing."""
    return adresse_publique(f"/registre/{identifiant(version)}")


def _sans_vide(donnees: dict) -> dict:
    return {cle: valeur for cle, valeur in donnees.items() if valeur not in ("", [], None, {})}


def _organismes(version) -> list[dict]:
    return [
        _sans_vide({"@type": "Organization", "name": o.raison_sociale, "url": o.site}) for o in version.certificateurs
    ]


def _termes(version) -> list[dict]:
    return [
        _sans_vide(
            {
                "@type": "DefinedTerm",
                "inDefinedTermSet": code.get_nomenclature_display(),
                "termCode": code.code,
                "name": code.libelle,
            }
        )
        for code in sorted(version.codes.all(), key=lambda c: (c.nomenclature, c.rang, c.code))
    ]


def en_schema_org(version, blocs) -> dict:
    """The EducationalOccupationalCredential of one version, its blocs as parts. Nobody is named but bodies."""
    fin, annees = version.date_fin_enregistrement, version.duree_enregistrement
    niveaux = ((version.niveau, CADRE_NATIONAL), (version.niveau_cec, CADRE_EUROPEEN))
    donnees = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": nom(version),
        "url": adresse_publique(adresse(version.certification)),
        "name": version.intitule,
        "alternateName": version.certification.intitule_usuel,
        "inLanguage": "fr",
        "credentialCategory": {"@type": "DefinedTerm", "termCode": version.certification.nature},
        "creator": _organismes(version),
        "publisher": {"@type": "Organization", "name": version.certification.porteur.raison_sociale},
        "educationalLevel": [
            {"@type": "DefinedTerm", "termCode": str(n), "inDefinedTermSet": cadre} for n, cadre in niveaux if n
        ],
        "about": _termes(version),
        "hasPart": [
            {
                "@type": "EducationalOccupationalCredential",
                "identifier": bloc.code,
                "name": bloc.libelle,
                "competencyRequired": [c.libelle for c in bloc.competences.all()],
            }
            for bloc in blocs
        ],
        "datePublished": version.date_decision.isoformat() if version.date_decision else None,
        "expires": fin.isoformat() if fin else None,
        "validFor": f"P{annees}Y" if annees else None,
        "isBasedOn": [nom(ancienne) for ancienne in version.succede_a.all()],
        "isPartOf": {"@type": "Dataset", "@id": adresse_publique("/registre/donnees/#versions")},
        "license": LICENCE,
    }
    if version.numero:
        donnees["identifier"] = {
            "@type": "PropertyValue",
            "propertyID": version.repertoire.upper(),
            "value": version.numero,
        }
        donnees["recognizedBy"] = {"@type": "GovernmentOrganization", "name": "France compétences"}
        donnees["sameAs"] = version.url_france_competences
    return _sans_vide(donnees)


def en_elm(version, blocs) -> dict:
    """The same in the European Learning Model, version 3."""
    base = {
        "@context": ELM,
        "id": nom(version),
        "type": "Qualification" if version.niveau_cec else "LearningAchievementSpecification",
        "title": {"fr": version.intitule},
        "identifier": _identifiants(version),
        "homepage": adresse_publique(adresse(version.certification)),
        "publisher": [{"type": "Organisation", "legalName": {"fr": o.raison_sociale}} for o in version.certificateurs],
        "modified": version.modifiee_le.isoformat(timespec="seconds"),
        "hasPart": [_partie(version, bloc) for bloc in blocs],
        "license": LICENCE,
    }
    if version.niveau_cec:
        base |= {
            "isPartialQualification": False,
            "eqfLevel": {
                "id": f"http://data.europa.eu/snb/eqf/{version.niveau_cec}",
                "type": "Concept",
                "inScheme": NIVEAUX_EUROPEENS,
                "prefLabel": {"fr": f"Niveau {version.niveau_cec} du CEC"},
            },
            "nqfLevel": [
                {
                    "type": "Concept",
                    "inScheme": CADRE_FRANCAIS,
                    "notation": str(version.niveau),
                    "prefLabel": {"fr": f"Niveau {version.niveau}"},
                }
            ],
            "qualificationCode": [
                {"type": "Concept", "notation": code.code, "prefLabel": {"fr": code.libelle or code.code}}
                for code in version.codes.all()
            ],
        }
    return _sans_vide(base)


def _identifiants(version) -> list[dict]:
    siens = [(identifiant(version), "Registre des CQP")]
    if version.numero:
        siens.append((version.numero, version.get_repertoire_display()))
    return [{"type": "Identifier", "notation": valeur, "schemeName": schema} for valeur, schema in siens]


def _partie(version, bloc) -> dict:
    partie = {
        "id": f"{nom(version)}#{bloc.code}",
        "type": "LearningAchievementSpecification",
        "title": {"fr": bloc.libelle},
        "identifier": [{"type": "Identifier", "notation": bloc.code, "schemeName": "Bloc de compétences"}],
        "learningOutcome": [{"type": "LearningOutcome", "title": {"fr": c.libelle}} for c in bloc.competences.all()],
    }
    if version.niveau_cec:
        partie |= {"type": "Qualification", "isPartialQualification": True}
    return _sans_vide(partie)
