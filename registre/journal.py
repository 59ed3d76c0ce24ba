"""The journal: one entry per act, chained by hash, protected by the database itself."""

import hashlib
import json
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from . import declencheurs
from .models import EntreeJournal, Motif, TeteJournal

_TABLE = EntreeJournal._meta.db_table
_REFUS = "le journal ne se modifie pas"

declencheurs.inscrire(
    [
        declencheurs.Declencheur("journal_sans_update", _TABLE, "UPDATE", _REFUS),
        declencheurs.Declencheur("journal_sans_delete", _TABLE, "DELETE", _REFUS),
        # « INSERT OR REPLACE » of SQLite deletes without telling the triggers of deletion.
        declencheurs.Declencheur(
            "journal_sans_remplacement",
            _TABLE,
            "INSERT",
            _REFUS,
            f"EXISTS (SELECT 1 FROM {_TABLE} WHERE id = NEW.id OR sequence = NEW.sequence)",  # noqa: S608 - our own table
        ),
        # Emptying a table is not deleting its rows: it has a trigger of its own, once per order.
        declencheurs.Declencheur("journal_sans_vidange", _TABLE, "TRUNCATE", _REFUS),
    ]
)


def _empreinte(entree: EntreeJournal) -> str:
    contenu = [
        entree.sequence,
        # Whole microseconds in UTC: the same text whatever the database gives back.
        int(entree.horodatage.timestamp() * 1_000_000),
        entree.acteur_id,
        entree.role,
        entree.verbe,
        entree.objet_type,
        entree.objet_id,
        entree.etat_avant,
        entree.etat_apres,
        entree.details,
        entree.cle,
        entree.empreinte_precedente,
    ]
    return hashlib.sha256(json.dumps(contenu, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def deja_fait(cle: str, verbe: str, objet) -> bool:
    """Has this very request (same key, same act, same object) been carried out already?"""
    if not cle:
        return False
    return EntreeJournal.objects.filter(
        cle=cle, verbe=verbe, objet_type=objet._meta.label_lower, objet_id=objet.pk
    ).exists()


def deja_cree(cle: str, verbe: str, objet):
    """Return the object that this very request has created already, None otherwise.

    The head of the journal is locked first: of two requests with the same key, the second one waits and finds it.
    The lock lasts as long as the transaction of the caller; without one, this only tells what is done already.
    """
    if not cle:
        return None
    with transaction.atomic():
        TeteJournal.objects.get_or_create(pk=1)
        TeteJournal.objects.select_for_update().get(pk=1)
        entree = EntreeJournal.objects.filter(cle=cle, verbe=verbe, objet_type=objet._meta.label_lower).first()
        return entree and type(objet).objects.get(pk=entree.objet_id)


def consigner(acteur, role, verbe, objet, *, avant="", apres="", details=None, cle="", motif="") -> EntreeJournal:
    """Append one entry. Must run inside the transaction of the act: an act without its entry does not happen.

    `details` holds ids, dates and codes only; what people wrote goes to `motif`, which may be erased one day.
    """
    with transaction.atomic():
        TeteJournal.objects.get_or_create(pk=1)
        tete = TeteJournal.objects.select_for_update().get(pk=1)
        entree = EntreeJournal(
            sequence=tete.sequence + 1,
            horodatage=timezone.now(),
            acteur=acteur if getattr(acteur, "pk", None) else None,
            role=role,
            verbe=verbe,
            objet_type=objet._meta.label_lower,
            objet_id=objet.pk,
            etat_avant=avant,
            etat_apres=apres,
            details=details or {},
            cle=cle,
            empreinte_precedente=tete.empreinte,
        )
        entree.empreinte = _empreinte(entree)
        entree.save(force_insert=True)
        TeteJournal.objects.filter(pk=1).update(sequence=entree.sequence, empreinte=entree.empreinte)
        if motif:
            Motif.objects.create(entree=entree, texte=motif)
    return entree


def verifier() -> Iterator[str]:
    """Recompute the whole chain and yield a French sentence per fault; nothing when it is sound.

    Acts may go on meanwhile: the head is read before the entries, which may then run past it, never stop short of it.
    """
    tete = TeteJournal.objects.filter(pk=1).first()
    precedente, attendu, vue = "0" * 64, 1, "0" * 64
    for entree in EntreeJournal.objects.order_by("sequence").iterator(chunk_size=2000):
        if entree.sequence != attendu:
            yield _absentes(attendu, entree.sequence - 1)
            attendu = entree.sequence
        if entree.empreinte_precedente != precedente:
            yield f"Entrée {entree.sequence}\u00a0: ne suit pas l’entrée précédente."
        if _empreinte(entree) != entree.empreinte:
            yield f"Entrée {entree.sequence}\u00a0: contenu modifié."
        precedente, attendu = entree.empreinte, attendu + 1
        if tete and entree.sequence == tete.sequence:
            vue = entree.empreinte
    yield from _fautes_de_la_fin(tete, attendu - 1, vue)


def _absentes(premiere: int, derniere: int) -> str:
    if premiere == derniere:
        return f"Entrée {premiere}\u00a0: absente."
    return f"Entrées {premiere} à {derniere}\u00a0: absentes."


def _fautes_de_la_fin(tete: TeteJournal | None, derniere: int, empreinte_vue: str) -> Iterator[str]:
    """What the head, read first, says of the end of the journal: its last entry is there, and it is the same."""
    if tete is None:
        if derniere:
            yield f"Fin du journal\u00a0: la tête du journal est absente, la dernière entrée lue est {derniere}."
        return
    if derniere < tete.sequence:
        yield f"Fin du journal\u00a0: l’entrée {tete.sequence} est attendue, la dernière lue est {derniere}."
    elif empreinte_vue != tete.empreinte:
        yield f"Fin du journal\u00a0: l’entrée {tete.sequence} n’est pas celle que la tête du journal connaît."
    if derniere > TeteJournal.objects.get(pk=1).sequence:
        yield f"Fin du journal\u00a0: l’entrée {derniere} n’est pas passée par la tête du journal."
