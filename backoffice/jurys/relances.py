"""What the reminders of a jury wait for: dossiers to register before the deadline, members to come."""

from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from backoffice.candidatures.attente import MODELE
from backoffice.candidatures.relances import en_attente
from backoffice.courriels import adresses, composer
from backoffice.notifications.relances import Attendu, relance

from .composition import parcours_de
from .models import SessionJury
from .preparation import avec_preparatifs, manques_a_prevoir, minimum_de, minimums
from .workflow import SESSION

AVANT = 14


@relance(
    "inscription_jury",
    "Clôture des inscriptions au jury",
    a_qui="L’employeur, sinon les gestionnaires du porteur",
    modele=MODELE,
    avant=True,
)
def _a_inscrire(pk=None):
    ouvertes = SessionJury.objects.filter(
        etat=SessionJury.Etat.PLANIFIEE,
        certifications=OuterRef("version__certification"),
        limite_inscription__gte=timezone.localdate(),
    ).exclude(instance=SessionJury.Instance.CERTIFICATION)
    limite = Subquery(ouvertes.order_by("limite_inscription").values("limite_inscription")[:1])
    for c in en_attente("inscrire_au_jury", pk).annotate(limite=limite).exclude(limite=None):
        yield Attendu(c, c.limite, c.parcours.relance_avant_jours, lambda c=c: _a_ceux_qui_inscrivent(c))


def _a_ceux_qui_inscrivent(candidature):
    gens = adresses("employeur", candidature.etablissement) or adresses("gestionnaire", candidature.porteur)
    return [composer("relance_inscription_jury", a, candidature=candidature, echeance=candidature.limite) for a in gens]


@relance("session_jury", "Session de jury à venir", a_qui="Les membres du jury", modele=SESSION, avant=True)
def _sessions(pk=None):
    a_venir = SessionJury.objects.filter(etat=SessionJury.Etat.PLANIFIEE, debut__gt=timezone.now())
    # A year ahead is the widest delay that a parcours may ask for.
    proches = a_venir.filter(debut__lt=timezone.now() + timedelta(days=366))
    for session in proches.filter(pk=pk) if pk is not None else proches:
        jours = max((p.relance_avant_jours for p in parcours_de(session)), default=AVANT)
        yield Attendu(session, timezone.localdate(session.debut), jours, lambda s=session: _aux_membres(s))


@relance("composition_jury", "Membres à trouver pour un jury", a_qui="Les organisateurs", modele=SESSION, avant=True)
def _compositions(pk=None):
    """The coming sessions whose quorum cannot be met with the members who have a seat."""
    sessions = SessionJury.objects.filter(debut__lt=timezone.now() + timedelta(days=366))
    lues = list(avec_preparatifs(sessions.filter(pk=pk) if pk is not None else sessions))
    connus = minimums({c.pk for s in lues for c in s.certifications.all()})
    for session in lues:
        if manques := manques_a_prevoir(session, minimum_de(session, connus)):
            jours = max((p.relance_avant_jours for p in parcours_de(session)), default=AVANT)
            jour = timezone.localdate(session.debut)
            yield Attendu(session, jour, jours, lambda s=session, m=manques: _aux_organisateurs(s, m))


def _aux_organisateurs(session, manques):
    porteurs = {c.porteur for c in session.certifications.select_related("porteur")}
    gens = {a for porteur in porteurs for a in adresses("gestionnaire", porteur)}
    gens |= set(adresses("certificateur", session.certificateur))
    return [composer("relance_composition_jury", a, session=session, manques=manques) for a in sorted(gens)]


def _aux_membres(session):
    membres = session.membres.filter(utilisateur__is_active=True, excuse_le=None).order_by("utilisateur__email")
    return [composer("relance_session_jury", m.utilisateur.email, session=session) for m in membres]
