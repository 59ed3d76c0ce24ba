"""Reminders: each room says what it waits for, since when or until when; here, what is due leaves, once.

A reminder is an act of the journal on the very object, whose key tells the kind, the date it counts from and its rank:
run twenty times, it leaves once; after days without a run, the last one due leaves alone. What is waited for is read
again under the lock of the object: nothing leaves for a dossier that was closed or a link that was revoked meanwhile.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models, transaction
from django.utils import timezone

from registre import courriels, journal
from registre.courriels import Message
from registre.models import EntreeJournal

from .models import ReglageRelance

ACTE, ROLE = "relancer", "plateforme"


@dataclass(frozen=True)
class Attendu:
    """One thing waited for: on what, counted from which day, after how many days, and what is then written."""

    objet: models.Model
    repere: date
    jours: int
    messages: Callable[[], Iterable[Message]]


@dataclass(frozen=True)
class Genre:
    """One kind of reminder. `avant`: the day is a deadline; otherwise it is the day since which one waits.

    `attendus(pk)` yields what is waited for today, on one object when its id is given.
    """

    code: str
    libelle: str
    a_qui: str
    modele: str
    attendus: Callable[[int | None], Iterable[Attendu]]
    avant: bool = False
    du_parcours: bool = True


GENRES: dict[str, Genre] = {}


def relance(code: str, libelle: str, **options) -> Callable:
    """Register the decorated function as what this kind of reminder waits for.

    Raises:
        ValueError: another kind has this code.
    """

    def inscrire(attendus):
        if code in GENRES:
            raise ValueError(f"genre de relance déjà inscrit\u00a0: {code}")
        GENRES[code] = Genre(code=code, libelle=libelle, attendus=attendus, **options)
        return attendus

    return inscrire


def reglages() -> dict[str, ReglageRelance]:
    """The setting of each kind, stored or by default."""
    stockes = {r.genre: r for r in ReglageRelance.objects.all()}
    return {code: stockes.get(code) or ReglageRelance(genre=code) for code in GENRES}


def _echeancier(genre: Genre, attendu: Attendu, reglage: ReglageRelance) -> list[date]:
    """The days on which its reminders are due, in order."""
    jours = reglage.jours or attendu.jours
    if genre.avant:
        return [attendu.repere - timedelta(days=jours)]
    return [attendu.repere + timedelta(days=jours * rang) for rang in range(1, reglage.maximum + 1)]


def rang_du(genre: Genre, attendu: Attendu, reglage: ReglageRelance, jour: date) -> int:
    """The rank of the reminder due on this day; 0 when none is.

    Before a deadline: from its day to the deadline. After: each one until the next would be due, the last one too.
    """
    if not reglage.active or not (attendu.jours or reglage.jours):
        return 0
    dus = _echeancier(genre, attendu, reglage)
    rang = sum(du <= jour for du in dus)
    if genre.avant:
        return rang if jour <= attendu.repere else 0
    trop_tard = dus[-1] + timedelta(days=reglage.jours or attendu.jours)
    return rang if jour < trop_tard else 0


def _cle(genre: Genre, attendu: Attendu, rang: int) -> str:
    return f"relance:{genre.code}:{attendu.repere:%Y%m%d}:{rang}"


def relancer(genre: Genre, jour: date | None = None) -> int:
    """Send the reminders of this kind that are due; return how many left."""
    jour, reglage = jour or timezone.localdate(), reglages()[genre.code]
    if not reglage.active:
        return 0
    deja = set(
        EntreeJournal.objects.filter(
            verbe=ACTE, objet_type=genre.modele, cle__startswith=f"relance:{genre.code}:"
        ).values_list("objet_id", "cle")
    )
    dus = [
        attendu.objet
        for attendu in genre.attendus(None)
        if (rang := rang_du(genre, attendu, reglage, jour))
        and (attendu.objet.pk, _cle(genre, attendu, rang)) not in deja
    ]
    return sum(_envoyer(genre, objet, reglage, jour) for objet in dus)


def _envoyer(genre: Genre, objet, reglage: ReglageRelance, jour: date) -> bool:
    with transaction.atomic():
        type(objet).objects.select_for_update(of=("self",)).get(pk=objet.pk)
        attendu = next(iter(genre.attendus(objet.pk)), None)
        rang = rang_du(genre, attendu, reglage, jour) if attendu else 0
        if not rang or journal.deja_fait(cle := _cle(genre, attendu, rang), ACTE, objet):
            return False
        messages = list(attendu.messages())
        if not messages:
            return False
        details = {"relance": genre.code, "rang": rang}
        entree = journal.consigner(None, ROLE, ACTE, objet, details=details, cle=cle)
        for message in messages:
            courriels.deposer(message, entree)
    return True


def prochaine_relance(objet, jour: date | None = None) -> date | None:
    """The day of the next reminder on this object, None when none is planned."""
    jour, tous = jour or timezone.localdate(), reglages()
    envoyees = set(EntreeJournal.objects.de(objet).filter(verbe=ACTE).values_list("cle", flat=True))
    dates = []
    for genre in GENRES.values():
        reglage = tous[genre.code]
        if genre.modele != objet._meta.label_lower or not reglage.active:
            continue
        for attendu in genre.attendus(objet.pk):
            if rang := rang_du(genre, attendu, reglage, jour):
                if _cle(genre, attendu, rang) not in envoyees:
                    # Due already: it leaves with the next nightly run.
                    dates.append(jour + timedelta(days=1))
                    continue
            dates += [du for du in _echeancier(genre, attendu, reglage) if du > jour][:1]
    return min(dates, default=None)
