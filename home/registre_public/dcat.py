"""The catalogue of our open data (DCAT-AP), which other portals harvest: one description, JSON-LD or RDF/XML."""

from django.conf import settings
from lxml import etree

from home.ouvert import LICENCE, adresse_publique
from home.registre_public.exports import FORMATS
from home.registre_public.jeux import JEUX
from home.registre_public.statistiques import JEU as STATISTIQUES

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MOTS_CLES = ("CQP", "certification professionnelle", "RNCP", "répertoire spécifique", "formation professionnelle")
THEME = "http://publications.europa.eu/resource/authority/data-theme/EDUC"
FREQUENCE = "http://publications.europa.eu/resource/authority/frequency/CONT"
LANGUE = "http://publications.europa.eu/resource/authority/language/FRA"
TYPES_DE_FICHIERS = "http://publications.europa.eu/resource/authority/file-type/"
TYPES_DE_MEDIAS = "http://www.iana.org/assignments/media-types/"


def _lien(adresse: str) -> dict:
    return {"@id": adresse}


def _texte(texte: str) -> dict:
    return {"@value": texte, "@language": "fr"}


def _fichier(nom: str, titre: str, format: str) -> dict:
    adresse = adresse_publique(f"/registre/{nom}.{format}")
    return {
        "@id": adresse,
        "@type": "dcat:Distribution",
        "dcterms:title": [_texte(f"{titre} ({format.upper()})")],
        "dcat:accessURL": [_lien(adresse)],
        "dcat:downloadURL": [_lien(adresse)],
        "dcat:mediaType": [_lien(TYPES_DE_MEDIAS + FORMATS[format][0].split(";")[0])],
        "dcterms:format": [_lien(TYPES_DE_FICHIERS + format.upper())],
        "dcterms:license": [_lien(LICENCE)],
    }


def _jeu(nom: str, titre: str, description: str, formats, modifie) -> dict:
    return {
        "@id": adresse_publique(f"/registre/donnees/#{nom}"),
        "@type": "dcat:Dataset",
        "dcterms:title": [_texte(titre)],
        "dcterms:description": [_texte(description)],
        "dcterms:identifier": [{"@value": nom}],
        "dcterms:publisher": [_editeur()],
        "dcterms:license": [_lien(LICENCE)],
        "dcterms:language": [_lien(LANGUE)],
        "dcterms:accrualPeriodicity": [_lien(FREQUENCE)],
        "dcterms:modified": [{"@value": modifie.isoformat(timespec="seconds"), "@type": "xsd:dateTime"}],
        "dcat:landingPage": [_lien(adresse_publique("/registre/donnees/"))],
        "dcat:theme": [_lien(THEME)],
        "dcat:keyword": [_texte(mot) for mot in MOTS_CLES],
        "dcat:distribution": [_fichier(nom, titre, format) for format in formats],
    }


def _editeur() -> dict:
    return {
        "@id": adresse_publique("/#editeur"),
        "@type": "foaf:Organization",
        "foaf:name": [_texte(settings.NOM_DU_SITE)],
    }


def catalogue(modifie) -> dict:
    """The catalogue and all it holds, as a tree of nodes; `modifie` is when the registry last changed."""
    jeux = [_jeu(j.nom, j.titre, j.description, FORMATS, modifie) for j in (*JEUX.values(), STATISTIQUES)]
    return {
        "@id": adresse_publique("/registre/catalogue.jsonld"),
        "@type": "dcat:Catalog",
        "dcterms:title": [_texte("Données ouvertes du registre des CQP")],
        "dcterms:description": [_texte("Les certifications, leurs versions, leurs blocs, et ce qui en est délivré.")],
        "dcterms:publisher": [_editeur()],
        "dcterms:language": [_lien(LANGUE)],
        "dcterms:license": [_lien(LICENCE)],
        "dcterms:modified": [{"@value": modifie.isoformat(timespec="seconds"), "@type": "xsd:dateTime"}],
        "foaf:homepage": [_lien(adresse_publique("/registre/donnees/"))],
        "dcat:dataset": jeux,
        "dcat:service": [
            {
                "@id": adresse_publique("/api/v1/"),
                "@type": "dcat:DataService",
                "dcterms:title": [_texte("Interface de lecture du registre")],
                "dcat:endpointURL": [_lien(adresse_publique("/api/v1/"))],
                "dcat:endpointDescription": [_lien(adresse_publique("/api/v1/openapi.json"))],
                "dcterms:license": [_lien(LICENCE)],
                "dcat:servesDataset": [_lien(jeu["@id"]) for jeu in jeux[:2]],
            }
        ],
    }


def en_json_ld(modifie) -> dict:
    return {"@context": PREFIXES, **catalogue(modifie)}


def en_rdf(modifie) -> bytes:
    """The same nodes in RDF/XML."""
    racine = etree.Element(_nom("rdf:RDF"), nsmap=PREFIXES)
    _ecrire(racine, catalogue(modifie))
    return etree.tostring(racine, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _nom(court: str) -> str:
    prefixe, local = court.split(":")
    return f"{{{PREFIXES[prefixe]}}}{local}"


def _ecrire(parent, noeud: dict) -> None:
    element = etree.SubElement(parent, _nom(noeud["@type"]), {_nom("rdf:about"): noeud["@id"]})
    for propriete, valeurs in noeud.items():
        for valeur in valeurs if not propriete.startswith("@") else ():
            if "@type" in valeur and "@id" in valeur:
                _ecrire(etree.SubElement(element, _nom(propriete)), valeur)
            elif "@id" in valeur:
                etree.SubElement(element, _nom(propriete), {_nom("rdf:resource"): valeur["@id"]})
            else:
                _litteral(element, propriete, valeur)


def _litteral(element, propriete: str, valeur: dict) -> None:
    attributs = {}
    if "@language" in valeur:
        attributs["{http://www.w3.org/XML/1998/namespace}lang"] = valeur["@language"]
    if "@type" in valeur:
        prefixe, local = valeur["@type"].split(":")
        attributs[_nom("rdf:datatype")] = PREFIXES[prefixe] + local
    etree.SubElement(element, _nom(propriete), attributs).text = valeur["@value"]
