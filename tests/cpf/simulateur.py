"""A Caisse des dépôts for the tests: its schema, its base, its « SNGI », its matching in three rounds.

It reads files as they are deposited and knows nothing of the code under test but the schemas.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from cpf import flux
from cpf.transport import Depot
from registre.textes import plier

from . import fabrique

AUCUN = "Aucun titulaire ne correspond aux critères obligatoires"
AUCUN_ENRICHI = f"{AUCUN} enrichis du jour et du mois de naissance"
AUCUN_RECONCILIE = "Aucun titulaire ne correspond aux critères obligatoires enrichis de réconciliation"
PLUSIEURS = "Plusieurs titulaires ont été identifiés"
EXISTE = "Le passage certification avec le bcr émetteur {} et l'id technique partenaire {} existe déjà en base"
INCONNU = "Le passage certification n'existe pas en base"


class FichierRejete(Exception):
    """The whole file is refused: it doesn't follow the schema."""


@dataclass(frozen=True)
class Assure:
    """One person of the national directory."""

    nom: str
    prenom1: str
    sexe: str
    naissance: tuple[int, int, int]
    lieu: str
    prenom2: str = ""
    prenom3: str = ""


@dataclass
class CaisseDesDepots:
    """Receives files, answers accusés; what it has accepted stays in its base."""

    sngi: list[Assure] = field(default_factory=list)
    base: dict[tuple[str, str], Assure] = field(default_factory=dict)

    def traiter(self, octets: bytes, nom: str = "flux.xml") -> bytes:
        """The accusé de traitement of this file.

        Raises:
            FichierRejete: the file doesn't follow the schema that its header announces.
        """
        racine = etree.fromstring(octets)
        action = _texte(racine, "action")
        if not flux.schema("1.1.5" if action else "1.1.2").validate(racine):
            raise FichierRejete(nom)
        emetteur = _texte(racine.find(_nom("emetteur")), "idClient")
        acceptes, refuses = [], {}
        for passage in racine.iter(_nom("passageCertification")):
            identifiant = _texte(passage, "idTechnique")
            juger = self._retirer if action == "SUPPRESSION" else self._inscrire
            message = juger((emetteur, identifiant), passage)
            if message:
                refuses[identifiant] = [message]
            else:
                acceptes.append(identifiant)
        return fabrique.accuse(_texte(racine, "idFlux"), acceptes, refuses)

    def _inscrire(self, cle: tuple[str, str], passage) -> str:
        if cle in self.base:
            return EXISTE.format(*cle)
        trouve = self._rapprocher(passage.find(f".//{_nom('titulaire')}"))
        if isinstance(trouve, str):
            return trouve
        self.base[cle] = trouve
        return ""

    def _retirer(self, cle: tuple[str, str], passage) -> str:
        return "" if self.base.pop(cle, None) else INCONNU

    def _rapprocher(self, titulaire) -> Assure | str:
        """One person, or the message of the round that failed."""
        dits = {balise: _texte(titulaire, balise) for balise in ("nomNaissance", "prenom1", "sexe", "anneeNaissance")}
        restent = [
            a
            for a in self.sngi
            if plier(a.nom) == plier(dits["nomNaissance"])
            and plier(a.prenom1) == plier(dits["prenom1"])
            and (a.sexe, str(a.naissance[0])) == (dits["sexe"], dits["anneeNaissance"])
        ]
        tours = ((AUCUN, lambda a: True), (AUCUN_ENRICHI, _jour(titulaire)), (AUCUN_RECONCILIE, _lieu(titulaire)))
        for message, convient in tours:
            restent = [assure for assure in restent if convient(assure)]
            if len(restent) < 2:
                return restent[0] if restent else message
        return PLUSIEURS


class Boucle:
    """A transport that carries each file to a Caisse des dépôts of the tests, at once, and keeps its answer."""

    def __init__(self, caisse: CaisseDesDepots):
        self.caisse, self.reponses = caisse, {}

    def deposer(self, lot, fichier) -> Depot:
        self.reponses[lot.pk] = self.caisse.traiter(fichier.read(), lot.nom_fichier)
        return Depot(fabrique.timezone.localdate(), reference=f"AR-{lot.pk}")

    def relever(self, lot) -> Iterable[tuple[str, bytes]]:
        if lot.pk in self.reponses:
            yield f"Accusé de traitement_{lot.nom_fichier}_20261201.xml", self.reponses[lot.pk]


def _nom(balise: str) -> str:
    return f"{{{flux.ESPACE}}}{balise}"


def _texte(element, balise: str) -> str:
    return element.findtext(_nom(balise)) or ""


def _jour(titulaire):
    """Month and day, each only when it is told."""
    dits = [_texte(titulaire, balise) for balise in ("moisNaissance", "jourNaissance")]
    return lambda a: all(not dit or int(dit) == vrai for dit, vrai in zip(dits, a.naissance[1:], strict=True))


def _lieu(titulaire):
    """Place of birth and other first names, each only when it is told."""
    lieu = titulaire.findtext(f".//{_nom('codeInsee')}") or ""
    prenoms = [plier(_texte(titulaire, balise)) for balise in ("prenom2", "prenom3")]
    return lambda a: (
        (not lieu or lieu == a.lieu)
        and all(not dit or dit == plier(vrai) for dit, vrai in zip(prenoms, (a.prenom2, a.prenom3), strict=True))
    )
