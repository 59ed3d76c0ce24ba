"""The screens of the juries: who opens what, until when (J4)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.jurys.models import Inscription, SessionJury
from tests import fabriques as f
from tests.connexion import connecter

from .outils import decision, page, salle, seance, texte

pytestmark = pytest.mark.django_db

LISTE = "/gestion/jurys/"
NOUVELLE = "/gestion/jurys/nouvelle/"
LECTEURS = ("presidente", "vice_president", "gestionnaire", "certificateur", "auditeur")
AUTRES = ("employeur", "evaluateur", "signataire")


class TestAcces:
    @pytest.mark.parametrize("qui", LECTEURS)
    def test_les_membres_et_les_organisateurs_ouvrent(self, acteurs, audience, client, qui):
        """List, session and room."""
        session, candidature = audience
        connecter(client, getattr(acteurs, qui))
        for adresse in (LISTE, page(session), salle(candidature)):
            assert client.get(adresse).status_code == 200, adresse

    @pytest.mark.parametrize("qui", AUTRES)
    def test_les_autres_roles_sont_refuses(self, acteurs, audience, client, qui):
        """A role that has nothing to do there: 403 on every screen, GET and POST."""
        session, candidature = audience
        connecter(client, getattr(acteurs, qui))
        for adresse in (LISTE, NOUVELLE, salle(candidature), page(session) + "pv/"):
            assert client.get(adresse).status_code == 403, adresse
        assert client.get(page(session)).status_code == (200 if qui == "employeur" else 403)
        assert client.post(salle(candidature), decision(candidature)).status_code == 403
        assert not Inscription.objects.exclude(issue="").exists()

    @pytest.mark.parametrize("qui", ["gestionnaire", "presidente"])
    def test_un_autre_porteur_ou_un_autre_jury_ne_la_voit_pas(self, audience, client, qui):
        """Out of scope does not exist: 404, and it is not on the list."""
        session, candidature = audience
        connecter(client, getattr(f.Acteurs(), qui))
        for adresse in (page(session), salle(candidature), page(session) + "pv/"):
            assert client.get(adresse).status_code == 404, adresse
        assert client.post(salle(candidature), decision(candidature)).status_code == 404
        assert page(session) not in texte(client.get(LISTE))

    def test_sans_compte_on_se_connecte(self, audience, client):
        """Every screen asks for a login."""
        session, candidature = audience
        for adresse in (LISTE, NOUVELLE, page(session), salle(candidature), page(session) + "pv/"):
            assert "/compte/login/" in client.get(adresse)["Location"]

    def test_deux_porteurs_a_la_meme_session_ne_se_lisent_pas(self, acteurs, client):
        """A session shared by two porteurs: each reads its own dossiers, and knows only how many the other has."""
        autres = f.Acteurs()
        session = f.session(acteurs)
        session.certifications.add(autres.certification)
        sien, autre = f.inscrite(acteurs, session), f.inscrite(autres, session)
        connecter(client, acteurs.gestionnaire)
        contenu = texte(client.get(page(session)))
        assert sien.reference in contenu
        assert autre.reference not in contenu
        assert "1 dossier d’un autre porteur figure aussi" in contenu
        assert client.get(salle(autre)).status_code == 404
        assert autre.reference not in texte(client.get(salle(sien)))

    def test_un_dossier_d_une_autre_session_n_est_pas_dans_cette_salle(self, acteurs, audience, client):
        """Both ids of the address must agree."""
        session, _ = audience
        ailleurs = f.inscrite(acteurs).inscriptions.get()
        connecter(client, acteurs.presidente)
        assert client.get(f"/gestion/jurys/{session.pk}/salle/{ailleurs.pk}/").status_code == 404

    def test_les_membres_lisent_les_dossiers_jusqu_au_sceau_seulement(self, acteurs, audience, client):
        """Before: the room. After: the minutes, and no dossier any more."""
        session, candidature = audience
        connecter(client, acteurs.vice_president)
        assert client.get(salle(candidature)).status_code == 200
        f.deliberer(acteurs, candidature)
        f.sceller(acteurs, session)
        assert client.get(salle(candidature)).status_code == 404
        assert client.get(candidature.get_absolute_url()).status_code in (403, 404)
        contenu = texte(client.get(page(session)))
        assert candidature.titulaire.nom_complet not in contenu
        assert "1 dossier ne se lit plus ici" in contenu
        assert client.get(page(session) + "pv/").status_code == 200
        assert connecter(Client(), acteurs.gestionnaire).get(salle(candidature)).status_code == 200

    def test_un_membre_deporte_ne_voit_ni_ne_delibere(self, acteurs, client):
        """He knows that he is recused and why; neither the name, nor the results, nor the decision."""
        session = f.session(acteurs)
        candidature, autre = f.inscrite(acteurs, session), f.inscrite(acteurs, session)
        inscription = candidature.inscriptions.get()
        donnees = {"inscription": inscription, "raison": "Mon ancienne apprentie"}
        seance(session, "declarer_deport", acteurs.presidente, **donnees)
        f.ouvrir_seance(acteurs, session)
        connecter(client, acteurs.presidente)
        assert client.get(salle(candidature)).status_code == 403
        assert client.post(salle(candidature), decision(candidature)).status_code == 403
        for adresse in (page(session), salle(autre)):
            contenu = texte(client.get(adresse))
            assert candidature.reference in contenu
            assert candidature.titulaire.nom_complet not in contenu
        for adresse in (
            candidature.get_absolute_url(),
            f"/gestion/actes/candidatures.candidature/{candidature.pk}/deliberer/",
        ):
            assert client.get(adresse).status_code == 404
        assert client.get(autre.get_absolute_url()).status_code == 200
        assert "Mon ancienne apprentie" in texte(client.get(page(session)))
        inscription.refresh_from_db()
        assert inscription.issue == ""


class TestPlanifier:
    def saisie(self, acteurs, **champs):
        debut = timezone.localtime() + timezone.timedelta(days=40)
        return {
            "instance": "unique",
            "certificateur": acteurs.cpne.pk,
            "certifications": [acteurs.certification.pk],
            "debut": f"{debut:%Y-%m-%dT09:30}",
            "lieu": "Mende",
            "lien_visio": "",
            "capacite": 12,
            "limite_inscription": f"{debut - timezone.timedelta(days=20):%Y-%m-%d}",
        } | champs

    @pytest.mark.parametrize("qui", ["gestionnaire", "certificateur"])
    def test_un_organisateur_planifie(self, acteurs, client, qui):
        """The session stands, for the certifications chosen, at the hour of Paris."""
        connecter(client, getattr(acteurs, qui))
        assert client.get(NOUVELLE).status_code == 200
        reponse = client.post(NOUVELLE, self.saisie(acteurs, etat="scellee", close_le="2026-01-01"))
        session = SessionJury.objects.get()
        assert reponse["Location"] == page(session)
        assert (session.etat, session.pv) == ("planifiee", None)
        assert timezone.localtime(session.debut).hour == 9
        assert list(session.certifications.all()) == [acteurs.certification]

    @pytest.mark.parametrize("qui", ["presidente", "auditeur"])
    def test_un_membre_ne_planifie_pas(self, acteurs, client, qui):
        """Neither by the page nor by the request."""
        connecter(client, getattr(acteurs, qui))
        assert client.get(NOUVELLE).status_code == 403
        assert client.post(NOUVELLE, self.saisie(acteurs)).status_code == 403
        assert not SessionJury.objects.exists()

    def test_un_porteur_ne_planifie_pas_pour_les_autres(self, acteurs, client):
        """A foreign certification in the request is refused beside its field."""
        reponse = connecter(client, f.Acteurs().gestionnaire).post(NOUVELLE, self.saisie(acteurs))
        assert reponse.status_code == 422
        assert not SessionJury.objects.exists()

    def test_deux_fois_la_meme_demande_une_session(self, acteurs, client):
        """The same key twice makes one session."""
        connecter(client, acteurs.gestionnaire)
        for _ in range(2):
            assert client.post(NOUVELLE, self.saisie(acteurs, cle="k")).status_code == 302
        assert SessionJury.objects.count() == 1

    @pytest.mark.parametrize(
        "champs, phrase",
        [
            ({"debut": "2020-01-01T09:00"}, "Cette date est passée"),
            ({"limite_inscription": "2099-01-01"}, "Les inscriptions se terminent avant le jury"),
            ({"lieu": ""}, "Indiquez un lieu ou un lien"),
        ],
    )
    def test_une_saisie_incoherente_est_expliquee(self, acteurs, client, champs, phrase):
        """In words, beside the field, and nothing is created."""
        reponse = connecter(client, acteurs.gestionnaire).post(NOUVELLE, self.saisie(acteurs, **champs))
        assert reponse.status_code == 422
        assert phrase in texte(reponse)
        assert not SessionJury.objects.exists()


class TestSession:
    def test_ce_qui_manque_pour_ouvrir_est_dit_en_nombres(self, acteurs, client):
        """And the button appears only once nothing is missing."""
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        connecter(client, acteurs.presidente)
        avant = texte(client.get(page(session)))
        assert "Pas encore convoqué(e)" in avant and "Ce qui manque" not in avant
        SessionJury.objects.filter(pk=session.pk).update(debut=timezone.now())
        contenu = texte(client.get(page(session)))
        assert "Pas encore émargé" in contenu
        assert "Ce qui manque pour ouvrir la séance" in contenu
        assert "0 membre présent pour le collège employeurs, il en faut au moins 1" in contenu
        assert "/emarger/" in contenu
        assert "/ouvrir_session/" not in contenu
        for membre in (acteurs.presidente, acteurs.vice_president):
            seance(session, "emarger", membre)
        contenu = texte(client.get(page(session)))
        assert "Le jury est au complet" in contenu
        assert "/ouvrir_session/" in contenu

    def test_les_divergences_passent_d_abord(self, acteurs, client):
        """Divergent evaluations are flagged and come first, in the session and in the room."""
        session = f.session(acteurs)
        concordante = f.inscrite(acteurs, session)
        divergente = f.repondue(acteurs, acquis=False)
        champs = {"date_evaluation": timezone.localdate(), "sans_observation": True}
        f.faire(divergente, "enregistrer_evaluation", acteurs.evaluateur, resultats=f.reponses(divergente), **champs)
        f.faire(divergente, "joindre_guide", acteurs.evaluateur, fichier=f.controler(f.fichier_pdf()))
        f.faire(divergente, "transmettre_evaluation", acteurs.evaluateur)
        f.faire(divergente, "inscrire_au_jury", acteurs.employeur, session=session)
        f.ouvrir_seance(acteurs, session)
        connecter(client, acteurs.presidente)
        contenu = texte(client.get(page(session)))
        assert contenu.index(salle(divergente)) < contenu.index(salle(concordante))
        assert contenu.count("Divergentes") == 1
        # The jury examines: nothing is proposed where both évaluateurs disagree.
        assert "checked" in texte(client.get(salle(concordante)))
        assert all(
            decision.initial is None for _, decision, _ in client.get(salle(divergente)).context["form"].lignes()
        )

    def test_autant_de_requetes_pour_un_dossier_que_pour_quatre(self, acteurs, client):
        """The pages of a session cost the same however many dossiers it hears."""
        couts = []
        # The first page of a browser also writes the session itself.
        connecter(client, acteurs.presidente).get("/gestion/")
        for nombre in (1, 4):
            session = f.session(acteurs)
            candidature = [f.inscrite(acteurs, session) for _ in range(nombre)][0]
            f.ouvrir_seance(acteurs, session)
            couts.append([])
            for adresse in (page(session), salle(candidature)):
                with CaptureQueriesContext(connection) as requetes:
                    assert client.get(adresse).status_code == 200
                couts[-1].append(len(requetes))
        assert couts[0] == couts[1]
