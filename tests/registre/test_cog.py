"""Birthplaces: the files of INSEE come in whole, and what people type finds the commune that existed at their birth."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from registre import cog
from registre.models import Commune, Pays
from registre.models.geographie import ORIGINE
from registre.referentiels import communes

pytestmark = pytest.mark.django_db

INSEE = {
    "v_commune_2026.csv": """TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT
COM,01004,84,01,01D,011,1,AMBERIEU EN BUGEY,Ambérieu-en-Bugey,Ambérieu-en-Bugey,0101,
COM,2A004,94,2A,20R,2A1,1,AJACCIO,Ajaccio,Ajaccio,2A99,
COM,69123,84,69,69M,691,0,LYON,Lyon,Lyon,,
ARM,69383,84,69,69M,691,0,LYON 3E ARRONDISSEMENT,Lyon 3e Arrondissement,Lyon 3e Arrondissement,,69123
ARM,75101,11,75,75C,751,0,PARIS 1ER ARRONDISSEMENT,Paris 1er Arrondissement,Paris 1er Arrondissement,,75056
ARM,75110,11,75,75C,751,0,PARIS 10E ARRONDISSEMENT,Paris 10e Arrondissement,Paris 10e Arrondissement,,75056
COM,42218,84,42,42D,423,0,SAINT ETIENNE,Saint-Étienne,Saint-Étienne,,
COM,01033,84,01,01D,012,0,VALSERHONE,Valserhône,Valserhône,0119,
COMD,01205,84,01,01D,012,0,LANCRANS,Lancrans,Lancrans,,01033
""",
    "v_commune_depuis_1943.csv": """COM,TNCC,NCC,NCCENR,LIBELLE,DATE_DEBUT,DATE_FIN
01003,1,AMAREINS,Amareins,Amareins,1943-01-01,1974-01-01
01033,0,BELLEGARDE,Bellegarde,Bellegarde,1943-01-01,1956-10-19
01033,0,BELLEGARDE SUR VALSERINE,Bellegarde-sur-Valserine,Bellegarde-sur-Valserine,1956-10-19,2019-01-01
01033,0,VALSERHONE,Valserhône,Valserhône,2019-01-01,
""",
    "v_pays_territoire_2026.csv": """COG,ACTUAL,CRPAY,ANI,LIBCOG,LIBENR,CODEISO2,CODEISO3,CODENUM3
