"""The verbs of step 7: a place for the dossier in a session, given back, or changed for another."""

from django.db.models import Q

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from registre.transitions import verbe

from .attente_de_place import QUI_INSCRIT, a_son_tour, proposer_la_place
from .calendrier_ics import Methode
from .courriels_session import au_candidat, avec_calendrier
from .forms_inscriptions import InscriptionForm, TransfertForm
from .models import SessionJury
from .places import obstacles_a, prendre_place, rendre_la_place, verrouiller
from .workflow import AVANT_SCEAU, ORGANISATEURS, inscription_active


def _place_possible(candidature, acteur, donnees):
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None or evaluation.transmise_le is None:
        yield "L’évaluation n’est pas transmise\u00a0: l’évaluateur habilité la termine d’abord."
    if donnees.get("session") is None:
        return
    # Under lock: of two dossiers that want the last place, the second one counts the first.
    [session] = verrouiller(donnees["session"])
    yield from (obstacle.phrase for obstacle in obstacles_a(candidature, session))
    yield from a_son_tour(candidature, session)


def _inscrire(candidature, acteur, donnees):
    inscription = prendre_place(candidature, donnees["session"])
    details = {"session": inscription.session_id, "inscription": inscription.pk}
    return {"details": details, "inscription": inscription}


def _au_candidat(modele):
    return lambda candidature, acteur, donnees, resultat: [au_candidat(modele, resultat["inscription"])]


verbe(
    MODELE,
    "inscrire_au_jury",
    libelle="Inscrire à un jury",
    par_lot=True,
    roles=QUI_INSCRIT,
    etape=7,
    de=(Etat.EVALUEE, Etat.AJOURNEE),
    vers=(Etat.INSCRITE_JURY,),
    conditions=_place_possible,
    formulaire=InscriptionForm,
    courriels=_au_candidat("inscrit_au_jury"),
    principal=True,
    attendu=Q(),
    attente="L’employeur inscrit le dossier à une session de jury",
)(_inscrire)

verbe(
    MODELE,
    "presenter_a_la_cpne",
    libelle="Présenter au jury de certification",
    par_lot=True,
    roles=ORGANISATEURS,
    etape=9,
    de=(Etat.PROPOSEE,),
    conditions=lambda c, a, d: [
        *_place_possible(c, a, d),
        *(["Ce dossier est déjà présenté à une session."] if inscription_active(c) else []),
    ],
    formulaire=InscriptionForm,
    principal=True,
    attendu=~Q(inscriptions__retiree_le=None, inscriptions__session__etat__in=AVANT_SCEAU),
    attente="Le dossier est à présenter au jury de certification",
)(_inscrire)


def _retrait_possible(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    if inscription is None or verrouiller(inscription.session)[0].etat != SessionJury.Etat.PLANIFIEE:
        yield "La session a commencé\u00a0: le dossier y reste, le jury peut l’ajourner."


def _retirer(candidature):
    inscription = inscription_active(candidature)
    rendre_la_place(inscription)
    proposer_la_place(inscription.session)
    return inscription


def _dire_le_retrait(candidature, acteur, donnees, resultat):
    """The candidate reads the reason on the dossier; who was convened takes the meeting off their calendar too."""
    inscription = resultat["inscription"]
    message = au_candidat("retrait_du_jury", inscription, motif=donnees["motif"])
    if inscription.convoquee_le is None:
        return [message]
    return [avec_calendrier(message, inscription.session, Methode.ANNULER, candidature)]


@verbe(
    MODELE,
    "desinscrire_du_jury",
    libelle="Retirer de la session",
    par_lot=True,
    roles=QUI_INSCRIT,
    etape=7,
    de=(Etat.INSCRITE_JURY,),
    vers=(Etat.EVALUEE,),
    conditions=_retrait_possible,
    formulaire=MotifForm,
    courriels=_dire_le_retrait,
    danger=True,
)
def _desinscrire(candidature, acteur, donnees):
    inscription = _retirer(candidature)
    return {"details": {"session": inscription.session_id}, "inscription": inscription}


@verbe(
    MODELE,
    "quitter_la_session",
    libelle="Quitter la session annulée",
    roles=ORGANISATEURS,
    etape=7,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    vers=(Etat.EVALUEE, Etat.PROPOSEE),
    conditions=_retrait_possible,
    courriels=lambda c, acteur, donnees, resultat: [
        avec_calendrier(
            au_candidat("session_annulee_candidat", resultat["inscription"], motif=donnees["motif"]),
            resultat["inscription"].session,
            Methode.ANNULER,
            c,
        )
    ],
    interne=True,
    consequence_de=("annuler_session",),
)
def _quitter_la_session(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    rendre_la_place(inscription)
    return {
        "etat": Etat.PROPOSEE if candidature.etat == Etat.PROPOSEE else Etat.EVALUEE,
        "details": {"session": inscription.session_id},
        "inscription": inscription,
    }


def _transfert_possible(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    if inscription is None:
        yield "Ce dossier n’est inscrit à aucune session."
        return
    if donnees.get("session") is None:
        yield from _retrait_possible(candidature, acteur, donnees)
        return
    ancienne, session = verrouiller(inscription.session, donnees["session"])
    if ancienne.etat != SessionJury.Etat.PLANIFIEE:
        yield "La session a commencé\u00a0: le dossier y reste, le jury peut l’ajourner."
    if ancienne.pk == session.pk:
        yield "Le dossier est déjà inscrit à cette session\u00a0: choisissez-en une autre."
        return
    yield from (obstacle.phrase for obstacle in obstacles_a(candidature, session))
    yield from a_son_tour(candidature, session)


def _dire_le_transfert(candidature, acteur, donnees, resultat):
    """The new date; the old one leaves the calendar of who had it there."""
    messages, ancienne = [au_candidat("transfert_de_jury", resultat["inscription"])], resultat["ancienne"]
    if ancienne.convoquee_le:
        messages = [avec_calendrier(messages[0], ancienne.session, Methode.ANNULER, candidature)]
    return messages


@verbe(
    MODELE,
    "transferer_de_session",
    libelle="Transférer à une autre session",
    par_lot=True,
    roles=QUI_INSCRIT,
    etape=7,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    conditions=_transfert_possible,
    formulaire=TransfertForm,
    courriels=_dire_le_transfert,
    aide="La place de l’ancienne session se libère au même instant.",
)
def _transferer_de_session(candidature, acteur, donnees):
    ancienne = _retirer(candidature)
    inscription = prendre_place(candidature, donnees["session"])
    return {
        "details": {"de": ancienne.session_id, "vers": inscription.session_id, "inscription": inscription.pk},
        "inscription": inscription,
        "ancienne": ancienne,
    }
