"""What the answer of a mail server means: why, with which code, and whether trying again makes sense."""

import re
import smtplib
from dataclasses import dataclass

from .models.courriels import Panne

_CODE_ETENDU = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True)
class Diagnostic:
    """Why a mail did not leave or came back; `definitif`: the same mail would fail again."""

    panne: Panne
    code: str = ""
    definitif: bool = False


def motif_du_code(code: int, etendu: str) -> Panne:
    """The reason that a reply code tells (RFC 5321 § 4.2, RFC 3463): the enhanced code first, when there is one."""
    _, sujet, detail = etendu.split(".") if etendu else ("", "", "")
    if (sujet, detail) == ("2", "2") or code == 552:
        return Panne.BOITE
    if code < 500:
        return Panne.DIFFERE
    if sujet in {"1", "2"} or (not sujet and code in {550, 551, 553}):
        return Panne.ADRESSE
    return Panne.REFUS


def motif_du_statut(statut: str) -> Panne:
    """The reason of a mail that a server gave up (status of a delivery notification, RFC 3463)."""
    classe, sujet, detail = statut.split(".")
    if (sujet, detail) == ("2", "2"):
        return Panne.BOITE
    if classe == "4" or sujet == "4":
        return Panne.SANS_REPONSE
    return Panne.ADRESSE if sujet in {"1", "2"} else Panne.REFUS


def _de_la_reponse(code: int, texte) -> Diagnostic:
    texte = texte.decode("ascii", "replace") if isinstance(texte, bytes) else str(texte)
    trouve = _CODE_ETENDU.search(texte)
    etendu = trouve.group(1) if trouve else ""
    return Diagnostic(motif_du_code(code, etendu), f"{code} {etendu}".strip(), code >= 500)


def diagnostiquer(erreur: OSError) -> Diagnostic:
    """Read the error of a try. The words of the server are not kept: they often quote the address.

    What is wrong with our own server or its settings is never definitive: it is repaired, then the mails leave.
    """
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return _de_la_reponse(*next(iter(erreur.recipients.values())))
    if isinstance(erreur, smtplib.SMTPAuthenticationError):
        return Diagnostic(Panne.IDENTIFIANTS, str(erreur.smtp_code))
    if isinstance(erreur, smtplib.SMTPSenderRefused):
        return Diagnostic(Panne.EXPEDITEUR if erreur.smtp_code >= 500 else Panne.DIFFERE, str(erreur.smtp_code))
    if isinstance(erreur, smtplib.SMTPDataError):
        return _de_la_reponse(erreur.smtp_code, erreur.smtp_error)
    if isinstance(erreur, TimeoutError):
        return Diagnostic(Panne.DELAI)
    if isinstance(erreur, smtplib.SMTPResponseException):
        return Diagnostic(Panne.DIFFERE, str(erreur.smtp_code))
    return Diagnostic(Panne.INJOIGNABLE)
