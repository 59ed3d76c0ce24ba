"""Habilitations: granted, extended, withdrawn with a reason, and watched before they end (E1)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.evaluations.models import Habilitation
from registre.models import CourrielSortant
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


def jours(nombre) -> str:
    return f"{timezone.localdate() + timedelta(days=nombre):%Y-%m-%d}"


def accorder(client, acteurs, evaluateur, **champs):
    envoi = {
        "evaluateur": evaluateur.pk,
        "certification": acteurs.certification.pk,
        "debut": jours(0),
        "fin": jours(365),
        "cle": "h",
    }
    return client.post("/gestion/evaluations/habilitations/accorder/", envoi | champs)


def test_le_porteur_accorde_prolonge_et_retire(acteurs, client):
    """Each act tells the person by mail; withdrawn, the habilitation says since when and nothing more may be done."""
    personne = f.UtilisateurFactory(role=("evaluateur", acteurs.cpne))
    connecter(client, acteurs.gestionnaire)
    for _ in range(2):  # sent twice: one habilitation
        assert accorder(client, acteurs, personne).status_code == 302
    habilitation = Habilitation.objects.get(evaluateur=personne)
    acte = f"/gestion/actes/evaluations.habilitation/{habilitation.pk}"
    assert client.post(f"{acte}/prolonger/", {"fin": jours(300), "cle": "p"}).status_code == 409
    assert client.post(f"{acte}/prolonger/", {"fin": jours(700), "cle": "q"}).status_code == 302
    assert client.post(f"{acte}/retirer/", {"motif": "Fin de son mandat.", "cle": "r"}).status_code == 302
    habilitation.refresh_from_db()
    assert (habilitation.etat, habilitation.retiree_le) == ("retiree", timezone.localdate())
    page = client.get(habilitation.get_absolute_url()).content.decode()
    assert "a été retirée le" in page
    assert "Fin de son mandat." in page
    assert CourrielSortant.objects.filter(modele="habilitation", destinataire=personne.email).count() == 3
    assert client.post(f"{acte}/prolonger/", {"fin": jours(900), "cle": "s"}).status_code == 409


def test_on_n_accorde_pas_deux_fois_ni_hors_de_sa_portee(acteurs, client):
    """Overlapping dates are refused with those in force; another porteur's CQP is not a choice."""
    connecter(client, acteurs.gestionnaire)
    reponse = accorder(client, acteurs, acteurs.evaluateur)
    assert reponse.status_code == 422
    assert "prolongez cette habilitation" in reponse.content.decode()
    ailleurs = f.CertificationFactory()
    assert accorder(client, acteurs, acteurs.evaluateur, certification=ailleurs.pk).status_code == 422
    assert accorder(client, acteurs, acteurs.evaluateur, fin=jours(-2)).status_code == 422
    assert Habilitation.objects.count() == 1


def test_ce_qui_finit_bientot_se_voit_dans_a_faire_et_dans_la_liste(acteurs, client):
    """Sixty days before its end, who manages it is told; the others of the list are not."""
    proche = f.habilite(acteurs, fin=timezone.localdate() + timedelta(days=20))
    connecter(client, acteurs.gestionnaire)
    accueil = client.get("/gestion/").content.decode()
    assert "1 habilitation finit bientôt" in accueil
    page = client.get("/gestion/evaluations/habilitations/?vue=bientot").content.decode()
    assert str(proche) in page
    assert str(acteurs.evaluateur) not in page
    assert "finit bientôt" not in connecter(Client(), f.Acteurs().gestionnaire).get("/gestion/").content.decode()


def test_la_liste_coute_le_meme_nombre_de_requetes(acteurs, client, django_assert_num_queries):
    """One habilitation or twenty."""
    connecter(client, acteurs.gestionnaire)
    client.get("/gestion/evaluations/habilitations/")
    with CaptureQueriesContext(connection) as une:
        client.get("/gestion/evaluations/habilitations/")
    for _ in range(19):
        f.habilite(acteurs)
    with django_assert_num_queries(len(une)):
        client.get("/gestion/evaluations/habilitations/")
