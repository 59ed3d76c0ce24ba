"""The reminders of the appeals: before the day that was promised, then every week once it is past."""

from backoffice.courriels import adresses, composer
from backoffice.notifications.relances import Attendu, relance

from .models import Recours
from .recours import RECOURS

RETARD = 7
A_QUI = "Qui l’examine, sinon les certificateurs"


def _messages(recours):
    candidature = recours.candidature
    if recours.charge_de:
        gens = {recours.charge_de.email}
    else:
        gens = {a for organisme in candidature.version.certificateurs for a in adresses("certificateur", organisme)}
    contexte = {"candidature": candidature, "inscription": recours.inscription, "recours": recours}
    return [composer("relance_recours", a, **contexte) for a in sorted(gens)]


def _en_cours(pk):
    attendus = Recours.objects.all().en_cours().select_related("candidature__parcours", "inscription__session")
    return attendus.select_related("candidature__version", "charge_de").filter(**({} if pk is None else {"pk": pk}))


@relance("recours_a_repondre", "Recours à répondre", a_qui=A_QUI, modele=RECOURS, avant=True)
def _a_repondre(pk=None):
    for recours in _en_cours(pk):
        jours = recours.candidature.parcours.relance_avant_jours
        yield Attendu(recours, recours.echeance, jours, lambda r=recours: _messages(r))


@relance("recours_en_retard", "Recours sans réponse à temps", a_qui=A_QUI, modele=RECOURS, du_parcours=False)
def _en_retard(pk=None):
    for recours in _en_cours(pk):
        yield Attendu(recours, recours.echeance, RETARD, lambda r=recours: _messages(r))
