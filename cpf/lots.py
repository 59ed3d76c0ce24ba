"""How a lot is written, validated, kept and read again. Called by the verbs of `workflow.py`."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import nullcontext

from django.core.files import File
from django.utils import timezone

from registre.transitions import Refus

from . import flux
from .accrochage import PAQUET, Candidat, paquets
from .models import LotCPF, ParametresCPF, PassageCPF

PASSAGES_PAR_LOT = 50_000


class FichierAltere(Refus):
    """The stored file is no longer the one that was written."""


def ecrire_lot(lot: LotCPF, candidats: Iterable[Candidat], parametres: ParametresCPF) -> dict:
    """Create the passages of the lot, write its file, validate it, then keep it.

    Raises:
        Refus: nothing can go (with the reasons), or the schema refuses the file (with the errors per holder).
    """
    ecartes: list[Candidat] = []
    for paquet in paquets(_retenus(candidats, ecartes)):
        PassageCPF.objects.bulk_create(
            PassageCPF(
                lot=lot,
                parchemin=candidat.parchemin,
                id_technique=candidat.instantane["id_technique"],
                code=candidat.instantane["code"],
                instantane=candidat.instantane,
            )
            for candidat in paquet
        )
        lot.nombre += len(paquet)
    if not lot.nombre:
        raise Refus(
            "Aucun parchemin ne peut partir.",
            *(f"{c.parchemin.numero} ({c.titulaire})\u00a0: {c.bloquantes[0].phrase}" for c in ecartes[:10]),
        )
    _ecrire_fichier(lot, parametres)
    return {"passages": lot.nombre, "ecartes": len(ecartes)}


def _retenus(candidats: Iterable[Candidat], ecartes: list[Candidat]) -> Iterator[Candidat]:
    """Those that may go, up to the size of a lot; the others are put aside."""
    nombre = 0
    for candidat in candidats:
        if candidat.bloquantes:
            ecartes.append(candidat)
        elif nombre < PASSAGES_PAR_LOT:
            nombre += 1
            yield candidat


def _ecrire_fichier(lot: LotCPF, parametres: ParametresCPF) -> None:
    instantanes = lot.passages.order_by("code", "id_technique").values_list("instantane", flat=True)
    with tempfile.NamedTemporaryFile(suffix=".xml") as temporaire:
        flux.ecrire(temporaire, lot.emission, instantanes.iterator(chunk_size=PAQUET))
        temporaire.flush()
        officiel = parametres.schema_officiel.open("rb") if parametres.schema_officiel else nullcontext()
        with officiel as schema:
            erreurs = flux.valider(temporaire.name, lot.profil, schema)
        if erreurs:
            raise Refus("Le schéma refuse ce lot\u00a0: rien n’a été enregistré.", *_par_titulaire(lot, erreurs))
        temporaire.seek(0)
        lot.sha256 = hashlib.file_digest(temporaire, "sha256").hexdigest()
        lot.taille = temporaire.seek(0, 2)
        temporaire.seek(0)
        lot.nom_fichier = f"{lot.id_client_emetteur}_{timezone.localdate(lot.horodatage):%Y%m%d}_{lot.id_flux}.xml"
        lot.fichier.save(f"cpf/lots/{lot.id_flux}.xml", File(temporaire), save=False)


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


def ouvrir_fichier(lot: LotCPF):
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
