"""The registry for other registers: linked data, catalogue, feed, map of the site, and numbers that lead somewhere."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registre.models import VersionCertification

from .exemples import creer_cqp, creer_version, jours, publier

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DCAT = "{http://www.w3.org/ns/dcat#}"


@pytest.fixture
def registre():
    lauzier = creer_cqp(date_fin_enregistrement=jours(900))
    creer_version(
        lauzier,
        numero="RNCP27062",
        intitule="CQP Lauzier",
        date_fin_enregistrement=jours(-30),
        date_limite_delivrance=jours(-2),
    )
    creer_cqp("cordes", "CQP Cordiste", repertoire="rs", numero="RS6610")
    creer_cqp("pierre-seche", "CQP Bâtir en pierre sèche", repertoire="branche")
    publier()
    mois = timezone.now() - timedelta(days=60)
    VersionCertification.objects.update(entree_le=mois, modifiee_le=mois)


class TestVersion:
    def test_schema_org_dit_la_certification_et_ses_blocs(self, client, registre):
        """An EducationalOccupationalCredential, its levels, its parts; never a person."""
        reponse = client.get("/registre/RNCP41346.jsonld")
        lue = reponse.json()
        assert reponse.headers["Content-Type"] == "application/ld+json"
        assert (lue["@type"], lue["identifier"]["value"]) == ("EducationalOccupationalCredential", "RNCP41346")
        assert [n["termCode"] for n in lue["educationalLevel"]] == ["3", "3"]
        assert lue["hasPart"][0]["competencyRequired"] == ["Lire un plan de toiture"]
        assert '"Person"' not in reponse.content.decode()

    def test_le_modele_europeen_ne_donne_un_niveau_qu_au_rncp(self, client, registre):
        """A Qualification has exactly one EQF level; what has none is not called so, and invents none."""
        lue = client.get("/registre/RNCP41346.elm.jsonld").json()
        assert lue["type"] == "Qualification" and lue["isPartialQualification"] is False
        assert lue["eqfLevel"]["id"].endswith("/eqf/3") and len(lue["nqfLevel"]) == 1
        assert [(p["type"], p["isPartialQualification"]) for p in lue["hasPart"]] == [("Qualification", True)]
        for nom in ("RS6610", f"BRANCHE-{VersionCertification.objects.get(repertoire='branche').pk}"):
            autre = client.get(f"/registre/{nom}.elm.jsonld").json()
            assert autre["type"] == "LearningAchievementSpecification"
            assert not {"eqfLevel", "nqfLevel", "isPartialQualification"} & set(autre)

    def test_chaque_mot_du_modele_est_dans_son_contexte(self, client, registre):
        """Nothing of the document is lost by who reads it as linked data: terms are declared or in the vocabulary."""
        lue = client.get("/registre/RNCP41346.elm.jsonld").json()
        assert lue["@context"]["@vocab"] == "http://data.europa.eu/snb/model/elm/"
        assert lue["title"] == {"fr": "CQP Couvreur lauzier"}
        assert lue["@context"]["title"]["@container"] == "@language"

    def test_le_nom_d_une_version_mene_les_gens_a_sa_page(self, client, registre):
        """303: the thing is not its page. Another case is put right, an unknown name is a problem in French."""
        reponse = client.get("/registre/RNCP27062")
        assert (reponse.status_code, reponse.headers["Location"]) == (303, "/cqp/couvreur-lauzier/")
        assert client.get("/registre/rncp41346.jsonld").headers["Location"] == "/registre/RNCP41346.jsonld"
        assert client.get("/registre/RNCP1.jsonld").json()["status"] == 404


class TestCatalogue:
    def test_le_catalogue_a_ce_que_dcat_ap_exige(self, client, registre, settings):
        """Title, description, publisher, data sets; each file has its address, its licence, its type, and answers."""
        lu = client.get("/registre/catalogue.jsonld").json()
        assert lu["@type"] == "dcat:Catalog"
        assert all(lu[f"dcterms:{nom}"] for nom in ("title", "description", "publisher"))
        assert len(lu["dcat:dataset"]) == 3
        for jeu in lu["dcat:dataset"]:
            assert all(jeu[f"dcterms:{nom}"] for nom in ("title", "description", "publisher", "modified"))
            for fichier in jeu["dcat:distribution"]:
                assert fichier["dcterms:license"] and fichier["dcat:mediaType"]
                adresse = fichier["dcat:accessURL"][0]["@id"].removeprefix(settings.ADRESSE_PUBLIQUE)
                assert client.get(adresse).status_code == 200, adresse

    def test_les_deux_ecritures_disent_la_meme_chose(self, client, registre):
        """RDF/XML has the same nodes as JSON-LD, each under its own name."""

        def noms(noeud):
            if isinstance(noeud, list):
                return [n for element in noeud for n in noms(element)]
            if not isinstance(noeud, dict):
                return []
            siens = [noeud["@id"]] if "@type" in noeud and "@id" in noeud else []
            return siens + [n for valeur in noeud.values() for n in noms(valeur)]

        json_ld = client.get("/registre/catalogue.jsonld").json()
        racine = ElementTree.fromstring(client.get("/registre/catalogue.rdf").content)
        assert racine.tag == f"{RDF}RDF" and racine[0].tag == f"{DCAT}Catalog"
        assert sorted(e.attrib[f"{RDF}about"] for e in racine.iter() if f"{RDF}about" in e.attrib) == sorted(
            noms(json_ld)
        )


class TestFil:
    def evenements(self, client) -> list[tuple[str, str]]:
        racine = ElementTree.fromstring(client.get("/registre/nouveautes.atom").content)
        return [
            (e.find(f"{ATOM}id").text.split("2026:")[1], e.find(f"{ATOM}updated").text)
            for e in racine.findall(f"{ATOM}entry")
        ]

    def test_le_fil_est_un_atom_valable(self, client, registre):
        """RFC 4287: each entry has an id of its own, a title, a date with its zone; the feed an author and itself."""
        reponse = client.get("/registre/nouveautes.atom")
        racine = ElementTree.fromstring(reponse.content)
        assert reponse.headers["Content-Type"].startswith("application/atom+xml")
        assert racine.tag == f"{ATOM}feed" and racine.find(f"{ATOM}author/{ATOM}name").text
        assert {lien.attrib["rel"] for lien in racine.findall(f"{ATOM}link")} == {"self", "alternate"}
        entrees = racine.findall(f"{ATOM}entry")
        noms = [e.find(f"{ATOM}id").text for e in entrees]
        assert len(set(noms)) == len(noms) == 6 and all(n.startswith("tag:") for n in noms)
        dates = [parse_datetime(e.find(f"{ATOM}updated").text) for e in entrees]
        assert all(d.tzinfo for d in dates) and dates == sorted(dates, reverse=True)
        assert parse_datetime(racine.find(f"{ATOM}updated").text) == dates[0]

    def test_une_version_entre_change_et_finit(self, client, registre):
        """The end of registration and that of delivery are two events, on the day after the last day."""
        noms = [nom for nom, _ in self.evenements(client)]
        assert noms[:2] == ["version/RNCP27062/fin-delivrance", "version/RNCP27062/fin"]
        assert "version/RNCP41346/fin" not in noms, "à venir"
        version = VersionCertification.objects.get(numero="RS6610")
        version.intitule = "CQP Ouvrier cordiste"
        version.save()
        assert self.evenements(client)[0][0] == "version/RS6610/modification"

    def test_un_evenement_garde_son_nom(self, client, registre):
        """Read twice, the feed says the same: readers do not see old news as new."""
        assert self.evenements(client) == self.evenements(client)


class TestAdresses:
    def test_le_plan_du_site_date_chaque_page_de_son_dernier_changement(self, client, registre):
        """The registry changed after the editor: the page of this CQP changed that day."""
        demain = timezone.now() + timedelta(days=1)
        VersionCertification.objects.filter(numero="RS6610").update(modifiee_le=demain)
        racine = ElementTree.fromstring(client.get("/sitemap.xml").content)
        dates = {u[0].text.split("/", 3)[3]: u[1].text if len(u) > 1 else "" for u in racine}
        assert dates["cqp/cordes/"] == dates["registre/"] == f"{timezone.localdate(demain)}"
        assert dates["cqp/pierre-seche/"] == f"{timezone.localdate() - timedelta(days=60)}"
        assert {"registre/donnees/", "registre/statistiques/", "api/v1/"} <= set(dates)

    @pytest.mark.parametrize("adresse", ["/RNCP41346", "/rNcP27062", "/Rs6610/"])
    def test_un_numero_repond_aussi_a_head(self, client, registre, adresse):
        """Whatever the case; a superseded version leads to the page of its CQP."""
        assert client.head(adresse).status_code == client.get(adresse).status_code == 302

    @pytest.mark.parametrize(
        "adresse, propose", [("/RNCP41345", "RNCP41346"), ("/RS41346", "RNCP41346"), ("/RNCP6610", "RS6610")]
    )
    def test_un_numero_inconnu_propose_le_plus_proche(self, client, registre, adresse, propose):
        """A wrong digit or the other register: a 404 that helps."""
        reponse = client.get(adresse)
        assert reponse.status_code == 404
        assert propose in reponse.content.decode()

    def test_un_numero_d_une_autre_branche_mene_a_france_competences(self, client, registre):
        """Nothing is like it here: its official fiche is one click away."""
        texte = client.get("/RS123").content.decode()
        assert "https://www.francecompetences.fr/recherche/rs/123/" in texte
        assert "ressemblent" not in texte
