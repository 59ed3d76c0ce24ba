"""The catalogue: facets that tell the truth, shareable addresses, a page that stays light."""

from datetime import date
from itertools import product

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.catalogue import fiches
from home.criteres import FACETTES, TRIS, Criteres
from home.resultats import Catalogue
from registre.models import Certification

from .exemples import creer_cqp, creer_filiere, creer_porteur, creer_version, jours, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def registre():
    """Seven CQPs that differ by trade, porteur, register, level, access modes and state."""
    pierre, cordes = creer_filiere("Maçonnerie", "maconnerie", 2), creer_filiere("Cordes", "cordes", 3)
    ftc = creer_porteur("FTC", "France Travaux sur Cordes")
    creer_cqp()
    creer_cqp("lauzier-calcaire", "CQP Couvreur lauzier calcaire", numero="RNCP41345", voies=("CA",))
    creer_cqp("macon", "CQP Maçon du patrimoine", pierre, numero="RNCP36506", niveau=4, niveau_cec=4)
    creer_cqp("pierre-seche", "CQP Intervenir en pierre sèche", pierre, repertoire="branche", voies=())
    creer_cqp("cordes", "CQP Travailler sur cordes", cordes, ftc, repertoire="rs", numero="RS6610", voies=("FC",))
    creer_cqp(
        "cordiste",
        "CQP Ouvrier cordiste",
        cordes,
        ftc,
        numero="RNCP34370",
        date_fin_enregistrement=jours(-30),
        date_limite_delivrance=jours(300),
    )
    creer_cqp("ancien", "CQP Ancien", cordes, ftc, numero="RNCP15075", date_fin_enregistrement=jours(-900))
    publier()


VALEURS = {
    "filiere": ["couverture", "maconnerie", "cordes", "inconnue"],
    "etat": ["en-cours", "delivrable", "echu"],
    "repertoire": ["rncp", "rs", "branche"],
    "niveau": ["3", "4", "sans"],
    "voie": ["fc", "ca", "vae"],
    "porteur": ["alc", "ftc"],
}
choix = st.fixed_dictionaries(
    {}, optional={nom: st.lists(st.sampled_from(v), min_size=1, max_size=2, unique=True) for nom, v in VALEURS.items()}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(selection=choix, requete=st.sampled_from(["", "couvreur", "cordistes", "pierre"]))
def test_un_compte_dit_ce_que_le_clic_donnera(registre, selection, requete):
    """Choosing one value alone in its facet gives exactly the number written beside it, whatever the other criteria."""
    lues = fiches()
    criteres = Criteres(requete, {nom: tuple(v) for nom, v in selection.items()})
    for facette in Catalogue(lues, criteres).facettes:
        for valeur in facette["choix"]:
            seule = Criteres(requete, {**criteres.choix, facette["nom"]: (valeur["valeur"],)})
            assert len(Catalogue(lues, seule).resultats) == valeur["compte"]


@given(
    selection=choix,
    requete=st.sampled_from(["", "pierre sèche", "RNCP 41346", "50 % & plus"]),
    tri=st.sampled_from(list(TRIS)),
    compares=st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple),
)
def test_une_adresse_se_partage(selection, requete, tri, compares):
    """The address of some criteria, read again, gives the same criteria and the same address."""
    criteres = Criteres(requete, {nom: tuple(sorted(v)) for nom, v in selection.items()}, tri, compares)
    adresse = criteres.adresse()
    relus = Criteres.lire(QueryDict(adresse.partition("?")[2]))
    assert relus == criteres
    assert relus.adresse() == adresse


def test_les_cqp_en_cours_viennent_d_abord(registre):
    """A visitor first sees what they can still obtain."""
    etats = [next(iter(f.valeurs["etat"])) for f in Catalogue(fiches(), Criteres("", {})).resultats]
    assert etats == sorted(etats, key=["en-cours", "delivrable", "echu"].index)


@pytest.mark.parametrize(
    ("tri", "premier"), [("titre", "CQP Ancien"), ("niveau", "CQP Maçon du patrimoine"), ("recent", "CQP Ancien")]
)
def test_on_trie_autrement(client, registre, tri, premier):
    """By title, by level from the highest, by the most recent decision; the order goes on from page to page."""
    Certification.objects.get(slug="ancien").versions.update(date_decision=jours(0))
    html = client.get("/cqp/", {"tri": tri}).content.decode()
    assert premier in html.partition("<h3>")[2][:80]
    assert f'value="{tri}" selected' in html
    assert client.get("/cqp/", {"tri": "n’importe quoi"}).status_code == 200


