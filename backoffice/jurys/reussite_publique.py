"""What the portal may say of juries: of those whose dossier was decided, how many have the whole CQP."""

from collections import defaultdict
from datetime import date, timedelta

from registre import taux_publics

from .models import Inscription
from .statistiques import DECIDES, avec_leur_resultat

PERIODE = timedelta(days=3 * 365)


@taux_publics.source("reussite")
def reussites(au: date) -> dict[int, tuple[int, int]]:
    """{certification: (certified, decided)} over the three years that end on this day, a revoked decision apart."""
    tenues = Inscription.objects.filter(
        session__debut__date__gt=au - PERIODE, session__debut__date__lte=au, revoquee_le=None
    )
    decidees = avec_leur_resultat(tenues).filter(resultat__in=DECIDES)
    comptes = defaultdict(lambda: [0, 0])
    for certification, resultat in decidees.values_list("candidature__version__certification", "resultat"):
        comptes[certification][0] += resultat == "validee"
        comptes[certification][1] += 1
    return {certification: (recus, presentes) for certification, (recus, presentes) in comptes.items()}
