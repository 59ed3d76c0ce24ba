"""A memory outside the database: how far the numbers and the public log had gone.

A restored backup forgets the last documents; issuing again would give their numbers to other people. The last rank of
each series and the last checkpoint are therefore also written in a file, and nothing is issued while the database is
behind it. An operator who knows what happened reconciles with `manage.py gardien`.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from .models import PointDeControle, SerieNumeros
from .transitions import Refus

DOCUMENTS = (
    SerieNumeros.Nature.PARCHEMIN,
    SerieNumeros.Nature.ATTESTATION,
    SerieNumeros.Nature.BLOC,
    SerieNumeros.Nature.PV,
)


class BaseEnRetard(Refus):
    """The database knows less than what was already issued: a backup was restored. Nothing is done, and why is said."""


def chemin() -> Path:
    """The file, beside the data and outside the database; keep it out of the backups of the database."""
    return Path(settings.FICHIER_DU_GARDIEN)


def _vide() -> dict:
    return {"journal": {"taille": 0, "racine": ""}, "series": {}}


def lire() -> dict:
    """What is remembered: the ranks by series, the size and root of the last checkpoint.

    Raises:
        BaseEnRetard: the file is there and cannot be read: nothing proves that nothing is missing.
    """
    try:
        return json.loads(chemin().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _vide()
    except (OSError, ValueError) as erreur:
        raise BaseEnRetard(
            f"La mémoire du gardien ne se lit pas ({chemin().name})\u00a0: restaurez ce fichier."
        ) from erreur


@contextmanager
def _seul() -> Iterator[None]:
    """One writer at a time, whatever the process."""
    chemin().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(chemin().with_suffix(".verrou"), "w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def _ecrire(memoire: dict) -> None:
    provisoire = chemin().with_suffix(".nouveau")
    with open(provisoire, "w", encoding="utf-8") as fichier:
        json.dump(memoire, fichier, ensure_ascii=False, indent=1, sort_keys=True)
        fichier.flush()
        os.fsync(fichier.fileno())
    os.replace(provisoire, chemin())


def cle_de(serie: SerieNumeros) -> str:
    """The name of a series in the memory, the same whatever the database: « FTC-2026 parchemin »."""
    return f"{serie.prefixe}-{serie.annee} {serie.nature}"


def retenir_rang(serie: SerieNumeros, rang: int) -> None:
    """Remember that this rank is given, once the transaction that gives it is committed."""

    def noter():
        with _seul():
            memoire = lire()
            cle = cle_de(serie)
            if memoire["series"].get(cle, 0) < rang:
                memoire["series"][cle] = rang
                _ecrire(memoire)

    transaction.on_commit(noter)


def retenir_point(point: PointDeControle) -> None:
    """Remember a checkpoint, once it is committed."""

    def noter():
        with _seul():
            memoire = lire()
            if memoire["journal"]["taille"] < point.taille:
                memoire["journal"] = {"taille": point.taille, "racine": point.racine}
                _ecrire(memoire)

    transaction.on_commit(noter)


def verifier_rang(serie: SerieNumeros, rang: int) -> None:
    """Refuse a rank that was already given before the database was restored.

    Raises:
        BaseEnRetard: with what to do.
    """
    connu = lire()["series"].get(cle_de(serie), 0)
    if rang <= connu:
        raise BaseEnRetard(
            f"La base ne connaît que {rang - 1} numéro(s) de la série {serie.prefixe}-{serie.annee}, alors que "
            f"{connu} ont été donnés\u00a0: une sauvegarde a été restaurée. Prévenez l’exploitant\u202f; rien n’est "
            "délivré."
        )


def oublier() -> None:
    """Forget everything: only for a demonstration that begins again from an empty base."""
    chemin().unlink(missing_ok=True)


def ecarts() -> list[str]:
    """What the database has lost since it was last seen, in French sentences; empty when it is up to date."""
    memoire, phrases = lire(), []
    rangs = {cle_de(s): s.dernier for s in SerieNumeros.objects.all()}
    for cle, rang in sorted(memoire["series"].items()):
        if rangs.get(cle, 0) < rang:
            phrases.append(f"Série {cle}\u00a0: {rangs.get(cle, 0)} numéro(s) en base, {rang} déjà donnés.")
    taille, racine = memoire["journal"]["taille"], memoire["journal"]["racine"]
    if taille:
        point = PointDeControle.objects.filter(taille=taille).first()
        if point is None:
            phrases.append(f"Journal public\u00a0: le point de contrôle à {taille} feuilles n’est plus en base.")
        elif point.racine != racine:
            phrases.append(f"Journal public\u00a0: le point de contrôle à {taille} feuilles n’a plus la même racine.")
    return phrases


def sauter_les_numeros_perdus() -> list[str]:
    """Reconcile the series: the next document takes the number after the last one ever given. Returns what was done.

    The numbers in between belong to documents that people hold and that the database forgot: they are to be found
    again in the files and mails, never given to somebody else.
    """
    faits = []
    with transaction.atomic():
        for serie in SerieNumeros.objects.select_for_update().order_by("pk"):
            rang = lire()["series"].get(cle_de(serie), 0)
            if serie.dernier < rang:
                faits.append(f"Série {cle_de(serie)}\u00a0: reprend après {rang}, au lieu de {serie.dernier}.")
                serie.dernier = rang
                serie.save(update_fields=["dernier"])
    return faits
