"""The grid of the évaluateur habilité: his alone, saved unfinished, locked once transmitted (E3 to E5)."""

import contextlib
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from backoffice.evaluations.brouillons import garder
from backoffice.evaluations.models import BrouillonGrille, Evaluation, Habilitation, ResultatCompetence
from registre.models import EntreeJournal
from registre.transitions import Refus, RoleInsuffisant
from tests import fabriques as f
from tests.connexion import activer_totp, connecter, se_connecter
from tests.navigateur import regarder, suivre

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


def grille(candidature) -> str:
    return f"/gestion/evaluations/{candidature.pk}/"


def saisie(candidature, valeur="oui", **champs) -> dict:
    reponses = {f"r{pk}": valeur for pk in f.reponses(candidature)}
    return reponses | {"date_evaluation": f"{timezone.localdate():%Y-%m-%d}", "sans_observation": "on"} | champs


def texte(reponse) -> str:
    return reponse.content.decode()


class TestAcces:
    def test_seul_l_evaluateur_du_dossier_l_ouvre(self, acteurs, client):
        """Another évaluateur does not even know that it exists (404)."""
        candidature = f.repondue(acteurs)
        autre = f.UtilisateurFactory(role=("evaluateur", acteurs.cpne))
        Habilitation.objects.create(
            evaluateur=autre,
            certification=acteurs.certification,
            debut=timezone.localdate(),
            fin=timezone.localdate() + timedelta(days=9),
        )
        assert connecter(client, acteurs.evaluateur).get(grille(candidature)).status_code == 200
        for methode in ("get", "post"):
            assert getattr(connecter(Client(), autre), methode)(grille(candidature)).status_code == 404

    @pytest.mark.parametrize(
        "qui", ["employeur", "gestionnaire", "certificateur", "signataire", "auditeur", "presidente"]
    )
    def test_les_autres_roles_sont_refuses(self, acteurs, client, qui):
        """The right to read a dossier is not the right to evaluate."""
        candidature = f.repondue(acteurs)
        connecter(client, getattr(acteurs, qui))
        assert client.get(grille(candidature)).status_code == 403
        assert client.post(grille(candidature), saisie(candidature)).status_code == 403
        assert not ResultatCompetence.objects.filter(source="habilite").exists()

    def test_l_evaluateur_d_un_dossier_qui_lit_tout_n_evalue_pas_les_autres(self, acteurs, client):
        """Évaluateur here and auditeur elsewhere: visible, refused all the same (403)."""
        candidature = f.repondue(acteurs)
        double = f.UtilisateurFactory(role=("evaluateur", acteurs.cpne))
        f.Role.objects.create(utilisateur=double, nom="auditeur")
        assert connecter(client, double).get(grille(candidature)).status_code == 403

    def test_sans_compte_on_est_envoye_se_connecter(self, acteurs, client):
        """The address tells nothing."""
        reponse = client.get(grille(f.repondue(acteurs)))
        assert reponse.status_code == 302
        assert "/compte/login/" in reponse["Location"]


