"""What a printed document is made of: its sentences, its colours, its engraving, the size of its letters."""

import pytest

from registre.documents import composition, guilloche, phrases, polices

from .exemples import enregistrement


@pytest.mark.parametrize(
    ("changements", "phrase"),
    [
        ({}, "née le 3 mai 1985 à Lyon"),
        ({"sexe": "M"}, "né le 3 mai 1985 à Lyon"),
        ({"jour_naissance": 1}, "née le 1er mai 1985 à Lyon"),
        ({"jour_naissance": None}, "née en mai 1985 à Lyon"),
        ({"jour_naissance": None, "mois_naissance": None}, "née en 1985 à Lyon"),
        ({"commune_naissance": "Le Mans"}, "née le 3 mai 1985 au Mans"),
        ({"commune_naissance": "LES ABYMES"}, "née le 3 mai 1985 aux ABYMES"),
        ({"commune_naissance": "L'Haÿ-les-Roses"}, "née le 3 mai 1985 à L’Haÿ-les-Roses"),
        ({"commune_naissance": "La Rochelle"}, "née le 3 mai 1985 à La Rochelle"),
        ({"commune_naissance": ""}, "née le 3 mai 1985"),
        (
            {"commune_naissance": "Porto", "pays_naissance": "99139", "libelle_pays_naissance": "Portugal"},
            "née le 3 mai 1985 à Porto (Portugal)",
        ),
        (
            {"commune_naissance": "", "pays_naissance": "99139", "libelle_pays_naissance": "Portugal"},
            "née le 3 mai 1985 à l’étranger (Portugal)",
        ),
    ],
)
def test_la_naissance_s_ecrit_en_francais(changements, phrase):
    """Agreement, partial dates, contracted articles, birth abroad."""
    titulaire = enregistrement()["titulaire"] | changements
    assert phrases.naissance(titulaire).replace("\u00a0", " ") == phrase


def test_le_nom_d_usage_ne_se_repete_pas():
    """Printed only when it differs from the birth name, apostrophes aside."""
    titulaire = enregistrement(titulaire__nom_naissance="D'Arc", titulaire__nom_usage="d’Arc")["titulaire"]
    assert phrases.nom_usage(titulaire) == ""
    assert phrases.nom_usage(titulaire | {"nom_usage": "Martin"}) == "MARTIN"


PAGE = ((297, 210), (148.5, 90))


def test_chaque_certification_a_sa_gravure():
    """Same seed, same drawing; another seed, another drawing; never more than a page may carry."""
    dessins = {graine: guilloche.fond_de_parchemin(graine, "#7a2e12", *PAGE) for graine in ("a", "b", "c", "d")}
    assert len(set(dessins.values())) == 4
    assert guilloche.fond_de_parchemin("a", "#7a2e12", *PAGE) == dessins["a"]
    assert all(len(dessin) < 250_000 for dessin in dessins.values())


@pytest.mark.parametrize("couleur", ["#ffffff", "#ffff00", "#7a2e12", "#000000"])
def test_la_couleur_imprimee_se_lit_toujours(couleur):
    """Contrast of 5 at least on white, whatever the certificateur chose."""
    lisible = composition.couleur_lisible(couleur)
    assert composition.contraste(lisible) >= 5


@pytest.mark.parametrize("couleur", ["", "rouge", '#123456"/><script>', "#12345"])
def test_une_couleur_mal_ecrite_est_remplacee(couleur):
    """Nothing but six hexadecimal digits reaches the drawing."""
    assert composition.couleur_lisible(couleur) == composition.COULEUR_PAR_DEFAUT


def test_le_corps_diminue_quand_le_texte_s_allonge():
    """A text always gets the largest size at which it fits its box."""
    tailles = [polices.corps_ajuste("Mot " * n, "serif-demi", 600, 70, 38, 1.16) for n in (1, 10, 40, 80)]
    assert tailles[0] == 38 and tailles == sorted(tailles, reverse=True) and len(set(tailles)) == 4
