"""The public registry: what it lists, how it sorts and filters, what leaves it, and what never does."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from home.registre_public.jeux import JEUX
from registre.models import Certification, VersionCertification

from .exemples import creer_cqp, creer_filiere, creer_porteur, creer_version, jours, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def registre():
    """Three legal states, a renewal, a version that a jury may still award, one withdrawn."""
    lauzier = creer_cqp()
    ancienne = creer_version(
        lauzier,
        numero="RNCP27062",
        intitule="CQP Lauzier",
        date_fin_enregistrement=jours(-30),
        date_limite_delivrance=jours(900),
    )
    VersionCertification.objects.get(numero="RNCP41346").succede_a.add(ancienne)
    creer_cqp("cordes", "CQP Cordiste", repertoire="rs", numero="RS6610", date_fin_enregistrement=jours(-900))
    creer_cqp("pierre-seche", "CQP Bâtir en pierre sèche", repertoire="branche")
    creer_cqp("retire", "CQP Retiré", numero="RNCP2")
    publier()
    Certification.objects.get(slug="retire").page.unpublish()


def titres(client, **filtres) -> list[str]:
    return [ligne["intitule"] for ligne in client.get("/registre/versions.json", filtres).json()["versions"]]


class TestTableau:
    def test_chaque_version_publiee_y_figure_et_nulle_autre(self, client, registre):
        """A renewal is a line of its own; withdrawing the page of a CQP withdraws all of it."""
        page = client.get("/registre/").content.decode()
        assert "4 versions" in page and "RNCP41346" in page and "RNCP27062" in page
        assert "Retiré" not in page

    def test_echu_ne_veut_pas_dire_plus_delivrable(self, client, registre):
        """Both dates stand side by side, and three states are told in words."""
        page = client.get("/registre/").content.decode()
        for mots in (
            "Enregistrée jusqu’au",
            "Délivrable jusqu’au",
            "Échu, encore délivrable",
            "En cours",
            "Sans terme",
        ):
            assert mots in page

    @pytest.mark.parametrize(
        "filtres, attendus",
        [
            ({"q": "lauziers"}, ["CQP Couvreur lauzier", "CQP Lauzier"]),
            ({"q": "RNCP 27062"}, ["CQP Lauzier"]),
            ({"q": "pierre seche"}, ["CQP Bâtir en pierre sèche"]),
            ({"repertoire": "rs"}, ["CQP Cordiste"]),
            ({"etat": "delivrable"}, ["CQP Lauzier"]),
            ({"etat": "echu"}, ["CQP Cordiste"]),
            ({"niveau": "sans"}, ["CQP Bâtir en pierre sèche", "CQP Cordiste"]),
            ({"niveau": "3", "etat": "en-cours"}, ["CQP Couvreur lauzier"]),
            ({"filiere": "couverture", "q": "cordiste"}, ["CQP Cordiste"]),
        ],
    )
    def test_les_filtres_valent_pour_la_page_et_pour_les_fichiers(self, client, registre, filtres, attendus):
        """What one sees is what one takes away."""
        assert titres(client, **filtres) == attendus
        page = client.get("/registre/", filtres).content.decode()
        assert f"{len(attendus)} version" in page
        assert [t for t in titres(client) if f">{t}</a>" in page] == attendus

    def test_un_filtre_qui_n_existe_pas_ne_montre_rien_et_le_dit(self, client, registre):
        """Neither the whole registry nor a broken page; programs get a problem in French."""
        page = client.get("/registre/", {"etat": "fermé"})
        assert page.status_code == 200 and "Aucune version" in page.content.decode()
        probleme = client.get("/registre/versions.csv", {"etat": "fermé"})
        assert probleme.status_code == 400
        assert probleme.headers["Content-Type"].startswith("application/problem+json")
        assert "etat" in probleme.json()["errors"]

    @pytest.mark.parametrize(
        "tri, premier",
        [("numero", "Bâtir"), ("-numero", "Cordiste"), ("-limite", "Lauzier"), ("intitule", "Bâtir"), ("zzz", "Bâtir")],
    )
    def test_l_ordre_est_dans_l_adresse(self, client, registre, tri, premier):
        """Numbers sort as numbers; an unknown order is the ordinary one."""
        lignes = client.get("/registre/", {"tri": tri, "page": "xx"}).content.decode().split("<tbody>")[1]
        assert premier in lignes.split("</tr>")[0]

    def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_versions(self, client, registre):
        """The page and each file cost the same for 4 versions and for 24."""

        def requetes():
            comptes = []
            for adresse in ("/registre/", "/registre/versions.csv", "/registre/blocs.json"):
                with CaptureQueriesContext(
                    connection,
                ) as lues:
                    client.get(adresse)
                comptes.append(len(lues))
            return comptes

        client.get("/registre/")
        avant = requetes()
        for rang in range(20):
            autre = creer_porteur(f"P{rang}", f"Porteur {rang}")
            creer_cqp(f"cqp-{rang}", f"CQP {rang}", creer_filiere(), autre, numero=f"RNCP5{rang:03}")
        publier()
        assert requetes() == avant
        assert max(avant) <= 12


class TestFichiers:
    def test_le_csv_se_lit_avec_son_dictionnaire(self, client, registre):
        """Same columns as the Table Schema, in order; each value has the type that the schema says."""
        reponse = client.get("/registre/versions.csv")
        assert reponse.content.startswith(b"\xef\xbb\xbf")
        lignes = list(csv.DictReader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
        schema = client.get("/registre/versions.schema.json").json()
        assert list(lignes[0]) == [champ["name"] for champ in schema["fields"]]
        assert len({ligne["identifiant"] for ligne in lignes}) == len(lignes) == 4
        for champ in schema["fields"]:
            valeurs = [ligne[champ["name"]] for ligne in lignes]
            bornes = champ.get("constraints", {})
            assert all(valeurs) or not bornes.get("required"), champ["name"]
            assert set(valeurs) <= {*bornes.get("enum", valeurs), ""}, champ["name"]
            if champ["type"] == "boolean":
                assert set(valeurs) <= {"true", "false", ""}
            if champ["type"] == "integer":
                assert all(v.isdecimal() for v in valeurs if v)
        couvreur = next(ligne for ligne in lignes if ligne["numero"] == "RNCP41346")
        assert (couvreur["succede_a"], couvreur["voies_acces"], couvreur["niveau"]) == ("RNCP27062", "FC|VAE", "3")

    @pytest.mark.parametrize("adresse", ["/registre/versions.csv", "/registre/blocs.xlsx", "/registre/versions.json"])
    def test_chaque_fichier_dit_sa_licence_et_son_dictionnaire(self, client, registre, adresse):
        """In the headers, whatever the format."""
        lien = client.get(adresse).headers["Link"]
        assert 'rel="license"' in lien and '.schema.json>; rel="describedby"' in lien

    def test_le_classeur_porte_son_dictionnaire_et_ses_textes_restent_des_textes(self, client, registre):
        """Three sheets; a title that looks like a formula is text, in the workbook as in the CSV."""
        VersionCertification.objects.filter(numero="RS6610").update(intitule='=HYPERLINK("x")')
        classeur = load_workbook(io.BytesIO(client.get("/registre/versions.xlsx").content))
        assert classeur.sheetnames[1:] == ["Dictionnaire", "Licence"]
        colonnes = [c.value for c in classeur.worksheets[0][1]]
        assert colonnes == [ligne[0].value for ligne in classeur["Dictionnaire"].iter_rows(min_row=2)]
        cellules = [c for ligne in classeur.worksheets[0].iter_rows() for c in ligne]
        assert [c.data_type for c in cellules if c.value == '=HYPERLINK("x")'] == ["s"]
        assert ";\"'=HYPERLINK" in client.get("/registre/versions.csv").content.decode()

    def test_le_json_dit_ce_qui_n_est_pas_su(self, client, registre):
        """A branch-only CQP has no number and no level: null, never an invented value."""
        recu = client.get("/registre/versions.json").json()
        branche = next(v for v in recu["versions"] if v["repertoire"] == "branche")
        assert (branche["numero"], branche["niveau"], branche["delivrable_jusqu_au"]) == (None, None, None)
        assert branche["identifiant"].startswith("BRANCHE-") and branche["etat"] == "en-cours"
        assert recu["licence"]["nom"] == "Licence Ouverte 2.0"

    def test_les_blocs_d_exemple_ne_sont_pas_des_donnees(self, client, registre):
        """An invented bloc is nobody's référentiel."""
        assert len(client.get("/registre/blocs.json").json()["blocs"]) == 4
        VersionCertification.objects.filter(numero="RS6610").update(blocs_exemple=True)
        assert len(client.get("/registre/blocs.json").json()["blocs"]) == 3

    def test_le_paquet_mene_a_chaque_table(self, client, registre, settings):
        """The Data Package names files and schemas that answer."""
        for table in client.get("/registre/datapackage.json").json()["resources"]:
            for cle in ("path", "schema"):
                chemin = table[cle].removeprefix(settings.ADRESSE_PUBLIQUE)
                assert client.get(chemin).status_code == 200, chemin

    def test_la_page_des_donnees_explique_chaque_colonne(self, client, registre):
        """The dictionary for people is that for programs."""
        page = client.get("/registre/donnees/").content.decode()
        for jeu in JEUX.values():
            for champ in jeu.champs:
                assert f"<code>{champ.nom}</code>" in page