class TestSaisie:
    def test_le_metier_repond_d_abord(self, acteurs, client):
        """No form before his answer, and a POST written by hand is refused without effect (E2)."""
        candidature = f.invitee(acteurs)
        connecter(client, acteurs.evaluateur)
        page = texte(client.get(grille(candidature)))
        assert "L’évaluateur métier répond d’abord" in page
        assert 'type="radio"' not in page
        reponse = client.post(grille(candidature), saisie(candidature))
        assert reponse.status_code == 409
        assert "L’évaluateur métier répond d’abord" in texte(reponse)
        assert not ResultatCompetence.objects.exists()

    def test_une_saisie_inachevee_s_enregistre_et_se_retrouve(self, acteurs, client):
        """One answer, one comment, then later the rest: nothing typed is lost, nothing missing is invented."""
        candidature = f.repondue(acteurs)
        connecter(client, acteurs.evaluateur)
        premiere, *autres = f.reponses(candidature)
        donnees = {f"r{premiere}": "non", f"c{premiere}": "Manque de précision", "commentaire": "À revoir"}
        assert client.post(grille(candidature), donnees).status_code == 302
        siens = ResultatCompetence.objects.filter(source="habilite")
        assert siens.get(competence=premiere).acquis is False
        assert set(siens.exclude(competence=premiere).values_list("acquis", flat=True)) == {None}
        page = texte(client.get(grille(candidature)))
        assert "Manque de précision" in page
        assert "À revoir" in page
        assert page.count("checked") == 1
        assert "Il manque la date de l’évaluation." in page
        assert "il manque le résultat de" in page

    def test_la_reponse_du_metier_se_lit_a_cote(self, acteurs, client):
        """His answers and his comment are on the page, and saving never touches them."""
        candidature = f.repondue(acteurs, acquis=False)
        connecter(client, acteurs.evaluateur)
        page = texte(client.get(grille(candidature)))
        assert page.count("Non acquis</span>") == 4
        assert "Dominique Métier" in page
        client.post(grille(candidature), saisie(candidature))
        assert set(ResultatCompetence.objects.filter(source="metier").values_list("acquis", flat=True)) == {False}

    def test_le_meme_envoi_deux_fois_n_est_qu_un_acte(self, acteurs, client):
        """A repeated request (same key) writes one entry in the journal."""
        candidature = f.repondue(acteurs)
        connecter(client, acteurs.evaluateur)
        for _ in range(3):
            client.post(grille(candidature), saisie(candidature, cle="une-cle"))
        assert EntreeJournal.objects.filter(verbe="enregistrer_evaluation").count() == 1

    def test_une_date_a_venir_est_refusee(self, acteurs, client):
        """An evaluation has taken place when it is recorded; what was typed stays on the page."""
        candidature = f.repondue(acteurs)
        demain = timezone.localdate() + timedelta(days=1)
        reponse = connecter(client, acteurs.evaluateur).post(
            grille(candidature), saisie(candidature, date_evaluation=f"{demain:%Y-%m-%d}", commentaire="Gardé")
        )
        assert reponse.status_code == 422
        assert "Cette date est à venir" in texte(reponse)
        assert "Gardé" in texte(reponse)

    def test_des_observations_et_leur_absence_se_contredisent(self, acteurs, client):
        """Coherence: one or the other."""
        candidature = f.repondue(acteurs)
        reponse = connecter(client, acteurs.evaluateur).post(
            grille(candidature), saisie(candidature, observations_candidat="J’aurais voulu plus de temps.")
        )
        assert reponse.status_code == 422
        assert "Des observations sont écrites" in texte(reponse)

    def test_des_champs_en_trop_sont_ignores(self, acteurs, client):
        """A state, a source, a compétence of another CQP: not read."""
        candidature = f.repondue(acteurs)
        etrangere = f.VersionFactory().blocs.first().competences.first()
        champs = {"etat": "validee", "source": "metier", "transmise_le": "2026-01-01", f"r{etrangere.pk}": "oui"}
        connecter(client, acteurs.evaluateur).post(grille(candidature), saisie(candidature, "non", **champs))
        candidature.refresh_from_db()
        assert candidature.etat == "en_evaluation"
        assert Evaluation.objects.get().transmise_le is None
        assert not ResultatCompetence.objects.filter(competence=etrangere).exists()


class TestTransmission:
    def test_ce_qui_manque_est_dit_puis_le_bouton_parait(self, acteurs, client):
        """The page lists what is missing with the link to give it; complete, it offers to transmit."""
        candidature = f.repondue(acteurs)
        connecter(client, acteurs.evaluateur)
        transmettre = f"/gestion/actes/candidatures.candidature/{candidature.pk}/transmettre_evaluation/"
        joindre = f"/gestion/actes/candidatures.candidature/{candidature.pk}/joindre_guide/"
        page = texte(client.get(grille(candidature)))
        assert "Il manque le guide d’évaluation signé" in page
        assert joindre in page
        assert transmettre not in page
        client.post(grille(candidature), saisie(candidature))
        client.post(joindre, {"fichier": f.fichier_pdf("guide.pdf"), "cle": "b"})
        page = texte(client.get(grille(candidature)))
        assert transmettre in page
        assert client.post(transmettre, {"cle": "c"}).status_code == 302
        candidature.refresh_from_db()
        assert candidature.etat == "evaluee"

    @pytest.mark.parametrize("manque", ["date_evaluation", "sans_observation"])
    def test_on_ne_transmet_pas_une_evaluation_incomplete(self, acteurs, manque):
        """Each missing part is named."""
        candidature = f.repondue(acteurs)
        donnees = {
            "resultats": f.reponses(candidature),
            "date_evaluation": timezone.localdate(),
            "sans_observation": True,
        }
        del donnees[manque]
        f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, **donnees)
        phrase = {"date_evaluation": "la date de l’évaluation", "sans_observation": "les observations du candidat"}
        with pytest.raises(Refus, match=phrase[manque]):
            f.faire(candidature, "transmettre_evaluation", acteurs.evaluateur)

    def test_une_fois_transmise_elle_est_figee(self, acteurs, client):
        """The page reads, a POST is refused (409), the results stay what they were."""
        candidature = f.evaluee(acteurs)
        connecter(client, acteurs.evaluateur)
        page = texte(client.get(grille(candidature)))
        assert "Évaluation transmise le" in page
        assert 'type="radio"' not in page
        reponse = client.post(grille(candidature), saisie(candidature, "non"))
        assert reponse.status_code == 409
        assert "n’est pas possible maintenant" in texte(reponse)
        assert set(ResultatCompetence.objects.values_list("acquis", flat=True)) == {True}

    def test_seul_le_porteur_la_rouvre_avec_un_motif(self, acteurs, client):
        """The évaluateur cannot, the porteur needs a reason, and the évaluateur is told; he then writes again."""
        candidature = f.evaluee(acteurs)
        adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/rouvrir_evaluation/"
        with pytest.raises(RoleInsuffisant):
            f.faire(candidature, "rouvrir_evaluation", acteurs.evaluateur, motif="Je me suis trompé de ligne")
        connecter(client, acteurs.gestionnaire)
        assert client.post(adresse, {"motif": "", "cle": "d"}).status_code == 422
        candidature.refresh_from_db()
        assert candidature.etat == "evaluee"
        assert client.post(adresse, {"motif": "Date erronée sur le guide", "cle": "e"}).status_code == 302
        candidature.refresh_from_db()
        assert candidature.etat == "en_evaluation"
        assert candidature.evaluation.transmise_le is None
        evaluateur = connecter(Client(), acteurs.evaluateur)
        assert evaluateur.post(grille(candidature), saisie(candidature, "non")).status_code == 302

    def test_inscrite_a_un_jury_elle_ne_se_rouvre_plus(self, acteurs):
        """The jury reads what was transmitted."""
        candidature = f.inscrite(acteurs)
        with pytest.raises(Refus, match="n’est pas possible maintenant"):
            f.faire(candidature, "rouvrir_evaluation", acteurs.gestionnaire, motif="Trop tard pour cela")


