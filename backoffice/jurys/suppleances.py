"""Who takes the seat of a titulaire who cannot come."""

from .models import MembreJury, SessionJury
from .nominations import asseoir, mandats_a_asseoir


def appeler_un_suppleant(session: SessionJury, absent: MembreJury) -> MembreJury | None:
    """Seat the suppléant of this absent member, named for them first, then of their collège; None when nobody is left.

    An absent suppléant is replaced in turn, for the titulaire whose seat they were to take.
    """
    titulaire = absent.remplace if absent.suppleant else absent
    if titulaire is None or (absent.suppleant and not titulaire.excuse_le):
        return None
    suppleant = _deja_la(session, titulaire) or _a_appeler(session, titulaire)
    if suppleant and suppleant.remplace_id != titulaire.pk:
        suppleant.remplace = titulaire
        suppleant.save(update_fields=["remplace"])
    return suppleant


def _deja_la(session, titulaire) -> MembreJury | None:
    libres = session.membres.filter(suppleant=True, college=titulaire.college, excuse_le=None).order_by("pk")
    return libres.filter(remplace=titulaire).first() or libres.filter(remplace=None, mandat__suppleant_de=None).first()


def _a_appeler(session, titulaire) -> MembreJury | None:
    suppleants = mandats_a_asseoir(session).filter(suppleant=True, college=titulaire.college)
    nommes = suppleants.filter(suppleant_de=titulaire.mandat_id) if titulaire.mandat_id else suppleants.none()
    mandat = nommes.first() or suppleants.filter(suppleant_de=None).first()
    return asseoir(session, mandat) if mandat else None
