"""Mails of the sessions: to members, to employers, to candidates, each with the calendar file of its reader."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst

from backoffice.candidatures.models import Candidature
from backoffice.courriels import adresses, composer
from registre.courriels import Message, PieceJointe, piece_jointe
from registre.models import CourrielSortant, EntreeJournal

from .calendrier_ics import Evenement, Methode, fichier
from .models import Inscription, SessionJury

# What a calendar must hear of.
QUI_CHANGE = ("planifier", "modifier_session", "convoquer", "annuler_session")


def evenement(
    session: SessionJury, entree: EntreeJournal, invite: str = "", dossier: Candidature | None = None
) -> Evenement:
    """This session as one reader finds it in their calendar: no other name than their own address, never a candidate.

    `entree`: the act that says it. Its rank in the journal only grows: it is the version of the event.
    """
    site = urlsplit(settings.ADRESSE_PUBLIQUE)
    page = dossier.get_absolute_url() if dossier else session.get_absolute_url()
    certifications = ", ".join(str(c) for c in session.certifications.all())
    lignes = [certifications, session.lien_visio and f"Visioconférence\u00a0: {session.lien_visio}"]
    if dossier and session.candidats_recus and session.consignes:
        lignes.append(f"À apporter\u00a0: {session.consignes}")
    return Evenement(
        uid=f"session-{session.pk}@{site.hostname}",
        sequence=entree.sequence,
        emis_le=entree.horodatage,
        debut=session.debut,
        minutes=session.duree_minutes or 0,
        resume=capfirst(session.get_instance_display()),
        lieu=session.lieu or session.lien_visio,
        description="\n".join(ligne for ligne in lignes if ligne),
        lien=settings.ADRESSE_PUBLIQUE + page,
        organisateur=_adresse_d_envoi(),
        invite=invite,
    )


def _adresse_d_envoi() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")


def fichier_de(session: SessionJury, dossier: Candidature | None = None) -> str:
    """The calendar file that one downloads: what was last decided."""
    entree = EntreeJournal.objects.de(session).filter(verbe__in=QUI_CHANGE).last()
    methode = Methode.ANNULER if session.etat == SessionJury.Etat.ANNULEE else Methode.PUBLIER
    lecteur = _adresse_d_envoi() if methode == Methode.ANNULER else ""
    return fichier(evenement(session, entree, lecteur, dossier), methode)


@piece_jointe("seance")
def _piece(courriel: CourrielSortant, session: int, methode: str, dossier: int | None = None) -> PieceJointe | None:
    seance = SessionJury.objects.get(pk=session)
    methode = Methode.ANNULER if seance.etat == SessionJury.Etat.ANNULEE else Methode(methode)
    if methode == Methode.CONVIER and seance.etat != SessionJury.Etat.PLANIFIEE:
        # Sent late, after the sitting: an invitation would only put a past meeting in a calendar.
        return None
    candidature = Candidature.objects.get(pk=dossier) if dossier else None
    contenu = fichier(evenement(seance, courriel.cause, courriel.destinataire, candidature), methode)
    return PieceJointe(f"jury-{seance.pk}.ics", "calendar", contenu, {"method": str(methode)})


def avec_calendrier(message: Message, session: SessionJury, methode=Methode.CONVIER, dossier=None) -> Message:
    """The same mail with its calendar file, which is made when the mail leaves."""
    piece = {"genre": "seance", "session": session.pk, "methode": str(methode)}
    return replace(message, piece=piece | ({"dossier": dossier.pk} if dossier else {}))


def aux_membres(modele: str, session: SessionJury, membres=None, **contexte) -> list[Message]:
    """One mail per member (all of those who did not excuse themselves, unless told which)."""
    if membres is None:
        membres = session.membres.filter(utilisateur__is_active=True, excuse_le=None)
    siens = membres.select_related("utilisateur").order_by("utilisateur__email")
    return [composer(modele, m.utilisateur.email, session=session, **contexte) for m in siens]


def aux_employeurs(modele: str, session: SessionJury, inscriptions: Iterable[Inscription], **contexte) -> list[Message]:
    """One mail per person of each employer, whatever the number of their dossiers, by reference."""
    par_adresse: dict[str, list[str]] = {}
    connues: dict[int, list[str]] = {}
    for inscription in inscriptions:
        etablissement = inscription.candidature.etablissement
        if etablissement.pk not in connues:
            connues[etablissement.pk] = adresses("employeur", etablissement)
        for adresse in connues[etablissement.pk]:
            par_adresse.setdefault(adresse, []).append(inscription.candidature.reference)
    return [
        composer(modele, adresse, session=session, references=references, **contexte)
        for adresse, references in sorted(par_adresse.items())
    ]


def au_candidat(modele: str, inscription: Inscription, **contexte) -> Message:
    """One mail to the candidate, whose notification leads to their dossier."""
    candidature = inscription.candidature
    message = composer(
        modele,
        candidature.titulaire.courriel,
        candidature=candidature,
        session=inscription.session,
        **contexte,
    )
    return replace(message, lien=reverse("candidatures:dossier", args=[candidature.pk]))
