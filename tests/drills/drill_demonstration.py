"""The whole demonstration, as `script/server` loads it; the suite loads a twentieth of it."""

import pytest
from django.core.cache import cache

from backoffice.candidatures.models import Candidature
from registre import journal
from registre.models import Parchemin
from registre.transparence import journal_public
from site_public.demonstration.chargement import charger


@pytest.mark.django_db
def test_la_demonstration_se_charge_en_entier():
    """Every act of it is accepted by the verbs of today, and leaves a sound journal and a sound public log."""
    cache.clear()
    assert charger(graine=2026) > 3000
    assert Candidature.objects.count() > 250 and Parchemin.objects.edites().count() > 100
    assert list(journal.verifier()) == [] and list(journal_public.verifier()) == []
