"""What the reminders of a dossier wait for: its evaluation, derived from the registered verbs, then its jury."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from backoffice.courriels import adresses, composer
from backoffice.notifications.relances import Attendu, relance
from registre.transitions import VERBES

from .attente import MODELE, en_attente_de
from .models import Candidature, Etat


def en_attente(nom: str, pk: int | None, **filtre):
    """The dossiers on which this verb is the next thing to do, with what a reminder reads."""
    candidatures = Candidature.objects.filter(**filtre)
    if pk is not None:
        candidatures = candidatures.filter(pk=pk)
    lues = candidatures.select_related("parcours", "version__certification", "etablissement", "porteur", "titulaire")
    return en_attente_de(VERBES[MODELE, nom], lues)


def depuis_l_etat(candidature):
    """The day since which the dossier stands where it is."""
    return timezone.localdate(candidature.etat_depuis)


@relance("incomplet", "Dossier à compléter", a_qui="L’employeur", modele=MODELE)
def _a_completer(pk=None):
    for c in en_attente("deposer", pk, etat=Etat.INCOMPLETE):
        yield Attendu(
            c,
            depuis_l_etat(c),
            c.parcours.relance_apres_jours,
            lambda c=c: [
                composer("relance_incomplet", a, candidature=c, depuis=c.etat_depuis)
                for a in adresses("employeur", c.etablissement)
            ],
        )


@relance("recevabilite", "Recevabilité à examiner", a_qui="Les gestionnaires du porteur", modele=MODELE)
def _a_examiner(pk=None):
    for c in en_attente("declarer_recevable", pk):
        yield Attendu(
            c,
            depuis_l_etat(c),
            c.parcours.relance_apres_jours,
            lambda c=c: [
                composer("relance_recevabilite", a, candidature=c, depuis=c.etat_depuis)
                for a in adresses("gestionnaire", c.porteur)
            ],
        )


@relance("jury_du_candidat", "Session de jury du candidat", a_qui="Le candidat", modele=MODELE, avant=True)
def _convies(pk=None):
    """The dossiers on the list of a session to come, of people who may be written to.

    Sessions belong to a room above: they are read through the relation they add.
    """
    inscriptions = (
        Candidature._meta.get_field("inscriptions")
        .related_model.objects.filter(
            candidature__etat=Etat.INSCRITE_JURY,
            retiree_le=None,
            session__etat="planifiee",
            session__debut__gt=timezone.now(),
            # A year ahead is the widest delay that a parcours may ask for.
            session__debut__lt=timezone.now() + timedelta(days=366),
        )
        .exclude(candidature__titulaire__courriel="")
    )
    if pk is not None:
        inscriptions = inscriptions.filter(candidature=pk)
    lues = (
        "session",
        "candidature__parcours",
        "candidature__titulaire",
        "candidature__version",
        "candidature__porteur",
    )
    for i in inscriptions.select_related(*lues):
        c = i.candidature
        message = partial(composer, "relance_jury_candidat", c.titulaire.courriel, candidature=c, session=i.session)
        yield Attendu(c, timezone.localdate(i.session.debut), c.parcours.relance_avant_jours, lambda m=message: [m()])
