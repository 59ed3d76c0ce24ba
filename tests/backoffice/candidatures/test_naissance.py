"""Birthplace: one field finds the commune or the country, with and without JavaScript; free entry stays open."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from registre.models import Commune, Titulaire
from tests import fabriques as f
from tests.connexion import se_connecter

from . import entree

LIEUX = "/gestion/candidatures/lieux/"
HISTORIQUE = """COM,TNCC,NCC,NCCENR,LIBELLE,DATE_DEBUT,DATE_FIN
01003,1,AMAREINS,Amareins,Amareins,1943-01-01,1974-01-01
42218,0,SAINT ETIENNE,Saint-Étienne,Saint-Étienne,1943-01-01,
76575,0,SAINT ETIENNE DU ROUVRAY,Saint-Étienne-du-Rouvray,Saint-Étienne-du-Rouvray,1943-01-01,
"""


@pytest.fixture
def cog(db, tmp_path):
    (tmp_path / "v_commune_depuis_1943.csv").write_text(HISTORIQUE, encoding="utf-8")
    call_command("charger_cog", str(tmp_path), reel=True, verbosity=0, stdout=StringIO())


@pytest.fixture
def vide(saisie):
    """The entry of a dossier, its birthplace still to be told."""
    for champ in ("commune_naissance", "code_insee_naissance", "code_postal_naissance"):
        saisie[f"titulaire-{champ}"] = ""
    return saisie


def lieu_enregistre():
    champs = ("commune_naissance", "code_insee_naissance", "pays_naissance", "libelle_pays_naissance")
    return Titulaire.objects.values_list(*champs).get()


class TestSansJavaScript:
    @pytest.mark.parametrize(
        ("texte", "attendu"),
        [
            ("Lyon 3ème", ("Lyon 3e Arrondissement", "69383", "99100", "France")),
            ("oran algerie", ("Oran", "", "99352", "Algérie")),
            ("Oran (Algérie, 99352)", ("Oran", "", "99352", "Algérie")),
        ],
    )
    def test_un_lieu_sans_ambiguite_remplit_les_champs(self, chez, vide, texte, attendu):
        """With the built-in list alone: nothing to load for a demonstration."""
        reponse = entree.ecrire(chez("employeur"), {**vide, "titulaire-lieu_naissance": texte})
        assert reponse.status_code == 302
        assert lieu_enregistre() == attendu

    def test_plusieurs_lieux_se_proposent_puis_le_choix_est_retenu(self, cog, chez, vide):
        """Nothing is stored before the choice; what was typed elsewhere stays."""
        client, vide = chez("employeur"), {**vide, "titulaire-lieu_naissance": "st etienne"}
        reponse = entree.ecrire(client, vide)
        assert reponse.status_code == 422 and lieu_enregistre()[0] == ""
        assert "Saint-Étienne (42218)" in reponse.text and "Saint-Étienne-du-Rouvray (76575)" in reponse.text
        assert 'value="Maïté"' in reponse.text and 'value="st etienne"' in reponse.text
        choix = {"titulaire-lieu_choisi": "commune:76575:1943-01-01"}
        assert entree.ecrire(client, {**vide, **choix}).status_code == 302
        assert lieu_enregistre()[:2] == ("Saint-Étienne-du-Rouvray", "76575")

    def test_aucun_de_ceux_ci_garde_la_saisie_libre(self, cog, chez, vide):
        libre = {"titulaire-lieu_naissance": "st etienne", "titulaire-lieu_choisi": "libre"}
        client = chez("employeur")
        assert entree.ecrire(client, {**vide, **libre, "titulaire-commune_naissance": "Ailleurs"}).status_code == 302
        assert lieu_enregistre()[0] == "Ailleurs"

    def test_un_lieu_inconnu_se_dit_et_ne_ferme_pas_la_saisie_libre(self, chez, vide):
        client = chez("employeur")
        reponse = entree.ecrire(client, {**vide, "titulaire-lieu_naissance": "Zzyzx"})
        assert reponse.status_code == 422 and "Aucun lieu de ce nom" in reponse.text
        assert entree.ecrire(client, {**vide, "titulaire-commune_naissance": "Zzyzx"}).status_code == 302

    def test_l_ancienne_commune_n_est_retenue_que_pour_qui_y_est_ne(self, cog, chez, vide):
        """Gone on the 1st of January 1974: unknown to who is born in 1990, found by who is born in 1970."""
        client, vide = chez("employeur"), {**vide, "titulaire-lieu_naissance": "Amareins"}
        assert entree.ecrire(client, vide).status_code == 422
        assert entree.ecrire(client, {**vide, "titulaire-annee_naissance": "1970"}).status_code == 302
        assert lieu_enregistre()[:2] == ("Amareins", "01003")

    def test_le_lieu_choisi_reste_quand_une_autre_erreur_ramene_la_page(self, chez, vide):
        fautive = {**vide, "titulaire-lieu_naissance": "Lyon 3", "titulaire-courriel": "x"}
        reponse = entree.ecrire(chez("employeur"), fautive)
        assert reponse.status_code == 422
        assert 'value="69383"' in reponse.text and 'value="Lyon 3e Arrondissement"' in reponse.text

    def test_un_choix_invente_est_refuse(self, chez, vide):
        reponse = entree.ecrire(chez("employeur"), {**vide, "titulaire-lieu_choisi": "commune:00000:x"})
        assert reponse.status_code == 422 and "choisissez de nouveau" in reponse.text

    def test_un_pays_seul_garde_la_ville_deja_ecrite(self, chez, vide):
        ecrite = {"titulaire-lieu_naissance": "Portugal", "titulaire-commune_naissance": "Braga"}
        assert entree.ecrire(chez("employeur"), {**vide, **ecrite}).status_code == 302
        assert lieu_enregistre() == ("Braga", "", "99139", "Portugal")


class TestPropositions:
    def test_les_propositions_suivent_la_date_de_naissance(self, cog, chez):
        client = chez("employeur")
        assert "01003" in client.get(LIEUX, {"q": "amar", "annee_naissance": "1970"}).text
        assert "Aucun lieu" in client.get(LIEUX, {"q": "amar", "annee_naissance": "1990"}).text
        assert "jusqu’au 31 décembre 1973" in client.get(LIEUX, {"q": "amar"}).text

    @pytest.mark.parametrize("parametres", [{}, {"q": ""}, {"q": "x" * 5000}, {"q": "lyon", "annee_naissance": "²"}])
    def test_aucune_demande_ne_casse_la_page(self, chez, parametres):
        assert chez("employeur").get(LIEUX, parametres).status_code == 200

    def test_un_nom_hostile_ressort_inerte(self, chez):
        """What is typed comes back as a town: escaped, in text and in attributes."""
        page = chez("employeur").get(LIEUX, {"q": '"><script>x</script>, Algérie'}).text
        assert "99352" in page and "<script" not in page

    @pytest.mark.parametrize("role", ["evaluateur", "auditeur", "signataire"])
    def test_seuls_ceux_qui_ecrivent_un_dossier_demandent(self, chez, role):
        assert chez(role).get(LIEUX, {"q": "lyon"}).status_code == 403


@pytest.mark.navigateur
@pytest.mark.django_db(transaction=True)
def test_avec_javascript_un_clic_remplit_les_champs(ouvrir_navigateur):
    """Typing proposes, a click fills commune, code and country, and the dossier is saved with them."""
    acteurs = f.Acteurs()
    Commune.objects.create(
        code="01003", libelle="Amareins", libelle_plie="amareins", code_postal="01090", fin=date(1974, 1, 1)
    )
    page = se_connecter(ouvrir_navigateur(), "", acteurs.employeur.email, f.MOT_DE_PASSE, None)
    page.goto(entree.page(f.brouillon(acteurs, f.Titulaire()), "personne"))
    page.fill("[name=titulaire-annee_naissance]", "1970")
    page.locator("[name=titulaire-lieu_naissance]").press_sequentially("amar")
    page.get_by_role("button", name="Amareins (01003)").click()
    expect(page.locator("[name=titulaire-commune_naissance]")).to_have_value("Amareins")
    expect(page.locator("[name=titulaire-code_insee_naissance]")).to_have_value("01003")
    expect(page.locator("[name=titulaire-code_postal_naissance]")).to_have_value("01090")
    expect(page.locator("[name=titulaire-lieu_naissance]")).to_have_value("")
    expect(page.get_by_text("Lieu repris")).to_be_visible()
    page.locator("[name=titulaire-lieu_naissance]").press_sequentially("Porto, Portugal")
    page.get_by_role("button", name="Porto (Portugal, 99139)").click()
    expect(page.locator("[name=titulaire-pays_naissance]")).to_have_value("99139")
    expect(page.locator("[name=titulaire-code_insee_naissance]")).to_have_value("")
