"""The list of sealed minutes: what each row proves, and who reads it."""

import pytest
from django.db import connection
from django.urls import reverse

from backoffice.jurys.models import ProcesVerbal
from registre.transitions import executer
from tests import fabriques as f
from tests.bases import base_ouverte
from tests.connexion import connecter

from .outils import page, texte

pytestmark = pytest.mark.django_db

LISTE = "/gestion/jurys/proces-verbaux/"


def test_une_ligne_par_pv_scelle(acteurs, client):
    """Number, signatories, hash, corrections, PDF; minutes that still wait for a signature are not there."""
    session = f.decidee(acteurs).inscriptions.get().session
    rectifier = {"au_lieu_de": "à Paris", "lire": "à Lyon", "motif": "Le lieu a été mal reporté."}
    session = executer(f.SESSION, "preparer_rectificatif", session, acteurs.gestionnaire, rectifier)
    connecter(client, acteurs.auditeur)
    lue = texte(client.get(LISTE))
    for attendu in (session.pv.numero, str(acteurs.presidente), str(acteurs.vice_president), page(session) + "pv/"):
        assert attendu in lue
    assert "Aucun</td>" in lue  # the correction is not signed yet
    for qui in (acteurs.presidente, acteurs.vice_president):
        donnees = {"empreinte": session.rectificatif_a_signer.empreinte, "preuve": f.preuve(qui)}
        session = executer(f.SESSION, "signer_rectificatif", session, qui, donnees)
    assert reverse("jurys:document_rectificatif", args=[session.pk, 1]) in texte(client.get(LISTE))
    ouverte = f.session(acteurs)
    dossier = f.inscrite(acteurs, ouverte)
    f.ouvrir_seance(acteurs, ouverte)
    f.deliberer(acteurs, dossier)
    executer(f.SESSION, "clore_seance", ouverte, acteurs.presidente)
    assert client.get(LISTE).context["total"] == 1
    assert LISTE in texte(client.get(reverse("jurys:liste")))


def test_un_texte_altere_se_voit(acteurs, client):
    """A stored text that is no longer the one signed says « Non », whoever changed it and how."""
    pv = f.decidee(acteurs).inscriptions.get().session.pv
    connecter(client, acteurs.certificateur)
    assert "> Non<" not in texte(client.get(LISTE)).replace("\n", "")
    with base_ouverte(connection):
        ProcesVerbal.objects.filter(pk=pv.pk).update(contenu={**pv.contenu, "lieu": "ailleurs"})
    lignes = client.get(LISTE).context["table"].rows
    assert "Non" in str(lignes[0].get_cell("intact"))


def test_chacun_ne_lit_que_les_siens(acteurs, client):
    """Another body's people find nothing there; a member of a jury has no such screen."""
    f.decidee(acteurs)
    assert connecter(client, f.Acteurs().gestionnaire).get(LISTE).context["total"] == 0
    assert connecter(client, acteurs.presidente).get(LISTE).status_code == 403
