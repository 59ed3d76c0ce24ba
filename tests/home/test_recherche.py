"""The search forgives what people type: accents, plurals, feminine forms, small mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.recherche import contient, mots, racine, suggestion
from registre.textes import plier

TITRES = [
    "CQP Électricien d’équipement industriel",
    "CQP Couvreur lauzier schiste RNCP41346",
    "CQP Travailler sur cordes - niveau initial RS6610",
    "Conducteur(trice) de ligne de conditionnement des Industries Chimiques",
    "CQP Responsable de la pose de panneaux photovoltaïques",
    "CQP Chargé de travaux métalliques",
]


def trouves(requete):
    return [titre for titre in TITRES if contient(plier(titre), mots(requete))]


@pytest.mark.parametrize(
    ("requete", "attendu"),
    [
        ("elec", "Électricien"),
        ("ELECTRICIENNE", "Électricien"),
        ("électriciens", "Électricien"),
        ("couvreuse", "Couvreur"),
        ("couvreurs", "Couvreur"),
        ("conductrice de lignes", "Conducteur"),
        ("panneau", "panneaux"),
        ("travaux métal", "métalliques"),
        ("RNCP 41346", "lauzier"),
        ("rs6610", "cordes"),
        ("le CQP du couvreur", "Couvreur"),
    ],
)
def test_on_trouve_sans_connaitre_l_orthographe_du_titre(requete, attendu):
    """Accents, plural, feminine, small words and spaced numbers do not hide the title."""
    assert any(attendu in titre for titre in trouves(requete))


def test_chaque_mot_compte():
    """Two words must both be there: a search narrows as one types."""
    assert trouves("couvreur") != []
    assert trouves("couvreur photovoltaïque") == []


def test_un_mot_se_cherche_par_son_debut():
    """« or » does not find « porteur »: letters in the middle of words bring noise."""
    assert not contient("porteur", mots("ort"))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_toute_saisie_est_supportee(requete):
    """Whatever is typed, the search answers; an empty one holds every title."""
    racines = mots(requete)
    assert isinstance(contient("couvreur lauzier", racines), bool)
    if not racines:
        assert contient("couvreur lauzier", racines)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=20))
def test_une_racine_commence_toujours_son_pluriel(mot):
    """The plural in « s » of a word and the word share a root, and a root keeps three letters."""
    assert racine(mot + "s").startswith(racine(mot)[:3])
    assert len(racine(mot)) >= 3


def test_on_propose_le_mot_voisin():
    """A typing mistake is answered by the nearest known word; a word like no other by nothing."""
    plies = [plier(titre) for titre in TITRES]
    assert suggestion("couvrer", plies) == "couvreur"
    assert suggestion("astronaute", plies) == ""
    assert suggestion("couvreur", plies) == ""
