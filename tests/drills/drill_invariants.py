"""Many long lives: `script/test --drills` (VIES=200 by default, a hundred steps each)."""

import os

import pytest

from tests.test_invariants import jouer


@pytest.mark.django_db
def test_les_invariants_tiennent_longtemps():
    """Twenty thousand steps, or as many as asked for."""
    jouer(int(os.environ.get("VIES", "200")), pas=100)
