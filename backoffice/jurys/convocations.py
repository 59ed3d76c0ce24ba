"""Convocations: members, candidates and employers learn when and where, with a calendar file, and what changes."""

from django.db.models import QuerySet
from django.utils import timezone

from registre import courriels, journal
from registre.transitions import verbe

from .calendrier_ics import Methode
from .courriels_session import au_candidat, aux_employeurs, aux_membres, avec_calendrier
from .models import Inscription, MembreJury, SessionJury
from .workflow import ORGANISATEURS, SESSION


def membres_a_convoquer(session: SessionJury) -> QuerySet[MembreJury]:
    """Those who hold a seat, did not excuse themselves, and were not told yet."""
    return session.membres.filter(convoque_le=None, excuse_le=None)


def membres_convoques(session: SessionJury) -> QuerySet[MembreJury]:
    return session.membres.filter(convoque_le__isnull=False, utilisateur__is_active=True)


def dossiers_de_la_liste(session: SessionJury) -> QuerySet[Inscription]:
    """The registrations that hold a place, with what mails read of them."""
    return (
        session.inscriptions.filter(retiree_le=None)
        .select_related("session", "candidature__titulaire", "candidature__etablissement", "candidature__version")
        .order_by("pk")
    )


def dossiers_a_convoquer(session: SessionJury) -> QuerySet[Inscription]:
    return dossiers_de_la_liste(session).filter(convoquee_le=None)


def _reste_a_convoquer(session, acteur, donnees):
    if not membres_a_convoquer(session).exists() and not dossiers_a_convoquer(session).exists():
        yield "Tout le monde a reçu sa convocation\u00a0: elle repart d’elle-même quand la date ou le lieu changent."
    if session.debut <= timezone.now():
        yield "La date de cette session est passée\u00a0: modifiez-la d’abord."


def prevenir_les_dossiers(session, acteur, acte: str, modele: str, inscriptions, methode, **contexte) -> None:
    """Tell each candidate, through an entry in the journal of their own dossier: that is where they read it again."""
    role = next((r for r in ORGANISATEURS if r in session.roles_de(acteur)), ORGANISATEURS[0])
    for inscription in inscriptions:
        candidature = inscription.candidature
        entree = journal.consigner(acteur, role, acte, candidature, details={"session": session.pk})
        message = au_candidat(modele, inscription, **contexte)
        courriels.deposer(avec_calendrier(message, session, methode, candidature), entree)


def _convoquer_chacun(session, acteur, donnees, resultat):
    membres = session.membres.filter(pk__in=resultat["details"]["membres"], utilisateur__is_active=True)
    dossiers = dossiers_de_la_liste(session).filter(pk__in=resultat["details"]["inscriptions"])
    messages = [
        *aux_membres("convocation_jury", session, membres),
        *aux_employeurs("convocation_employeur", session, dossiers),
    ]
    return [avec_calendrier(message, session) for message in messages]


@verbe(
    SESSION,
    "convoquer",
    libelle="Envoyer les convocations",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    conditions=_reste_a_convoquer,
    courriels=_convoquer_chacun,
    aide="Chaque membre, chaque candidat et son employeur reçoivent la date, le lieu et un fichier pour leur agenda. "
    "Seuls ceux qui n’ont encore rien reçu sont convoqués.",
)
def _convoquer(session, acteur, donnees):
    maintenant = timezone.now()
    membres = list(membres_a_convoquer(session).values_list("pk", flat=True))
    inscriptions = list(dossiers_a_convoquer(session))
    prevenir_les_dossiers(session, acteur, "convoquer_dossier", "convocation_candidat", inscriptions, Methode.CONVIER)
    ids = [inscription.pk for inscription in inscriptions]
    session.membres.filter(pk__in=membres).update(convoque_le=maintenant)
    session.inscriptions.filter(pk__in=ids).update(convoquee_le=maintenant)
    return {"details": {"membres": membres, "inscriptions": ids}}
