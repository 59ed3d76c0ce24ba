"""Doubts about a civil status: told beside the field and on the dossier, never blocking, never losing what is typed."""

from datetime import date

import pytest

from registre.models import Commune, Titulaire
from registre.vraisemblance import avertissements
from tests import fabriques as f

from . import entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def cog(db):
    """A loaded COG of four communes, one of them gone in 1974."""
    for code, libelle, plie, fin in (
        ("48095", "Mende", "mende", None),
        ("13001", "Aix-en-Provence", "aix en provence", None),
        ("69383", "Lyon 3e Arrondissement", "lyon 3 arrondissement", None),
        ("01003", "Amareins", "amareins", date(1974, 1, 1)),
    ):
        Commune.objects.create(code=code, libelle=libelle, libelle_plie=plie, fin=fin)


def doutes(**champs) -> dict[str, str]:
    """Doubts about somebody who has none, but for these fields: field → sentences."""
    personne = f.TitulaireFactory.build(**champs)
    lus = {}
    for doute in avertissements(personne):
        lus[doute.champ] = f"{lus.get(doute.champ, '')} {doute.phrase}".strip()
    return lus


def test_un_etat_civil_sans_defaut_ne_souleve_aucun_doute(cog):
    assert doutes() == {}
    assert doutes(nom_naissance="Dupont", nom_usage="Martin", prenom2="Anne-Marie", prenom3="Zoé") == {}
    assert doutes(code_insee_naissance="69383", commune_naissance="Lyon", code_postal_naissance="69003") == {}


@pytest.mark.parametrize(
    ("champs", "champ", "extrait"),
    [
        ({"nom_naissance": "Dupont", "nom_usage": "DUPONT"}, "nom_usage", "laissez ce champ vide"),
        ({"nom_naissance": "Dupont-Martin", "nom_usage": "Martin"}, "nom_naissance", "inversés"),
        ({"nom_naissance": "Dupont née Martin"}, "nom_naissance", "Un seul nom"),
        ({"nom_naissance": "Élodie", "prenom1": "Elodie"}, "prenom1", "identique"),
        ({"prenom1": "Jean Pierre Paul"}, "prenom1", "3 prénoms dans un seul champ"),
        ({"prenom1": "ELODIE"}, "prenom1", "«\u202fÉlodie\u202f»"),
        ({"prenom1": "Anne", "prenom2": "Marie-Helene"}, "prenom2", "«\u202fHélène\u202f»"),
        ({"prenom1": "Anne", "prenom3": "Marie"}, "prenom2", "sans deuxième"),
        ({"annee_naissance": date.today().year - 11}, "annee_naissance", "moins de 14 ans"),
        ({"jour_naissance": None}, "jour_naissance", "homonyme"),
        ({"jour_naissance": None, "mois_naissance": None}, "mois_naissance", "homonyme"),
        ({"code_insee_naissance": "48000"}, "code_insee_naissance", "code postal"),
        ({"code_insee_naissance": "75003", "code_postal_naissance": ""}, "code_insee_naissance", "code postal"),
        (
            {"code_insee_naissance": "13001", "commune_naissance": "Marseille"},
            "code_insee_naissance",
            "Aix-en-Provence",
        ),
        ({"code_insee_naissance": "48999"}, "code_insee_naissance", "d’aucune commune"),
        ({"code_insee_naissance": "69123", "commune_naissance": "Lyon"}, "code_insee_naissance", "l’arrondissement"),
        (
            {"code_insee_naissance": "01003", "commune_naissance": "Amareins"},
            "code_insee_naissance",
            "dernier jour, le 31 décembre 1973",
        ),
        ({"libelle_pays_naissance": "Portugal"}, "pays_naissance", "99100 est le code de la France"),
        ({"commune_naissance": "Oran, Algérie", "code_insee_naissance": ""}, "commune_naissance", "99352"),
        ({"pays_naissance": "99139", "libelle_pays_naissance": "Portugal"}, "code_insee_naissance", "laissez-le vide"),
        (
            {"pays_naissance": "99139", "code_insee_naissance": "", "libelle_pays_naissance": "France"},
            "libelle_pays_naissance",
            "Portugal",
        ),
        ({"pays_naissance": "99998", "code_insee_naissance": ""}, "pays_naissance", "d’aucun pays"),
    ],
)
def test_chaque_defaut_est_dit_au_bon_champ(cog, champs, champ, extrait):
    """One slip, one doubt, beside the field where it is put right."""
    lus = doutes(**champs)
    assert extrait in lus[champ]
    assert set(lus) == {champ}


