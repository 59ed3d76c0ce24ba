"""Numbers of documents: dense, by body, kind and year of Paris, with a prefix that nobody shares."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from registre import numerotation
from registre.models import SerieNumeros
from registre.numerotation import prendre_numero

from ..fabriques import OrganismeFactory

pytestmark = pytest.mark.django_db

JOUR = date(2026, 11, 22)


def numeros(organisme, nature="parchemin", nombre=3, jour=JOUR) -> list[str]:
    return [prendre_numero(organisme, nature, jour)[2] for _ in range(nombre)]


def test_les_numeros_se_suivent_sans_trou():
    """1, 2, 3 in the series of the body, for the year."""
    organisme = OrganismeFactory(sigle="FTC")
    assert numeros(organisme) == ["FTC-2026-00001", "FTC-2026-00002", "FTC-2026-00003"]


def test_chaque_nature_a_sa_serie_et_sa_lettre():
    """A parchemin, both attestations, minutes and a dossier never carry the same number."""
    organisme = OrganismeFactory(sigle="FTC")
    natures = SerieNumeros.Nature.values
    assert [numeros(organisme, nature, 1)[0] for nature in natures] == [
        "FTC-2026-00001",
        "FTC-A-2026-00001",
        "FTC-B-2026-00001",
        "FTC-PV-2026-00001",
        "FTC-D-2026-00001",
    ]


@pytest.mark.parametrize(
    ("instant", "annee"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC), 2027),
        (datetime(2027, 1, 1, 0, 30, tzinfo=UTC), 2027),
    ],
)
def test_l_annee_change_a_minuit_a_paris(instant, annee):
    """23:00 UTC on 31 December is already the new year in Paris: a new series begins at 1."""
    organisme = OrganismeFactory(sigle="FTC")
    numeros(organisme, nombre=4)
    with mock.patch("django.utils.timezone.now", return_value=instant):
        assert prendre_numero(organisme, "parchemin")[2] == f"FTC-{annee}-{'00005' if annee == 2026 else '00001'}"


def test_deux_organismes_de_meme_sigle_ne_partagent_pas_leur_prefixe():
    """The second one gets a rank; both series run from 1."""
    premier, second = OrganismeFactory(sigle="CPNE"), OrganismeFactory(sigle="C.P.N.E.")
    assert numeros(premier, nombre=1) == ["CPNE-2026-00001"]
    assert numeros(second, nombre=2) == ["CPNE2-2026-00001", "CPNE2-2026-00002"]


def test_un_organisme_garde_son_prefixe_quel_que_soit_l_ordre_des_annees():
    """A prefix names one body for ever: the next year, who issues first does not take the other's."""
    premier, second = OrganismeFactory(sigle="CPNE"), OrganismeFactory(sigle="CPNE")
    numeros(premier, nombre=1)
    numeros(second, nombre=1)
    assert numeros(second, nombre=1, jour=date(2027, 1, 4)) == ["CPNE2-2027-00001"]
    assert numeros(second, "attestation", 1) == ["CPNE2-A-2026-00001"]
    assert numeros(premier, nombre=1, jour=date(2027, 1, 5)) == ["CPNE-2027-00001"]


def test_un_sigle_qui_ressemble_a_un_rang_reste_distinct():
    """« CPNE2 » may be somebody's true initials."""
    bodies = [OrganismeFactory(sigle=sigle) for sigle in ("CPNE", "CPNE2", "CPNE")]
    assert [numeros(o, nombre=1)[0] for o in bodies] == ["CPNE-2026-00001", "CPNE2-2026-00001", "CPNE3-2026-00001"]


def test_deux_organismes_qui_prennent_le_meme_prefixe_au_meme_instant_ont_chacun_le_leur(monkeypatch):
    """The one who comes second reads again instead of failing."""
    premier, second = OrganismeFactory(sigle="CPNE"), OrganismeFactory(sigle="CPNE")
    numeros(premier, nombre=1)
    vrai, lus = numerotation._prefixe, []

    def lecture_ancienne(organisme):
        """The first reading happens as if the other one had not committed yet."""
        lus.append(organisme)
        return "CPNE" if len(lus) == 1 else vrai(organisme)

    monkeypatch.setattr(numerotation, "_prefixe", lecture_ancienne)
    assert numeros(second, nombre=1) == ["CPNE2-2026-00001"]
    assert len(lus) == 2


def test_une_collision_qui_dure_se_dit(monkeypatch):
    """Positive control: without a prefix of its own, no series is opened."""
    premier, second = OrganismeFactory(sigle="CPNE"), OrganismeFactory(sigle="CPNE")
    numeros(premier, nombre=1)
    monkeypatch.setattr(numerotation, "_prefixe", lambda organisme: "CPNE")
    with pytest.raises(IntegrityError), transaction.atomic():
        numeros(second, nombre=1)
    assert not SerieNumeros.objects.filter(certificateur=second).exists()


def test_un_acte_abandonne_rend_son_numero():
    """The counter is in the transaction of the act."""
    organisme = OrganismeFactory(sigle="FTC")
    numeros(organisme, nombre=1)
    with pytest.raises(RuntimeError), transaction.atomic():
        prendre_numero(organisme, "parchemin", JOUR)
        raise RuntimeError("panne")
    assert numeros(organisme, nombre=1) == ["FTC-2026-00002"]


@given(sigle=st.text(max_size=15), raison=st.text(min_size=1, max_size=40))
def test_tout_organisme_a_un_prefixe_lisible(sigle, raison):
    """Whatever the name: one to six capitals or digits, nothing that an address or a file name would refuse."""
    with transaction.atomic():
        organisme = OrganismeFactory(sigle=sigle.replace("\x00", ""), raison_sociale=raison.replace("\x00", "x"))
        serie, _, numero = prendre_numero(organisme, "parchemin", JOUR)
        assert serie.prefixe.isascii() and serie.prefixe.isalnum() and serie.prefixe == serie.prefixe.upper()
        assert numero == f"{serie.prefixe}-2026-00001"
        transaction.set_rollback(True)
