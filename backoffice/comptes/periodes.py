"""From when to when a role is held, in words."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

# Long enough to invite again before the right is gone.
BIENTOT = timedelta(days=30)


def moment(debut: date | None, fin: date | None) -> str:
    """Where today stands: « a_venir », « en_cours », « bientot_fini » or « fini »."""
    jour = timezone.localdate()
    if fin and fin < jour:
        return "fini"
    if debut and debut > jour:
        return "a_venir"
    return "bientot_fini" if fin and fin - jour <= BIENTOT else "en_cours"


def en_mots(debut: date | None, fin: date | None) -> str:
    """« depuis le 3 mars 2026, jusqu’au 2 mars 2029 »; an absent first day is that of the acceptance."""
    if moment(debut, fin) == "fini":
        return f"fini le {_jour(fin)}"
    mots = []
    if debut:
        mots.append(f"{'à partir du' if debut > timezone.localdate() else 'depuis le'} {_jour(debut)}")
    if fin:
        mots.append(f"jusqu’au {_jour(fin)}")
    return ", ".join(mots)


def _jour(jour: date) -> str:
    return date_format(jour, "j F Y")
