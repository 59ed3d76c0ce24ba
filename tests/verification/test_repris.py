"""A document issued before the platform, taken over from an older register: what was not checked is said."""

import pytest
from django.utils import timezone

from registre.models import Parchemin
from tests.registre.exemples import enregistrement

from .fabrique import document

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]

REPRIS = {"repris": {"registre": "registre papier de la CPNE, 1998-2025", "le": "2026-12-01"}}
NON_CONTROLES = "n’ont pas pu être contrôlés"


@pytest.fixture
def ancien():
    return document(enregistrement() | REPRIS)


def test_le_code_mene_au_registre_repris(client, ancien):
    """Neither « Authentique » nor refused: confirmed from which register, since when, and what was not checked."""
    page = client.get(f"/V/{ancien.jeton}").text
    assert "Registre repris" in page and "registre papier de la CPNE, 1998-2025" in page and NON_CONTROLES in page
    assert "Signé à la reprise" in page and "Authentique" not in page


def test_le_numero_et_le_nom_concordent_avec_la_meme_reserve(client, ancien):
    """The old number is enough: such a paper has no code. A name that does not agree learns nothing of it."""
    saisie = {"numero": ancien.numero, "nom_naissance": "Dupont"}
    page = client.post("/verifier/", saisie).text
    assert "Concorde" in page and NON_CONTROLES in page
    assert NON_CONTROLES not in client.post("/verifier/", saisie | {"nom_naissance": "Durand"}).text


def test_annule_il_est_annule(client, ancien, admin_user):
    """What happened since the takeover is told as for any other."""
    Parchemin.objects.filter(pk=ancien.pk).update(annule_le=timezone.now(), annule_par=admin_user)
    page = client.get(f"/V/{ancien.jeton}").text
    assert "Annulé" in page and "Registre repris" not in page
