"""A sealed session and the lot of its documents, for the tests that need one."""

from backoffice.delivrances import lots
from backoffice.delivrances.models import LotDelivrance
from backoffice.jurys.models import SessionJury
from registre.transitions import executer
from tests import fabriques as f


def seance_scellee(acteurs, nombre: int = 3) -> SessionJury:
    """A sealed session that validated so many dossiers."""
    seance = f.session(acteurs)
    dossiers = [f.inscrite(acteurs, seance) for _ in range(nombre)]
    f.ouvrir_seance(acteurs, seance)
    for dossier in dossiers:
        f.deliberer(acteurs, dossier)
    return f.sceller(acteurs, seance)


def ouvrir(acteurs, seance) -> LotDelivrance:
    (lot,) = lots.constituer(acteurs.certificateur, lots.de_la_session(acteurs.certificateur, seance), seance)
    return lot


def agir(lot, nom: str, acteur, **donnees) -> LotDelivrance:
    return executer(lots.LOT, nom, lot, acteur, donnees)


def prepare(acteurs, seance, **donnees) -> LotDelivrance:
    return agir(ouvrir(acteurs, seance), "preparer_lot", acteurs.certificateur, lieu="Paris", **donnees)


def approuve(acteurs, seance) -> LotDelivrance:
    """The worker has it now."""
    return agir(prepare(acteurs, seance), "approuver_lot", acteurs.signataire)