99109,1,,,ALLEMAGNE,RÉPUBLIQUE FÉDÉRALE D'ALLEMAGNE,DE,DEU,276
99352,1,,1962,ALGÉRIE,RÉPUBLIQUE ALGÉRIENNE DÉMOCRATIQUE ET POPULAIRE,DZ,DZA,012
99425,1,,,CAIMANES (ILES),CAIMANES (ILES),KY,CYM,136
99425,1,,,BERMUDES,BERMUDES,BM,BMU,060
XXXXX,4,99505,,TERRE SANS CODE,TERRE SANS CODE,,,
""",
}
LEGERS = {
    "communes.csv": "type,code,libelle,parent\nCOM,01004,Ambérieu-en-Bugey,\nARM,69383,Lyon 3e Arrondissement,69123\n",
    "anciennes.csv": "code_ancien,libelle_ancien,date_effet,mod,code_nouveau,libelle_nouveau\n"
    "01003,Amareins,1974-01-01,33,01165,Amareins-Francheleins-Cesseins\n",
    "outremer.csv": "code_commune,nom_commune,code_collectivite,nom_collectivite,code_postal,population\n"
    "97502,Saint-Pierre,975,Saint-Pierre-et-Miquelon,97500,5340\n",
    "pays.csv": "iso2;iso3;cog;nom_fr_onu;partage\nDZ;DZA;99352;Algérie;\n;;99362;Zanzibar (historique);\n",
}


def ecrire(dossier, fichiers):
    for nom, texte in fichiers.items():
        (dossier / nom).write_text(texte, encoding="utf-8")
    return dossier


def charger(*sources, reel=True) -> str:
    sortie = StringIO()
    call_command("charger_cog", *map(str, sources), reel=reel, stdout=sortie, stderr=sortie)
    return sortie.getvalue()


def photo():
    champs = ("code", "libelle", "type", "debut", "fin", "code_successeur", "code_postal")
    return [list(Commune.objects.order_by("code", "debut").values_list(*champs)), list(Pays.objects.values_list())]


@pytest.fixture
def insee(tmp_path):
    charger(ecrire(tmp_path, INSEE))


def trouves(texte, *naissance):
    return [lieu.libelle for lieu in cog.chercher(texte, cog.Periode.de(*naissance) if naissance else None)]


class TestChargement:
    def test_a_blanc_rien_n_est_ecrit(self, tmp_path):
        """The dry run counts what it would write, says so, and takes everything back."""
        rapport = charger(ecrire(tmp_path, INSEE), reel=False)
        assert "8 créées" in rapport and "rien n’a été écrit" in rapport
        assert not Commune.objects.exists() and not Pays.objects.exists()

    def test_les_codes_gardent_leurs_zeros_et_la_corse_ses_lettres(self, insee):
        assert {"01004", "2A004", "69383"} <= set(Commune.objects.values_list("code", flat=True))
        assert Commune.objects.get(code="69383").type == "ARM"

    def test_l_historique_donne_les_periodes_et_les_noms_d_alors(self, insee):
        """One code, three names: each period ends when the next one begins."""
        assert [(c.libelle, c.debut.year, c.fin and c.fin.year) for c in cog.periodes("01033")] == [
            ("Bellegarde", 1943, 1956),
            ("Bellegarde-sur-Valserine", 1956, 2019),
            ("Valserhône", 2019, None),
        ]

    def test_une_commune_deleguee_n_est_pas_un_lieu_de_naissance(self, insee):
        assert not Commune.objects.filter(code="01205").exists()

    def test_charger_deux_fois_ne_change_rien(self, tmp_path, insee):
        avant = photo()
        rapport = charger(tmp_path)
        assert photo() == avant
        assert rapport.count(" 0 créées, 0 modifiées") == 3

    def test_l_ordre_des_fichiers_ne_compte_pas(self, tmp_path, insee):
        """Loaded one by one, history first: the same communes."""
        attendu = photo()
        Commune.objects.all().delete()
        for nom in ("v_commune_depuis_1943.csv", "v_commune_2026.csv"):
            charger(tmp_path / nom)
        assert photo() == attendu

    def test_les_fichiers_allegés_se_chargent_aussi(self, tmp_path):
        charger(ecrire(tmp_path, LEGERS))
        ancienne = Commune.objects.get(code="01003")
        assert (ancienne.debut, ancienne.fin) == (ORIGINE, date(1974, 1, 1))
        assert (ancienne.code_successeur, ancienne.libelle_successeur) == ("01165", "Amareins-Francheleins-Cesseins")
        assert Commune.objects.get(code="97502").code_postal == "97500"
        assert Pays.objects.get(code="99362").libelle == "Zanzibar"

    def test_un_pays_garde_son_nom_usuel_et_un_code_partage_son_premier_nom(self, insee):
        assert Pays.objects.get(code="99352").libelle == "Algérie"
        assert Pays.objects.filter(code="99425").count() == 1 and Pays.objects.count() == 3

    def test_une_ligne_fautive_est_dite_avec_son_numero(self, tmp_path):
        """A leading zero lost by a spreadsheet: the line is named, the others are in, the command fails."""
        fautif = {"communes.csv": "type,code,libelle,parent\nCOM,1004,Ambérieu,\nCOM,48095,Mende,\n"}
        sortie = StringIO()
        with pytest.raises(CommandError, match="1 ligne"):
            call_command("charger_cog", str(ecrire(tmp_path, fautif)), reel=True, stdout=sortie, stderr=sortie)
        assert "ligne 2\u00a0: «\u202f1004\u202f»" in sortie.getvalue()
        assert Commune.objects.get().code == "48095"

    @pytest.mark.parametrize("contenu", [b"a,b,c\n1,2,3\n", b"\xff\xfe\x00", b""])
    def test_un_fichier_etranger_est_refuse_par_une_phrase(self, tmp_path, contenu):
        (tmp_path / "x.csv").write_bytes(contenu)
        with pytest.raises(CommandError, match="COG|UTF-8"):
            charger(tmp_path / "x.csv")
        with pytest.raises(CommandError, match="Aucun fichier|UTF-8"):
            charger(tmp_path)


class TestRecherche:
    def test_sans_fichier_la_liste_integree_repond(self):
        """The demonstration needs no load; an unknown code then proves nothing."""
        assert trouves("lyon 3")[0] == "Lyon 3e Arrondissement (69383)"
        assert trouves("Oran (Algérie)") == ["Oran (Algérie, 99352)"]
        assert not cog.est_charge()

    @pytest.mark.parametrize("texte", ["lyon 3", "LYON 3EME", "Lyon 3e arrondissement", "69383", "Lyon 3e Arr (69383)"])
    def test_un_arrondissement_se_trouve_comme_on_l_ecrit(self, insee, texte):
        assert trouves(texte) == ["Lyon 3e Arrondissement (69383)"]

    def test_le_mot_entier_passe_avant_son_debut(self, insee):
        assert [t[:10] for t in trouves("paris 1")] == ["Paris 1er ", "Paris 10e "]

    def test_la_ville_entiere_n_est_pas_proposee_quand_elle_a_des_arrondissements(self, insee):
        assert trouves("lyon") == ["Lyon 3e Arrondissement (69383)"]

    @pytest.mark.parametrize("texte", ["st etienne", "Saint-Étienne", "SAINT ETIENNE", "etienne saint"])
    def test_saint_s_ecrit_comme_on_veut(self, insee, texte):
        assert trouves(texte) == ["Saint-Étienne (42218)"]

    @pytest.mark.parametrize(
        ("texte", "annee", "attendu"),
        [
            ("bellegarde", 1950, "Bellegarde (01033)"),
            ("bellegarde", 1990, "Bellegarde-sur-Valserine (01033)"),
            ("valserhone", 2020, "Valserhône (01033)"),
            ("amareins", 1930, "Amareins (01003)"),
        ],
    )
    def test_la_commune_proposee_est_celle_de_la_naissance(self, insee, texte, annee, attendu):
        assert trouves(texte, annee) == [attendu]

    def test_une_commune_disparue_avant_la_naissance_n_est_pas_proposee(self, insee):
        """It ceased on the 1st of January: the eve it existed, that day no more."""
        assert trouves("amareins", 1973, 12, 31) and not trouves("amareins", 1974, 1, 1)

    def test_une_ancienne_commune_dit_ses_dates(self, insee):
        (lieu,) = cog.chercher("amareins")
        assert lieu.precision == "jusqu’au 31 décembre 1973"

    @pytest.mark.parametrize("texte", ["Oran, Algérie", "oran algerie", "Oran (Algérie, 99352)", "Oran 99352"])
    def test_une_ville_etrangere_se_donne_avec_son_pays(self, insee, texte):
        (lieu,) = cog.chercher(texte)
        assert (lieu.commune.lower(), lieu.code_pays, lieu.pays, lieu.code_insee) == ("oran", "99352", "Algérie", "")

    def test_un_pays_seul_se_propose_et_la_france_non(self, insee):
        assert trouves("Allem") == ["Allemagne (99109)"]
        assert trouves("France") == []

    def test_une_proposition_se_relit_par_sa_cle(self, insee):
        for texte in ("amareins", "Oran, Algérie", "ajaccio"):
            (lieu,) = cog.chercher(texte)
            assert cog.lieu(lieu.cle) == lieu

    @pytest.mark.parametrize(
        "cle", ["", "commune:", "commune:01004:x", "pays:99999:Oran", "autre:1:2", "commune:0:0:0"]
    )
    def test_une_cle_inventee_ne_donne_rien(self, insee, cle):
        assert cog.lieu(cle) is None


class TestPliage:
    @settings(deadline=None)
    @given(st.text(max_size=60))
    def test_plier_deux_fois_ne_change_rien(self, texte):
        assert cog.plier_lieu(cog.plier_lieu(texte)) == cog.plier_lieu(texte)

    @settings(deadline=None)
    @given(st.text(max_size=80))
    def test_aucune_frappe_ne_casse_la_recherche(self, texte):
        """Whatever is typed, the answers are places with a code, and can be read again."""
        for lieu in cog.chercher(texte):
            assert lieu.code_insee or lieu.code_pays != cog.FRANCE
            assert cog.lieu(lieu.cle) == lieu

    @settings(deadline=None)
    @given(st.sampled_from(communes()), st.data())
    def test_une_commune_se_trouve_par_le_debut_de_chacun_de_ses_mots(self, commune, donnees):
        """Property: words cut short, in any order, in capitals, still find it, however many it takes."""
        mots = donnees.draw(st.permutations(cog.plier_lieu(commune.libelle).split()))
        coupes = [mot[: donnees.draw(st.integers(min(2, len(mot)), len(mot)))] for mot in mots]
        assert commune.code_insee in {c.code for c in cog.communes(" ".join(coupes).upper(), limite=200)}


@pytest.mark.parametrize(
    ("annee", "mois", "jour", "attendue"),
    [
        (1990, 5, 3, (date(1990, 5, 3), date(1990, 5, 3))),
        (1992, 2, None, (date(1992, 2, 1), date(1992, 2, 29))),
        (1990, None, None, (date(1990, 1, 1), date(1990, 12, 31))),
    ],
)
def test_une_naissance_partielle_est_une_periode(annee, mois, jour, attendue):
    periode = cog.Periode.de(annee, mois, jour)
    assert (periode.debut, periode.fin) == attendue


@pytest.mark.parametrize("parties", [(None,), (1990, 2, 30), (1990, 13), (0,)])
def test_une_date_impossible_n_est_pas_une_periode(parties):
    assert cog.Periode.de(*parties) is None
