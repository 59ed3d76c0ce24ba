"""Counting the public checks: right, private, and at no cost for who checks."""

from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.db import DatabaseError
from django.urls import reverse

from registre import comptages
from registre.comptages import Voie
from registre.models import ComptageVerification
from site_public.demonstration.horloge import horloge
from tests.verification.fabrique import document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rien_d_avance():
    comptages.oublier()
    yield
    comptages.oublier()


def comptes(parchemin) -> dict:
    return {(c.mois, c.voie): c.nombre for c in parchemin.comptages.all()}


def test_chaque_moyen_se_compte_a_part_et_par_mois(client):
    """The code, the number with the name: one row per month of Paris and way in; what proves nothing counts nowhere."""
    parchemin = document()
    code = reverse("verification:jeton", args=[parchemin.jeton])
    with horloge(datetime(2026, 11, 30, 22, 59, tzinfo=UTC)):
        for _ in range(3):
            client.get(code)
        client.head(code)
    with horloge(datetime(2026, 11, 30, 23, 1, tzinfo=UTC)):
        client.get(code.lower())
        saisie = {"numero": parchemin.numero, "nom_naissance": parchemin.enregistrement["titulaire"]["nom_naissance"]}
        client.post(reverse("verification:verifier"), saisie)
        client.post(reverse("verification:verifier"), saisie | {"nom_naissance": "Autre"})
        client.get(reverse("verification:jeton", args=["A" * 168]))
        assert comptages.verser() == 5
        assert comptages.releve(parchemin)["ce_mois"] == 2
    novembre, decembre = date(2026, 11, 1), date(2026, 12, 1)
    assert comptes(parchemin) == {(novembre, "code"): 3, (decembre, "code"): 1, (decembre, "saisie"): 1}
    assert comptages.releve(parchemin)["total"] == 5


def test_compter_ne_coute_aucune_requete(client, django_assert_num_queries):
    """The page asks the register once, as before; the count is written later."""
    parchemin = document()
    with django_assert_num_queries(1):
        client.get(reverse("verification:jeton", args=[parchemin.jeton]))
    assert not ComptageVerification.objects.exists()


def test_un_verse_qui_echoue_ne_perd_rien(monkeypatch):
    """The database refuses: what was counted waits, and is written once the next time."""
    parchemin = document()
    comptages.noter_verification(parchemin.pk, Voie.CODE)
    vrai = comptages._ecrire

    def en_panne(*args):
        raise DatabaseError("verrouillée")

    monkeypatch.setattr(comptages, "_ecrire", en_panne)
    assert comptages.verser() == 0
    monkeypatch.setattr(comptages, "_ecrire", vrai)
    comptages.noter_verification(parchemin.pk, Voie.CODE)
    assert comptages.verser() == 2
    assert comptages.verser() == 0
    assert comptages.releve(parchemin)["total"] == 2


def test_vingt_fils_a_la_fois_comptent_juste():
    """Additions of several threads are all there."""
    parchemin = document()

    def compter():
        for _ in range(200):
            comptages.noter_verification(parchemin.pk, Voie.CODE)

    fils = [Thread(target=compter) for _ in range(20)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert comptages.verser() == 4000
    assert comptages.releve(parchemin)["total"] == 4000


def test_la_minuterie_verse_seule(settings, monkeypatch):
    """With a delay, one timer is set for many additions, and it writes them."""
    settings.COMPTAGE_DELAI = 60
    posees = []

    class Minuterie:
        def __init__(self, delai, effet):
            posees.append((delai, effet))

        def start(self):
            pass

    monkeypatch.setattr(comptages, "Timer", Minuterie)
    parchemin = document()
    for _ in range(5):
        comptages.noter_verification(parchemin.pk, Voie.FICHIER)
    ((delai, _),) = posees
    assert delai == 60 and comptages.verser() == 5
    comptages.noter_verification(parchemin.pk, Voie.FICHIER)
    assert len(posees) == 2, "une nouvelle minuterie après chaque écriture"
    comptages.verser()
