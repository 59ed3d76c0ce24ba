"""32 writers × 100 issues, one in ten given up half way: the game of the suite, at its full size (PostgreSQL)."""

import time

import pytest
from django.db import connection

from registre.models import Parchemin, SerieNumeros
from tests import test_concurrence

pytestmark = pytest.mark.django_db(transaction=True)


@test_concurrence.VERROUS_DE_LIGNE
class TestTrenteDeuxEcrivains(test_concurrence.TestLesNumeros):
    ECRIVAINS, CHACUN = 32, 100

    def delivrer_en_masse(self) -> list:
        debut = time.perf_counter()
        heurts = super().delivrer_en_masse()
        rangs = list(Parchemin.objects.values_list("rang", flat=True))
        dernier = SerieNumeros.objects.get().dernier
        print(
            f"\n{connection.vendor} : {self.ECRIVAINS} × {self.CHACUN} délivrances dont 10 % abandonnées, "
            f"{len(rangs)} documents, {dernier - len(set(rangs))} trou(s), {len(rangs) - len(set(rangs))} doublon(s), "
            f"{len(heurts)} heurt(s), {time.perf_counter() - debut:.0f} s préparation comprise"
        )
        return heurts
