"""Counts of what the public opens: added up in memory, written together a little later.

No request waits for the database to be counted, none locks a row, and a document shown to a whole hall is one write
per minute and per process. A process that is killed forgets at most that minute.
"""

import atexit
import logging
from collections import Counter
from threading import Lock, Timer

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from .models import ComptageVerification, Partage

trace = logging.getLogger(__name__)

Voie = ComptageVerification.Voie
_OUVERTURE = "ouverture"
_ajouts: Counter = Counter()
_verrou = Lock()
_minuterie: Timer | None = None


def noter_verification(parchemin: int, voie: Voie) -> None:
    """One more check of this document this month."""
    _noter((voie.value, parchemin, timezone.localdate().replace(day=1)))


def noter_ouverture(partage: int) -> None:
    """One more opening of this link."""
    _noter((_OUVERTURE, partage, None))


def _noter(cle: tuple) -> None:
    global _minuterie
    with _verrou:
        _ajouts[cle] += 1
        if settings.COMPTAGE_DELAI and _minuterie is None:
            _minuterie = Timer(settings.COMPTAGE_DELAI, _verser_a_l_heure)
            _minuterie.daemon = True
            _minuterie.start()


def _verser_a_l_heure() -> None:
    try:
        verser()
    finally:
        # The thread ends here, and its connection with it.
        connection.close()


def verser() -> int:
    """Write what was counted, and return how many additions were written; what fails waits for the next time."""
    global _minuterie
    with _verrou:
        a_ecrire, _minuterie = _ajouts.copy(), None
        _ajouts.clear()
    ecrits = 0
    for cle, nombre in sorted(a_ecrire.items(), key=lambda ajout: (ajout[0][0], ajout[0][1])):
        try:
            with transaction.atomic():
                _ecrire(*cle, nombre)
            ecrits += nombre
        except IntegrityError:
            trace.warning("comptage d’un document disparu")
        except (DatabaseError, InterfaceError):
            trace.exception("comptage remis à plus tard")
            with _verrou:
                _ajouts[cle] += nombre
    return ecrits


def oublier() -> None:
    """Drop what is not written yet."""
    with _verrou:
        _ajouts.clear()


def _ecrire(sorte: str, pk: int, mois, nombre: int) -> None:
    if sorte == _OUVERTURE:
        Partage.objects.filter(pk=pk).update(ouvertures=F("ouvertures") + nombre)
        return
    ComptageVerification.objects.get_or_create(parchemin_id=pk, mois=mois, voie=sorte)
    ComptageVerification.objects.filter(parchemin_id=pk, mois=mois, voie=sorte).update(nombre=F("nombre") + nombre)


def releve(parchemin) -> dict:
    """What a document's own page says: how many checks in all, this month, and by which way in."""
    par_voie = dict(parchemin.comptages.order_by().values_list("voie").annotate(Sum("nombre")))
    ce_mois = parchemin.comptages.filter(mois=timezone.localdate().replace(day=1)).aggregate(n=Sum("nombre"))["n"]
    voies = [{"libelle": v.label, "nombre": par_voie[v.value]} for v in Voie if par_voie.get(v.value)]
    return {"total": sum(par_voie.values()), "ce_mois": ce_mois or 0, "voies": voies}


def _au_depart() -> None:
    if settings.COMPTAGE_DELAI and _ajouts:
        verser()


atexit.register(_au_depart)
