"""The flux sent to the SI CPF: with `accuses.py`, the only file where its XML tag names are written.

Facts of the format and their sources: docs/cpf.md. Same namespace for every version of the schema; the profile says
which one is written: « 1.1.2 » (kit 2.0.0, 2021-2025) or « 1.1.5 » (kit of March 2026, which adds the action).
"""

import functools
import itertools
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from lxml import etree

ESPACE = "urn:cdc:cpf:pc5:schema:1.0.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"cpf": ESPACE, "xsi": XSI}
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
NIL = f"{{{XSI}}}nil"

PROFIL_2021 = "1.1.2"
PROFIL_2026 = "1.1.5"
PROFILS = (PROFIL_2021, PROFIL_2026)
PROFILS_AVEC_ACTION = (PROFIL_2026,)
CREATION, SUPPRESSION = "CREATION", "SUPPRESSION"
PARIS = ZoneInfo("Europe/Paris")
ERREURS_MAXIMALES = 100

DOSSIER_SCHEMAS = Path(__file__).parent / "schemas"


def _nom(balise: str) -> str:
    return f"{{{ESPACE}}}{balise}"


PASSAGE, ID_TECHNIQUE = _nom("passageCertification"), _nom("idTechnique")


@dataclass(frozen=True)
class Emission:
    """Header of a flux: who sends, for which certificateur and contract, when (an aware date), in which profile."""

    id_flux: uuid.UUID
    horodatage: datetime
    profil: str
    id_client_emetteur: str
    id_client_certificateur: str
    id_contrat: str
    nature_deposant: str = "CERTIFICATEUR"
    action: str = CREATION

    def __post_init__(self):
        if self.profil not in PROFILS:
            raise ValueError(f"profil inconnu\u00a0: {self.profil}")
        if self.action != CREATION and self.profil not in PROFILS_AVEC_ACTION:
            raise ValueError(f"le profil {self.profil} ne connaît pas l’action {self.action}")
        if self.horodatage.tzinfo is None:
            raise ValueError("l’horodatage doit porter un fuseau")


@dataclass(frozen=True)
class Erreur:
    """One departure from the schema: line of the file, French sentence, passage at fault (empty: the header)."""

    ligne: int
    phrase: str
    id_technique: str = ""
    detail: str = ""


class SchemaRefuse(ValueError):
    """The file offered as official schema can't be used; the message is a French sentence for the person."""


def horodatage(instant: datetime) -> str:
    """Timestamp as the format wants it: time of Paris with its true offset, no fraction, never « Z »."""
    return instant.astimezone(PARIS).isoformat(timespec="seconds")


# Writing ----------------------------------------------------------------------------------------------------------

Feuille = tuple[str, str | None]


def _booleen(valeur: Any) -> str:
    return "true" if valeur else "false"


def _ou_nil(valeur: Any) -> str | None:
    """A mandatory value that is unknown is present and nil."""
    return None if valeur in (None, "") else str(valeur)


def _feuilles_titulaire(personne: dict) -> Iterator[Feuille]:
    base = "identificationTitulaire/titulaire/"
    yield base + "nomNaissance", personne["nom_naissance"]
    yield base + "nomUsage", _ou_nil(personne["nom_usage"])
    yield base + "prenom1", personne["prenom1"]
    for champ in ("prenom2", "prenom3"):
        if personne[champ]:
            yield base + champ, personne[champ]
    yield base + "anneeNaissance", str(personne["annee_naissance"])
    yield base + "moisNaissance", _ou_nil(personne["mois_naissance"])
    yield base + "jourNaissance", _ou_nil(personne["jour_naissance"])
    yield base + "sexe", personne["sexe"]
    if personne["code_insee"]:
        yield base + "codeCommuneNaissance/codeInseeNaissance/codeInsee", personne["code_insee"]
    else:
        yield base + "codeCommuneNaissance/codePostalNaissance/codePostal", _ou_nil(personne["code_postal"])
    for champ, balise in (
        ("commune", "libelleCommuneNaissance"),
        ("code_pays", "codePaysNaissance"),
        ("pays", "libellePaysNaissance"),
    ):
        if personne[champ]:
            yield base + balise, personne[champ]


