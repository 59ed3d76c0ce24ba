"""The room while a jury sits: votes cast from it, what each sees of them, the live parts and what they cost (J5)."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.jurys.models import Voix
from tests import fabriques as f
from tests.connexion import connecter

from .bureau import Bureau
from .outils import nommer, salle, seance, texte

pytestmark = pytest.mark.django_db


def chez(personne) -> Client:
    return connecter(Client(), personne)


def agir(client, b: Bureau, acte, **champs):
    return client.post(salle(b.dossier), {"acte": acte, "cle": f"cle-{acte}"} | champs)


def bulletin(b: Bureau, personne, choix="pour") -> dict:
    return {"siege": b.siege(personne).pk} | {f"b{bloc.pk}": choix for bloc in b.dossier.blocs_a_evaluer()}


class TestVoterDepuisLaSalle:
    def test_chacun_voit_ce_qui_lui_revient(self):
        """The chair opens and closes, members vote, nobody sees a voice before the close, everybody after it."""
        b = Bureau()
        presidente, membre, secretaire = chez(b.acteurs.presidente), chez(b.troisieme), chez(b.acteurs.secretaire)
        assert "Ouvrir le vote" in texte(presidente.get(salle(b.dossier)))
        assert "Feuille de décision" in texte(secretaire.get(salle(b.dossier)))
        for autre in (membre, secretaire):
            assert "Ouvrir le vote" not in texte(autre.get(salle(b.dossier)))
        assert agir(presidente, b, "ouvrir_scrutin").status_code == 302
        vu = texte(membre.get(salle(b.dossier)))
        assert "Le vote est ouvert sur ce dossier" in vu and "Votre voix" in vu
        assert agir(membre, b, "voter", siege=b.siege(b.troisieme).pk).status_code == 422  # a choice is missing
        for _ in range(20):
            assert agir(membre, b, "voter", **bulletin(b, b.troisieme, "contre")).status_code == 302
        assert Voix.objects.count() == 2
        vu = texte(presidente.get(salle(b.dossier)))
        assert "Driss" in vu and ">1</strong> voix sur" in vu
        assert "Non acquis\u00a0:" not in vu and "Qui a voté quoi" not in vu
        assert agir(presidente, b, "clore_scrutin").status_code == 409
        for personne in b.membres[:2] + b.membres[3:]:
            b.voter(personne)
        assert agir(presidente, b, "clore_scrutin", cle="autre").status_code == 302
        vu = texte(membre.get(salle(b.dossier)))
        assert "3 pour, 1 contre, 0 abstention" in vu and "Qui a voté quoi" in vu
        assert agir(membre, b, "voter", cle="tard", **bulletin(b, b.troisieme)).status_code == 409
        assert chez(b.acteurs.gestionnaire).post(salle(b.dossier), {"acte": "voter"}).status_code in (403, 422)

    def test_un_vote_secret_ne_dit_jamais_qui_a_vote_quoi(self):
        """Not even to the chair, not even after the close; who has voted is told."""
        b = Bureau(vote_secret=True)
        b.tour("pour", "contre", "pour", "pour")
        for personne in (b.acteurs.presidente, b.troisieme, b.acteurs.secretaire):
            vu = texte(chez(personne).get(salle(b.dossier)))
            assert "3 pour, 1 contre" in vu and "Qui a voté quoi" not in vu

    def test_l_employeur_ne_lit_rien_de_la_deliberation(self):
        """The journal of the dossier tells the certificateur's staff which ballots were held, and nobody outside."""
        b = Bureau()
        b.tour("pour", "pour", "pour", "pour")
        adresse = f"{b.dossier.get_absolute_url()}?onglet=journal"
        assert "Clore le vote" in texte(chez(b.acteurs.certificateur).get(adresse))
        assert "Clore le vote" not in texte(chez(b.acteurs.employeur).get(adresse))

    def test_le_tout_ou_rien_est_explique_et_s_applique(self):
        """Where no bloc is acquired apart, the room says what one refused bloc costs, and it costs it."""
        b = Bureau(mode_decision="consensus", validation_partielle=False)
        assert "Tout ou rien" in texte(chez(b.acteurs.presidente).get(salle(b.dossier)))
        f.deliberer(b.acteurs, b.dossier, lambda bloc: bloc.ordre == 1, motif="Gestes incomplets")
        f.sceller(b.acteurs, b.session)
        b.dossier.refresh_from_db()
        assert b.dossier.etat == "non_validee"


