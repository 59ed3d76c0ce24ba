"""The daily tasks: all are run, one failure stays alone, and the command says so."""

import sys
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registre import quotidien
from registre.management.commands.quotidien import prochaine_nuit


@pytest.fixture
def taches(monkeypatch):
    """No task of the product: those of the test alone."""
    monkeypatch.setattr(quotidien, "TACHES", vides := {})
    monkeypatch.setattr("registre.management.commands.quotidien.TACHES", vides)
    return vides


def test_une_tache_qui_echoue_n_empeche_pas_les_autres(taches, monkeypatch):
    """The others run, the command ends in error, and its trace is in the logs."""

    @quotidien.quotidienne("échoue")
    def a_echouer():
        raise RuntimeError("panne")

    @quotidien.quotidienne("compte")
    def b_compter():
        return "3 relances."

    sortie, erreurs, traces = StringIO(), StringIO(), []
    monkeypatch.setattr(quotidien.logger, "exception", lambda message, extra: traces.append((sys.exception(), extra)))
    with pytest.raises(CommandError, match="1 tâche"):
        call_command("quotidien", stdout=sortie, stderr=erreurs)
    assert "b_compter\u00a0: 3 relances." in sortie.getvalue()
    assert "a_echouer\u00a0: interrompue" in erreurs.getvalue()
    assert [(str(panne), extra) for panne, extra in traces] == [("panne", {"tache": "a_echouer"})]


def test_on_lance_celles_que_l_on_nomme(taches):
    """Only the tasks named run; an unknown name is refused before anything runs."""
    faites = []
    for nom in ("une", "deux"):
        quotidien.TACHES[nom] = quotidien.Tache(nom, nom, lambda nom=nom: faites.append(nom) or "fait.")
    call_command("quotidien", "deux", stdout=StringIO())
    with pytest.raises(CommandError, match="trois"):
        call_command("quotidien", "une", "trois", stdout=StringIO())
    assert faites == ["deux"]


def test_deux_taches_ne_portent_pas_le_meme_nom(taches):
    """A second task of the same name is a mistake of ours, said at start."""

    def purger():
        return ""

    quotidien.quotidienne("une")(purger)
    with pytest.raises(ValueError, match="purger"):
        quotidien.quotidienne("autre")(purger)


@pytest.mark.parametrize(
    ("maintenant", "attendue"),
    [
        (datetime(2026, 11, 22, 1, 59, tzinfo=UTC), datetime(2026, 11, 22, 2, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 2, 0, tzinfo=UTC), datetime(2026, 11, 23, 2, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_la_nuit_est_celle_de_paris(maintenant, attendue):
    """Three o'clock of Paris, in winter, and on the night the clocks change."""
    assert prochaine_nuit(maintenant) == attendue
