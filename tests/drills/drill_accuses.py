"""The reader of accusés before whatever may arrive: `script/test --drills -k accuses` (ACCUSES=100000 by default)."""

import os
import time

from hypothesis import HealthCheck, Phase, given, settings

from tests.cpf.test_accuses import OCTETS, juger

LIMITE = 2.0


def test_cent_mille_accuses_quelconques(capsys):
    """No crash whatever the bytes, and none that keeps the reader more than two seconds."""
    nombre, durees = int(os.environ.get("ACCUSES", "100000")), []

    @settings(
        max_examples=nombre,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(OCTETS)
    def tous(octets):
        debut = time.perf_counter()
        juger(octets)
        durees.append(time.perf_counter() - debut)

    tous()
    with capsys.disabled():
        print(f"\n{len(durees)} accusés lus, le plus long en {max(durees) * 1000:.1f} ms")
    assert len(durees) >= nombre * 0.9 and max(durees) < LIMITE
