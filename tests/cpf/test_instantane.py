"""What a record becomes when it is declared: births in France and abroad, registers, unknown values."""

import pytest

from cpf.instantane import instantane

from . import fabrique


def lieu(**titulaire) -> dict:
    personne = fabrique.passage(**titulaire)["titulaire"]
    return {champ: personne[champ] for champ in ("code_insee", "code_postal", "commune", "code_pays", "pays")}


def test_une_naissance_en_france_porte_son_code_insee():
    """Five characters: the INSEE code alone, without country code (99100 is never sent)."""
    assert lieu() == {
        "code_insee": "31555",
        "code_postal": "",
        "commune": "Toulouse",
        "code_pays": "",
        "pays": "France",
    }


@pytest.mark.parametrize("insee", ["", "99", "154640", "3155", "NULL"])
def test_un_code_insee_de_mauvaise_longueur_cede_au_code_postal(insee):
    """Without five characters the postal code is sent instead; without it, nothing (nil)."""
    assert lieu(code_insee_naissance=insee)["code_insee"] == ""
    assert lieu(code_insee_naissance=insee)["code_postal"] == "31000"
    assert lieu(code_insee_naissance=insee, code_postal_naissance="")["code_postal"] == ""


def test_une_naissance_a_l_etranger_porte_le_code_du_pays():
    """Berlin: 99109 as commune code, 109 as country, the town and the country in letters."""
    assert lieu(**fabrique.BERLIN | {"code_postal_naissance": "10115"}) == {
        "code_insee": "99109",
        "code_postal": "",
        "commune": "BERLIN",
        "code_pays": "109",
        "pays": "ALLEMAGNE",
    }


def test_un_cqp_s_obtient_par_admission_et_son_resultat_est_definitif():
    """A jury awards it: on admission, final, valid from its issue, without end, score nor mention."""
    passage = fabrique.passage()
    assert (passage["obtention"], passage["donnee_certifiee"]) == ("PAR_ADMISSION", True)
    assert (passage["debut_validite"], passage["fin_validite"]) == ("2026-11-20", "")
    assert (passage["scoring"], passage["mention"]) == ("", "")


@pytest.mark.parametrize(
    ("repertoire", "fiche", "attendu"),
    [("rncp", "rncp41346", ("RNCP", "RNCP41346")), ("rs", "RS6610", ("RS", "RS6610")), ("branche", "", ("", ""))],
)
def test_le_repertoire_donne_le_type_et_le_code(repertoire, fiche, attendu):
    """RNCP and RS by their prefix; a certification of the branch alone has neither."""
    passage = fabrique.passage(certification={"repertoire": repertoire, "numero_fiche": fiche})
    assert (passage["type"], passage["code"]) == attendu


def test_la_preuve_trop_longue_est_laissee_de_cote():
    """The address is optional and has 255 characters at most."""
    adresse = "https://registre.example.org/v/" + "A" * 224
    assert fabrique.passage(adresse=adresse)["url_preuve"] == adresse
    assert fabrique.passage(adresse=adresse + "A")["url_preuve"] == ""


def test_l_instantane_ne_depend_que_de_l_enregistrement_fige():
    """Same record, same snapshot; blanks are folded, spelling normalised, the record left untouched."""
    brut = fabrique.enregistrement(nom_naissance=" Lefe\u0300vre\n Dupont ", acces={"voie_vae": "CONGES_VAE"})
    avant = repr(brut)
    premier = instantane(brut, "a" * 32, "")
    assert premier["titulaire"]["nom_naissance"] == "Lefèvre Dupont"
    assert premier["voie_vae"] == "", "sans VAE, pas de voie de VAE"
    assert (instantane(brut, "a" * 32, ""), repr(brut)) == (premier, avant)
