"""Many rows like one, written at once: for what must be tried at scale without living every life."""

import copy
from collections.abc import Callable

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

from .bases import base_ouverte


def copier(objet: Model, nombre: int, varier: Callable[[int], dict] = lambda n: {}) -> list:
    """So many copies of this row; `varier` gives the fields that make each another one."""
    copies = []
    for n in range(nombre):
        copie = copy.copy(objet)
        copie.pk, copie._state = None, ModelState()
        for champ, valeur in varier(n).items():
            setattr(copie, champ, valeur)
        copies.append(copie)
    # Also beside sealed minutes, which the database would refuse.
    with base_ouverte(connection):
        return type(objet).objects.bulk_create(copies, batch_size=100)
