"""What may happen to a document after its issue, besides its annulation: replaced by another, issued in duplicate.

Locks are taken in one order, everywhere: the dossier, its delivery, the document, the series of numbers, the public
log, the journal.
"""

from copy import deepcopy
from datetime import date

from django.db import transaction
from django.utils import timezone

from . import journal
from .delivrance import annuler_la_ligne, emettre, verrouiller
from .fabrication import fabriquer_duplicata
from .models import Duplicata, EntreeJournal, Feuille, Parchemin
from .transparence import journal_public

REMPLACER, DUPLIQUER = "remplacer_le_document", "delivrer_un_duplicata"


class DuplicataImpossible(ValueError):
    """No duplicata of this document may be issued; the sentence says why."""


def remplacer(
    parchemin: Parchemin, acteur, role: str, motif: str, enregistrement: dict
) -> tuple[Parchemin, EntreeJournal]:
    """Cancel one document and issue, at once, the one that replaces it: (the new one, the entry of the journal).

    `enregistrement` is the whole corrected record: only its number and its day are given here. The new document has a
    number, an identifier and a token of its own; nothing in it names the old one. Must run inside the transaction of
    the approving act.

    Raises:
        registre.delivrance.AnnulationImpossible: cancelled or replaced already.
        registre.delivrance.MentionsManquantes: the corrected record lacks a mandatory mention; nothing has changed.
    """

    def composer(numero: str, jour: date) -> dict:
        return {**deepcopy(enregistrement), "numero": numero, "delivre_le": jour.isoformat()}

    with transaction.atomic():
        ancien = annuler_la_ligne(parchemin, acteur, motif)
        nouveau = emettre(
            composer,
            nature=ancien.nature,
            certificateur=ancien.certificateur,
            titulaire=ancien.titulaire,
            version=ancien.version,
        )
        ancien.remplace_par = nouveau
        ancien.save(update_fields=["remplace_par"])
        journal_public.inscrire_evenement(ancien, Feuille.Evenement.REMPLACEMENT)
        details = {"numero": ancien.numero, "remplace_par": nouveau.numero}
        return nouveau, journal.consigner(acteur, role, REMPLACER, ancien, details=details, motif=motif)


def pas_de_duplicata(document: Parchemin) -> str:
    """Why no duplicata of this document may be issued now; empty when one may."""
    if document.annule_le:
        return f"Le document {document.numero} n’est plus valable\u00a0: il n’en est pas délivré de duplicata."
    if not document.sha256:
        return f"Le document {document.numero} est en cours de fabrication\u00a0: revenez dans une minute."
    return ""


def dupliquer(parchemin: Parchemin, acteur, role: str, motif: str) -> Duplicata:
    """Issue one more copy of a document in force; its file is queued in the same transaction.

    Raises:
        DuplicataImpossible: cancelled, replaced, or not made yet.
    """
    with transaction.atomic():
        document = verrouiller(parchemin)
        if refus := pas_de_duplicata(document):
            raise DuplicataImpossible(refus)
        duplicata = Duplicata.objects.create(
            parchemin=document,
            rang=document.duplicatas.count() + 1,
            motif=motif,
            delivre_le=timezone.localdate(),
            delivre_par=acteur,
        )
        fabriquer_duplicata.enqueue(duplicata.pk)
        details = {"numero": document.numero, "duplicata": duplicata.rang}
        journal.consigner(acteur, role, DUPLIQUER, document, details=details)
        return duplicata
