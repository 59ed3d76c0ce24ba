"""Comparing CQPs: three at most, chosen from the cards, at an address one may share."""

import re
from datetime import date

import pytest

from home.criteres import Criteres
from registre.models import Bloc

from .exemples import creer_cqp, creer_filiere, jours, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def trois():
    creer_cqp(date_fin_enregistrement=date(2090, 9, 24))
    creer_cqp("macon", "CQP Maçon", creer_filiere("Maçonnerie", "maconnerie", 2), repertoire="branche", voies=("FC",))
    creer_cqp("cordiste", "CQP Cordiste", numero="RNCP34370", date_fin_enregistrement=jours(-30))
    creer_cqp("quatrieme", "CQP Quatrième", numero="RNCP1")
    publier()


def lignes(html):
    """The words of each row of the table, by its heading; « Différent » among them when it is marked."""
    rangees = re.findall(r'<tr role="row".*?</tr>', html, re.DOTALL)
    return {titre[1].strip(): r for r in rangees if (titre := re.search(r'scope="row">([^<]*)', r))}


def test_on_choisit_sur_les_cartes_sans_javascript(client, trois):
    """Each card has a link; the choice follows from one list to the next, and the third choice closes the door."""
    html = client.get("/cqp/").content.decode()
    assert 'href="/cqp/?comparer=macon"' in html and "Comparer ces" not in html
    html = client.get("/cqp/?comparer=macon").content.decode()
    assert "Choisissez un autre CQP" in html and 'name="comparer" value="macon"' in html
    html = client.get("/cqp/?comparer=macon&comparer=cordiste&niveau=3").content.decode()
    assert 'href="/cqp/comparer/?cqp=macon&amp;cqp=cordiste"' in html
    assert "comparer=macon&amp;comparer=cordiste&amp;comparer=couvreur-lauzier" in html
    pleine = client.get("/cqp/?comparer=macon&comparer=cordiste&comparer=couvreur-lauzier").content.decode()
    assert "comparer=quatrieme" not in pleine


def test_le_tableau_montre_les_faits_et_marque_les_differences(client, trois):
    """One column per CQP in the order asked, headers with their scope, a word on the rows that differ."""
    html = client.get("/cqp/comparer/?cqp=macon&cqp=couvreur-lauzier").content.decode()
    titres = re.findall(r'scope="col"><a href="([^"]+)"', html)
    assert titres == ["/cqp/macon/", "/cqp/couvreur-lauzier/"]
    assert html.count('scope="row"') == html.count('<tr role="row"') - 1
    vues = lignes(html)
    assert "Différent" in vues["Filière"] and "Différent" in vues["Niveau du cadre national"]
    assert "Différent" not in vues["Blocs de compétences"]
    seules = client.get("/cqp/comparer/?cqp=macon&cqp=couvreur-lauzier&differences=1").content.decode()
    assert "Blocs de compétences" not in seules and "Maçonnerie" in seules


@pytest.mark.parametrize(
    "demande", ["", "?cqp=inconnu", "?cqp=macon", "?cqp=%00&cqp=<b>", "?cqp=" + "a" * 500, "?cqp=macon&cqp=macon"]
)
def test_une_demande_incomplete_ou_fantaisiste_ramene_au_catalogue(client, trois, demande):
    """Fewer than two CQPs: a page that says how to choose them, and keeps the one already chosen."""
    reponse = client.get(f"/cqp/comparer/{demande}")
    assert reponse.status_code == 200
    html = reponse.content.decode()
    assert "Choisissez au moins deux CQP" in html
    assert ("/cqp/?comparer=macon" in html) == ("macon" in demande)


def test_un_cqp_depublie_ne_se_compare_plus_et_le_quatrieme_est_laisse(client, trois):
    """What the editor withdraws leaves the comparison; a fourth is left out."""
    quatre = "?cqp=macon&cqp=cordiste&cqp=couvreur-lauzier&cqp=quatrieme"
    assert "CQP Quatrième" not in client.get(f"/cqp/comparer/{quatre}").content.decode()
    from registre.models import Certification

    Certification.objects.get(slug="macon").page.unpublish()
    assert "CQP Maçon" not in client.get(f"/cqp/comparer/{quatre}").content.decode()


def test_trois_cqp_coutent_autant_de_requetes_que_deux(client, trois, django_assert_max_num_queries):
    """Constant queries, whatever the number of CQPs and of blocs."""
    client.get("/cqp/comparer/?cqp=macon&cqp=cordiste")
    with django_assert_max_num_queries(12) as deux:
        client.get("/cqp/comparer/?cqp=macon&cqp=cordiste")
    for bloc in list(Bloc.objects.all()):
        Bloc.objects.create(version=bloc.version, code="BC09", libelle="Trier", ordre=9)
    with django_assert_max_num_queries(12) as toutes:
        client.get("/cqp/comparer/?cqp=macon&cqp=cordiste&cqp=couvreur-lauzier")
    assert len(toutes) == len(deux)


def test_basculer_deux_fois_ne_change_rien():
    """Putting aside, then taking back, gives the same criteria; at most three are ever read."""
    criteres = Criteres("pierre", {"niveau": ("3",)}, compares=("a", "b"))
    assert criteres.basculer_comparaison("c").basculer_comparaison("c") == criteres
