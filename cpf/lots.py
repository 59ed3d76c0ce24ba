"""How a lot is gathered, written, validated, kept and read again. Called by `workflow.py` and by the worker."""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from django.core.files import File
from django.utils import timezone

from registre.transitions import Refus

from . import flux
from .accrochage import PAQUET, Candidat, paquets
from .models import LotCPF, ParametresCPF, PassageCPF
from .selection import Selection

# What the portal takes in one file.
PASSAGES_PAR_LOT = 200_000
OCTETS_PAR_LOT = 200_000_000
ECARTES_CITES = 10


class FichierAltere(Refus):
    """The stored file is no longer the one that was written."""


@dataclass
class Reunion:
    """What came in a lot: how many passages, how many kept out and why (the first ones), is something left over?"""

    passages: int = 0
    ecartes: int = 0
    raisons: tuple[str, ...] = ()
    reste: bool = False

    def refus(self) -> Refus:
        """Why nothing could go."""
        return Refus("Aucun parchemin ne peut partir.", *self.raisons)


@dataclass(frozen=True)
class Ecrit:
    """A file that was written and that its schema accepts."""

    nombre: int
    sha256: str
    taille: int
    schema_sha256: str = ""


@dataclass
class Essai:
    """What a dry run found: the files that would be written, and what is kept out of them."""

    fichiers: list[Ecrit] = field(default_factory=list)
    reunion: Reunion | None = None

    @property
    def passages(self) -> int:
        return sum(fichier.nombre for fichier in self.fichiers)

    @property
    def octets(self) -> int:
        return sum(fichier.taille for fichier in self.fichiers)


def reunir(lot: LotCPF, noter: Callable[[LotCPF, list[PassageCPF], int], None] | None = None) -> Reunion:
    """Create the passages of the lot, up to what one file may hold, after those that it has already.

    `noter` stores each packet with the number examined so far; by default, in the transaction under way.
    """
    noter, vue, pesee = noter or _creer, Reunion(), flux.Pesee()
    for passage in lot.passages.values_list("instantane", flat=True).iterator(chunk_size=PAQUET):
        pesee.ajouter(passage)
        vue.passages += 1
    examines = vue.passages
    for paquet in paquets(Selection.lire(lot.selection).candidats(lot.certificateur)):
        examines += len(paquet)
        noter(lot, [_passage(lot, candidat) for candidat in _retenus(paquet, vue, pesee)], examines)
        if vue.reste:
            break
    return vue


def _retenus(candidats: list[Candidat], vue: Reunion, pesee: flux.Pesee) -> Iterator[Candidat]:
    """Those that may go, until the file is full; the others are counted, the first ones with their reason."""
    for candidat in candidats:
        if candidat.bloquantes:
            vue.ecartes += 1
            if len(vue.raisons) < ECARTES_CITES:
                phrase = f"{candidat.parchemin.numero} ({candidat.titulaire})\u00a0: {candidat.bloquantes[0].phrase}"
                vue.raisons += (phrase,)
        elif vue.passages >= PASSAGES_PAR_LOT or pesee.ajouter(candidat.instantane) > OCTETS_PAR_LOT:
            vue.reste = True
            return
        else:
            vue.passages += 1
            yield candidat


def _passage(lot: LotCPF, candidat: Candidat) -> PassageCPF:
    return PassageCPF(
        lot=lot,
        parchemin=candidat.parchemin,
        action=lot.action,
        id_technique=candidat.instantane["id_technique"],
        code=candidat.instantane["code"],
        instantane=candidat.instantane,
    )


def _creer(lot: LotCPF, passages: list[PassageCPF], examines: int) -> None:
    PassageCPF.objects.bulk_create(passages)


def essayer(lot: LotCPF, parametres: ParametresCPF) -> Essai:
    """Gather, write and validate as many files as needed. The caller undoes it all.

    Raises:
        Refus: nothing may go, or the schema refuses a file.
    """
    essai = Essai()
    while essai.reunion is None or essai.reunion.reste:
        lot.pk, lot.id_flux, lot._state.adding = None, uuid.uuid4(), True
        lot.save(force_insert=True)
        essai.reunion = reunir(lot)
        if essai.reunion.passages:
            with fichier_ecrit(lot, parametres) as (_, ecrit):
                essai.fichiers.append(ecrit)
    if not essai.fichiers:
        raise essai.reunion.refus()
    return essai