def test_un_champ_vide_ne_reste_pas_dans_l_adresse(client, registre):
    """A form sends its empty fields; the address that one shares holds only what was asked."""
    reponse = client.get("/cqp/?q=&tri=&niveau=3")
    assert reponse.status_code == 302 and reponse.url == "/cqp/?niveau=3"


def test_htmx_recoit_la_liste_seule_et_son_adresse(client, registre):
    """The list without the page, what to say aloud, the address for the history; a page asked again is whole."""
    reponse = client.get("/cqp/?q=&niveau=3&tri=", headers={"HX-Request": "true"})
    html = reponse.content.decode()
    assert "<html" not in html and "CQP Couvreur lauzier" in html
    assert "4 CQP répondent à votre recherche." in html
    assert reponse["HX-Push-Url"] == "/cqp/?niveau=3" and "HX-Request" in reponse["Vary"]
    revenue = client.get("/cqp/?niveau=3", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in revenue.content.decode()


def test_des_filtres_trop_serres_se_desserrent(client, registre):
    """Filters that leave nothing: how many CQPs answer without them (porteurs named so too), one click away."""
    html = client.get("/cqp/?q=couvreur&filiere=cordes").content.decode()
    assert "Retirer les filtres (4 CQP)" in html and 'href="/cqp/?q=couvreur"' in html


def test_chercher_sans_accent_trouve_la_carte(client, registre):
    """« macon seche » has no accent; « pierre seche » finds the dry stone CQP and no other."""
    page = client.get("/cqp/", {"q": "PIERRES SECHES"}).content.decode()
    assert "CQP Intervenir en pierre sèche" in page
    assert "CQP Ouvrier cordiste" not in page
    assert ">1 CQP</h2>" in page


def test_on_trouve_un_cqp_par_son_ancien_titre(client, registre):
    """People look for the title they once knew: every version counts."""
    creer_version(
        Certification.objects.get(slug="macon"),
        numero="RNCP11111",
        intitule="CQP Tailleur restaurateur",
        date_fin_enregistrement=date(2020, 1, 1),
    )
    page = client.get("/cqp/", {"q": "tailleurs"}).content.decode()
    assert "CQP Maçon du patrimoine" in page


def test_un_filtre_actif_se_retire(client, registre):
    """Each active criterion is a link to the same list without it."""
    page = client.get("/cqp/?q=cqp&filiere=cordes&niveau=3").content.decode()
    assert 'href="/cqp/?q=cqp&amp;niveau=3"' in page
    assert 'href="/cqp/?filiere=cordes&amp;niveau=3"' in page


def test_rien_trouve_propose_une_suite(client, registre):
    """An empty list offers a neighbouring word, or the way back to everything."""
    assert "couvreur" in client.get("/cqp/", {"q": "couvrer"}).content.decode()
    vide = client.get("/cqp/", {"q": "astronaute"}).content.decode()
    assert "Voir tous les CQP" in vide and "Maçonnerie" in vide


def test_une_adresse_fantaisiste_ne_casse_rien(client, registre):
    """Unknown values, pages out of range and markup are answered by a page, escaped."""
    for nom, valeur in product([*FACETTES, "q", "page", "autre"], ["<script>", "999999", "é" * 500, "'"]):
        reponse = client.get("/cqp/", {nom: valeur})
        assert reponse.status_code == 200
        assert "<script>999" not in reponse.content.decode()
        assert "&quot;<script>" not in reponse.content.decode()


def test_un_cqp_depublie_quitte_le_catalogue(client, registre):
    """What the editor withdraws is no longer listed, nor reachable."""
    page = Certification.objects.get(slug="cordes").page
    page.unpublish()
    assert "CQP Travailler sur cordes" not in client.get("/cqp/").content.decode()
    assert client.get("/cqp/cordes/").status_code == 404


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_cqp(client, django_assert_max_num_queries):
    """As many queries for 1 and 20 CQPs, 12 at most; the page of 20 weighs less than 50 KB."""
    creer_cqp()
    publier()
    client.get("/cqp/")
    with django_assert_max_num_queries(12) as un_seul:
        client.get("/cqp/")
    for rang in range(19):
        creer_cqp(
            f"cqp-{rang}", f"CQP Métier {rang}", creer_filiere(f"F{rang}", f"f{rang}"), numero=f"RNCP{rang + 100}"
        )
    publier()
    client.get("/cqp/")
    with django_assert_max_num_queries(12) as vingt:
        reponse = client.get("/cqp/")
    assert len(vingt) == len(un_seul)
    assert len(reponse.content) <= 50_000