class TestOuverture:
    def test_ce_qui_n_a_pas_change_n_est_pas_envoye_deux_fois(self, client, registre):
        """ETag and Last-Modified give a 304; any change gives a new answer, a withdrawn page included."""
        premiere = client.get("/registre/versions.json")
        for entete, valeur in (
            ("If-None-Match", premiere.headers["ETag"]),
            ("If-Modified-Since", premiere.headers["Last-Modified"]),
        ):
            reponse = client.get("/registre/versions.json", headers={entete: valeur})
            assert (reponse.status_code, reponse.content) == (304, b"")
        Certification.objects.get(slug="cordes").page.unpublish()
        suite = client.get("/registre/versions.json", headers={"If-None-Match": premiere.headers["ETag"]})
        assert suite.status_code == 200 and "Cordiste" not in json.dumps(suite.json())

    def test_les_autres_sites_lisent_et_nul_n_ecrit(self, client, registre):
        """Any origin may read; nothing else than reading is possible."""
        assert client.get("/registre/versions.json").headers["Access-Control-Allow-Origin"] == "*"
        assert client.options("/registre/versions.json").status_code == 204
        refus = client.post("/registre/versions.json")
        assert (refus.status_code, refus.json()["title"]) == (405, "Méthode refusée")

    def test_la_tete_seule_a_les_memes_entetes(self, client, registre):
        """HEAD answers as GET does, without a body."""
        tete, entiere = client.head("/registre/versions.csv"), client.get("/registre/versions.csv")
        assert (tete.content, tete.headers["ETag"]) == (b"", entiere.headers["ETag"])

    def test_qui_demande_sans_fin_attend(self, client, registre, monkeypatch):
        """Beyond what a harvest needs, 429 with the time to wait."""
        monkeypatch.setattr("home.ouvert.TOLERANCE", 3)
        statuts = [client.get("/registre/datapackage.json").status_code for _ in range(5)]
        assert statuts.count(429) == 2 and statuts[0] == 200
        assert client.get("/registre/datapackage.json").headers["Retry-After"] == "60"

    def test_aucune_donnee_personnelle_ne_sort(self, client, registre):
        """The address and the telephone of a body may be those of a person: they stay inside."""
        porteur = creer_porteur()
        porteur.courriel, porteur.telephone = "jean@example.org", "0639980000"
        porteur.save()
        for adresse in ("/registre/", "/registre/versions.json", "/registre/blocs.json", "/registre/donnees/"):
            texte = client.get(adresse).content.decode()
            assert "jean@example.org" not in texte and "0639980000" not in texte


class TestDatesDesVersions:
    def test_seul_un_changement_lisible_date_la_version(self, client):
        """Saving again what is already there is no news; a new title is."""
        version = creer_cqp().versions.get()
        avant = version.modifiee_le
        version.source = "Autre export"
        version.save()
        assert version.modifiee_le == avant
        version.intitule = "CQP Couvreur lauzier (H/F)"
        version.save(update_fields=["intitule"])
        version.refresh_from_db()
        assert version.modifiee_le > avant
