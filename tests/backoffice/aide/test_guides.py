"""The guides: one per role, open to all, true to the screens they speak of."""

import re

import pytest
from django.template.loader import get_template
from django.urls import get_resolver, reverse

from backoffice.aide.captures import DOSSIER, dimensions
from backoffice.aide.guides import GUIDES, sections
from backoffice.comptes.models import Role
from tests import fabriques as f
from tests.connexion import connecter
from tests.navigateur import regarder

pytestmark = pytest.mark.django_db


def noms_d_ecrans() -> set[str]:
    """Every named address of the project, « app:name »."""
    noms = set()

    def descendre(resolveur, espace):
        for motif in resolveur.url_patterns:
            if hasattr(motif, "url_patterns"):
                descendre(motif, [*espace, motif.namespace] if motif.namespace else espace)
            elif motif.name:
                noms.add(":".join([*espace, motif.name]))

    descendre(get_resolver(), [])
    return noms


def source(guide) -> str:
    return get_template(guide.gabarit).template.source


def test_chaque_role_a_son_guide(client):
    """Those that one holds by an account, and the évaluateur métier who has none; each opens without an account."""
    assert {g.role for g in GUIDES} >= {*Role.Nom.values, "metier"}
    assert client.get(reverse("aide:sommaire")).status_code == 200
    for guide in GUIDES:
        reponse = client.get(guide.get_absolute_url())
        assert reponse.status_code == 200 and f"<h1>{guide.titre}</h1>" in reponse.text
    assert client.get(reverse("aide:guide", args=["astronaute"])).status_code == 404


@pytest.mark.parametrize("guide", GUIDES, ids=lambda g: g.slug)
def test_un_guide_parle_d_ecrans_qui_existent(guide):
    """The screens it helps with have an address; its pictures have been taken; none is left unused."""
    assert sections(guide.slug).keys() <= noms_d_ecrans()
    captures = re.findall(r'{% capture "([^"]+)"', source(guide))
    assert all(nom in dimensions() and (DOSSIER / f"{nom}.webp").exists() for nom in captures)


def test_aucune_capture_n_est_oubliee():
    """Each picture of the folder is shown by a guide."""
    montrees = {nom for g in GUIDES for nom in re.findall(r'{% capture "([^"]+)"', source(g))}
    assert montrees == {fichier.stem for fichier in DOSSIER.glob("*.webp")} == set(dimensions())


def test_l_aide_d_un_ecran_mene_a_la_partie_qui_en_parle(client):
    """From the list of dossiers, the manager reads how to search; from a screen no guide names, the whole guide."""
    acteurs = f.Acteurs()
    connecter(client, acteurs.gestionnaire)
    assert f'href="{reverse("aide:guide", args=["gestionnaire"])}#liste"' in client.get("/gestion/candidatures/").text
    assert f'href="{reverse("aide:guide", args=["gestionnaire"])}"' in client.get("/gestion/recherche/").text
    sommaire = client.get(reverse("aide:sommaire")).text
    assert sommaire.index("Gestionnaire d’un porteur") < sommaire.index("Pour les autres")


@pytest.mark.django_db(transaction=True)
def test_les_guides_se_lisent_partout(ouvrir_navigateur):
    """Contents, a guide with wide pictures, a guide with a narrow one: axe finds nothing, nothing overflows."""
    ecran = ouvrir_navigateur()
    for adresse in ("/aide/", "/aide/gestionnaire/", "/aide/candidat/"):
        ecran.goto(adresse)
        regarder(ecran)
