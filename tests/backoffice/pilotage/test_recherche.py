"""The search: by POST only, within one's scope, whatever the accents and the case."""

import pytest
from django.test import Client

from ... import fabriques as f
from ...connexion import connecter

pytestmark = pytest.mark.django_db

RECHERCHE = "/gestion/recherche/"


@pytest.fixture
def acteurs():
    return f.Acteurs()


def titulaire(**champs):
    return f.TitulaireFactory.build(**{"nom_naissance": "Lefèvre-Dœuf", "prenom1": "Gaël", **champs})


def chercher(personne, texte):
    return connecter(Client(), personne).post(RECHERCHE, {"q": texte})


@pytest.mark.parametrize("texte", ["lefevre", "LEFÈVRE doeuf", "gael lefevre", "  Lefèvre  ", "lefevre couvreur"])
def test_on_trouve_une_personne_comme_on_tape_son_nom(acteurs, texte):
    """Accents, case, ligatures, order of the words and the name of the CQP do not matter."""
    dossier = f.deposee(acteurs, titulaire())
    f.deposee(acteurs, titulaire(nom_naissance="Martin"))
    assert [d.pk for d in chercher(acteurs.gestionnaire, texte).context["dossiers"]] == [dossier.pk]


def test_la_reference_exacte_mene_au_dossier(acteurs):
    """No list of one line to click through."""
    dossier = f.deposee(acteurs)
    reponse = chercher(acteurs.gestionnaire, dossier.reference.lower())
    assert (reponse.status_code, reponse.url) == (302, dossier.get_absolute_url())


def test_ce_qui_est_hors_de_portee_n_existe_pas(acteurs):
    """Neither by name, nor by reference, nor by the number of its document or of its minutes."""
    dossier = f.delivree(acteurs, titulaire())
    parchemin = dossier.delivrance.parchemin
    etrangers = f.Acteurs()
    for texte in ("lefevre", dossier.reference, parchemin.numero, parchemin.enregistrement["jury"]["pv"]):
        for nom in ("gestionnaire", "employeur", "evaluateur", "presidente", "signataire"):
            reponse = chercher(getattr(etrangers, nom), texte)
            assert reponse.status_code == 200
            assert "Aucun résultat" in reponse.text, (texte, nom)


def test_un_numero_de_document_et_un_numero_de_pv_se_trouvent(acteurs):
    """The certificateur finds both, with the way to the dossier and to the session."""
    dossier = f.delivree(acteurs)
    parchemin = dossier.delivrance.parchemin
    page = chercher(acteurs.certificateur, parchemin.numero)
    assert list(page.context["documents"]) == [parchemin]
    assert dossier.get_absolute_url() in page.text
    pv = parchemin.enregistrement["jury"]["pv"]
    assert [s.numero for s in chercher(acteurs.certificateur, pv).context["proces_verbaux"]] == [pv]


def test_un_nom_ne_voyage_pas_dans_une_adresse(acteurs):
    """A GET with a name in it searches nothing, so that no history nor log learns to hold names."""
    f.deposee(acteurs, titulaire())
    page = connecter(Client(), acteurs.gestionnaire).get(RECHERCHE, {"q": "lefevre"})
    assert page.status_code == 200
    assert page.context["dossiers"] == []
    assert "Que cherchez-vous" in page.text
    assert 'action="/gestion/recherche/"' in page.text


@pytest.mark.parametrize("texte", ["", "   ", "%", "_", "'; DROP TABLE x; --", "\x00", "é" * 500, "«»"])
def test_une_saisie_etrange_ne_trouve_rien_et_ne_casse_rien(acteurs, texte):
    """Signs alone are found nowhere; nothing that is typed reaches the database as anything but text."""
    f.deposee(acteurs, titulaire())
    reponse = chercher(acteurs.gestionnaire, texte)
    assert reponse.status_code == 200
    assert not reponse.context["dossiers"]


def test_ce_qui_est_cherche_est_montre_sans_etre_execute(acteurs):
    """The words typed come back as text."""
    page = chercher(acteurs.gestionnaire, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;" in page.text


def test_une_liste_trop_longue_se_dit(acteurs):
    """The first twenty-five, and the advice to be more precise."""
    from backoffice.pilotage.views import Recherche

    premier = f.deposee(acteurs, titulaire())
    for rang in range(Recherche.LIMITE):
        copie = type(premier).objects.get(pk=premier.pk)
        personne = f.TitulaireFactory(nom_naissance="Lefèvre-Dœuf")
        copie.pk, copie.reference, copie.titulaire = None, f"COPIE-{rang}", personne
        copie.save(force_insert=True)
    page = chercher(acteurs.gestionnaire, "lefevre")
    assert len(page.context["dossiers"]) == Recherche.LIMITE
    assert "précisez la recherche" in page.text
