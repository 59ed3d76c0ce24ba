"""The read-only API: what it answers, that its OpenAPI document tells the truth, its errors in French."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.api.points import api
from home.api.views import document
from registre.models import Certification, Organisme, VersionCertification

from .exemples import creer_cqp, creer_version, jours, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def registre():
    lauzier = creer_cqp()
    ancienne = creer_version(lauzier, numero="RNCP27062", intitule="CQP Lauzier", date_fin_enregistrement=jours(-30))
    VersionCertification.objects.get(numero="RNCP41346").succede_a.add(ancienne)
    creer_cqp("pierre-seche", "CQP Bâtir en pierre sèche", repertoire="branche")
    creer_cqp("retire", "CQP Retiré", numero="RNCP2")
    publier()
    Certification.objects.get(slug="retire").page.unpublish()
    Organisme.objects.filter(sigle="ALC").update(siret="73282932000074", telephone="0639980000")


def conforme(valeur, schema, modeles) -> list[str]:
    """Where `valeur` is not what this schema says; the part of JSON Schema that our document uses."""
    if "$ref" in schema:
        return conforme(valeur, modeles[schema["$ref"].rsplit("/", 1)[1]], modeles)
    if "anyOf" in schema:
        essais = [conforme(valeur, autre, modeles) for autre in schema["anyOf"]]
        return [] if not all(essais) else essais[0]
    if "enum" in schema and valeur not in schema["enum"]:
        return [f"{valeur!r} hors de {schema['enum']}"]
    genre = schema.get("type")
    attendu = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}
    if genre and (not isinstance(valeur, attendu[genre]) or genre == "integer" and isinstance(valeur, bool)):
        return [f"{valeur!r} n’est pas {genre}"]
    if genre == "array":
        return [faute for element in valeur for faute in conforme(element, schema["items"], modeles)]
    if genre == "object":
        connus = schema["properties"]
        fautes = [f"{nom} manque" for nom in schema.get("required", ()) if nom not in valeur]
        fautes += [f"{nom} n’est pas dit" for nom in valeur if nom not in connus]
        return fautes + [
            f"{nom} : {faute}"
            for nom in valeur
            if nom in connus
            for faute in conforme(valeur[nom], connus[nom], modeles)
        ]
    return []


class TestOpenAPI:
    def test_chaque_reponse_est_celle_que_le_document_promet(self, client, registre):
        """Every operation is called for real; each answer is held against its own schema."""
        exemples = {
            "/api/v1/versions/{nom}": "RNCP41346",
            "/api/v1/certifications/{nom}": "couvreur-lauzier",
            "/api/v1/organismes/{nom}": "73282932000074",
        }
        lu = client.get("/api/v1/openapi.json").json()
        modeles = lu["components"]["schemas"]
        assert len(lu["paths"]) == 7 and lu["openapi"].startswith("3.1")
        for chemin, operations in lu["paths"].items():
            assert list(operations) == ["get"], "rien d’autre que lire"
            url = chemin.replace("{nom}", exemples.get(chemin, ""))
            reponse = client.get(url)
            assert reponse.status_code == 200, url
            schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            assert conforme(reponse.json(), schema, modeles) == [], url

    def test_le_lecteur_de_schemas_voit_une_faute(self):
        """Positive control: a wrong type, a missing name, an unknown one."""
        schema = {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}, "b": {}}}
        assert len(conforme({"a": "1", "c": 2}, schema, {})) == 3

    def test_les_erreurs_sont_dans_le_document(self):
        """Each operation says what it answers when it cannot."""
        for operations in document()["paths"].values():
            assert {"200", "304", "404", "422", "429"} <= set(operations["get"]["responses"])

    def test_la_page_pour_les_gens_dit_chaque_adresse_sans_script(self, client, registre):
        """Drawn by the server: nothing comes from elsewhere, and each parameter is explained."""
        page = client.get("/api/v1/").content.decode()
        for chemin, operations in document()["paths"].items():
            assert f"GET {chemin}" in page
            for parametre in operations["get"].get("parameters", ()):
                assert f"<code>{parametre['name']}</code>" in page
        assert "swagger" not in page.lower() and 'src="http' not in page


class TestReponses:
    def test_une_version_vient_avec_ses_blocs_et_sa_lignee(self, client, registre):
        """Whatever the case of its number."""
        recue = client.get("/api/v1/versions/rncp41346").json()
        assert (recue["numero"], recue["succede_a"]) == ("RNCP41346", ["RNCP27062"])
        assert recue["blocs"][0]["competences"] == ["Lire un plan de toiture"]

    def test_une_certification_garde_son_nom_de_version_en_version(self, client, registre):
        """One family, two versions, the current one told apart."""
        recue = client.get("/api/v1/certifications/couvreur-lauzier").json()
        assert sorted(recue["versions"]) == ["RNCP27062", "RNCP41346"]
        assert recue["version_actuelle"] == "RNCP41346"

    def test_un_cqp_de_branche_a_un_nom_a_lui(self, client, registre):
        """Without a number, its identifier still leads to it."""
        nom = client.get("/api/v1/versions?repertoire=branche").json()["resultats"][0]["identifiant"]
        assert client.get(f"/api/v1/versions/{nom}").json()["repertoire"] == "branche"

    def test_les_pages_se_suivent_sans_rien_perdre(self, client, registre, settings):
        """Following « suivante » gives each object once."""
        vus, adresse = [], "/api/v1/versions?taille=2"
        while adresse:
            recue = client.get(adresse.removeprefix(settings.ADRESSE_PUBLIQUE)).json()
            vus += [v["identifiant"] for v in recue["resultats"]]
            adresse = recue["suivante"]
        assert len(vus) == len(set(vus)) == recue["total"] == 3

    @pytest.mark.parametrize(
        "filtre, attendus", [("organisme=73282932000074", 3), ("certification=couvreur-lauzier", 2), ("q=pierre", 1)]
    )
    def test_les_filtres(self, client, registre, filtre, attendus):
        """By body, by certification, by words."""
        assert client.get(f"/api/v1/versions?{filtre}").json()["total"] == attendus

    def test_un_organisme_ne_dit_rien_d_une_personne(self, client, registre):
        """No mail, no telephone, no street."""
        texte = client.get("/api/v1/organismes").content.decode()
        assert "73282932000074" in texte and "0639980000" not in texte and "example.org" not in texte

    def test_le_nombre_de_requetes_est_constant(self, client, registre):
        """Lists cost the same for 3 versions and for 13."""
        adresses = [f"/api/v1/{nom}" for nom in ("versions", "certifications", "blocs", "organismes")]

        def comptes():
            lus = []
            for adresse in adresses:
                with CaptureQueriesContext(connection) as requetes:
                    assert client.get(adresse).status_code == 200
                lus.append(len(requetes))
            return lus

        avant = comptes()
        for rang in range(10):
            creer_cqp(f"cqp-{rang}", f"CQP {rang}", numero=f"RNCP5{rang:03}")
        publier()
        assert comptes() == avant and max(avant) <= 12


class TestErreurs:
    @pytest.mark.parametrize(
        "adresse, statut",
        [
            ("/api/v1/versions/RNCP2", 404),  # withdrawn
            ("/api/v1/versions/BRANCHE-9999999999999999999", 404),
            ("/api/v1/certifications/inconnue", 404),
            ("/api/v1/organismes/00000000000000", 404),
            ("/api/v1/rien", 404),
            ("/api/v2/versions", 404),
            ("/api/v1/versions?taille=1000", 422),
            ("/api/v1/versions?page=zero", 422),
            ("/api/v1/versions?etat=ferme", 422),
        ],
    )
    def test_une_erreur_est_un_probleme_en_francais(self, client, registre, adresse, statut):
        """RFC 9457, readable by a person too; other sites may read it."""
        reponse = client.get(adresse)
        assert reponse.status_code == reponse.json()["status"] == statut
        assert reponse.headers["Content-Type"].startswith("application/problem+json")
        assert reponse.json()["detail"].endswith(".")
        assert reponse.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
    def test_rien_ne_s_ecrit(self, client, registre, methode):
        """Reading only, and said in French."""
        reponse = getattr(client, methode)("/api/v1/versions")
        assert (reponse.status_code, reponse.json()["title"]) == (405, "Méthode refusée")

    def test_une_panne_ne_montre_rien(self, client, registre, monkeypatch):
        """An unexpected error: logged on our side, a sentence on theirs."""
        monkeypatch.setattr("home.api.points._organisme", lambda lu: 1 / 0)
        reponse = client.get("/api/v1/organismes")
        assert reponse.status_code == 500 and "division" not in reponse.content.decode()

    def test_head_et_304(self, client, registre):
        """The same tag for both methods; sent back, it gives nothing to read again."""
        lue = client.get("/api/v1/versions")
        assert client.head("/api/v1/versions").headers["ETag"] == lue.headers["ETag"]
        assert client.get("/api/v1/versions", headers={"If-None-Match": lue.headers["ETag"]}).status_code == 304

    def test_les_operations_ont_chacune_leur_nom(self):
        """Programs are generated from these names."""
        noms = [o["get"]["operationId"] for o in api.get_openapi_schema(path_prefix="/")["paths"].values()]
        assert len(noms) == len(set(noms))