@pytest.mark.django_db(transaction=True)
def test_la_grille_se_remplit_au_doigt_et_survit_a_la_coupure(ouvrir_navigateur):
    """On a building site, at 320 px: wide targets, totals at once, and the network goes and comes back without loss."""
    acteurs = f.Acteurs()
    candidature = f.repondue(acteurs)
    page = ouvrir_navigateur(viewport={"width": 320, "height": 800}, has_touch=True)
    se_connecter(page, "", acteurs.evaluateur.email, f.MOT_DE_PASSE, activer_totp(acteurs.evaluateur))
    page.goto(grille(candidature))
    regarder(page)
    choix = page.get_by_label("Acquise", exact=True)
    assert choix.count() == 4
    assert all(c.locator("xpath=ancestor::label").bounding_box()["height"] >= 44 for c in choix.all())
    choix.first.check()
    expect(page.locator("[data-total]").first).to_have_text("1 compétence acquise sur 2 (50\u00a0%)")
    expect(page.get_by_text("Brouillon enregistré à")).to_be_visible()

    general = page.get_by_label("Commentaire général")
    page.context.set_offline(True)
    general.fill("Posé sur ardoise.")
    expect(page.get_by_text("Hors connexion")).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()
    expect(general).to_have_value("Posé sur ardoise.")
    with contextlib.suppress(PlaywrightError):
        page.reload()  # the page itself cannot come: the tab keeps what was typed
    page.context.set_offline(False)
    page.goto(grille(candidature))
    expect(general).to_have_value("Posé sur ardoise.")
    # Sent by the tab as soon as the network was back, or by the page that came after it.
    garde = re.compile("Brouillon enregistré à|n’est pas encore enregistrée")
    expect(page.locator("[data-etat-saisie]")).to_have_text(garde)
    assert BrouillonGrille.objects.get().contenu["commentaire"] == "Posé sur ardoise."

    suivre(page.get_by_role("button", name="Enregistrer"))
    expect(page.get_by_text("L’évaluation est enregistrée")).to_be_visible()
    expect(general).to_have_value("Posé sur ardoise.")
    expect(choix.first).to_be_checked()

    # Meanwhile, on another device.
    brouillon = BrouillonGrille.objects.get()
    garder(candidature.evaluation, "habilite", {"commentaire": "Écrit ailleurs"}, brouillon.version, "autre-appareil")
    general.fill("Écrit ici")
    expect(page.get_by_text("Rien n’a été écrasé")).to_be_visible()
    page.reload()
    expect(general).to_have_value("Écrit ailleurs")
    page.get_by_role("button", name="Reprendre ma saisie").click()
    expect(page.get_by_text("Brouillon enregistré à")).to_be_visible()
    assert BrouillonGrille.objects.get().contenu["commentaire"] == "Écrit ici"
