"""Checks before sending: each rule of docs/cpf.md has a passage that breaks it."""

import copy
from datetime import date

import pytest

from cpf.controles import Doublons, bloquantes, controler

from . import fabrique

NIL, LONG = "nil", "N" * 61


def doublons(passages: list[dict]) -> list[str]:
    """Identifiers of those that stand twice."""
    vus = Doublons(passages)
    return [passage["id_technique"] for passage in passages if vus.anomalies(passage)]


def changer(**champs) -> dict:
    """A sound snapshot where one value changes; `titulaire__nom` reaches the holder."""
    passage = copy.deepcopy(fabrique.passage())
    for champ, valeur in champs.items():
        cible = passage["titulaire"] if champ.startswith("titulaire__") else passage
        cible[champ.removeprefix("titulaire__")] = valeur
    return passage


def test_un_passage_sain_n_a_rien_a_signaler():
    """Nothing to say of a complete record, in France or abroad."""
    assert controler(fabrique.passage(), fabrique.JOUR) == []
    assert controler(fabrique.passage(**fabrique.BERLIN), fabrique.JOUR) == []


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"type": ""}, "type"),
        ({"type": "CQP"}, "type"),
        ({"code": "41346"}, "code"),
        ({"code": "RS41346"}, "code"),
        ({"code": "RNCP"}, "code"),
        ({"id_technique": ""}, "id_technique"),
        ({"id_technique": "#VALEUR!"}, "id_technique"),
        ({"id_technique": NIL}, "id_technique"),
        ({"url_preuve": "h" * 256}, "url_preuve"),
        ({"libelle_option": "O" * 256}, "libelle_option"),
        ({"obtention": ""}, "obtention"),
        ({"obtention": "PAR_SCORING"}, "scoring"),
        ({"scoring": NIL}, "scoring"),
        ({"mention": "BIEN"}, "mention"),
        ({"modalite_acces": "EQUIVALENCE_(DIPLOME_ETRANGER)"}, "modalite_acces"),
        ({"voie_vae": "CONGES_VAE"}, "voie_vae"),
        ({"initiative": "Employeur"}, "initiative"),
        ({"debut_validite": ""}, "debut_validite"),
        ({"debut_validite": "27/07/2022"}, "debut_validite"),
        ({"debut_validite": "2026-02-30"}, "debut_validite"),
        ({"debut_validite": "2026-11-23"}, "debut_validite"),
        ({"debut_validite": "2021-06-30", "inscrit_le": ""}, "debut_validite"),
        ({"fin_validite": "2026-01-01"}, "debut_validite"),
        ({"debut_examen": "2026-11-12", "fin_examen": "2026-11-10"}, "debut_examen"),
        ({"fin_examen": "2026-11-21"}, "fin_examen"),
        ({"inscrit_le": "2026-11-21"}, "inscrit_le"),
        ({"titulaire__nom_naissance": ""}, "nom_naissance"),
        ({"titulaire__nom_naissance": LONG}, "nom_naissance"),
        ({"titulaire__nom_naissance": "12/05/1990"}, "nom_naissance"),
        ({"titulaire__nom_usage": "A\u200bB"}, "nom_usage"),
        ({"titulaire__nom_naissance": "A\x0bB"}, "nom_naissance"),
        ({"titulaire__nom_naissance": "A\u202eB"}, "nom_naissance"),
        ({"titulaire__prenom1": ""}, "prenom1"),
        ({"titulaire__prenom1": "Jean, Pierre, Paul"}, "prenom1"),
        ({"titulaire__sexe": ""}, "sexe"),
        ({"titulaire__sexe": "1"}, "sexe"),
        ({"titulaire__annee_naissance": None}, "annee_naissance"),
        ({"titulaire__annee_naissance": 1899}, "annee_naissance"),
        ({"titulaire__annee_naissance": 90}, "annee_naissance"),
        ({"titulaire__annee_naissance": 2013}, "annee_naissance"),
        ({"titulaire__mois_naissance": 13}, "mois_naissance"),
        ({"titulaire__mois_naissance": 2, "titulaire__jour_naissance": 31}, "jour_naissance"),
        ({"titulaire__mois_naissance": 2, "titulaire__jour_naissance": 29}, "jour_naissance"),
        ({"titulaire__jour_naissance": 0}, "jour_naissance"),
        ({"titulaire__commune": NIL}, "commune"),
        ({"titulaire__pays": LONG}, "pays"),
        ({"titulaire__code_insee": "99100"}, "code_pays"),
        ({"titulaire__code_insee": "99109", "titulaire__code_pays": "139"}, "code_pays"),
        ({"titulaire__code_insee": "DE", "titulaire__code_pays": "DE"}, "code_pays"),
        ({"titulaire__code_insee": "ABCDE"}, "code_insee"),
        ({"titulaire__code_insee": "00123"}, "code_insee"),
        ({"titulaire__code_insee": "", "titulaire__code_postal": "1234"}, "code_postal"),
    ],
)  # fmt: skip
def test_une_faute_garde_le_passage_hors_des_lots(champs, champ):
    """One fault: one blocking anomaly on its field, with a sentence and an advice."""
    trouvees = bloquantes(controler(changer(**champs), fabrique.JOUR))
    assert [anomalie.champ for anomalie in trouvees] == [champ]
    assert trouvees[0].phrase.endswith((".", "?")) and trouvees[0].conseil.endswith(".")


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"modalite_acces": ""}, "modalite_acces"),
        ({"titulaire__prenom1": "Jean Pierre Paul"}, "prenom1"),
        ({"titulaire__prenom3": "Zoé"}, "prenom2"),
        ({"titulaire__nom_naissance": "Dupont2"}, "nom_naissance"),
        ({"titulaire__prenom1": "Nil"}, "prenom1"),
        ({"titulaire__nom_naissance": "Null"}, "nom_naissance"),
        ({"titulaire__annee_naissance": 1920}, "annee_naissance"),
        ({"titulaire__jour_naissance": None}, "jour_naissance"),
        ({"titulaire__code_insee": ""}, "code_insee"),
        ({"titulaire__code_insee": "99109", "titulaire__code_pays": "109", "titulaire__commune": ""}, "commune"),
    ],
)
def test_un_doute_previent_sans_empecher(champs, champ):
    """What only lowers the chances is said, and the passage still goes: nobody is kept out for their name."""
    trouvees = controler(changer(**champs), fabrique.JOUR)
    assert [(anomalie.champ, anomalie.bloquante) for anomalie in trouvees] == [(champ, False)]


