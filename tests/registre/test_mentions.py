"""Mandatory mentions and forbidden words: nothing incomplete or misleading leaves the printer."""

import pytest

from registre.mentions import verifier_mentions

from .exemples import attestation, au_repertoire_specifique, bloc, de_branche, du_premier_format, enregistrement


@pytest.mark.parametrize("fabrique", [enregistrement, attestation, bloc, au_repertoire_specifique, de_branche])
def test_un_enregistrement_complet_n_a_aucun_manque(fabrique):
    """Each kind of record passes as it is, in both formats."""
    assert verifier_mentions(fabrique()) == verifier_mentions(du_premier_format(fabrique())) == []


MANQUES = [
    ("certification__intitule", " ", "intitulé exact"),
    ("certification__numero_fiche", "", "numéro de la fiche RNCP"),
    ("certification__numero_fiche", "RS6610", "numéro de la fiche RNCP"),
    ("certification__date_decision", "", "décision d’enregistrement"),
    ("certification__date_decision", "01/10/2025", "décision d’enregistrement"),
    ("certification__date_decision", "2026-11-23", "postérieure à la délivrance"),
    ("certification__niveau", None, "cadre national"),
    ("certification__niveau", 9, "cadre national"),
    ("certification__niveau_cec", None, "cadre européen"),
    ("certification__nsf", [], "code NSF"),
    ("certification__repertoire", "autre", "n’est pas connu"),
    ("certificateurs", [], "raison sociale"),
    ("signataires", [], "personne qui signe"),
    ("signataires", [{"college": "salaries", "nom": "Paul Petit", "qualite": ""}], "personne qui signe"),
    ("titulaire__nom_naissance", "", "nom de naissance"),
    ("titulaire__prenom1", "", "prénom"),
    ("titulaire__sexe", "", "accord"),
    ("titulaire__annee_naissance", None, "année de naissance"),
    ("numero", "", "numéro du document"),
    ("delivre_le", "", "date de délivrance"),
    ("lieu", "", "lieu de délivrance"),
]


@pytest.mark.parametrize(("champ", "valeur", "phrase"), MANQUES)
def test_chaque_mention_manquante_est_nommee(champ, valeur, phrase):
    """One hole, one sentence that names it."""
    manques = verifier_mentions(enregistrement(**{champ: valeur}))
    assert any(phrase in manque for manque in manques), manques
    assert all(manque.endswith(".") for manque in manques)


def test_le_lieu_de_naissance_est_une_commune_ou_un_pays():
    """A person born abroad may have no known town; without town and country something is missing."""
    sans_commune = {"titulaire__commune_naissance": ""}
    assert verifier_mentions(enregistrement(**sans_commune)) == []
    assert verifier_mentions(enregistrement(**sans_commune, titulaire__libelle_pays_naissance="")) != []


def test_seul_le_rncp_porte_un_niveau():
    """A level on a certification of the répertoire spécifique or of a branch is refused."""
    for fabrique in (au_repertoire_specifique, de_branche):
        fiche = fabrique()
        fiche["certification"]["niveau"] = 3
        assert any("Seule une certification inscrite au RNCP" in m for m in verifier_mentions(fiche))


@pytest.mark.parametrize("intitule", ["Monteur, niveau III", "Monteur RNCP41346", "Monteur (répertoire national)"])
def test_une_certification_de_branche_ne_parle_ni_de_niveau_ni_de_rncp(intitule):
    """Whatever field says it, it would pass for registered."""
    assert verifier_mentions(de_branche(certification__intitule=intitule)) != []


def test_une_certification_de_branche_n_a_ni_fiche_ni_decision():
    """A number or a decision of registration would be false."""
    for champ, valeur in (("numero_fiche", "RNCP41346"), ("date_decision", "2025-10-01")):
        fiche = de_branche()
        fiche["certification"][champ] = valeur
        assert any("ni numéro de fiche" in m for m in verifier_mentions(fiche))


def test_une_attestation_cite_un_bloc_acquis():
    """With no bloc acquired there is nothing to attest."""
    fiche = attestation()
    fiche["blocs"][0]["acquis"] = False
    assert any("au moins un bloc" in m for m in verifier_mentions(fiche))


def test_une_attestation_de_bloc_cite_un_bloc_acquis_et_un_seul():
    """Two blocs would be an attestation de réussite partielle, none would attest nothing."""
    deux, aucun, perdu = bloc(), bloc(blocs=[]), bloc()
    deux["blocs"] *= 2
    perdu["blocs"][0]["acquis"] = False
    for fiche in (deux, aucun, perdu):
        assert any("un seul bloc" in m for m in verifier_mentions(fiche))


@pytest.mark.parametrize("place", ["formule", "option", "mention"])
def test_les_textes_du_modele_ne_trompent_pas_non_plus(place):
    """What a certificateur wrote in its template is printed too."""
    fiche = enregistrement()
    fiche["modele"]["textes"][place] = "Diplôme d’État décerné à"
    assert any("interdite" in m for m in verifier_mentions(fiche))


@pytest.mark.parametrize(
    "qualite",
    [
        "Présidente, diplôme d’État",
        "Délégué du MINISTÈRE du travail",
        "Responsable des titres professionnels",
        "Présidente (enregistrement en cours d'enregistrement)",
        "Signe sous réserve",
        "Organisme Qualiopi",
    ],
)
def test_les_mots_trompeurs_sont_refuses(qualite):
    """Whatever the accents, case and apostrophes."""
    fiche = enregistrement()
    fiche["signataires"][0]["qualite"] = qualite
    assert any("interdite" in m for m in verifier_mentions(fiche))


def test_un_nom_de_personne_n_est_jamais_un_mot_interdit():
    """Marianne is a first name, and people live where they live."""
    assert verifier_mentions(enregistrement(titulaire__prenom1="Marianne")) == []
