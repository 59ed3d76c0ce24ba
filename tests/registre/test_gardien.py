"""A restored backup does not issue again: the numbers given are remembered outside the database."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from registre import gardien
from registre.models import PointDeControle, SerieNumeros
from registre.numerotation import prendre_numero
from registre.transparence import journal_public
from tests.fabriques import OrganismeFactory

from .transparence.test_journal_public import remplir

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cpne():
    return OrganismeFactory(sigle="FTC")


def numeroter(organisme, nature="parchemin", fois=1) -> list[int]:
    rangs = []
    for _ in range(fois):
        with transaction.atomic():
            rangs.append(prendre_numero(organisme, nature)[1])
    return rangs


def restaurer(organisme, dernier: int) -> None:
    """The base goes back to an older state of its series."""
    SerieNumeros.objects.filter(certificateur=organisme).update(dernier=dernier)


def commande(*arguments) -> str:
    sortie = StringIO()
    call_command("gardien", *arguments, stdout=sortie)
    return sortie.getvalue()


def test_une_base_restauree_ne_donne_pas_deux_fois_un_numero(cpne):
    """Refused in words as long as the base is behind, whatever is numbered again."""
    assert numeroter(cpne, fois=5) == [1, 2, 3, 4, 5]
    restaurer(cpne, 3)
    for _ in range(2):
        with pytest.raises(gardien.BaseEnRetard, match="3 numéro.*alors que 5 ont été donnés"):
            numeroter(cpne)
    assert SerieNumeros.objects.get(nature="parchemin").dernier == 3


def test_un_numero_rendu_n_est_pas_retenu(cpne):
    """An aborted issue gives its number back: only what is committed counts."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        prendre_numero(cpne, "parchemin")
        raise ZeroDivisionError
    assert gardien.lire()["series"] == {}
    assert numeroter(cpne) == [1]


def test_les_dossiers_ne_comptent_pas(cpne):
    """The number of a candidature proves nothing to anybody: a restored base goes on opening them."""
    numeroter(cpne, "candidature", 3)
    restaurer(cpne, 0)
    assert numeroter(cpne, "candidature") == [1]


def test_l_exploitant_reprend_apres_le_dernier_numero(cpne):
    """Told first, done with --reel only: the numbers that people hold are never given to others."""
    numeroter(cpne, fois=5)
    assert "n’a rien perdu" in commande()
    restaurer(cpne, 2)
    with pytest.raises(CommandError, match="en retard"):
        commande()
    assert "reprend après 5, au lieu de 2" in commande("--reel")
    assert numeroter(cpne) == [6]


def test_un_point_de_controle_oublie_est_nomme(cpne):
    """The log is remembered too, with its root."""
    remplir(3)
    journal_public.publier()
    PointDeControle.objects.update(racine="ab" * 32)
    assert gardien.ecarts() == ["Journal public\u00a0: le point de contrôle à 3 feuilles n’a plus la même racine."]
    PointDeControle.objects.all().delete()
    assert "n’est plus en base" in gardien.ecarts()[0]


def test_une_memoire_abimee_arrete_tout(cpne, settings):
    """Unreadable is not empty: nothing proves that nothing is missing."""
    numeroter(cpne)
    Path(settings.FICHIER_DU_GARDIEN).write_text("{", encoding="utf-8")
    with pytest.raises(gardien.BaseEnRetard, match="ne se lit pas"):
        numeroter(cpne)
    with pytest.raises(CommandError, match="restaurez ce fichier"):
        commande()
