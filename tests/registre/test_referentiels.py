"""The small official lists: every code has its form, every list answers for what it holds."""

import re

import pytest

from registre.referentiels import FRANCE, communes, libelle_nsf, libelle_pays, niveau_cec, niveaux, nsf, pays


def test_les_huit_niveaux_repondent_au_meme_niveau_europeen():
    assert sorted(niveaux()) == list(range(1, 9))
    assert all(n.niveau == n.niveau_cec for n in niveaux().values())


def test_les_anciens_niveaux_romains_vont_a_l_envers():
    assert [niveaux()[n].ancien_niveau for n in (3, 4, 5, 6, 7)] == ["V", "IV", "III", "II", "I"]


def test_sans_niveau_il_n_y_a_pas_de_niveau_europeen():
    assert niveau_cec(None) is None
    with pytest.raises(KeyError):
        niveau_cec(9)


def test_un_code_nsf_se_lit_avec_sa_lettre_de_fonction():
    assert libelle_nsf("232") == "Bâtiment : construction et couverture"
    assert libelle_nsf("232v") == "Bâtiment : construction et couverture (production à caractère artistique)"
    assert libelle_nsf("999s") == ""
    assert all(re.fullmatch(r"\d{3}", code) for code in nsf())


def test_chaque_pays_a_un_code_insee_et_un_nom_qui_tient_dans_le_flux_du_cpf():
    assert libelle_pays(FRANCE) == "France"
    assert libelle_pays("99352") == "Algérie"
    assert libelle_pays("99000") == ""
    assert all(re.fullmatch(r"99\d{3}", p.code) and 0 < len(p.libelle) <= 60 for p in pays().values())


def test_chaque_commune_a_son_code_et_son_code_postal():
    assert len({c.code_insee for c in communes()}) == len(communes())
    for commune in communes():
        assert re.fullmatch(r"\d{5}|2[AB]\d{3}", commune.code_insee)
        assert re.fullmatch(r"\d{5}", commune.code_postal)
        departement = commune.code_insee[:2].replace("2A", "20").replace("2B", "20")
        assert commune.code_postal.startswith(departement)
