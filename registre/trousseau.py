"""The life of the keys that sign: added, retired, cut. Each event is in the journal and in the public log.

The files of `registre.cles` speak first, since a token is read without the database; `annoncer` then tells the two
logs whatever the files say and they do not know yet. Run again after a crash, it finishes what was begun.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from . import cles, jetons, journal
from .models import EntreeJournal, Feuille, Parchemin, TeteTransparence
from .quotidien import quotidienne
from .transparence import journal_public

AJOUTER, RETIRER, REVOQUER = "ajouter_une_cle", "retirer_une_cle", "revoquer_une_cle"
LIBELLES = {AJOUTER: "Ajouter une clé", RETIRER: "Retirer une clé", REVOQUER: "Révoquer une clé"}
_FEUILLES = {
    AJOUTER: Feuille.Evenement.CLE,
    RETIRER: Feuille.Evenement.CLE_RETIREE,
    REVOQUER: Feuille.Evenement.CLE_RETIREE,
}


class RevocationImpossible(ValueError):
    """This key may not be cut there; the sentence says why."""


@dataclass(frozen=True)
class Annonce:
    """One event of a key, as the two logs tell it."""

    acte: str
    kid: int
    x: str
    jour: date
    depuis: int | None = None

    @property
    def phrase(self) -> str:
        fait = {AJOUTER: "ajoutée", RETIRER: "retirée\u00a0: elle ne signe plus, ce qu’elle a signé reste valable"}
        suite = (
            f"révoquée\u00a0: ce qu’elle signe ne vaut plus rien depuis l’inscription {self.depuis} du journal public"
        )
        return f"Clé {self.kid} {fait.get(self.acte, suite)}."

    @property
    def engagement(self) -> str:
        """What its leaf engages. Without salt: whoever has the published file of keys computes it again."""
        contenu = {"format": "cqp-cle-1", "evenement": str(_FEUILLES[self.acte]), "jour": self.jour.isoformat()}
        contenu |= {"kid": self.kid, "x": self.x} | ({} if self.depuis is None else {"depuis": self.depuis})
        return journal_public.engagement("", contenu)

    @property
    def details(self) -> dict:
        return {"kid": self.kid, "x": self.x, "jour": self.jour.isoformat(), "depuis": self.depuis}


def _annoncees() -> dict[int, Annonce]:
    """What the journal already tells of the keys, by leaf."""
    entrees = EntreeJournal.objects.filter(objet_type=Feuille._meta.label_lower, verbe__in=_FEUILLES)
    return {
        e.objet_id: Annonce(
            e.verbe, e.details["kid"], e.details["x"], date.fromisoformat(e.details["jour"]), e.details["depuis"]
        )
        for e in entrees.order_by("sequence")
    }


def a_annoncer() -> list[Annonce]:
    """What the files say and the journal does not: the next daily tasks will tell it."""
    dites = {(a.acte, a.kid, a.depuis) for a in _annoncees().values()}
    publiques, jour = cles.publiques(), timezone.localdate()
    active = max((kid for kid, cle in publiques.items() if cle.active), default=0)
    voulues = []
    for kid, cle in publiques.items():
        voulues.append(Annonce(AJOUTER, kid, cle.x, jour))
        # A machine without private halves (active = 0) does not know which key signs: it retires none.
        if kid < active and not cle.coupure:
            voulues.append(Annonce(RETIRER, kid, cle.x, jour))
        if cle.coupure:
            voulues.append(Annonce(REVOQUER, kid, cle.x, cle.coupure.le, cle.coupure.depuis))
    return [a for a in voulues if (a.acte, a.kid, a.depuis) not in dites]


def annoncer(acteur=None, motif: str = "") -> list[Annonce]:
    """Tell the journal and the public log every event of the keys that they do not know; return these events."""
    if not a_annoncer():
        return []
    with transaction.atomic():
        TeteTransparence.objects.get_or_create(pk=1)
        TeteTransparence.objects.select_for_update().get(pk=1)
        annonces = a_annoncer()
        for annonce in annonces:
            feuille = journal_public.inscrire(_FEUILLES[annonce.acte], annonce.engagement, annonce.jour)
            raison = motif if annonce.acte == REVOQUER else ""
            journal.consigner(acteur, "exploitant", annonce.acte, feuille, details=annonce.details, motif=raison)
    return annonces


@quotidienne("Inscrire au journal public les clés ajoutées, retirées ou révoquées")
def annoncer_les_cles() -> str:
    """Before the checkpoint of the day (tasks run in the order of their names)."""
    return f"{len(annoncer())} évènement(s) de clé inscrit(s)."


def tourner(archive: Path | None = None) -> tuple[int, list[int]]:
    """Create the next key, which signs at once, and take away the private halves of the others.

    Returns the number of the new key, and those of the keys whose private half is gone.
    """
    nouvelle = cles.creer()
    return nouvelle, [kid for kid in cles.publiques() if kid != nouvelle and cles.retirer(kid, archive)]


def verifier_la_coupure(kid: int, depuis: int) -> None:
    """Refuse a cut that would mean nothing, or give back its worth to a signature.

    Raises:
        RevocationImpossible: no such key, an index that the log has not reached, a later cut than the one in force.
    """
    cle, taille = cles.publiques().get(kid), journal_public.taille()
    if cle is None:
        raise RevocationImpossible(f"Aucune clé ne porte le numéro {kid}.")
    if not 0 <= depuis <= taille:
        raise RevocationImpossible(f"Le journal public compte {taille} inscription(s)\u00a0: rang de 0 à {taille}.")
    if cle.coupure and depuis > cle.coupure.depuis:
        raise RevocationImpossible(
            f"La clé {kid} est déjà coupée depuis le rang {cle.coupure.depuis}\u00a0: une coupure ne recule pas."
        )


def revoquer(kid: int, depuis: int) -> int | None:
    """Cut a compromised key in the public log; return the number of the key that signs in its place, if it signed.

    What waited to be printed under it is signed again: no paper bears that token. What was already made after the cut
    is in `documents_coupes`.

    Raises:
        RevocationImpossible: see `verifier_la_coupure`.
    """
    verifier_la_coupure(kid, depuis)
    # Others sign from now on, and only then is this one cut: at no moment can nothing be issued.
    nouvelle = cles.creer() if cles.publiques()[kid].active else None
    cles.couper(kid, depuis, timezone.localdate())
    cles.retirer(kid)
    for pk in Parchemin.objects.filter(kid=kid, sha256="", fichier="").values_list("pk", flat=True):
        signer_de_nouveau(pk)
    return nouvelle


def signer_de_nouveau(pk: int) -> None:
    """Sign with the key of today a document that is not printed yet: no paper bears its first token."""
    with transaction.atomic():
        document = Parchemin.objects.select_for_update().get(pk=pk)
        if not document.sha256:
            cle = cles.cle_active()
            document.kid, document.jeton = cle.kid, jetons.signer(document.enregistrement, document.identifiant, cle)
            document.save(update_fields=["kid", "jeton"])


def condition_de_coupure(kid: int | None = None, depuis: int | None = None) -> Q:
    """Which documents a cut takes: those the keys in force cut, or those that cutting `kid` at `depuis` would."""
    coupures = {k: c.coupure.depuis for k, c in cles.publiques().items() if c.coupure}
    if kid is not None:
        coupures = {kid: depuis}
    condition = Q(pk__in=[])
    for numero, rang in coupures.items():
        avant = Feuille.objects.filter(parchemin=OuterRef("pk"), evenement=Feuille.Evenement.EMISSION, rang__lt=rang)
        condition |= Q(kid=numero) & ~Exists(avant)
    return condition


def documents_coupes(kid: int | None = None, depuis: int | None = None) -> QuerySet:
    """The documents in people's hands whose code is refused: to be cancelled and issued again."""
    return Parchemin.objects.vivants().edites().filter(condition_de_coupure(kid, depuis)).order_by("pk")