def _feuilles(passage: dict) -> Iterator[Feuille]:
    """Leaves of a passage in the order of the official sample: (path, text), None for nil, absent when optional."""
    yield "idTechnique", passage["id_technique"]
    for champ, balise in (("url_preuve", "urlPreuve"), ("libelle_option", "libelleOption")):
        if passage[champ]:
            yield balise, passage[champ]
    yield "obtentionCertification", passage["obtention"]
    yield "donneeCertifiee", _booleen(passage["donnee_certifiee"])
    for champ, balise in (("debut_examen", "dateDebutExamen"), ("fin_examen", "dateFinExamen")):
        if passage[champ]:
            yield balise, passage[champ]
    yield "dateDebutValidite", passage["debut_validite"]
    yield "dateFinValidite", _ou_nil(passage["fin_validite"])
    # A CQP carries no European level of language or digital skill.
    yield "presenceNiveauLangueEuro", "false"
    yield "presenceNiveauNumeriqueEuro", "false"
    yield "scoring", _ou_nil(passage["scoring"])
    yield "mentionValidee", _ou_nil(passage["mention"])
    yield "modalitesInscription/modaliteAcces", _ou_nil(passage["modalite_acces"])
    for champ, balise in (
        ("voie_vae", "voieAccessVAE"),
        ("initiative", "initiativeInscription"),
        ("inscrit_le", "dateInscription"),
    ):
        if passage[champ]:
            yield f"modalitesInscription/{balise}", passage[champ]
    yield from _feuilles_titulaire(passage["titulaire"])


@functools.cache
def _chemin(chemin: str) -> tuple[str, ...]:
    return tuple(_nom(balise) for balise in chemin.split("/"))


def _moule(feuilles: list[Feuille]) -> tuple[Any, list[Any]]:
    """Tree of one passage and its leaves to fill, nil ones excepted."""
    racine = etree.Element(PASSAGE, nsmap=PREFIXES)
    a_remplir = []
    for chemin, texte in feuilles:
        parent = racine
        *branches, balise = _chemin(chemin)
        for branche in branches:
            # Branches come in order: the one being filled is always the last child.
            dernier = parent[-1] if len(parent) else None
            parent = dernier if dernier is not None and dernier.tag == branche else etree.SubElement(parent, branche)
        feuille = etree.SubElement(parent, balise)
        if texte is None:
            feuille.set(NIL, "true")
        else:
            a_remplir.append(feuille)
    return racine, a_remplir


class _Moules:
    """Trees kept by shape and filled again for each passage: 3.7 times the speed of a new tree per passage."""

    TAILLE = 1_000

    def __init__(self):
        self._moules: dict[tuple, tuple[Any, list[Any]]] = {}

    def remplir(self, passage: dict) -> Any:
        feuilles = list(_feuilles(passage))
        forme = tuple((chemin, texte is None) for chemin, texte in feuilles)
        if forme not in self._moules:
            if len(self._moules) >= self.TAILLE:
                self._moules.clear()
            self._moules[forme] = _moule(feuilles)
        racine, a_remplir = self._moules[forme]
        textes = (texte for _, texte in feuilles if texte is not None)
        for feuille, texte in zip(a_remplir, textes, strict=True):
            feuille.text = texte
        return racine


class Pesee:
    """Weighs passages as they will be written, so that a file is cut before it is too heavy for the portal."""

    # Declaration, header and, for each certification, its own tags: far below.
    ENTETE, CERTIFICATION = 4_096, 1_024

    def __init__(self):
        self._moules, self._codes = _Moules(), set()
        self.octets = self.ENTETE

    def ajouter(self, passage: dict) -> int:
        """Count this passage too; return the weight of the file so far."""
        if passage["code"] not in self._codes:
            self._codes.add(passage["code"])
            self.octets += self.CERTIFICATION
        self.octets += len(etree.tostring(self._moules.remplir(passage), encoding="UTF-8")) + 1
        return self.octets


def _ecrire_simple(xf, balise: str, texte: str) -> None:
    with xf.element(_nom(balise)):
        xf.write(texte)