@pytest.mark.parametrize(
    "nom", ["Lœuillet", "d’Ørsted-Núñez", "N’Guyen Thị", "O", "Saint-Exupéry de La Tour", "Yılmaz", "N" * 60, "Ben Ali"]
)
def test_les_noms_du_monde_passent(nom):
    """Apostrophes, particles, single letters, sixty characters: no anomaly on the birth name."""
    assert controler(changer(titulaire__nom_naissance=nom), fabrique.JOUR) == []


def test_le_premier_jour_de_l_obligation_est_compris():
    """Delivered on 1 July 2021: to be declared; the day before: not."""
    assert controler(changer(debut_validite="2021-07-01", inscrit_le=""), date(2021, 7, 1)) == []


def test_les_bloquantes_viennent_en_tete():
    """The person first reads what keeps the passage out."""
    trouvees = controler(changer(modalite_acces="", titulaire__sexe=""), fabrique.JOUR)
    assert [anomalie.bloquante for anomalie in trouvees] == [True, False]


def test_un_identifiant_ne_sert_qu_une_fois():
    """The same identifier twice in a lot: both are kept out (the schema would not see it)."""
    passages = [fabrique.passage(1), fabrique.passage(1, nom_naissance="Autre"), fabrique.passage(2, prenom1="Léa")]
    assert doublons(passages) == [passages[0]["id_technique"]] * 2


def test_une_personne_n_est_declaree_qu_une_fois_par_certification():
    """Same civil status, whatever accents and case: both are kept out; another certification or a homonym is not."""
    double = [fabrique.passage(1), fabrique.passage(2, nom_naissance="LEFEVRE")]
    assert doublons(double) == [passage["id_technique"] for passage in double]
    autre = fabrique.passage(2, certification={"numero_fiche": "RNCP41347"})
    homonyme = fabrique.passage(3, jour_naissance=13)
    sans_jour = [fabrique.passage(rang, jour_naissance=None) for rang in (4, 5)]
    assert doublons([fabrique.passage(1), autre, homonyme, *sans_jour]) == []
