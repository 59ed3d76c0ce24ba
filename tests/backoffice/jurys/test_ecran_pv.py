"""The minutes on screen: read from what was frozen, by those who sat and those who organise (J6)."""

import pytest
from django.db import connection

from backoffice.jurys.models import ProcesVerbal
from tests import fabriques as f
from tests.bases import base_ouverte
from tests.connexion import connecter

from .outils import page, texte

pytestmark = pytest.mark.django_db

LISTE = "/gestion/jurys/"
LECTEURS = ("presidente", "vice_president", "gestionnaire", "certificateur", "auditeur")


class TestProcesVerbal:
    @pytest.mark.parametrize("qui", LECTEURS)
    def test_il_se_lit_apres_le_sceau(self, acteurs, scellee, client, qui):
        """Number, hash, composition, decisions; no name of a candidate."""
        session, candidature = scellee
        contenu = texte(connecter(client, getattr(acteurs, qui)).get(page(session) + "pv/"))
        for dit in (session.pv.numero, candidature.reference, "Anne", "Bruno", "correspond à l’empreinte"):
            assert dit in contenu
        assert session.pv.empreinte in contenu.replace("<wbr>", "")
        assert candidature.titulaire.nom_naissance not in contenu

    def test_il_n_existe_pas_avant(self, acteurs, client):
        """Before the session opens there is nothing to write, not even a draft."""
        session = f.session(acteurs)
        assert connecter(client, acteurs.presidente).get(page(session) + "pv/").status_code == 404

    def test_il_vient_du_contenu_fige_et_de_rien_d_autre(self, acteurs, scellee, client):
        """A name that changes later changes nothing to the minutes; content changed by force is told."""
        session, _ = scellee
        f.Utilisateur.objects.filter(pk=acteurs.presidente.pk).update(prenom="Renommée")
        with base_ouverte(connection):
            session.membres.update(qualite="changée")
        connecter(client, acteurs.gestionnaire)
        contenu = texte(client.get(page(session) + "pv/"))
        assert "Renommée" not in contenu.split("<main")[1]
        assert "changée" not in contenu
        force = session.pv.contenu | {"lieu": "Ailleurs"}
        with base_ouverte(connection):
            ProcesVerbal.objects.filter(session=session).update(contenu=force)
        assert "ne correspond plus à l’empreinte" in texte(client.get(page(session) + "pv/"))
