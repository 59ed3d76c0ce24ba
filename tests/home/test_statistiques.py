"""The public statistics: exact where they are shown, silent where they would name somebody, the same everywhere."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.effectifs import effectifs_publies
from registre.models import Certification, Parchemin, SerieNumeros, Titulaire, VersionCertification
from registre.secret_statistique import TOTAL

from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db


def delivrer(numero: str, annee: int, nombre: int, **champs):
    """So many parchemins of this version in this year, written as rows: only their number matters here."""
    version = VersionCertification.objects.get(numero=numero)
    certificateur = version.certificateurs[0]
    serie, _ = SerieNumeros.objects.get_or_create(
        certificateur=certificateur, nature="parchemin", annee=annee, prefixe="ESSAI"
    )
    debut = Parchemin.objects.count()
    gens = Titulaire.objects.bulk_create(
        Titulaire(sexe="F", nom_naissance="Essai", prenom1="Zoé", annee_naissance=1990, courriel="a@example.org")
        for _ in range(nombre)
    )
    communs = {"nature": "parchemin", "serie": serie, "version": version, "certificateur": certificateur}
    communs |= {"delivre_le": date(annee, 6, 1), "lieu": "Paris", "enregistrement": {}, "sel": "0", "kid": 1, **champs}
    Parchemin.objects.bulk_create(
        Parchemin(
            titulaire=qui, rang=debut + n, numero=f"E{debut + n}", identifiant=f"e{debut + n}", jeton="x", **communs
        )
        for n, qui in enumerate(gens, 1)
    )


@pytest.fixture
def delivrances():
    creer_cqp()
    creer_cqp("cordes", "CQP Cordiste", repertoire="rs", numero="RS6610")
    creer_cqp("etancheur", "CQP Étancheur", numero="RNCP3")
    creer_cqp("retire", "CQP Retiré", numero="RNCP2")
    publier()
    Certification.objects.get(slug="retire").page.unpublish()
    for numero, annee, nombre in (
        ("RS6610", 2024, 40),
        ("RS6610", 2025, 50),
        ("RNCP41346", 2024, 3),
        ("RNCP41346", 2025, 12),
        ("RNCP3", 2024, 8),
        ("RNCP3", 2025, 9),
        ("RNCP2", 2025, 7),
    ):
        delivrer(numero, annee, nombre)


def lues(client) -> dict:
    lignes = client.get("/registre/statistiques.json").json()["statistiques"]
    return {(ligne["certification"], ligne["annee"]): ligne["parchemins"] for ligne in lignes}


def test_un_petit_nombre_est_masque_avec_ce_qui_le_revelerait(client, delivrances):
    """3 parchemins in 2024: neither they, nor what a subtraction would give them by."""
    chiffres = lues(client)
    assert chiffres["couvreur-lauzier", "2024"] is None
    connus = [n for (certification, annee), n in chiffres.items() if annee == "2024" and certification != "total"]
    assert connus.count(None) >= 2 or chiffres["total", "2024"] is None
    siens = [chiffres["couvreur-lauzier", a] for a in ("2024", "2025", "total")]
    assert siens.count(None) >= 2
    assert not [n for n in chiffres.values() if n is not None and 0 < n < 5]


def test_ce_qui_est_montre_est_exact(client, delivrances):
    """Figures that are shown are those of the registry, withdrawn certifications put together."""
    vrais = {("cordes", "2024"): 40, ("cordes", "2025"): 50, ("autres", "2025"): 7, ("total", "total"): 129}
    chiffres = lues(client)
    montres = {cle: chiffres[cle] for cle in vrais if chiffres[cle] is not None}
    assert montres and montres.items() <= vrais.items()


def test_un_parchemin_annule_ne_compte_plus(client, delivrances):
    """Nor does an attestation: only parchemins in force are counted."""
    avant = effectifs_publies().en_tout()
    delivrer("RS6610", 2025, 6, nature="attestation")
    assert effectifs_publies().en_tout() == avant
    assert TOTAL is None


def test_la_page_et_les_fichiers_disent_les_memes_chiffres(client, delivrances):
    """Each figure of the tables of the page is in the open data, and nothing else is."""
    page = client.get("/registre/statistiques/").content.decode()
    tableau = page.split('id="par-certification"')[1].split("<tbody>")[1].split("</tbody>")[0]
    cellules = re.findall(r'<td class="nombre">([^<]+)</td>', tableau)
    noms = {"cordes", "couvreur-lauzier", "etancheur", "autres", "total"}
    attendus = ["secret" if n is None else str(n) for (nom, _), n in lues(client).items() if nom in noms]
    assert sorted(c for c in cellules if c != "0") == sorted(attendus)


def test_une_figure_cachee_n_est_pas_dans_le_dessin(client, delivrances):
    """The JSON of a chart holds no more than its table: a hidden year has no bar."""
    graphiques = client.get("/registre/statistiques/").context["graphiques"]
    dessins = {g["id"]: g["figure"]["data"][0] for g in graphiques}
    assert set(dessins["par-annee"]["x"]) == {"2024", "2025"}
    valeurs = [*dessins["par-annee"]["y"], *dessins["par-certification"]["x"]]
    assert valeurs and all(n is None or n >= 5 for n in valeurs)


def test_sans_parchemin_la_page_reste_utile(client):
    """A young registry shows its versions, and says how figures will be made."""
    creer_cqp()
    publier()
    page = client.get("/registre/statistiques/").content.decode()
    assert "1 version ouverte aux candidats" in page and "Comment ces chiffres sont faits" in page
    assert client.get("/registre/statistiques.csv").status_code == 200


def test_le_nombre_de_requetes_est_constant(client, delivrances):
    """Whatever the number of certifications and of parchemins."""

    def requetes():
        with CaptureQueriesContext(connection) as lues_:
            client.get("/registre/statistiques/")
        return len(lues_)

    client.get("/registre/statistiques/")
    avant = requetes()
    creer_cqp("autre", "CQP Autre", numero="RNCP7")
    publier()
    delivrer("RNCP7", 2023, 20)
    client.get("/registre/statistiques/")  # a page that opens has the table counted again, once
    assert requetes() == avant <= 8
