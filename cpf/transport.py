"""How a file reaches the Caisse des dépôts and how its answers come back: by hand today, by an API one day.

A transport is any class with these two methods; the setting `CPF_TRANSPORT` names the one in use. `echanges.py` calls
it, and goes through the same verbs as a person who deposits by hand.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from .models import LotCPF


@dataclass(frozen=True)
class Depot:
    """A deposit that was made: its day, and the reference of the acknowledgement of receipt, if any."""

    jour: date
    reference: str = ""


class Transport(Protocol):
    """What carries files and answers."""

    def deposer(self, lot: LotCPF, fichier: BinaryIO) -> Depot | None:
        """Deliver this file; None when a person still has to deposit it, then to say so."""

    def relever(self, lot: LotCPF) -> Iterable[tuple[str, bytes]]:
        """The accusés de traitement waiting for this lot: (name, content)."""


class DepotManuel:
    """A person downloads the file, deposits it on the portal, and uploads the accusé."""

    def deposer(self, lot, fichier):
        return None

    def relever(self, lot):
        return ()


@dataclass(frozen=True)
class DepotParDossier:
    """The file is copied in a folder, whence a person or another program takes it."""

    dossier: Path

    def deposer(self, lot, fichier):
        with open(self.dossier / lot.nom_fichier, "wb") as copie:
            shutil.copyfileobj(fichier, copie)

    def relever(self, lot):
        return ()


def transport() -> Transport:
    """The one in use."""
    return import_string(settings.CPF_TRANSPORT)()