@pytest.mark.parametrize("prenom", ["Ines", "JOSE", "Andre", "Élodie", "ÉLODIE", "Camille", "Jean-Pierre"])
def test_un_prenom_qui_se_passe_d_accent_ne_souleve_aucun_doute(prenom):
    assert doutes(prenom1=prenom) == {}


def test_sans_le_cog_un_code_inconnu_ne_prouve_rien():
    """Only a built-in list: silence, but for what is no code at all."""
    assert doutes(code_insee_naissance="48999") == {}
    assert "code postal" in doutes(code_insee_naissance="48000")["code_insee_naissance"]


def test_une_commune_nee_apres_la_personne_est_signalee(cog):
    Commune.objects.create(code="01033", libelle="Valserhône", libelle_plie="valserhone", debut=date(2019, 1, 1))
    lus = doutes(code_insee_naissance="01033", commune_naissance="Valserhône")
    assert "depuis le 1er janvier 2019" in lus["code_insee_naissance"]


class TestEcrans:
    DOUTEUSE = {"titulaire-prenom1": "Jean Pierre Paul", "titulaire-code_insee_naissance": "48000"}

    def test_les_doutes_n_empechent_pas_d_enregistrer_et_rien_n_est_perdu(self, chez, saisie):
        """Saved as typed; the dossier says what to check, with a link to the field, where a screen reader tells it."""
        client = chez("employeur")
        candidature = entree.saisir(client, {**saisie, **self.DOUTEUSE})
        titulaire = Titulaire.objects.get()
        assert (titulaire.prenom1, titulaire.code_insee_naissance) == ("Jean Pierre Paul", "48000")
        for adresse in (candidature.get_absolute_url(), entree.page(candidature, "relecture")):
            page = client.get(adresse).text
            assert "À vérifier sur l’acte de naissance" in page and "3 prénoms" in page
            assert f"{entree.page(candidature, 'personne')}#id_titulaire-prenom1" in page
        page = client.get(entree.page(candidature, "personne")).text
        assert 'id="id_titulaire-prenom1_avertissement"' in page
        assert 'aria-describedby="id_titulaire-prenom1_helptext id_titulaire-prenom1_avertissement"' in page
        assert 'id="id_titulaire-nom_naissance_avertissement"' not in page

    def test_une_erreur_ailleurs_montre_aussi_les_doutes_et_garde_la_saisie(self, chez, saisie):
        reponse = entree.ecrire(chez("employeur"), {**saisie, **self.DOUTEUSE, "titulaire-courriel": "x"})
        assert reponse.status_code == 422
        assert 'value="Jean Pierre Paul"' in reponse.text and "3 prénoms" in reponse.text

    def test_un_formulaire_vierge_ne_doute_de_rien(self, chez, saisie):
        client = chez("employeur")
        entree.ouvrir(client, saisie)
        assert "_avertissement" not in client.get(entree.page(f.Candidature.objects.get(), "personne")).text

    @pytest.mark.parametrize("prenom", ["Jean, Pierre", "Jean/Pierre", "Jean;Pierre"])
    def test_ce_que_le_si_cpf_refuse_a_coup_sur_est_une_erreur(self, chez, saisie, prenom):
        """Separators in a first name: no lot would ever take it. What is typed is kept, to be put right."""
        client = chez("employeur")
        reponse = entree.ecrire(client, {**saisie, "titulaire-prenom1": prenom})
        assert reponse.status_code == 422 and "Un seul prénom par champ" in reponse.text
        assert f'value="{prenom}"' in reponse.text and Titulaire.objects.get().prenom1 == ""
        assert f'value="{prenom}"' in client.get(entree.page(f.Candidature.objects.get(), "personne")).text

    def test_l_evaluateur_ne_lit_pas_les_doutes(self, acteurs, chez):
        """They tell the birth: only who reads the civil status reads them."""
        candidature = f.affectee(acteurs, f.TitulaireFactory.build(prenom1="Jean Pierre"))
        adresse = candidature.get_absolute_url()
        assert "2 prénoms" in chez("gestionnaire").get(adresse).text
        assert "2 prénoms" not in chez("evaluateur").get(adresse).text
