"""What is typed is kept as it goes: once, never older over newer, and nothing of it counts before it is recorded."""

import pytest
from django.utils import timezone

from backoffice.evaluations.models import BrouillonGrille, ResultatCompetence
from registre.models import EntreeJournal
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.fixture
def candidature(acteurs):
    return f.repondue(acteurs)


def garder(client, candidature, version, envoi, **champs):
    adresse = f"/gestion/evaluations/{candidature.pk}/saisie/"
    return client.post(adresse, {"version": version, "envoi": envoi, **champs})


def test_ce_qui_est_tape_revient_sans_etre_enregistre(acteurs, candidature, client):
    """Kept as typed, even unfinished; read again on any device; no result, no entry in the journal."""
    connecter(client, acteurs.evaluateur)
    actes, premiere = EntreeJournal.objects.count(), next(iter(f.reponses(candidature)))
    champs = {f"r{premiere}": "non", "commentaire": "Sur le toit", "etat": "validee", "date_evaluation": "2026-1"}
    assert garder(client, candidature, 0, "a", **champs).json() == {"version": 1}
    page = client.get(f"/gestion/evaluations/{candidature.pk}/").content.decode()
    assert "Sur le toit" in page
    assert "n’est pas encore enregistrée" in page
    assert page.count("checked") == 1  # the box « pas d’observation », unticked, stays so
    assert not ResultatCompetence.objects.filter(source="habilite").exists()
    assert EntreeJournal.objects.count() == actes
    assert "etat" not in BrouillonGrille.objects.get().contenu
    with pytest.raises(Refus, match="Une saisie n’est pas encore enregistrée"):
        f.faire(candidature, "transmettre_evaluation", acteurs.evaluateur)


def test_le_meme_envoi_deux_fois_compte_une_fois_et_l_ancien_n_ecrase_pas_le_recent(acteurs, candidature, client):
    """The answer was lost: sent again, same version. Another page, older: refused, with the hour, and nothing lost."""
    connecter(client, acteurs.evaluateur)
    for _ in range(3):
        assert garder(client, candidature, 0, "a", commentaire="Premier").json() == {"version": 1}
    reponse = garder(client, candidature, 0, "b", commentaire="Vieil onglet")
    assert reponse.status_code == 409
    assert "Rien n’a été écrasé" in reponse.json()["phrase"]
    assert BrouillonGrille.objects.get().contenu["commentaire"] == "Premier"


def test_un_onglet_ancien_n_enregistre_pas_sur_un_plus_recent(acteurs, candidature, client):
    """The form carries the version it began from; once recorded, the draft is empty."""
    connecter(client, acteurs.evaluateur)
    garder(client, candidature, 0, "a", commentaire="Téléphone")
    adresse = f"/gestion/evaluations/{candidature.pk}/"
    refusee = client.post(adresse, {"version": 0, "commentaire": "Ordinateur", "cle": "x"})
    assert refusee.status_code == 409
    assert "dans un autre onglet" in refusee.content.decode()
    assert "Ordinateur" in refusee.content.decode()
    assert client.post(adresse, {"version": 1, "commentaire": "Téléphone", "cle": "y"}).status_code == 302
    brouillon = BrouillonGrille.objects.get()
    assert (brouillon.contenu, brouillon.version) == ({}, 2)


@pytest.mark.parametrize("version", ["", "-1", "un"])
def test_un_envoi_illisible_est_refuse(acteurs, candidature, client, version):
    """No version, no writing."""
    reponse = garder(connecter(client, acteurs.evaluateur), candidature, version, "a", commentaire="x")
    assert reponse.status_code == 422
    assert not BrouillonGrille.objects.exists()


def test_une_evaluation_transmise_ne_garde_plus_rien(acteurs, client):
    """Locked is locked, for drafts as well."""
    reponse = garder(connecter(client, acteurs.evaluateur), f.evaluee(acteurs), 1, "a", commentaire="Trop tard")
    assert reponse.status_code == 409


class TestObservations:
    def test_le_candidat_ecrit_les_siennes_et_l_evaluateur_ne_les_touche_plus(self, acteurs, candidature, client):
        """His words, under his name; the grid of the évaluateur no longer asks for them; the jury reads who wrote."""
        candidat = f.UtilisateurFactory(role="candidat")
        candidature.titulaire.utilisateur = candidat
        candidature.titulaire.save()
        adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer_observations/"
        connecter(client, candidat)
        assert client.post(adresse, {"cle": "a"}).status_code == 422
        mots = {"observations_candidat": "Le temps était compté.", "cle": "b"}
        assert client.post(adresse, mots).status_code == 302
        evaluation = candidature.evaluation
        evaluation.refresh_from_db()
        assert (evaluation.observations_candidat, evaluation.observations_par) == ("Le temps était compté.", "candidat")
        f.faire(
            candidature,
            "enregistrer_evaluation",
            acteurs.evaluateur,
            resultats=f.reponses(candidature),
            date_evaluation=timezone.localdate(),
            sans_observation=True,
        )
        evaluation.refresh_from_db()
        assert evaluation.observations_candidat == "Le temps était compté."
        with pytest.raises(Refus, match="a écrit lui-même ses observations"):
            f.faire(candidature, "deposer_observations", acteurs.evaluateur, observations_candidat="Autre chose")
        page = connecter(client, acteurs.evaluateur).get(f"/gestion/evaluations/{candidature.pk}/").content.decode()
        assert 'name="observations_candidat"' not in page

    def test_apres_la_transmission_le_candidat_seul_les_complete(self, acteurs):
        """Until the jury: his voice, not that of the évaluateur."""
        candidature = f.evaluee(acteurs)
        candidature.titulaire.utilisateur = f.UtilisateurFactory(role="candidat")
        candidature.titulaire.save()
        with pytest.raises(Refus, match="seul le candidat"):
            f.faire(candidature, "deposer_observations", acteurs.evaluateur, observations_candidat="Ajout")
        candidat = candidature.titulaire.utilisateur
        f.faire(candidature, "deposer_observations", candidat, observations_candidat="Mon avis", sans_observation=False)
        candidature.evaluation.refresh_from_db()
        assert candidature.evaluation.observations_par == "candidat"
