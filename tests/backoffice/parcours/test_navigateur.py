"""The rules in a browser: what the control refuses is corrected where it says, narrow or wide."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import fabriques as f
from tests.connexion import activer_totp, se_connecter
from tests.navigateur import regarder, suivre

from .situations import brouillon

pytestmark = pytest.mark.django_db(transaction=True)


def test_corriger_ce_que_le_controle_refuse(navigateur):
    """From the refusal to its field, saved, then nothing prevents the publication any more."""
    acteurs = f.Acteurs()
    parcours = brouillon(acteurs, {"delai_inscription_jury": 5})
    parcours.pieces.create(code="diplome", libelle="Diplôme")
    page = se_connecter(navigateur, "", acteurs.gestionnaire.email, f.MOT_DE_PASSE, activer_totp(acteurs.gestionnaire))
    page.goto(reverse("parcours:controle", args=[parcours.pk]))
    expect(page.get_by_text("Cette version ne peut pas être publiée")).to_be_visible()
    regarder(page)
    suivre(page.get_by_role("link", name="Inscription au jury"))
    regarder(page)
    page.fill("#id_delai_inscription_jury", "21")
    suivre(page.get_by_role("button", name="Enregistrer le brouillon"))
    expect(page.get_by_text("est enregistré")).to_be_visible()
    for section in ("pieces", "prerequis", "coefficients"):
        page.goto(reverse("parcours:modifier", args=[parcours.pk, section]))
        regarder(page)
    page.goto(reverse("parcours:controle", args=[parcours.pk]))
    expect(page.get_by_text("Rien n’empêche la publication")).to_be_visible()
    page.goto(parcours.get_absolute_url())
    regarder(page)