def verifier() -> Iterator[str]:
    """Compare the keys, the journal and the public log; yield a French sentence per fault."""
    annonces, publiques = _annoncees(), cles.publiques()
    feuilles = Feuille.objects.filter(evenement__in=set(_FEUILLES.values())).order_by("rang")
    for feuille in feuilles:
        annonce = annonces.pop(feuille.pk, None)
        if annonce is None or annonce.engagement != feuille.engagement:
            yield f"Feuille {feuille.rang} du journal public\u00a0: la clé qu’elle annonce n’est pas celle du journal."
        if annonce:
            yield from _fautes_du_dossier(annonce, publiques.get(annonce.kid))
    for annonce in annonces.values():
        yield f"Clé {annonce.kid}\u00a0: sa feuille du journal public est absente."


def _fautes_du_dossier(annonce: Annonce, cle: cles.ClePublique | None) -> Iterator[str]:
    """What the folder of the keys has lost since this event."""
    if cle is None or cle.x != annonce.x:
        yield f"Clé {annonce.kid}\u00a0: {annonce.kid}.pub n’est plus celle qui a été annoncée. Restaurez ce fichier."
    elif annonce.acte == REVOQUER and not (cle.coupure and cle.coupure.depuis <= annonce.depuis):
        yield f"Clé {annonce.kid}\u00a0: révoquée au journal, pas ici. Restaurez {annonce.kid}.coupure sans attendre."
