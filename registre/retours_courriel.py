"""Delivery notifications (RFC 3464): which of our mails came back, and why. Their words are never trusted nor kept."""

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message as Lettre
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from .models import CourrielSortant
from .pannes_courriel import motif_du_statut

TAILLE_MAXIMALE = 1024 * 1024
_IDENTIFIANT = re.compile(r"<[0-9a-f]{40}@[^<>\s]{1,80}>")
_JETON = re.compile(r"\+([0-9a-f]{40})@")
_STATUT = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")
# Where a server, or the mailbox that received the notification, writes our return address.
_ADRESSES = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


@dataclass(frozen=True)
class Retour:
    """One delivery notification, read: which mails it may speak of, whether it gives up, with which status."""

    identifiants: tuple[str, ...]
    jetons: tuple[str, ...]
    definitif: bool
    statut: str


def lire(octets: bytes) -> Retour | None:
    """Read one mail; None when it is not a delivery notification about a mail of ours."""
    if len(octets) > TAILLE_MAXIMALE:
        return None
    lettre = message_from_bytes(octets, policy=policy.compat32)
    if lettre.get_content_type() != "multipart/report" or not lettre.is_multipart():
        return None
    identifiants, action, statut = [], "", ""
    for partie in lettre.walk():
        genre = partie.get_content_type()
        if genre == "message/delivery-status":
            action, statut = _verdict(partie)
        elif genre in {"text/rfc822-headers", "message/rfc822"}:
            identifiants += _IDENTIFIANT.findall(_entetes_rendus(partie))
    for nom in ("In-Reply-To", "References"):
        identifiants += _IDENTIFIANT.findall(" ".join(map(str, lettre.get_all(nom, []))))
    jetons = [j for nom in _ADRESSES for v in lettre.get_all(nom, []) for j in _JETON.findall(str(v))]
    if not (identifiants or jetons) or not action:
        return None
    return Retour(tuple(identifiants), tuple(jetons), action == "failed", statut or "5.0.0")


def _verdict(partie: Lettre) -> tuple[str, str]:
    """Action and status of the first recipient block; our mails have one recipient."""
    for bloc in partie.get_payload():
        if isinstance(bloc, Lettre) and bloc.get("Action"):
            trouve = _STATUT.search(str(bloc.get("Status", "")))
            return str(bloc["Action"]).strip().lower(), trouve.group() if trouve else ""
    return "", ""


def _entetes_rendus(partie: Lettre) -> str:
    contenu = partie.get_payload()
    if isinstance(contenu, list):
        return " ".join(str(lettre.get("Message-ID", "")) for lettre in contenu)
    return " ".join(re.findall(r"(?im)^message-id:\s*(\S+)", str(contenu)))


def marquer(retour: Retour) -> bool:
    """Write on the mail that it came back, once; False when none of ours is meant, or it is known already."""
    with transaction.atomic():
        partis = CourrielSortant.objects.select_for_update(of=("self",)).filter(envoye_le__isnull=False)
        courriel = partis.filter(identifiant_message__in=retour.identifiants).first() or next(
            (c for j in retour.jetons if (c := partis.filter(identifiant_message__startswith=f"<{j}@").first())), None
        )
        if courriel is None or courriel.retour_le or not retour.definitif:
            return False
        courriel.retour_le, courriel.code_reponse = timezone.now(), retour.statut
        courriel.motif_echec = motif_du_statut(retour.statut)
        courriel.save(update_fields=["retour_le", "code_reponse", "motif_echec"])
    return True


def lettres(chemin: Path) -> Iterator[bytes]:
    """The raw mails of a Maildir, of an mbox, of a folder of .eml files, or of one such file. Nothing is moved.

    Raises:
        OSError: the path cannot be read.
    """
    if chemin.is_dir() and (chemin / "new").is_dir():
        fichiers = [f for dossier in ("new", "cur") for f in sorted((chemin / dossier).iterdir()) if f.is_file()]
    elif chemin.is_dir():
        fichiers = sorted(chemin.glob("*.eml"))
    elif chemin.read_bytes()[:5] == b"From ":
        boite = mailbox.mbox(chemin, create=False)
        try:
            yield from (boite.get_bytes(cle) for cle in boite.keys())
        finally:
            boite.close()
        return
    else:
        fichiers = [chemin]
    for fichier in fichiers:
        with fichier.open("rb") as flux:
            yield flux.read(TAILLE_MAXIMALE + 1)
