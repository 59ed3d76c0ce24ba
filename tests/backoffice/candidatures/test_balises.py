"""Ages, and who may act, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from backoffice.templatetags.gestion import age, duree, qui_peut
from registre.transitions import VERBES

PARIS = ZoneInfo("Europe/Paris")
MAINTENANT = datetime(2026, 11, 22, 0, 30, tzinfo=PARIS)


@pytest.mark.parametrize("depuis, mots", [
    (datetime(2026, 11, 22, 0, 5, tzinfo=PARIS), "aujourd’hui"),
    (datetime(2026, 11, 21, 23, 55, tzinfo=PARIS), "hier"),
    (datetime(2026, 10, 24, 12, 0, tzinfo=PARIS), "29 jours"),
    (datetime(2026, 5, 22, 12, 0, tzinfo=PARIS), "6 mois"),
    (datetime(2023, 11, 1, 12, 0, tzinfo=PARIS), "3 ans"),
])  # fmt: skip
def test_la_duree_compte_les_jours_de_paris(depuis, mots):
    """Five minutes before midnight is yesterday; the change of hour in October takes no day away."""
    assert duree(depuis.astimezone(ZoneInfo("UTC")), MAINTENANT) == mots


def test_la_date_exacte_se_lit_au_survol():
    """Relative time with the exact one on hover."""
    moment = datetime(2026, 11, 21, 8, 5, tzinfo=ZoneInfo("UTC"))
    assert 'title="21 novembre 2026 à 9 h 05"' in age(moment)
    assert age(timezone.now()).endswith("aujourd’hui</time>")


def test_chaque_verbe_dit_a_qui_il_revient():
    """Every role of every registered verb has its words."""
    assert (
        qui_peut(VERBES["candidatures.candidature", "confirmer_evaluateur"]) == "employeur ou gestionnaire du porteur"
    )
    assert all(qui_peut(verbe) for verbe in VERBES.values())
