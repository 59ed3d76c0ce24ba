"""What follows a declaration outside the lots: suppressions noted by hand, corrections that the CDC asks for."""

from datetime import date

from django.db import transaction

from registre import journal
from registre.models import Parchemin
from registre.transitions import HorsPortee, Refus

from .accrochage import a_supprimer, echeance
from .models import Action, DemandeCDC, ParametresCPF, PassageCPF, SuppressionManuelle


def _verrouiller(acteur, certificateur) -> None:
    """One at a time for a certificateur, and only for their own people."""
    if certificateur.pk not in acteur.organismes_ids("certificateur"):
        raise HorsPortee("Ce parchemin n’existe pas, ou ne vous est pas ouvert.")
    ParametresCPF.objects.select_for_update().filter(certificateur=certificateur).first()


def noter_suppression(acteur, parchemin: Parchemin, jour: date) -> SuppressionManuelle:
    """Tick that the Caisse des dépôts has taken this cancelled parchemin out, asked without a lot.

    Raises:
        Refus: nothing to take out, or a lot of suppression is under way.
    """
    with transaction.atomic():
        _verrouiller(acteur, parchemin.certificateur)
        if faite := SuppressionManuelle.objects.filter(parchemin=parchemin).first():
            return faite
        if not a_supprimer(parchemin.certificateur).filter(pk=parchemin.pk, connu=True).exists():
            raise Refus("Ce parchemin n’est pas à supprimer du SI CPF.")
        faite = SuppressionManuelle.objects.create(
            certificateur=parchemin.certificateur, parchemin=parchemin, faite_le=jour, note_par=acteur
        )
        journal.consigner(acteur, "certificateur", "noter_suppression", parchemin, details={"jour": jour.isoformat()})
    return faite


def noter_demande(acteur, parchemin: Parchemin, recue_le: date, objet: str) -> DemandeCDC:
    """Record a correction that the Caisse des dépôts asks for; it is due three months later.

    Raises:
        Refus: the parchemin was never accepted there.
    """
    with transaction.atomic():
        _verrouiller(acteur, parchemin.certificateur)
        acceptes = PassageCPF.objects.filter(action=Action.CREATION, reponse=PassageCPF.Reponse.ACCEPTE)
        if not acceptes.filter(parchemin=parchemin).exists():
            raise Refus("Ce parchemin n’est pas enregistré au SI CPF\u00a0: il n’y a rien à y corriger.")
        demande, nouvelle = DemandeCDC.objects.get_or_create(
            certificateur=parchemin.certificateur,
            parchemin=parchemin,
            recue_le=recue_le,
            close_le=None,
            defaults={"echeance": echeance(recue_le), "objet": objet},
        )
        if nouvelle:
            details = {"echeance": demande.echeance.isoformat()}
            journal.consigner(acteur, "certificateur", "noter_demande", demande, details=details)
    return demande


def clore_demande(acteur, demande: DemandeCDC, jour: date, suite: str, precision: str = "") -> DemandeCDC:
    """Say what was answered to it; a closed one keeps its first answer."""
    with transaction.atomic():
        _verrouiller(acteur, demande.certificateur)
        demande = DemandeCDC.objects.select_for_update().get(pk=demande.pk)
        if demande.close_le is None:
            demande.close_le, demande.suite, demande.precision = jour, suite, precision
            demande.save(update_fields=["close_le", "suite", "precision"])
            details = {"jour": jour.isoformat(), "suite": suite}
            journal.consigner(acteur, "certificateur", "clore_demande", demande, details=details)
    return demande
