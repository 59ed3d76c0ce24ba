"""`kill -9` fifty times while a thousand parchemins are delivered: real workers, a real base, and no human act.

PARCHEMINS and COUPS set the size (1000 and 50). Run with --pg, the same on PostgreSQL.
"""

import hashlib
import os
import random
import time

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from backoffice.delivrances.models import LotDelivrance
from registre import journal
from registre.models import CourrielSortant, EntreeJournal, Feuille, Parchemin, SerieNumeros
from registre.transparence import journal_public
from tests import fabriques as f
from tests.backoffice.delivrances.lot import approuve
from tests.scelles import sceller_en_nombre

from .equipe import Equipe

PARCHEMINS, COUPS = int(os.environ.get("PARCHEMINS", "1000")), int(os.environ.get("COUPS", "50"))
# By document, at worst: beyond, something is stuck.
SECONDES = 8


def avancement() -> int:
    """Half for the numbers given, half for the files stored: blows fall on both phases."""
    return Parchemin.objects.count() + Parchemin.objects.edites().count()


def malmener(equipe: Equipe, hasard: random.Random) -> None:
    """A blow each time the work has moved on by its share, at any instant of it; a dead worker starts again."""
    limite = time.monotonic() + 120 + PARCHEMINS * SECONDES
    for coup in range(1, COUPS + 1):
        while avancement() < 2 * PARCHEMINS * (coup - 1) // COUPS:
            assert time.monotonic() < limite, f"arrêté au coup {coup}\n{equipe.traces()}"
            time.sleep(0.05)
        time.sleep(hasard.uniform(0, 0.8))
        equipe.tuer(hasard.randrange(equipe.nombre))
        equipe.relancer()
    while LotDelivrance.objects.get().etat != "termine" or CourrielSortant.objects.filter(envoye_le=None).exists():
        assert time.monotonic() < limite, f"le lot ne se termine pas\n{equipe.traces()}"
        equipe.relancer()
        time.sleep(0.3)


@pytest.mark.django_db(transaction=True)
def test_cinquante_coupures_ne_perdent_rien(tmp_path, settings):
    """Every document issued once, each file as its hash says, log and outbox complete, both journals intact."""
    settings.DONNEES = tmp_path
    acteurs = f.Acteurs()
    approuve(acteurs, sceller_en_nombre(acteurs, PARCHEMINS))
    debut = time.monotonic()
    with Equipe(tmp_path) as equipe:
        malmener(equipe, random.Random(2026))
        duree, memoires = time.monotonic() - debut, equipe.memoires()
    lot = LotDelivrance.objects.get()
    documents = list(Parchemin.objects.order_by("rang"))
    assert [d.rang for d in documents] == list(range(1, PARCHEMINS + 1))
    assert SerieNumeros.objects.get(nature="parchemin").dernier == PARCHEMINS
    assert lot.lignes.delivrees().count() == PARCHEMINS and lot.refusees == 0
    for document in documents:
        with document.fichier.open() as fichier:
            assert hashlib.sha256(fichier.read()).hexdigest() == document.sha256
    feuilles = Feuille.objects.filter(evenement="emission")
    assert feuilles.count() == feuilles.values("parchemin").distinct().count() == PARCHEMINS
    annonces = CourrielSortant.objects.filter(modele="document_delivre")
    assert annonces.count() == annonces.values("destinataire").distinct().count() == PARCHEMINS
    assert EntreeJournal.objects.filter(verbe="approuver_delivrance").count() == PARCHEMINS
    assert CourrielSortant.objects.filter(modele="lot_termine").count() == 2
    assert list(journal.verifier()) == [] and list(journal_public.verifier()) == []
    perdues = sum(len(t.worker_ids) > 1 for t in DBTaskResult.objects.all())
    print(
        f"\n{connection.vendor} : {PARCHEMINS} parchemins, {COUPS} kill -9, {equipe.relances} ouvriers relancés, "
        f"{perdues} tâches reprises en {duree:.0f} s : 0 trou, 0 doublon, {len(documents)} fichiers conformes, "
        f"{feuilles.count()} feuilles, {annonces.count()} annonces, journaux intacts, aucun geste humain ; "
        f"au plus {max(memoires)} Mo par ouvrier"
    )