def _ecrire_certifications(xf, emission: Emission, passages: Iterable[dict]) -> int:
    moules, deja_vues, total = _Moules(), set(), 0
    for cle, groupe in itertools.groupby(passages, key=lambda passage: (passage["type"], passage["code"])):
        if cle in deja_vues:
            raise ValueError(f"les passages ne sont pas groupés par certification\u00a0: {cle}")
        deja_vues.add(cle)
        with xf.element(_nom("certification")):
            _ecrire_simple(xf, "type", cle[0])
            _ecrire_simple(xf, "code", cle[1])
            _ecrire_simple(xf, "natureDeposant", emission.nature_deposant)
            with xf.element(_nom("passageCertifications")):
                for passage in groupe:
                    # One passage per line: an error of the schema then has a line that says whose passage it is.
                    xf.write("\n")
                    xf.write(moules.remplir(passage))
                    total += 1
                xf.write("\n")
    return total


def _ecrire_flux(fichier: BinaryIO, emission: Emission, passages: Iterable[dict]) -> int:
    fichier.write(DECLARATION)
    with etree.xmlfile(fichier, encoding="UTF-8") as xf, xf.element(_nom("flux"), nsmap=PREFIXES):
        _ecrire_simple(xf, "idFlux", str(emission.id_flux))
        _ecrire_simple(xf, "horodatage", horodatage(emission.horodatage))
        if emission.profil in PROFILS_AVEC_ACTION:
            _ecrire_simple(xf, "action", emission.action)
        with xf.element(_nom("emetteur")):
            _ecrire_simple(xf, "idClient", emission.id_client_emetteur)
            with xf.element(_nom("certificateurs")), xf.element(_nom("certificateur")):
                _ecrire_simple(xf, "idClient", emission.id_client_certificateur)
                _ecrire_simple(xf, "idContrat", emission.id_contrat)
                with xf.element(_nom("certifications")):
                    return _ecrire_certifications(xf, emission, passages)


def ecrire(sortie: str | Path | BinaryIO, emission: Emission, passages: Iterable[dict]) -> int:
    """Write the flux of these snapshots (`cpf.instantane`), already grouped by certification; return their number.

    Streaming: memory doesn't depend on the number of passages. Raises ValueError when there is no passage, when
    they are not grouped, or when a text holds a character forbidden in XML (`cpf.controles` finds it before).
    """
    suite = iter(passages)
    try:
        premier = next(suite)
    except StopIteration:
        raise ValueError("un flux contient au moins un passage") from None
    passages = itertools.chain([premier], suite)
    if isinstance(sortie, str | Path):
        with open(sortie, "wb") as fichier:
            return _ecrire_flux(fichier, emission, passages)
    return _ecrire_flux(sortie, emission, passages)


# Checking ---------------------------------------------------------------------------------------------------------


def _analyseur() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@functools.cache
def _schema_du_projet(profil: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(DOSSIER_SCHEMAS / f"cpf-{profil}.xsd", _analyseur()))


def _autre_profil(racine: Any, profil: str) -> str:
    """Why this schema is not the one of this profile; empty when it is: its number, and the action in its header."""
    declares = {element.get("name") for element in racine.iter("{http://www.w3.org/2001/XMLSchema}element")}
    if "flux" not in declares:
        return "Ce schéma ne décrit pas le flux d’accrochage."
    version = racine.get("version", profil)[:20]
    if version != profil:
        return f"Ce schéma porte la version {version}, et non la version {profil} choisie ici."
    if ("action" in declares) != (profil in PROFILS_AVEC_ACTION):
        return f"Ce schéma n’est pas celui de la version {profil}\u00a0: son élément «\u202faction\u202f» le dit."
    return ""


