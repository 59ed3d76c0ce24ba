"""Files out, answers in, through whatever transport is in use; each act is the verb that a person would have done."""

from registre.transitions import Refus, executer

from . import lots
from .accuses import AccuseIllisible, lire
from .models import LotCPF
from .reponses import AccuseRecu
from .transport import Transport, transport
from .workflow import MODELE, integrer_accuse, lot_de


def transmettre(acteur, lot: LotCPF, par: Transport | None = None) -> LotCPF:
    """Hand the file of this lot to the transport, and note the deposit when it was made.

    Raises:
        Refus: wrong state or role, file altered.
    """
    if lot.etat != LotCPF.Etat.PREPARE:
        raise Refus(f"Ce lot ne se dépose pas\u00a0: son état est «\u202f{lot.get_etat_display()}\u202f».")
    with lots.ouvrir_fichier(lot) as fichier:
        depot = (par or transport()).deposer(lot, fichier)
    if depot is None:
        return lot
    lot = executer(MODELE, "declarer_depot", lot, acteur, {"jour": depot.jour})
    if depot.reference:
        donnees = {"jour": depot.jour, "reference": depot.reference}
        lot = executer(MODELE, "noter_reception", lot, acteur, donnees)
    return lot


def relever(acteur, lot: LotCPF, par: Transport | None = None) -> LotCPF:
    """Integrate the answers that the transport holds for this lot.

    Raises:
        Refus: what `integrer_accuse` refuses.
    """
    for nom, octets in (par or transport()).relever(lot):
        lot = integrer_accuse(acteur, lot, octets, nom)
    return lot


def integrer(acteur, octets: bytes, nom: str = "") -> LotCPF:
    """Integrate an accusé whatever lot it answers, among those of this person.

    Raises:
        Refus: unreadable, or not the answer to one of their lots.
    """
    try:
        recu = AccuseRecu(lire(octets), octets, nom)
    except AccuseIllisible as illisible:
        raise Refus(str(illisible)) from None
    lot = lot_de(recu.accuse.id_flux, LotCPF.objects.all().visibles_par(acteur))
    if lot is None:
        raise Refus(f"Cet accusé répond au flux {recu.accuse.id_flux[:50]}, qui n’est celui d’aucun de vos lots.")
    return executer(MODELE, "integrer_accuse", lot, acteur, {"fichier": recu}, cle=recu.sha256)
