"""What leaves a list: exactly its rows, in its order, as a workbook or as a PDF; long ones are made by the worker."""

import io
import logging
import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.core.files import File
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify
from django_tasks import task

from registre import journal
from registre.transitions import Refus

from . import feuillet, tableur
from .ecran import EcranDeListe, ecran_de, milliers
from .models import Export

trace = logging.getLogger(__name__)

# Up to here the file is made while the person waits.
DIRECT = {Export.Format.XLSX: 1_000, Export.Format.PDF: 150}
# A longer PDF is read by nobody, and its pages all stand in memory while it is made.
MAXIMUM_PDF = 5_000
CONSERVATION = timedelta(days=7)
PAQUET = 500
TYPES = {Export.Format.XLSX: tableur.TYPE_XLSX, Export.Format.PDF: "application/pdf"}


def demander(acteur, ecran: EcranDeListe, format: str) -> tuple[Export, bytes]:
    """Note the export; return it with its content when it is short, with nothing when the worker makes it.

    Raises:
        Refus: an unknown format, nothing to export, or a PDF too long to be read.
    """
    if format not in Export.Format.values:
        raise Refus("Choisissez Excel ou PDF.")
    ids = list(ecran.lignes.values_list("pk", flat=True))
    if not ids:
        raise Refus("Il n’y a rien à exporter\u202f: la liste est vide.")
    if format == Export.Format.PDF and len(ids) > MAXIMUM_PDF:
        raise Refus(
            f"Un PDF de {milliers(len(ids))} lignes ne se lirait pas\u202f: affinez les filtres "
            f"({milliers(MAXIMUM_PDF)} lignes au plus) ou prenez Excel."
        )
    court = len(ids) <= DIRECT[format]
    with transaction.atomic():
        export = Export.objects.create(
            proprietaire=acteur,
            sous_le_role=acteur.sous_le_role,
            liste=ecran.liste,
            format=format,
            parametres=ecran.parametres.urlencode(),
            texte="" if court else ecran.texte or "",
            lignes=len(ids),
        )
        role = min(role.nom for role in acteur.roles_actifs)
        details = {"liste": ecran.liste, "format": format, "lignes": len(ids)}
        journal.consigner(acteur, role, "exporter", export, details=details)
        if not court:
            produire.enqueue(export.pk)
    if not court:
        return export, b""
    sortie = io.BytesIO()
    _ecrire(sortie, export, ecran, ids)
    Export.objects.filter(pk=export.pk).update(fini_le=timezone.now(), faites=len(ids))
    return export, sortie.getvalue()


def nom_de_fichier(export: Export) -> str:
    """« candidatures-2026-11-21.xlsx »."""
    titre = slugify(ecran_de(export.liste).titre)
    return f"{titre}-{timezone.localdate(export.demande_le):%Y-%m-%d}.{export.format}"


def lire(ecran: EcranDeListe, ids: list[int], avancer=None) -> Iterator:
    """The objects of these ids, in this order, read by packets: memory stays flat whatever their number."""
    for debut in range(0, len(ids), PAQUET):
        paquet = ids[debut : debut + PAQUET]
        lus = {o.pk: o for o in ecran.completer(ecran.model.objects.filter(pk__in=paquet)).order_by()}
        yield from (lus[pk] for pk in paquet if pk in lus)
        if avancer:
            avancer(debut + len(paquet))


def _ecrire(sortie, export: Export, ecran: EcranDeListe, ids: list[int], avancer=None) -> None:
    objets = lire(ecran, ids, avancer)
    if export.format == Export.Format.XLSX:
        lecteurs = [colonne.lire for colonne in ecran.colonnes]
        entetes = [(colonne.titre, colonne.largeur) for colonne in ecran.colonnes]
        tableur.ecrire(sortie, ecran.titre, entetes, ([lire_(o) for lire_ in lecteurs] for o in objets))
    else:
        sortie.write(feuillet.composer(export, ecran, objets))


@task()
def produire(pk: int) -> None:
    """Make the file of one export and store it, once; its author finds it on its page until it expires."""
    export = Export.objects.select_related("proprietaire").get(pk=pk)
    if export.fini_le:
        return
    ecran = ecran_de(export.liste).pour(export.auteur, QueryDict(export.parametres), export.texte)
    ids = list(ecran.lignes.values_list("pk", flat=True))
    nom = f"exports/{secrets.token_hex(16)}.{export.format}"
    stockage = export.fichier.storage

    def avancer(faites):
        Export.objects.filter(pk=pk).update(faites=faites)

    try:
        sortie = io.BytesIO()
        _ecrire(sortie, export, ecran, ids, avancer)
        sortie.seek(0)
        nom = stockage.save(nom, File(sortie))
    except Exception:
        trace.exception("export %s interrompu", pk)
        echec = "La fabrication du fichier s’est interrompue\u202f: recommencez depuis la liste."
        Export.objects.filter(pk=pk).update(fini_le=timezone.now(), echec=echec, texte="")
        return
    fini = {"fini_le": timezone.now(), "expire_le": timezone.now() + CONSERVATION, "texte": "", "lignes": len(ids)}
    if not Export.objects.filter(pk=pk, fini_le=None).update(fichier=nom, faites=len(ids), **fini):
        stockage.delete(nom)
    trace.info("export %s fait", pk)


def effacer_les_fichiers(exports) -> int:
    """Delete the files of these exports; their trace stays."""
    nombre = 0
    for export in exports.exclude(fichier=""):
        export.fichier.delete(save=False)
        Export.objects.filter(pk=export.pk).update(fichier="")
        nombre += 1
    return nombre