class TestEnDirect:
    def vivant(self, b, client, marque=""):
        return client.get(salle(b.dossier) + "vivant/", headers={"If-None-Match": marque} if marque else {})

    def test_rien_n_est_renvoye_tant_que_rien_ne_change(self):
        """304 without a body; then only the parts that changed come back, with their new version."""
        b = Bureau()
        membre = chez(b.troisieme)
        page = texte(membre.get(salle(b.dossier)))
        affichees = '"' + ".".join(re.findall(r'data-version="(\w+)"', page)) + '"'
        assert self.vivant(b, membre, affichees).status_code == 304
        reponse = self.vivant(b, membre)
        assert reponse.status_code == 200 and texte(reponse).count("data-vif") == 5
        b.faire("ouvrir_scrutin")
        reponse = self.vivant(b, membre, affichees)
        assert set(re.findall(r'id="vif-(\w+)"', texte(reponse))) == {"annonce", "liste", "scrutin", "bulletins"}
        # Somebody else votes: my own ballot paper is not touched.
        marque = reponse["ETag"]
        b.voter(b.quatrieme)
        reponse = self.vivant(b, membre, marque)
        assert re.findall(r'id="vif-(\w+)"', texte(reponse)) == ["scrutin"]
        assert self.vivant(b, membre, reponse["ETag"]).status_code == 304

    def test_la_marque_d_une_autre_personne_ne_sert_a_rien(self):
        """What one knows says nothing to another; a recused member gets nothing of the dossier."""
        b = Bureau()
        marque = self.vivant(b, chez(b.troisieme))["ETag"]
        assert self.vivant(b, chez(b.quatrieme), marque).status_code == 200
        seance(b.session, "declarer_deport", b.troisieme, inscription=b.inscription, raison="Lien familial")
        assert self.vivant(b, chez(b.troisieme), marque).status_code == 403
        assert self.vivant(b, chez(f.Acteurs().presidente), marque).status_code == 404

    def test_dix_membres_qui_attendent_ne_coutent_presque_rien(self):
        """A 304 costs the same few queries whatever the number of dossiers, members and voices."""
        couts = []
        for dossiers, membres in ((1, 0), (3, 2)):
            a = f.Acteurs(parite_stricte=False)
            session = f.session(a)
            for _ in range(membres):
                nommer(a, session, "salaries")
            candidature = [f.inscrite(a, session) for _ in range(dossiers)][0]
            f.ouvrir_seance(a, session)
            f.faire(candidature, "ouvrir_scrutin", a.presidente)
            client = chez(a.vice_president)
            adresse = salle(candidature) + "vivant/"
            marque = client.get(adresse)["ETag"]
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse, headers={"If-None-Match": marque}).status_code == 304
            couts.append(len(requetes))
        assert couts[0] == couts[1] <= 16, couts

    def test_on_suit_la_presidence(self):
        """The door leads where the chair is; who chairs moves it by looking; others read where she is."""
        a = f.Acteurs()
        session = f.session(a)
        premier, second = f.inscrite(a, session), f.inscrite(a, session)
        f.ouvrir_seance(a, session)
        cache.clear()
        entree = f"/gestion/jurys/{session.pk}/salle/"
        membre, presidente = chez(a.vice_president), chez(a.presidente)
        assert membre.get(entree)["Location"] == salle(premier)
        presidente.get(salle(second))
        assert membre.get(entree)["Location"] == salle(second)
        vu = texte(membre.get(salle(premier)))
        assert "La présidence est sur le dossier" in vu and f'href="{salle(second)}" data-suivre' in vu
