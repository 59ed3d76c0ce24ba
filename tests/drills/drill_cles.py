"""Hundreds of lives of keys: issued, turned, stolen and cut in any order (figures printed)."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as reglages
from hypothesis import strategies as st

from registre import cles
from tests.registre.test_trousseau import ACTES, jouer

VIES = 300


@pytest.mark.django_db
def test_trois_cents_vies_de_cles(settings, tmp_path):
    """Each document verifies unless the public log says that its key was cut before it."""
    settings.DOSSIER_CLES = tmp_path / "cles"
    cles.creer()
    comptes = {"vies": 0, "actes": 0}

    @reglages(max_examples=VIES, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(ACTES, max_size=14))
    def vivre(actes):
        jouer(actes)
        comptes["vies"] += 1
        comptes["actes"] += len(actes)

    vivre()
    print(f"\n{comptes['vies']} vies, {comptes['actes']} actes : aucun jeton accepté à tort, aucun refusé à tort")
