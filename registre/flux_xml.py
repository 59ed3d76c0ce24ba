"""The elements of the flux, one at a time, and which of them one looks for: read before anything is built."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

from lxml import etree

from registre.archives import FichierIllisible, ouvrir
from registre.textes import plier

# The root must stand in the first bytes: what would hide it further is no flux.
DEBUT = 64 * 1024
PARLEUR = {"load_dtd": False, "no_network": True, "resolve_entities": False, "remove_comments": True}


def cle(texte: str) -> str:
    """A code or a number without any space, NBSP included."""
    return "".join(texte.split()).replace("\u200b", "").replace("\ufeff", "")


@dataclass(frozen=True)
class Choix:
    """Which fiches to read: those of these numbers, and those whose title and certificateur hold these words.

    Words are compared folded (accents, case, apostrophes and dashes of all kinds); a SIRET is a word as well.
    """

    numeros: frozenset[str] = frozenset()
    certificateur: str = ""
    titre: str = ""

    def __post_init__(self):
        object.__setattr__(self, "numeros", frozenset(cle(n).upper() for n in self.numeros))

    @property
    def cherche(self) -> bool:
        """Are fiches looked for by their words?"""
        return bool(self._mots_du_titre or self._mots_du_certificateur)

    def __bool__(self):
        return bool(self.numeros or self.cherche)

    @cached_property
    def _mots_du_titre(self) -> tuple[str, ...]:
        return tuple(plier(self.titre).split())

    @cached_property
    def _mots_du_certificateur(self) -> tuple[str, ...]:
        return tuple(plier(self.certificateur).split())

    def retient(self, element: etree._Element) -> bool:
        if cle(element.findtext("NUMERO_FICHE") or "") in self.numeros:
            return True
        if not self.cherche or not _tous(self._mots_du_titre, plier(element.findtext("INTITULE") or "")):
            return False
        mots = self._mots_du_certificateur
        return not mots or any(
            _tous(mots, plier(f"{c.findtext('NOM_CERTIFICATEUR') or ''} {c.findtext('NOM_COMMERCIAL') or ''}"))
            or mots == (cle(c.findtext("SIRET_CERTIFICATEUR") or ""),)
            for c in element.iterfind("CERTIFICATEURS/CERTIFICATEUR")
        )


def _tous(mots: tuple[str, ...], texte: str) -> bool:
    """Does each of these words begin a word of the text?"""
    entoure = f" {texte}"
    return all(f" {mot}" in entoure for mot in mots)


@dataclass
class _Repris:
    """A stream whose beginning was read already."""

    debut: bytes
    suite: BinaryIO
    rendu: int = field(default=0)

    def read(self, taille: int = -1) -> bytes:
        if self.rendu < len(self.debut):
            fin = len(self.debut) if taille < 0 else self.rendu + taille
            morceau, self.rendu = self.debut[self.rendu : fin], min(fin, len(self.debut))
            return morceau if taille >= 0 else morceau + self.suite.read()
        return self.suite.read(taille)


def elements(flux: BinaryIO) -> Iterator[etree._Element]:
    """Each complete FICHE element; memory is given back after each. The root must be FICHES, without a DTD.

    Only the ends of fiches are told to Python: the seven hundred elements of each one stay in C.
    """
    debut = flux.read(DEBUT)
    _verifier_la_racine(debut)
    lecture = etree.iterparse(
        _Repris(debut, flux), events=("end",), tag="FICHE", remove_pis=True, huge_tree=False, **PARLEUR
    )
    for _, element in lecture:
        racine = element.getparent()
        if racine is None or racine.getparent() is not None:
            continue
        yield element
        element.clear()
        while element.getprevious() is not None:
            del racine[0]


def verifier_le_debut(source) -> None:
    """Refuse at once what is no flux, through its zip if any; nothing beyond its first bytes is read.

    Raises :class:`FichierIllisible`.
    """
    with ouvrir(source) as flux:
        try:
            _verifier_la_racine(flux.read(DEBUT))
        except etree.XMLSyntaxError as erreur:
            raise FichierIllisible("Ce fichier n’est pas un XML lisible.") from erreur
        except (zipfile.BadZipFile, zlib.error, EOFError) as erreur:
            raise FichierIllisible("Cette archive est abîmée\u202f: téléchargez-la de nouveau.") from erreur


def _verifier_la_racine(debut: bytes) -> None:
    amorce = etree.XMLPullParser(events=("start",), **PARLEUR)
    amorce.feed(debut)
    racine = next((element for _, element in amorce.read_events()), None)
    if racine is None:
        raise FichierIllisible(
            "Ce fichier n’est pas un flux de France compétences\u202f: il ne commence par aucune fiche."
        )
    if racine.getroottree().docinfo.doctype:
        raise FichierIllisible("Ce fichier porte une définition de type (DTD)\u202f: il est refusé.")
    if racine.tag != "FICHES":
        raise FichierIllisible(
            f"Ce n’est pas un flux de France compétences\u202f: sa racine est «\u202f{racine.tag}\u202f»."
        )
