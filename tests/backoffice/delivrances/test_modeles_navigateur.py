"""The templates in a browser: a draft is written, seen beside its form, and read at every width."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import fabriques as f
from tests.connexion import activer_totp, se_connecter
from tests.navigateur import regarder, suivre

from .situations_modeles import brouillon
from .test_modeles_documents import image

pytestmark = pytest.mark.django_db(transaction=True)


def test_ecrire_un_modele_et_le_voir(navigateur):
    """A logo and a colour chosen, saved, shown on the specimen; then each page of the version."""
    acteurs = f.Acteurs()
    modele = brouillon(acteurs)
    page = se_connecter(
        navigateur, "", acteurs.certificateur.email, f.MOT_DE_PASSE, activer_totp(acteurs.certificateur)
    )
    page.goto(reverse("delivrances:modifier_modele", args=[modele.pk]))
    page.fill("#id_couleur", "#14466e")
    page.set_input_files("#id_logo1-fichier", {"name": "logo.png", "mimeType": "image/png", "buffer": image()})
    page.fill("#id_logo1-alternatif", "Emblème de la branche")
    suivre(page.get_by_role("button", name="Enregistrer et voir l’aperçu"))
    expect(page.get_by_text("l’aperçu est à jour")).to_be_visible()
    photo(page, "modifier")
    regarder(page)
    for nom in ("modele", "comparer_modele", "controle_modele"):
        page.goto(reverse(f"delivrances:{nom}", args=[modele.pk]))
        photo(page, nom)
        regarder(page)
    page.goto(reverse("delivrances:modeles"))
    photo(page, "liste")
    regarder(page)


def photo(page, nom):
    if dossier := os.environ.get("PHOTOS"):
        for largeur in (320, 1280):
            page.set_viewport_size({"width": largeur, "height": 900})
            page.wait_for_load_state("networkidle")
            page.screenshot(path=f"{dossier}/{nom}-{largeur}.png", full_page=True)
