"""In Debian's chromium: the certificateur's whole loop, from the choice to the second lot, with no reject left."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse

from cpf.accrochage import a_declarer
from cpf.models import LotCPF

from .. import fabriques as f
from ..connexion import activer_totp, se_connecter
from ..navigateur import regarder, suivre
from .fabrique import Bureau
from .simulateur import Assure, CaisseDesDepots
from .test_boucle import ANAIS

pytestmark = [pytest.mark.django_db(transaction=True)]


def voir(page, nom: str) -> None:
    """Checked at every width; kept as pictures where `CAPTURES` says."""
    regarder(page)
    if dossier := os.environ.get("CAPTURES"):
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            page.screenshot(path=str(Path(dossier) / f"{nom}-{largeur}.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def deposer(page, caisse) -> tuple[str, bytes]:
    """Download the file, have the Caisse des dépôts answer, note the deposit."""
    with page.expect_download() as telechargement:
        page.get_by_role("link", name=re.compile("Télécharger le fichier XML")).click()
    octets = Path(telechargement.value.path()).read_bytes()
    suivre(page.get_by_role("button", name="Déclarer le dépôt").first)
    return telechargement.value.suggested_filename, caisse.traiter(octets)


def integrer(page, nom: str, accuse: bytes) -> None:
    page.goto(reverse("cpf:accuses"))
    page.set_input_files("[name=fichiers]", {"name": nom, "mimeType": "application/xml", "buffer": accuse})
    suivre(page.get_by_role("button", name="Intégrer"))


def test_de_la_constitution_au_second_lot(ouvrir_navigateur):
    """One is left for later, one is refused then known: two lots, everything accepted."""
    bureau, caisse = Bureau(), CaisseDesDepots([ANAIS])
    bureau.parchemin(nom_naissance="Lefèvre"), bureau.parchemin(nom_naissance="Durand")
    attend = bureau.parchemin(nom_naissance="Petit")
    secret = activer_totp(bureau.personne)
    page = se_connecter(ouvrir_navigateur(), "", bureau.personne.email, f.MOT_DE_PASSE, secret)
    page.goto(reverse("cpf:constituer", args=[bureau.organisme.pk]))
    page.get_by_label(f"Prendre {attend.numero}").uncheck()
    suivre(page.get_by_role("button", name="Essayer à blanc"))
    assert not page.get_by_label(f"Prendre {attend.numero}").is_checked() and not LotCPF.objects.exists()
    voir(page, "constituer")
    suivre(page.get_by_role("button", name="Constituer le lot"))
    nom, accuse = deposer(page, caisse)
    integrer(page, f"Accusé de traitement_{nom}_20261201.xml", accuse)
    voir(page, "accuses")
    suivre(page.get_by_role("link", name=re.compile("^Lot du")))
    voir(page, "lot")
    caisse.sngi += [Assure(nom, "Anaïs", "F", (1990, 5, 12), "31555") for nom in ("Durand", "Petit")]
    page.goto(reverse("cpf:constituer", args=[bureau.organisme.pk]))
    suivre(page.get_by_role("button", name="Constituer le lot"))
    integrer(page, *deposer(page, caisse))
    assert LotCPF.objects.count() == 2 and not a_declarer(bureau.organisme).exists()
    bureau.annuler(attend)
    page.goto(reverse("cpf:suites", args=[bureau.organisme.pk]))
    voir(page, "suites")
    suivre(page.get_by_role("link", name="Constituer un lot de suppression"))
    voir(page, "suppression")
