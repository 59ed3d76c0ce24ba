"""The verbs of the session itself: planned, opened."""

from django.utils import timezone

from registre.transitions import verbe

from .acces_membres import ouverture
from .composition import manques_de_session
from .deports import deporter_d_office
from .models import Inscription, SessionJury

SESSION = "jurys.sessionjury"
ORGANISATEURS = ("certificateur", "gestionnaire")
AVANT_CLOTURE = (SessionJury.Etat.PLANIFIEE, SessionJury.Etat.OUVERTE)
AVANT_SCEAU = (*AVANT_CLOTURE, SessionJury.Etat.CLOSE)


def inscription_active(candidature) -> Inscription | None:
    """The registration of this dossier to a session that has not sealed its minutes yet."""
    return candidature.inscriptions.filter(retiree_le=None, session__etat__in=AVANT_SCEAU).order_by("-pk").first()


@verbe(
    SESSION,
    "planifier",
    libelle="Planifier une session",
    roles=ORGANISATEURS,
    etape=1,
    vers=("planifiee",),
    creation=True,
)
def _planifier(session, acteur, donnees):
    session.certifications.set(donnees.get("certifications", ()))
    session.dossiers_ouverts_le = ouverture(session)
    return {"details": {"instance": session.instance}}


def _peut_ouvrir_session(session, acteur, donnees):
    if not session.inscriptions.filter(retiree_le=None).exists():
        yield "Aucun dossier n’est inscrit à cette session."
    yield from manques_de_session(session)


@verbe(
    SESSION,
    "ouvrir_session",
    libelle="Ouvrir la séance",
    roles=("president", "gestionnaire", "certificateur"),
    etape=8,
    de=("planifiee",),
    vers=("ouverte",),
    conditions=_peut_ouvrir_session,
    principal=True,
    aide="Les déports qui se lisent dans les données sont enregistrés à l’ouverture.",
)
def _ouvrir_session(session, acteur, donnees):
    session.ouverte_le = timezone.now()
    # Once more on the day: roles and bodies may have changed since the lists were made.
    deporter_d_office(session.inscriptions.all(), session.membres.all())
    return {}
