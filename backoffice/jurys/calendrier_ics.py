"""One event as a calendar file: RFC 5545 (format), RFC 5546 (invitation, change, cancellation).

Pure text: no model, no clock. Times go in UTC, which every calendar shows at the hour of its reader.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

LARGEUR = 75  # octets of a content line, its break left out (RFC 5545, 3.1)
PRODUIT = "-//CQP//Sessions de jury//FR"


class Methode(StrEnum):
    """What the file asks of a calendar: keep the event, invite or update, take it away."""

    PUBLIER = "PUBLISH"
    CONVIER = "REQUEST"
    ANNULER = "CANCEL"


@dataclass(frozen=True)
class Evenement:
    """What one reader finds in their calendar. `sequence` grows with each change, `emis_le` is when it was last true.

    `organisateur` and `invite` are addresses: a file that is published names nobody.
    """

    uid: str
    sequence: int
    emis_le: datetime
    debut: datetime
    resume: str
    minutes: int = 0
    lieu: str = ""
    description: str = ""
    lien: str = ""
    organisateur: str = ""
    invite: str = ""


def echapper(texte: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line breaks escaped, other control characters left out."""
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    texte = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", texte)
    return re.sub(r"([\\;,])", r"\\\1", texte).replace("\n", "\\n")


def plier(ligne: str) -> str:
    """Fold a content line at 75 octets, never inside a character; what follows begins with a space."""
    morceaux, courant, octets = [], "", 0
    for signe in ligne:
        taille = len(signe.encode())
        if octets + taille > LARGEUR:
            morceaux.append(courant)
            courant, octets = " ", 1
        courant, octets = courant + signe, octets + taille
    return "\r\n".join([*morceaux, courant])


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _lignes(evenement: Evenement, methode: Methode):
    e, annule = evenement, methode == Methode.ANNULER
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUIT}", "CALSCALE:GREGORIAN", f"METHOD:{methode}")
    yield from ("BEGIN:VEVENT", f"UID:{e.uid}", f"SEQUENCE:{e.sequence}", f"DTSTAMP:{_instant(e.emis_le)}")
    yield f"DTSTART:{_instant(e.debut)}"
    if e.minutes:
        yield f"DURATION:PT{e.minutes}M"
    yield f"SUMMARY:{echapper(e.resume)}"
    for nom, valeur in (("LOCATION", e.lieu), ("DESCRIPTION", e.description)):
        if valeur:
            yield f"{nom}:{echapper(valeur)}"
    if e.lien:
        yield f"URL:{e.lien}"
    yield f"STATUS:{'CANCELLED' if annule else 'CONFIRMED'}"
    if methode != Methode.PUBLIER:
        yield f"ORGANIZER:mailto:{e.organisateur}"
        yield f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{e.invite}"
    yield from ("END:VEVENT", "END:VCALENDAR")


def fichier(evenement: Evenement, methode: Methode = Methode.PUBLIER) -> str:
    """The calendar file, line breaks as the format wants them.

    Raises:
        ValueError: an invitation or a cancellation without both addresses (RFC 5546, 3.2).
    """
    if methode != Methode.PUBLIER and not (evenement.organisateur and evenement.invite):
        raise ValueError("une convocation nomme qui convie et qui est convié")
    return "".join(f"{plier(ligne)}\r\n" for ligne in _lignes(evenement, methode))
