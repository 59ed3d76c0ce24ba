"""The page of a lot as people see it, wide and narrow, at each of its moments; the progress moves without a click."""

import os

import pytest

from backoffice.delivrances import lots
from registre import fabrication
from registre.models import Parchemin
from tests import fabriques as f
from tests.backoffice.candidatures.test_ecrans import entrer
from tests.navigateur import regarder, suivre
from tests.scelles import sceller_en_nombre

from .lot import agir, ouvrir

pytestmark = pytest.mark.django_db(transaction=True)
CAPTURES = os.environ.get("CAPTURES_DES_LOTS", "")


def montrer(page, nom: str) -> None:
    regarder(page)
    if CAPTURES:
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            page.screenshot(path=f"{CAPTURES}/{nom}-{largeur}.png", full_page=True)


def test_un_lot_se_lit_a_chaque_moment(ouvrir_navigateur, live_server, monkeypatch):
    """In preparation with a dossier that cannot go, to approve, in progress (alone), ended with a refused row."""
    monkeypatch.setattr(fabrication, "composer", lambda parchemin: parchemin.numero.encode())
    acteurs = f.Acteurs()
    seance = sceller_en_nombre(acteurs, 6)
    lot = ouvrir(acteurs, seance)
    bloque, tardif = (ligne.candidature for ligne in lot.lignes.all()[1:3])
    f.faire(bloque, "demander_revocation", acteurs.gestionnaire, motif="Un mauvais bloc a été saisi.")
    certificateur, signataire = ouvrir_navigateur(), ouvrir_navigateur()
    entrer(certificateur, live_server, acteurs.certificateur)
    entrer(signataire, live_server, acteurs.signataire)
    certificateur.goto(seance.get_absolute_url())
    suivre(certificateur.get_by_role("button", name="Délivrer les documents de cette session"))
    assert certificateur.url.endswith(lot.get_absolute_url())
    montrer(certificateur, "1-preparation")
    certificateur.goto("/gestion/delivrances/")
    montrer(certificateur, "2-delivrances")
    lot = agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris")
    signataire.goto(lot.get_absolute_url())
    montrer(signataire, "3-a-approuver")
    suivre(signataire.get_by_role("link", name="Approuver et délivrer le lot"))
    suivre(signataire.get_by_role("button", name="Approuver et délivrer le lot"))
    f.faire(tardif, "demander_revocation", acteurs.gestionnaire, motif="Un mauvais bloc a été saisi.")
    lots.derouler.call(lot.pk)
    premier, *autres = Parchemin.objects.values_list("pk", flat=True)
    fabrication.fabriquer.call(premier)
    signataire.get_by_text("1 sur 5").wait_for()
    montrer(signataire, "4-en-cours")
    for pk in autres:
        fabrication.fabriquer.call(pk)
    signataire.get_by_text("des dossiers ont été refusés").wait_for()
    certificateur.goto(lot.get_absolute_url())
    montrer(certificateur, "5-termine")
    for nom, adresse in (("6-lots", "/gestion/delivrances/lots/"), ("7-lignes", "/gestion/delivrances/lots/lignes/")):
        certificateur.goto(adresse)
        montrer(certificateur, nom)
    certificateur.goto("/gestion/")
    montrer(certificateur, "8-a-faire")
