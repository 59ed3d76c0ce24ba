"""From which day the members of a session read its dossiers: as many days before as said, until the minutes."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from backoffice.parcours.models import Parcours
from registre import courriels, journal
from registre.quotidien import quotidienne

from .composition import parcours_de
from .courriels_session import aux_membres
from .models import SessionJury

REMIS = "remettre_les_dossiers"


def jours_avant(session: SessionJury) -> int:
    """How many days before the jury: the choice of the organisers, else the longest delay of the parcours at stake."""
    if session.acces_membres_jours is not None:
        return session.acces_membres_jours
    par_defaut = Parcours._meta.get_field("delai_envoi_dossiers").default
    return max((p.delai_envoi_dossiers for p in parcours_de(session)), default=par_defaut)


def ouverture(session: SessionJury) -> date:
    """The first day on which its members read the dossiers."""
    return timezone.localdate(session.debut) - timedelta(days=jours_avant(session))


def regler_l_ouverture(session: SessionJury) -> None:
    """Set that day anew when a dossier comes or goes. What the members have been reading does not close again."""
    jour = ouverture(session)
    if session.dossiers_ouverts_le and session.dossiers_ouverts_le <= timezone.localdate():
        jour = min(jour, session.dossiers_ouverts_le)
    session.dossiers_ouverts_le = jour
    SessionJury.objects.filter(pk=session.pk).update(dossiers_ouverts_le=jour)


def sont_ouverts(session: SessionJury) -> bool:
    """Are the dossiers of this planned session given out to its members already?"""
    return bool(session.dossiers_ouverts_le and session.dossiers_ouverts_le <= timezone.localdate())


def annonce_de_l_ouverture(session: SessionJury, utilisateur) -> str:
    """« Les dossiers s’ouvriront le … », for a member who does not read them yet; empty otherwise."""
    if session.etat != SessionJury.Etat.PLANIFIEE or sont_ouverts(session) or session.dossiers_ouverts_le is None:
        return ""
    autres = session.roles_de(utilisateur) - {"jury", "president"}
    return "" if autres else f"Les dossiers s’ouvriront le {date_format(session.dossiers_ouverts_le, 'j F Y')}"


def _a_annoncer():
    return SessionJury.objects.filter(
        etat=SessionJury.Etat.PLANIFIEE,
        dossiers_ouverts_le__lte=timezone.localdate(),
        debut__gt=timezone.now(),
        inscriptions__retiree_le=None,
        inscriptions__isnull=False,
    ).distinct()


@quotidienne("Dit aux membres des jurys que les dossiers leur sont ouverts.")
def _remettre_les_dossiers() -> str:
    # Planned before that day was kept: without it their members would read nothing.
    for session in SessionJury.objects.filter(etat=SessionJury.Etat.PLANIFIEE, dossiers_ouverts_le=None):
        regler_l_ouverture(session)
    faites = 0
    for session in _a_annoncer():
        cle = f"{REMIS}:{session.pk}"
        if journal.deja_fait(cle, REMIS, session):
            continue
        messages = aux_membres("dossiers_ouverts", session)
        entree = journal.consigner(None, "plateforme", REMIS, session, cle=cle)
        for message in messages:
            courriels.deposer(message, entree)
        faites += 1
    return f"{faites} session(s) dont les dossiers sont ouverts aux membres."