def schema(profil: str, fichier_officiel: BinaryIO | None = None) -> etree.XMLSchema:
    """Schema of a profile: the project's own, or the official file of the Caisse des dépôts when one is given.

    Raises SchemaRefuse (French sentence) when that file is not a schema of the flux in that profile, or fetches files.
    """
    if profil not in PROFILS:
        raise ValueError(f"profil inconnu\u00a0: {profil}")
    if fichier_officiel is None:
        return _schema_du_projet(profil)
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    try:
        arbre = etree.parse(fichier_officiel, _analyseur())
        racine = arbre.getroot()
        if arbre.docinfo.internalDTD is not None or any(
            next(racine.iter(xsd + balise), None) is not None
            for balise in ("import", "include", "redefine", "override")
        ):
            raise SchemaRefuse("Ce schéma appelle d’autres fichiers\u00a0: il ne peut pas être utilisé.")
        if racine.tag != xsd + "schema" or racine.get("targetNamespace") != ESPACE:
            raise SchemaRefuse("Ce fichier n’est pas le schéma XSD du flux d’accrochage.")
        if faute := _autre_profil(racine, profil):
            raise SchemaRefuse(faute)
        return etree.XMLSchema(arbre)
    except etree.LxmlError:
        raise SchemaRefuse("Ce fichier n’est pas un schéma XSD lisible.") from None


_CAUSES = {
    "SCHEMAV_CVC_MINLENGTH_VALID": "la valeur est vide",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "la valeur est trop longue",
    "SCHEMAV_CVC_LENGTH_VALID": "la valeur n’a pas le nombre de caractères attendu",
    "SCHEMAV_CVC_PATTERN_VALID": "la valeur n’a pas la forme attendue",
    "SCHEMAV_CVC_ENUMERATION_VALID": "la valeur n’est pas dans la liste permise",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "le nombre est trop petit",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "le nombre est trop grand",
    "SCHEMAV_ELEMENT_CONTENT": "un élément manque ou n’est pas à sa place",
    "SCHEMAV_CVC_ELT_3_1": "l’élément ne peut pas être laissé sans valeur",
}


def _erreur(entree: Any, ligne: int) -> Erreur:
    balise = entree.message.partition("'")[2].partition("'")[0].rpartition("}")[2]
    cause = _CAUSES.get(entree.type_name, "la valeur n’est pas conforme")
    return Erreur(ligne, f"Ligne {ligne}, élément «\u202f{balise}\u202f»\u00a0: {cause}.", detail=entree.message)


def _lignes(fichier: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered pieces of lines, each of bounded size."""
    numero = 1
    while morceau := fichier.readline(65_536):
        yield numero, morceau
        numero += morceau.endswith(b"\n")


def _passages_lus(analyseur: etree.XMLPullParser) -> list[str]:
    """Identifiers of the passages read since the last call; their trees are dropped."""
    lus = []
    for _, element in analyseur.read_events():
        lus.append(element.findtext(ID_TECHNIQUE, ""))
        parent = element.getparent()
        element.clear()
        while parent is not None and len(parent) > 1:
            del parent[0]
    return lus


def valider(chemin: str | Path, profil: str, fichier_officiel: BinaryIO | None = None) -> list[Erreur]:
    """Departures of a file from the schema, in the order of the file, a hundred at most; empty: the file is valid.

    Bounded memory: read line by line, the tree of a passage is dropped as soon as it was checked.
    """
    analyseur = etree.XMLPullParser(
        events=("end",),
        tag=PASSAGE,
        schema=schema(profil, fichier_officiel),
        # Not False: lxml would then take a file cut short for a whole one. These files are our own, without DTD.
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
    )
    erreurs: list[Erreur] = []
    ligne = 1
    with open(chemin, "rb") as fichier:
        try:
            for ligne, morceau in _lignes(fichier):
                analyseur.feed(morceau)
                nouvelles = [_erreur(entree, ligne) for entree in list(analyseur.feed_error_log)[len(erreurs) :]]
                ids = _passages_lus(analyseur)
                id_technique = ids[0] if len(ids) == 1 else ""
                erreurs += [Erreur(e.ligne, e.phrase, id_technique, e.detail) for e in nouvelles]
                if len(erreurs) >= ERREURS_MAXIMALES:
                    return erreurs[:ERREURS_MAXIMALES]
            analyseur.close()
        except etree.XMLSyntaxError as exc:
            # At its end the parser raises the first schema error again: only a broken file says something new.
            if not erreurs:
                erreurs.append(Erreur(ligne, f"Ligne {ligne}\u00a0: le fichier XML est mal formé.", detail=str(exc)))
    return erreurs
