"""What the schema and the shapes let through, and that the national registry of identities would not recognise."""

import copy
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from cpf import controles
from cpf.rapprochement import rapprocher
from registre.cog import Lecture
from registre.models import Commune

from . import fabrique

COMMUNES = (
    ("31555", "Toulouse", "COM", None),
    ("69383", "Lyon 3e Arrondissement", "ARM", None),
    ("97411", "Saint-Denis", "COM", None),
    ("01003", "Amareins", "COM", date(1974, 1, 1)),
)


@pytest.fixture
def cog(db):
    """A loaded list of four communes, one of them gone in 1974."""
    for code, libelle, nature, fin in COMMUNES:
        plie = libelle.lower().replace("-", " ").replace(" 3e ", " 3 ")
        Commune.objects.create(code=code, libelle=libelle, libelle_plie=plie, type=nature, fin=fin)


def trouver(**titulaire) -> list[tuple[str, bool]]:
    """(field, blocking) of what is said of somebody who is sound but for these values."""
    passage = copy.deepcopy(fabrique.passage())
    passage["titulaire"] |= titulaire
    deja = controles.controler(passage, fabrique.JOUR)
    anomalies = rapprocher(passage, Lecture([passage["titulaire"]["code_insee"]]), deja)
    assert all(a.phrase.endswith((".", "?", "naissance")) and a.ecran == "etat_civil" for a in anomalies)
    return [(a.champ, a.bloquante) for a in anomalies]


@pytest.mark.parametrize(
    "lieu",
    [
        {},
        {"code_insee": "69383", "commune": "Lyon"},
        {"code_insee": "97411", "commune": "Saint-Denis"},
        {"code_insee": "98735", "commune": "Papeete"},
        {"code_insee": "99109", "code_pays": "109", "commune": "Berlin", "pays": "Allemagne"},
    ],
    ids=["métropole", "arrondissement", "La Réunion", "Polynésie non chargée", "étranger"],
)
def test_un_lieu_juste_ne_dit_rien(cog, lieu):
    """At home, in an arrondissement, overseas (its own file may be missing), abroad: nothing to say."""
    assert trouver(**lieu) == []


@pytest.mark.parametrize(
    ("lieu", "champ"),
    [
        ({"code_insee": "31999"}, "code_insee"),
        ({"code_insee": "31000"}, "code_insee"),
        ({"code_insee": "96001"}, "code_insee"),
        ({"code_insee": "97999"}, "code_insee"),
        ({"code_insee": "20004"}, "code_insee"),
        ({"code_insee": "97499"}, "code_insee"),
        ({"code_insee": "99998", "code_pays": "998"}, "code_pays"),
    ],
    ids=["inconnu", "code postal", "département", "outre-mer", "Corse d’avant 1976", "La Réunion", "pays"],
)
def test_un_lieu_qui_n_existe_pas_garde_le_passage_ici(cog, lieu, champ):
    """A code that was never that of a birthplace would only come back: blocked, once."""
    assert trouver(**lieu) == [(champ, True)]


def test_sans_le_code_officiel_un_code_inconnu_ne_prouve_rien(db):
    """Until INSEE's list is loaded an unknown commune may well exist; an impossible département may not."""
    assert trouver(code_insee="31999") == []
    assert trouver(code_insee="96001") == [("code_insee", True)]


@pytest.mark.parametrize(
    ("titulaire", "champ"),
    [
        ({"code_insee": "75056", "commune": "Paris"}, "code_insee"),
        ({"code_insee": "13055", "commune": "Marseille"}, "code_insee"),
        ({"code_insee": "01003", "commune": "Amareins"}, "code_insee"),
        ({"code_insee": "69383", "commune": "Toulouse"}, "code_insee"),
        ({"nom_usage": "LEFEVRE"}, "nom_usage"),
        ({"nom_naissance": "Martin Lefèvre", "nom_usage": "Martin"}, "nom_naissance"),
        ({"nom_naissance": "Martin née Lefèvre"}, "nom_naissance"),
        ({"nom_naissance": "Mme Lefèvre"}, "nom_naissance"),
        ({"nom_naissance": "LefÃ¨vre"}, "nom_naissance"),
        ({"nom_naissance": "Lef?vre"}, "nom_naissance"),
        ({"nom_naissance": "Lefèvre - Martin"}, "nom_naissance"),
        ({"nom_naissance": "Lefèvre–Martin"}, "nom_naissance"),
        ({"nom_naissance": "N" * 60}, "nom_naissance"),
        ({"prenom1": "Francois"}, "prenom1"),
        ({"prenom1": "A."}, "prenom1"),
        ({"prenom2": "Anaïs"}, "prenom2"),
        ({"prenom1": "Lefèvre"}, "prenom1"),
    ],
)
def test_un_doute_sur_l_identite_previent_sans_empecher(cog, titulaire, champ):
    """Used name for birth name, lost accents, hyphens, a city for its arrondissement: said, never refused."""
    assert trouver(**titulaire) == [(champ, False)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fabrique.instantanes_sauvages())
@pytest.mark.django_db
def test_n_importe_quel_passage_se_lit(passage):
    """Whatever a dirty takeover left, the reading ends and never repeats what the checks said."""
    deja = controles.controler(passage, fabrique.JOUR)
    dites = rapprocher(passage, LECTURE_VIDE, deja)
    assert not {a.champ for a in dites} & {a.champ for a in deja}


class _Vide(Lecture):
    """The lists as they are without INSEE's file, read once."""

    def __init__(self):
        self._pays, self._plies, self._charge, self._outremer, self._periodes = {}, {}, False, False, {}


LECTURE_VIDE = _Vide()
