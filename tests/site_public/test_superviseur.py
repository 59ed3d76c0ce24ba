"""The supervisor of the demonstration: a worker that is killed starts again; one that keeps dying is told."""

import importlib.util
import time
from pathlib import Path

import pytest


@pytest.fixture
def superviseur(tmp_path, monkeypatch):
    """The script, as a module; its processes are small Python programs."""
    chemin = Path(__file__).resolve().parents[2] / "script" / "superviseur.py"
    description = importlib.util.spec_from_file_location("superviseur", chemin)
    module = importlib.util.module_from_spec(description)
    description.loader.exec_module(module)
    monkeypatch.setattr(module, "JOURNAUX", tmp_path)
    yield module


def test_un_ouvrier_tue_repart(superviseur):
    """`kill -9`: another one is there at once, with the same command."""
    tous = [superviseur.lancer("taches", "-c", "import time; time.sleep(60)")]
    try:
        premier = tous[0]
        premier.kill()
        premier.wait()
        superviseur.relancer_les_morts(tous, [])
        assert tous[0] is not premier and tous[0].poll() is None
        superviseur.verifier_vivants(tous)
    finally:
        superviseur.arreter(tous)


def test_un_ouvrier_qui_meurt_sans_cesse_arrete_tout_et_le_dit(superviseur):
    """Five times in a minute is enough; the web server is never started again behind one's back."""
    tous, relances = [superviseur.lancer("taches", "-c", "print('panne')")], []
    limite = time.monotonic() + 60
    with pytest.raises(SystemExit, match="panne"):
        while time.monotonic() < limite:
            tous[0].wait()
            superviseur.relancer_les_morts(tous, relances)
            superviseur.verifier_vivants(tous)
            time.sleep(0.01)
    assert len(relances) == 5
    web = [superviseur.lancer("web", "-c", "pass")]
    web[0].wait()
    superviseur.relancer_les_morts(web, [])
    assert web[0].poll() is not None
