"""What spreadsheets do to dates, names and numbers: mended and said, or told, never guessed in silence."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backoffice.candidatures.classeur_valeurs import (
    CORRIGE,
    DOUTE,
    ERREUR,
    demojibake,
    lire_code,
    lire_date,
    lire_noms,
    lire_sexe,
    lire_siret,
    lire_telephone,
    nettoyer,
    ressemble_a_un_nir,
)

JOUR = date(2026, 11, 22)
DATES = st.dates(min_value=date(1927, 5, 19), max_value=date(2012, 12, 31))
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def dite(texte, **options):
    """(date read, levels of what is said)."""
    valeur, constats = lire_date(texte, JOUR, **options)
    return "/".join(valeur), [c.niveau for c in constats]


@given(jour=DATES)
def test_une_date_se_lit_de_toutes_ses_facons(jour):
    """Whole date, French, ISO, in words, as the number of a spreadsheet of either origin: the same day each time."""
    attendue = f"{jour.year}/{jour.month}/{jour.day}"
    for texte in (f"{jour:%d/%m/%Y}", f"{jour:%Y-%m-%d}", f"{jour:%d.%m.%Y}", f"{jour:%Y-%m-%d} 00:00:00"):
        assert dite(texte) == (attendue, [])
    assert dite(f"{jour.day} {MOIS[jour.month - 1]} {jour.year}") == (attendue, [])
    assert dite(str((jour - date(1899, 12, 30)).days)) == (attendue, [CORRIGE])
    depuis_1904 = str((jour - date(1904, 1, 1)).days)
    if len(depuis_1904) > 3 and not (len(depuis_1904) == 4 and depuis_1904[:2] in ("19", "20")):
        assert dite(depuis_1904, depuis_1904=True) == (attendue, [CORRIGE])


@pytest.mark.parametrize("texte, lue, dits", [
    ("12/03/85", "1985/3/12", [DOUTE]),
    ("12/03/09", "2009/3/12", [DOUTE]),
    ("1er mars 1985", "1985/3/1", []),
    ("12 sept. 1985", "1985/9/12", []),
    ("1985", "1985//", [DOUTE]),
    ("31/02/1990", "//", [ERREUR]),
    ("00/00/0000", "//", [ERREUR]),
    ("03/25/1985", "//", [ERREUR]),
    ("12/03/2035", "//", [ERREUR]),
    ("hier", "//", [ERREUR]),
    ("", "//", []),
])  # fmt: skip
def test_les_dates_douteuses_se_disent(texte, lue, dits):
    assert dite(texte) == (lue, dits)


def test_une_date_ambigue_l_est_quand_d_autres_sont_americaines():
    assert dite("03/12/1985", americaines=True) == ("1985/12/3", [DOUTE])
    assert dite("13/12/1985", americaines=True) == ("1985/12/13", [])


@given(st.text(max_size=40))
@example("99/99/99")
@example("²/³/1985")
@example("1/1/1")
def test_aucun_texte_ne_casse_un_lecteur(texte):
    """Whatever a cell holds: a value that may be, or nothing and a reason."""
    (annee, mois, jour), constats = lire_date(texte, JOUR)
    if jour:
        assert date(1900, 1, 1) <= date(int(annee), int(mois), int(jour)) <= JOUR
    elif not annee and texte.strip():
        assert constats or not nettoyer(texte)[0]
    for lecteur in (lire_siret, lire_code, lire_telephone, lire_sexe, lire_noms, nettoyer):
        lecteur(texte)
    ressemble_a_un_nir(texte)


@given(st.text(st.characters(codec="latin-1", categories=("Lu", "Ll")), min_size=1, max_size=30))
def test_un_nom_casse_par_un_codage_est_rendu_et_un_nom_sain_reste(nom):
    """UTF-8 read as cp1252 gives its accents back; cleaning twice changes nothing more."""
    propre, _ = nettoyer(nom)
    assert nettoyer(propre)[0] == propre
    assert demojibake(nom) == nom or len(demojibake(nom)) < len(nom)


@pytest.mark.parametrize("brut, attendu, niveaux", [
    ("FranÃ§ois", "François", [CORRIGE]),
    ("HÃ©lÃ¨ne", "Hélène", [CORRIGE]),
    ("Fran?ois", "Fran?ois", [DOUTE]),
    ("H\ufffdl\ufffdne", "H\ufffdl\ufffdne", [DOUTE]),
    ("\u200bJean\u00a0\u202f Marc \r", "Jean Marc", []),
    ("DE LA TOUR-EXEMPLE", "DE LA TOUR-EXEMPLE", []),
    ("O’Test", "O’Test", []),
])  # fmt: skip
def test_les_noms_abimes_sont_repares_ou_signales(brut, attendu, niveaux):
    """Capitals stay, invisible signs go, lost letters are told."""
    valeur, constats = nettoyer(brut)
    assert (valeur, [c.niveau for c in constats]) == (attendu, niveaux)


@pytest.mark.parametrize("brut, naissance, usage", [
    ("EXEMPLE (née MODELE)", "MODELE", "EXEMPLE"),
    ("EXEMPLE ép. MODELE", "EXEMPLE", "MODELE"),
    ("René", "René", ""),
    ("Née", "Née", ""),
    ("DUPONT-NÉEL", "DUPONT-NÉEL", ""),
])  # fmt: skip
def test_le_nom_de_naissance_et_le_nom_d_usage_se_separent(brut, naissance, usage):
    assert lire_noms(brut)[:2] == (naissance, usage)


@pytest.mark.parametrize("brut, attendu, niveaux", [
    ("732 829 320 00074", "73282932000074", []),
    ("05542056600006", "05542056600006", []),
    ("5542056600006", "05542056600006", [CORRIGE]),
    ("732829320", "", [ERREUR]),
    ("7,32829E+13", "", [ERREUR]),
    ("73282932000075", "", [ERREUR]),
])  # fmt: skip
def test_un_siret_se_repare_ou_se_refuse(brut, attendu, niveaux):
    valeur, constats = lire_siret(brut)
    assert (valeur, [c.niveau for c in constats]) == (attendu, niveaux)


def test_les_zeros_perdus_reviennent():
    assert (
        lire_code("1053")[0] == "01053" and lire_code("2A004") == ("2A004", []) and lire_code("F-38000")[0] == "38000"
    )
    assert lire_telephone("612345678")[0] == "0612345678"
    assert [lire_sexe(t)[0] for t in ("F", "Mme", "M.", "H", "Monsieur", "")] == ["F", "F", "M", "M", "M", ""]
    assert ressemble_a_un_nir("1 85 05 78 006 084 91") and not ressemble_a_un_nir("73282932000074")
