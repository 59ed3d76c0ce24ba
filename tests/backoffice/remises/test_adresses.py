"""The lines of a label: what AFNOR NF Z10-011 asks, whatever people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.remises.adresses import LIGNES, LONGUEUR, capitales, fautes, lignes
from backoffice.remises.etiquettes import CORPS, MARGES, PLANCHES
from backoffice.remises.forms import AdresseForm
from registre.documents import polices

from .situations import ADRESSE

TEXTES = st.text(alphabet="aéÈœ’-,. 0123456789ÀzÇß", max_size=38)


def test_une_adresse_ordinaire():
    """Name as typed, then the street and the town in capitals, without accent nor punctuation."""
    assert lignes(**ADRESSE) == [
        "Élodie Roumégous",
        "Appartement 12, 3e étage",
        "3 BIS RUE DE L EGLISE",
        "48000 MENDE",
    ]


def test_l_etranger_finit_par_le_pays():
    """The country is the last line, in capitals."""
    assert lignes(**ADRESSE | {"code_postal": "1000", "commune": "Bruxelles", "pays": "Belgique"})[-1] == "BELGIQUE"


@given(st.fixed_dictionaries(dict.fromkeys(ADRESSE, TEXTES)))
def test_la_fin_est_en_capitales_et_rien_n_est_vide(adresse):
    """From the street down, capitals, figures and single spaces only; no empty line."""
    lues = lignes(**adresse)
    hautes = sum(bool(adresse[c].strip()) for c in ("destinataire", "complement", "batiment"))
    assert all(ligne.strip() for ligne in lues)
    assert all(capitales(ligne) == ligne and "  " not in ligne for ligne in lues[hautes:])


@pytest.mark.parametrize(
    ("change", "mot"),
    [
        ({"code_postal": "4800"}, "cinq chiffres"),
        ({"code_postal": "４８０００"}, "cinq chiffres"),
        ({"voie": "", "lieu_dit": ""}, "Donnez la voie"),
        ({"commune": ""}, "requis"),
        ({"commune": "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"}, "32 caractères"),
        ({"batiment": "Résidence", "lieu_dit": "Le Bourg", "pays": "Belgique"}, "7 lignes"),
        ({"code_postal": "AB-123456", "commune": "Llanfairpwllgwyngyllgogerychwyr", "pays": "Galles"}, "41 caractères"),
        ({"voie": "3 rue\u202edes Ardoises"}, "invisible"),
    ],
)
def test_ce_qui_ne_s_imprime_pas_se_refuse(change, mot):
    """Said beside the field, or above the form, before a label is wasted."""
    form = AdresseForm(ADRESSE | change)
    assert not form.is_valid() and mot in str(form.errors)


@given(st.fixed_dictionaries(dict.fromkeys(ADRESSE, TEXTES)))
def test_ce_que_le_formulaire_admet_tient_sur_l_etiquette(adresse):
    """Whatever is accepted has six lines at most, of 38 characters at most."""
    form = AdresseForm(adresse)
    if form.is_valid():
        imprimees = lignes(**{champ: form.cleaned_data[champ] for champ in ADRESSE})
        assert not fautes(imprimees)
        assert 2 <= len(imprimees) <= LIGNES and max(map(len, imprimees)) <= LONGUEUR


@pytest.mark.parametrize("planche", PLANCHES.values(), ids=PLANCHES)
def test_une_ligne_de_trente_huit_caracteres_n_est_pas_coupee(planche):
    """The widest letters, thirty-eight of them, fit at a smaller size; an ordinary address keeps ten points."""
    large, place = "W" * LONGUEUR, (planche.largeur - MARGES) * 72 / 25.4
    corps = planche.corps(["Zoé", large])
    assert 5 <= corps < CORPS and polices._largeur(large, "sans") * corps <= place
    assert planche.corps(lignes(**ADRESSE)) == CORPS


@pytest.mark.parametrize("planche", PLANCHES.values(), ids=PLANCHES)
def test_les_etiquettes_tiennent_sur_la_feuille(planche):
    """Every place is within A4, and no two overlap."""
    places = [planche.place(rang) for rang in range(planche.nombre)]
    coins = {(p["gauche"], p["haut"]) for p in places}
    assert len(coins) == planche.nombre
    assert max(float(p["gauche"]) for p in places) + planche.largeur <= 210.01
    assert max(float(p["haut"]) for p in places) + planche.hauteur <= 297.01
