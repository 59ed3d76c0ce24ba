"""Numbers of documents: one counter row per (certificateur, kind, year), taken inside the issuing transaction."""

from django.db import IntegrityError
from django.utils import timezone

from . import gardien
from .models import Organisme, SerieNumeros
from .textes import plier

# Each failed try means that another body of the same initials has its series: as many as may begin at once.
ESSAIS = 30
_LETTRES = {"attestation": "A", "bloc": "B", "pv": "PV", "candidature": "D"}


def _prefixe(certificateur: Organisme) -> str:
    """The prefix of this body, the same every year and for every kind; no other body ever bore it."""
    connues = SerieNumeros.objects.order_by("-annee", "-pk")
    if sien := connues.filter(certificateur=certificateur).values_list("prefixe", flat=True).first():
        return sien
    base = "".join(plier(certificateur.sigle or certificateur.raison_sociale).upper().split())[:6] or "CERT"
    pris = set(connues.filter(prefixe__startswith=base).values_list("prefixe", flat=True))
    rang, candidat = 1, base
    while candidat in pris:
        rang += 1
        candidat = f"{base}{rang}"
    return candidat


def _ouvrir_serie(**cle) -> None:
    """Create the counter row of this body, kind and year if it is not there yet."""
    for essai in range(1, ESSAIS + 1):
        try:
            # Two first issues of a year may meet here: the unique constraint keeps one, the other reads it.
            SerieNumeros.objects.get_or_create(**cle, defaults={"prefixe": _prefixe(cle["certificateur"])})
        except IntegrityError:
            # Another body has just taken the same prefix: the next reading sees it.
            if essai == ESSAIS:
                raise
        else:
            return


def prendre_numero(certificateur: Organisme, nature: str, jour=None) -> tuple[SerieNumeros, int, str]:
    """Take the next number of a series and return (series, rank, printed number), for instance « FTC-2026-00012 ».

    Must run inside the transaction that writes the numbered thing: an aborted issue gives its number back.
    The year is that of Paris.

    Raises:
        registre.gardien.BaseEnRetard: the database was restored from a copy that ignores numbers already given.
    """
    annee = (jour or timezone.localdate()).year
    cle = {"certificateur": certificateur, "nature": nature, "annee": annee}
    if not SerieNumeros.objects.filter(**cle).exists():
        _ouvrir_serie(**cle)
    serie = SerieNumeros.objects.select_for_update().get(**cle)
    serie.dernier += 1
    serie.save(update_fields=["dernier"])
    if nature in gardien.DOCUMENTS:
        gardien.verifier_rang(serie, serie.dernier)
        gardien.retenir_rang(serie, serie.dernier)
    lettre = _LETTRES.get(nature, "")
    morceaux = [serie.prefixe, lettre, str(annee), f"{serie.dernier:05d}"]
    return serie, serie.dernier, "-".join(m for m in morceaux if m)
