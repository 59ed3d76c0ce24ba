"""A place in a session: what forbids it today, taking it, giving it back."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone

from backoffice.candidatures.models import Candidature, Etat

from .acces_membres import regler_l_ouverture
from .deports import deporter_d_office
from .models import Inscription, SessionJury
from .planning import Besoin, Credit, Obstacle, Offre, obstacles


def instance_attendue(candidature: Candidature) -> str:
    """The kind of jury that this dossier waits for."""
    if candidature.etat == Etat.PROPOSEE:
        return SessionJury.Instance.CERTIFICATION
    fusionnes = candidature.parcours.jurys_fusionnes
    return SessionJury.Instance.UNIQUE if fusionnes else SessionJury.Instance.EVALUATION


def besoin_de(candidature: Candidature) -> Besoin:
    """What this dossier asks of a session (its credited blocs read at once when they were prefetched)."""
    parcours = candidature.parcours
    return Besoin(
        pk=candidature.pk,
        certification=candidature.version.certification_id,
        instance=instance_attendue(candidature),
        delai=parcours.delai_inscription_jury,
        depuis=timezone.localdate(candidature.etat_depuis or candidature.ouverte_le),
        credits=tuple(_credit(repris) for repris in candidature.blocs_acquis.all()),
        minimum=parcours.membres_minimum_par_college,
    )


def _credit(repris) -> Credit:
    # Void once its document is cancelled without another: valid on no day at all.
    fin = repris.valide_jusqu_au if repris.est_valide(date.min) else date.min
    return Credit(repris.bloc.code, fin, repris.validite)


def offre_de(session: SessionJury, **faits) -> Offre:
    """What this session offers now."""
    return Offre(
        pk=session.pk,
        jour=timezone.localdate(session.debut),
        limite=session.limite_inscription,
        certifications=frozenset(c.pk for c in session.certifications.all()),
        instance=session.instance,
        places=session.places_restantes(),
        capacite=session.capacite,
        ouverte=session.etat == SessionJury.Etat.PLANIFIEE,
        **faits,
    )


def en_transaction() -> bool:
    """Is an act being carried out, rather than a page asking what is possible?"""
    return transaction.get_connection().in_atomic_block


def verrouiller(*sessions: SessionJury) -> list[SessionJury]:
    """The sessions, locked in one order whoever asks: of two dossiers for the last place, the second one waits.

    A page that only asks whether an act is possible locks nothing: the verb asks again, in its transaction.
    """
    lecture = SessionJury.objects.filter(pk__in={session.pk for session in sessions}).order_by("pk")
    if en_transaction():
        lecture = lecture.select_for_update()
    lues = {s.pk: s for s in lecture}
    return [lues[session.pk] for session in sessions]


def obstacles_a(candidature: Candidature, session: SessionJury) -> Iterator[Obstacle]:
    """What forbids this dossier a place in this session today."""
    return obstacles(besoin_de(candidature), offre_de(session), timezone.localdate())


def prendre_place(candidature: Candidature, session: SessionJury) -> Inscription:
    """Write the dossier on the list of the session, and the recusals that show; its other request ends."""
    inscription = Inscription.objects.create(session=session, candidature=candidature, inscrite_le=timezone.now())
    deporter_d_office(session.inscriptions.filter(pk=inscription.pk), session.membres.all())
    candidature.demandes_de_place.filter(placee_le=None, retiree_le=None).update(retiree_le=inscription.inscrite_le)
    regler_l_ouverture(session)
    return inscription


def rendre_la_place(inscription: Inscription) -> None:
    """Take the dossier off the list."""
    inscription.retiree_le = timezone.now()
    inscription.save(update_fields=["retiree_le"])
    regler_l_ouverture(inscription.session)
