"""The dashboard: every figure is a count, and opens the list that proves it."""

import re
from collections import Counter

import pytest
from django.test import Client

from backoffice.candidatures.models import ETAPE_DE_L_ETAT, Candidature
from backoffice.pilotage.figures import ETAPES, entonnoir

from ... import fabriques as f
from ...connexion import connecter

pytestmark = pytest.mark.django_db

TABLEAU = "/gestion/tableau/"


@pytest.fixture(scope="module")
def acteurs(scene):
    acteurs = f.Acteurs()
    for etape in (f.brouillon, f.deposee, f.deposee, f.recevable, f.invitee, f.evaluee, f.inscrite, f.decidee):
        etape(acteurs)
    f.decidee(acteurs, acquis=False)
    f.faire(f.deposee(acteurs), "desister", acteurs.employeur, motif="Départ de l’entreprise.")
    return acteurs


@pytest.fixture(scope="module")
def autres(scene):
    """Dossiers of another porteur, which must not be counted for this one."""
    autres = f.Acteurs()
    f.deposee(autres)
    f.decidee(autres)
    return autres


def lignes(candidatures) -> dict[str, int]:
    """The table of the chart: name of the step → figure."""
    return {re.sub("<[^>]+>", "", nom): nombre for nom, nombre in entonnoir(candidatures)["lignes"]}


@pytest.mark.parametrize("nom", ["gestionnaire", "certificateur", "auditeur"])
def test_chaque_chiffre_ouvre_la_liste_qui_le_prouve(acteurs, autres, nom):
    """The number of the tile is the number of dossiers of the list behind it, for each role and its scope."""
    client = connecter(Client(), getattr(acteurs, nom))
    page = client.get(TABLEAU)
    cartes = page.context["cartes"]
    assert sum(c["compte"] for c in cartes) > 8
    for carte in cartes:
        assert client.get(carte["url"]).context["total"] == carte["compte"], carte["titre"]
    adresses = re.findall(r'<th scope="row"><a href="([^"]+)">', page.text)
    assert len(adresses) == len(ETAPES)
    for adresse, (_, nombre) in zip(adresses, page.context["graphique"]["lignes"], strict=True):
        assert client.get(adresse.replace("&amp;", "&")).context["total"] == nombre


def test_le_tableau_ne_compte_que_ma_portee(acteurs, autres):
    """Two porteurs, two dashboards; the certificateur adds them up."""

    def en_cours(personne):
        return connecter(Client(), personne).get(TABLEAU).context["cartes"][0]["compte"]

    # The draft of an employer is not yet a dossier of the porteur.
    assert en_cours(acteurs.gestionnaire) == 6
    assert en_cours(autres.gestionnaire) == 1
    assert en_cours(acteurs.certificateur) == 8


def test_la_figure_le_tableau_et_les_comptes_disent_la_meme_chose(acteurs):
    """Bars, table and a count made by hand, dossier by dossier."""
    candidatures = Candidature.objects.all()
    a_la_main = Counter(ETAPES[ETAPE_DE_L_ETAT[d.etat]] for d in candidatures if d.etat in ETAPE_DE_L_ETAT)
    assert lignes(candidatures) == {nom: a_la_main[nom] for nom in ETAPES.values()}
    barres = {}
    for trace in entonnoir(candidatures)["figure"]["data"]:
        barres |= dict(zip(trace["y"], trace["x"], strict=True))
    assert barres == lignes(candidatures)


def test_le_titre_du_graphique_dit_le_constat(acteurs):
    """The finding names the step where most dossiers wait, the decided ones apart."""
    assert "«\u202fRecevabilité\u202f»" in entonnoir(Candidature.objects.all())["titre"]
    assert entonnoir(Candidature.objects.none())["titre"] == "Aucun dossier n’est en route"


def test_la_page_se_lit_sans_script(acteurs):
    """The table stands in the page itself: figures do not depend on the drawing."""
    page = connecter(Client(), acteurs.gestionnaire).get(TABLEAU)
    assert "Données du graphique" in page.text
    assert "C’est à l’étape" in page.text


@pytest.mark.parametrize("nom", ["employeur", "evaluateur", "presidente", "signataire"])
def test_les_autres_roles_n_y_entrent_pas(acteurs, nom):
    """Figures of the whole activity are not for everybody."""
    assert connecter(Client(), getattr(acteurs, nom)).get(TABLEAU).status_code == 403