@contextmanager
def _schema_officiel(parametres: ParametresCPF) -> Iterator[tuple[BinaryIO | None, str]]:
    """The file that judges in place of ours, with its hash; nothing when there is none."""
    if not parametres.schema_officiel:
        yield None, ""
        return
    with parametres.schema_officiel.open("rb") as fichier:
        empreinte = hashlib.file_digest(fichier, "sha256").hexdigest()
        fichier.seek(0)
        yield fichier, empreinte


@contextmanager
def fichier_ecrit(lot: LotCPF, parametres: ParametresCPF) -> Iterator[tuple[BinaryIO, Ecrit]]:
    """Write the file of the lot aside, validated and hashed; it is gone when the block ends.

    Raises:
        Refus: the schema refuses the file (with its errors per holder), or can't be used any more.
    """
    instantanes = lot.passages.order_by("code", "id_technique").values_list("instantane", flat=True)
    with tempfile.NamedTemporaryFile(suffix=".xml") as temporaire:
        nombre = flux.ecrire(temporaire, lot.emission, instantanes.iterator(chunk_size=PAQUET))
        temporaire.flush()
        with _schema_officiel(parametres) as (schema, empreinte):
            try:
                erreurs = flux.valider(temporaire.name, lot.profil, schema)
            except flux.SchemaRefuse as refuse:
                raise Refus(f"Le schéma officiel des réglages ne convient pas. {refuse}") from None
        if erreurs:
            raise Refus("Le schéma refuse ce lot\u00a0: rien n’a été enregistré.", *_par_titulaire(lot, erreurs))
        temporaire.seek(0)
        sha256 = hashlib.file_digest(temporaire, "sha256").hexdigest()
        yield temporaire, Ecrit(nombre, sha256, temporaire.seek(0, 2), empreinte)


def figer(lot: LotCPF, fichier: BinaryIO, ecrit: Ecrit) -> None:
    """Keep the file, and on the row what proves that it is the same one later. The row is not saved."""
    lot.nombre, lot.sha256, lot.taille = ecrit.nombre, ecrit.sha256, ecrit.taille
    lot.schema_sha256 = ecrit.schema_sha256
    jour = f"{timezone.localdate(lot.horodatage):%Y%m%d}"
    suffixe = "" if lot.action == flux.CREATION else f"_{lot.action}"
    lot.nom_fichier = f"{lot.id_client_emetteur}_{jour}_{lot.id_flux}{suffixe}.xml"
    fichier.seek(0)
    lot.fichier.save(f"cpf/lots/{lot.id_flux}.xml", File(fichier), save=False)


def _par_titulaire(lot: LotCPF, erreurs: list[flux.Erreur]) -> list[str]:
    """The errors of the schema, each with the person it concerns."""
    fautifs = {e.id_technique for e in erreurs if e.id_technique}
    noms = {p.id_technique: p for p in lot.passages.filter(id_technique__in=fautifs)}
    phrases = []
    for erreur in erreurs[:20]:
        passage = noms.get(erreur.id_technique)
        qui = ""
        if passage:
            personne = passage.instantane["titulaire"]
            qui = f"{passage.instantane['numero']}, {personne['prenom1']} {personne['nom_naissance']}\u00a0– "
        phrases.append(qui + erreur.phrase)
    return phrases


def ouvrir_fichier(lot: LotCPF) -> BinaryIO:
    """Open the stored file for reading, byte for byte the one that was written.

    Raises:
        FichierAltere: it is absent, or its hash has changed.
    """
    try:
        fichier = lot.fichier.storage.open(lot.fichier.name, "rb")
    except (OSError, ValueError):
        raise FichierAltere("Le fichier de ce lot n’est plus dans le stockage\u00a0: prévenez l’exploitant.") from None
    if hashlib.file_digest(fichier, "sha256").hexdigest() != lot.sha256:
        fichier.close()
        raise FichierAltere("Le fichier de ce lot a été modifié après son écriture\u00a0: prévenez l’exploitant.")
    fichier.seek(0)
    return fichier
