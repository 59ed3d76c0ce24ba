"""What follows from sealed minutes, dossier by dossier: a proposal, a decision, a postponement; people are told."""

from django.utils import timezone

from backoffice.candidatures.credits import blocs_credites
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from registre.transitions import verbe

from .resultats import resultat_du_jury


def _decision_prise(candidature, acteur, donnees):
    inscription = donnees.get("inscription")
    if inscription is None or inscription.candidature_id != candidature.pk or not inscription.issue:
        yield "Le jury n’a pas délibéré sur ce dossier."
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None or evaluation.transmise_le is None:
        yield "L’évaluation n’est pas transmise\u00a0: aucune décision n’est possible."


@verbe(
    MODELE,
    "proposer",
    libelle="Proposer à la CPNE",
    roles=("jury",),
    etape=8,
    de=(Etat.INSCRITE_JURY,),
    vers=(Etat.PROPOSEE,),
    conditions=_decision_prise,
    interne=True,
    consequence_de=("signer_pv",),
)
def _proposer(candidature, acteur, donnees):
    return {"details": {"inscription": donnees["inscription"].pk}}


def _notifiee(inscription):
    """The mails of the result leave in the same transaction: that moment is the notification, and the decision."""
    inscription.notifiee_le = timezone.now()
    inscription.save(update_fields=["notifiee_le"])
    return inscription.notifiee_le


def _notifier(candidature, acteur, donnees, resultat):
    inscription = donnees["inscription"]
    contexte = {"candidature": candidature, "inscription": inscription}
    return [
        composer("decision_candidat", candidature.titulaire.courriel, **contexte),
        *(composer("decision_employeur", a, **contexte) for a in adresses("employeur", candidature.etablissement)),
    ]


@verbe(
    MODELE,
    "decider",
    libelle="Rendre la décision",
    roles=("jury",),
    etape=9,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    vers=(Etat.VALIDEE, Etat.PARTIELLE, Etat.NON_VALIDEE),
    conditions=_decision_prise,
    courriels=_notifier,
    interne=True,
    consequence_de=("signer_pv",),
)
def _decider(candidature, acteur, donnees):
    inscription = donnees["inscription"]
    decisions = dict(inscription.decisions.values_list("bloc", "acquis"))
    credites = blocs_credites(candidature, inscription.session.tenue_le)
    candidature.decidee_le = _notifiee(inscription)
    return {
        # What was signed is what is decided.
        "etat": donnees.get("resultat")
        or resultat_du_jury(candidature, decisions, credites, candidature.parcours.validation_partielle),
        "details": {
            "inscription": inscription.pk,
            "acquis": sorted(b for b, oui in decisions.items() if oui),
            "repris": sorted(credites),
        },
    }


@verbe(
    MODELE,
    "ajourner",
    libelle="Ajourner",
    roles=("jury",),
    etape=8,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    vers=(Etat.AJOURNEE,),
    conditions=_decision_prise,
    courriels=_notifier,
    interne=True,
    consequence_de=("signer_pv",),
)
def _ajourner(candidature, acteur, donnees):
    _notifiee(donnees["inscription"])
    return {"details": {"inscription": donnees["inscription"].pk}}
