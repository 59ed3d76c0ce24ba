"""The screens of the juries: who opens what, until when, and what the room shows and records (J4, J5)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.jurys.models import Inscription, SessionJury
from registre.models import EntreeJournal
from tests import fabriques as f
from tests.connexion import activer_totp, connecter, se_connecter
from tests.navigateur import regarder, suivre

from .outils import decision, nommer, seance

pytestmark = pytest.mark.django_db

LISTE = "/gestion/jurys/"
NOUVELLE = "/gestion/jurys/nouvelle/"
LECTEURS = ("presidente", "vice_president", "gestionnaire", "certificateur", "auditeur")
AUTRES = ("employeur", "evaluateur", "signataire")


def page(session) -> str:
    return f"/gestion/jurys/{session.pk}/"


def salle(candidature) -> str:
    inscription = candidature.inscriptions.latest("pk")
    return f"/gestion/jurys/{inscription.session_id}/salle/{inscription.pk}/"


def texte(reponse) -> str:
    return reponse.content.decode()


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.fixture
def audience(acteurs):
    """An open session with one dossier."""
    session = f.session(acteurs)
    candidature = f.inscrite(acteurs, session)
    return f.ouvrir_seance(acteurs, session), candidature


@pytest.fixture
def scellee(acteurs, audience):
    session, candidature = audience
    f.deliberer(acteurs, candidature)
    session = seance(session, "sceller_pv", acteurs.presidente)
    candidature.refresh_from_db()
    return session, candidature


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
        for adresse in (LISTE, NOUVELLE, page(session), salle(candidature), page(session) + "pv/"):
            assert client.get(adresse).status_code == 403, adresse
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
        seance(session, "sceller_pv", acteurs.presidente)
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
            "limite_inscription": f"{debut:%Y-%m-%d}",
        } | champs

    @pytest.mark.parametrize("qui", ["gestionnaire", "certificateur"])
    def test_un_organisateur_planifie(self, acteurs, client, qui):
        """The session stands, for the certifications chosen, at the hour of Paris."""
        connecter(client, getattr(acteurs, qui))
        assert client.get(NOUVELLE).status_code == 200
        reponse = client.post(NOUVELLE, self.saisie(acteurs, etat="scellee", pv_numero="FAUX"))
        session = SessionJury.objects.get()
        assert reponse["Location"] == page(session)
        assert (session.etat, session.pv_numero) == ("planifiee", "")
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
        contenu = texte(client.get(page(session)))
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


class TestSalle:
    def test_la_proposition_reprend_l_evaluation_et_s_enregistre_telle_quelle(self, acteurs, audience, client):
        """One click when nothing is in question; then the next dossier, or the session."""
        session, candidature = audience
        connecter(client, acteurs.presidente)
        form = client.get(salle(candidature)).context["form"]
        assert [decision.initial for _, decision, _ in form.lignes()] == ["oui", "oui"]
        proposee = {champ.html_name: champ.initial or "" for champ in form}
        reponse = client.post(salle(candidature), proposee)
        assert reponse["Location"] == page(session)
        assert Inscription.objects.get().issue == "decidee"

    def test_on_passe_au_dossier_suivant(self, acteurs, client):
        """After a decision, the next one still to decide opens."""
        session = f.session(acteurs)
        premier, second = f.inscrite(acteurs, session), f.inscrite(acteurs, session)
        f.ouvrir_seance(acteurs, session)
        connecter(client, acteurs.presidente)
        assert client.post(salle(premier), decision(premier))["Location"] == salle(second)
        assert client.post(salle(second), decision(second))["Location"] == page(session)

    def test_seule_la_presidence_a_le_formulaire(self, acteurs, audience, client):
        """A member reads, the request written by hand is refused with the sentence."""
        _, candidature = audience
        connecter(client, acteurs.vice_president)
        contenu = texte(client.get(salle(candidature)))
        assert "Enregistrer la décision" not in contenu
        assert "La présidence de la séance enregistre la décision" in contenu
        reponse = client.post(salle(candidature), decision(candidature))
        assert reponse.status_code == 409
        assert "La présidence de la séance enregistre" in texte(reponse)
        assert (
            connecter(Client(), acteurs.gestionnaire).post(salle(candidature), decision(candidature)).status_code == 403
        )
        assert not Inscription.objects.exclude(issue="").exists()

    def test_un_ecart_sans_motif_revient_avec_la_saisie(self, acteurs, audience, client):
        """409, the sentence, and the choice made is still there."""
        _, candidature = audience
        connecter(client, acteurs.presidente)
        donnees = decision(candidature, "non", recommandations="À revoir en mars")
        reponse = client.post(salle(candidature), donnees)
        assert reponse.status_code == 409
        assert texte(reponse).count("donnez-en le motif") == 2
        assert "À revoir en mars" in texte(reponse)
        motifs = {f"m{b.pk}": "Vu en séance" for b in candidature.blocs_a_evaluer()}
        assert client.post(salle(candidature), donnees | motifs).status_code == 302

    def test_avant_l_ouverture_rien_ne_s_enregistre(self, acteurs, client):
        """The room is read before the session; a request is refused."""
        candidature = f.inscrite(acteurs)
        connecter(client, acteurs.presidente)
        assert "La séance n’est pas ouverte" in texte(client.get(salle(candidature)))
        assert client.post(salle(candidature), decision(candidature)).status_code == 409
        assert not Inscription.objects.exclude(issue="").exists()

    def test_la_salle_d_une_seance_close_n_ecrit_pas_dans_la_suivante(self, acteurs, client):
        """Adjourned, then on the list of an open session: the old address does not decide in the new one."""
        ancienne, suivante = f.session(acteurs), f.session(acteurs)
        candidature = f.inscrite(acteurs, ancienne)
        vieille_salle = salle(candidature)
        f.ouvrir_seance(acteurs, ancienne)
        f.deliberer(acteurs, candidature, issue="ajournee")
        seance(ancienne, "sceller_pv", acteurs.presidente)
        candidature.refresh_from_db()
        f.faire(candidature, "inscrire_au_jury", acteurs.employeur, session=suivante)
        f.ouvrir_seance(acteurs, suivante)
        connecter(client, acteurs.presidente)
        assert client.post(vieille_salle, decision(candidature)).status_code in (404, 409)
        assert Inscription.objects.get(session=suivante).issue == ""

    def test_vingt_fois_le_meme_envoi_un_seul_effet(self, acteurs, audience, client):
        """One entry in the journal for one key."""
        _, candidature = audience
        connecter(client, acteurs.presidente)
        for _ in range(4):
            client.post(salle(candidature), decision(candidature, cle="meme"))
        assert EntreeJournal.objects.filter(verbe="deliberer").count() == 1

    def test_la_cpne_part_de_la_proposition_du_premier_jury(self, client):
        """Second jury: its form starts from what the first one proposed, reasons included."""
        acteurs = f.Acteurs(jurys_fusionnes=False)
        evaluation = f.session(acteurs, "evaluation")
        candidature = f.inscrite(acteurs, evaluation)
        f.ouvrir_seance(acteurs, evaluation)
        f.deliberer(acteurs, candidature, lambda bloc: bloc.ordre == 1, motif="Gestes incomplets")
        seance(evaluation, "sceller_pv", acteurs.presidente)
        cpne = f.session(acteurs, "certification")
        candidature.refresh_from_db()
        f.faire(candidature, "presenter_a_la_cpne", acteurs.certificateur, session=cpne)
        f.ouvrir_seance(acteurs, cpne)
        form = connecter(client, acteurs.presidente).get(salle(candidature)).context["form"]
        assert [(d.initial, m.initial) for _, d, m in form.lignes()] == [
            ("oui", "Gestes incomplets"),
            ("non", "Gestes incomplets"),
        ]

    def test_un_dossier_sans_quorum_le_dit_dans_la_salle(self, acteurs, audience, client):
        """Recusals deducted: what this very dossier lacks."""
        session, candidature = audience
        inscription = candidature.inscriptions.get()
        seance(session, "declarer_deport", acteurs.vice_president, inscription=inscription, raison="Lien familial")
        contenu = texte(connecter(client, acteurs.presidente).get(salle(candidature)))
        assert "Ce dossier ne peut être qu’ajourné" in contenu
        assert "0 membre présent pour le collège salariés" in contenu
        assert "Déporté(e)" in contenu


class TestProcesVerbal:
    @pytest.mark.parametrize("qui", LECTEURS)
    def test_il_se_lit_apres_le_sceau(self, acteurs, scellee, client, qui):
        """Number, hash, composition, decisions; no name of a candidate."""
        session, candidature = scellee
        contenu = texte(connecter(client, getattr(acteurs, qui)).get(page(session) + "pv/"))
        for dit in (session.pv_numero, candidature.reference, "Anne", "Bruno", "correspond à l’empreinte"):
            assert dit in contenu
        assert session.pv_empreinte in contenu.replace("<wbr>", "")
        assert candidature.titulaire.nom_naissance not in contenu

    def test_il_n_existe_pas_avant(self, acteurs, audience, client):
        """Before the seal there are no minutes."""
        session, _ = audience
        assert connecter(client, acteurs.presidente).get(page(session) + "pv/").status_code == 404

    def test_il_vient_du_contenu_fige_et_de_rien_d_autre(self, acteurs, scellee, client):
        """A name that changes later changes nothing to the minutes; content changed by force is told."""
        session, _ = scellee
        f.Utilisateur.objects.filter(pk=acteurs.presidente.pk).update(prenom="Renommée")
        session.membres.update(qualite="changée")
        connecter(client, acteurs.gestionnaire)
        contenu = texte(client.get(page(session) + "pv/"))
        assert "Renommée" not in contenu.split("<main")[1]
        assert "changée" not in contenu
        force = session.pv_contenu | {"lieu": "Ailleurs"}
        SessionJury.objects.filter(pk=session.pk).update(pv_contenu=force)
        assert "ne correspond plus à l’empreinte" in texte(client.get(page(session) + "pv/"))


@pytest.mark.django_db(transaction=True)
def test_une_seance_se_tient_a_l_ecran(ouvrir_navigateur):
    """The chair signs in, opens, decides, seals: accessible pages, no sideways scroll, without touching an address."""
    acteurs = f.Acteurs()
    session = f.session(acteurs)
    f.inscrite(acteurs, session)
    seance(session, "emarger", acteurs.vice_president)
    nommer(acteurs, session, "salaries")
    ecran = ouvrir_navigateur()
    se_connecter(ecran, "", acteurs.presidente.email, f.MOT_DE_PASSE, activer_totp(acteurs.presidente))

    def agir(libelle):
        suivre(ecran.get_by_role("link", name=libelle).first)
        suivre(ecran.get_by_role("button", name=libelle))
        ecran.wait_for_url(f"**{page(session)}")

    ecran.goto(LISTE)
    regarder(ecran)
    suivre(ecran.locator("main").get_by_role("link", name="jury paritaire"))
    agir("Émarger")
    regarder(ecran)
    agir("Ouvrir la séance")
    suivre(ecran.locator("main table a"))
    regarder(ecran)
    suivre(ecran.get_by_role("button", name="Enregistrer la décision"))
    ecran.wait_for_url(f"**{page(session)}")
    agir("Sceller le PV")
    suivre(ecran.get_by_role("link", name="Lire le PV"))
    ecran.get_by_text("Le contenu correspond à l’empreinte").wait_for()
    regarder(ecran)
