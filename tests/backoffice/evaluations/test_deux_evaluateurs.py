"""Two évaluateurs habilités: each alone with a grid until both are closed, then the rule of concordance (E3)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.evaluations.models import Evaluation, LienDeclare, ResultatCompetence
from backoffice.evaluations.resultats import resultats_par_bloc
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = pytest.mark.django_db


class Duo:
    """A dossier with two évaluateurs, ready for their grids."""

    def __init__(self, **parcours):
        options = {"metier_requis": False, "guide_requis": False, "nombre_evaluateurs": 2, **parcours}
        self.acteurs = f.Acteurs(**options)
        self.premier, self.second = self.acteurs.evaluateur, f.habilite(self.acteurs)
        self.dossier = f.recevable(self.acteurs)
        f.faire(
            self.dossier, "confirmer_evaluateur", self.acteurs.employeur, evaluateur=self.premier, second=self.second
        )
        self.dossier = f.faire(self.dossier, "commencer_evaluation", self.second)

    def saisir(self, qui, acquis=True, commentaire="", **champs):
        champs = {"date_evaluation": timezone.localdate(), "sans_observation": True, **champs}
        reponses = f.reponses(self.dossier, acquis)
        f.faire(self.dossier, "enregistrer_evaluation", qui, resultats=reponses, commentaire=commentaire, **champs)

    def clore(self, qui):
        return f.faire(self.dossier, "clore_grille", qui)

    def finir(self, du_premier=True, du_second=True):
        for qui, acquis in ((self.premier, du_premier), (self.second, du_second)):
            self.saisir(qui, acquis)
            self.clore(qui)
        self.dossier.refresh_from_db()

    def lire(self, qui) -> str:
        return connecter(Client(), qui).get(f"/gestion/evaluations/{self.dossier.pk}/").content.decode()


class TestAffectation:
    def test_il_faut_deux_personnes_differentes_et_habilitees(self):
        """The second is asked for, checked like the first, and is somebody else."""
        acteurs = f.Acteurs(nombre_evaluateurs=2)
        candidature, second = f.recevable(acteurs), f.habilite(acteurs)
        expire = f.habilite(acteurs, fin=timezone.localdate() - timedelta(days=1))

        def confirmer(**gens):
            return f.faire(candidature, "confirmer_evaluateur", acteurs.employeur, **gens)

        with pytest.raises(Refus, match="deux évaluateurs habilités\u00a0: choisissez aussi le second"):
            confirmer(evaluateur=acteurs.evaluateur)
        with pytest.raises(Refus, match="deux personnes"):
            confirmer(evaluateur=second, second=second)
        with pytest.raises(Refus, match="a expiré"):
            confirmer(evaluateur=acteurs.evaluateur, second=expire)
        confirmer(evaluateur=acteurs.evaluateur, second=second)
        assert Evaluation.objects.get().second == second

    def test_la_liste_met_les_possibles_d_abord_et_dit_pourquoi_les_autres_non(self, client):
        """Those who may evaluate, then the reasons, in the very list where one chooses."""
        acteurs = f.Acteurs()
        candidature = f.recevable(acteurs)
        f.habilite(acteurs, organisme=acteurs.etablissement)
        adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/confirmer_evaluateur/"
        page = connecter(client, acteurs.employeur).get(adresse).content.decode()
        assert page.index("Peuvent évaluer ce dossier") < page.index("Ne le peuvent pas")
        assert "cette personne appartient à l’employeur du candidat" in page

    def test_un_lien_declare_ecarte_l_evaluateur_et_le_porteur_le_remplace(self):
        """The trainer says so: he can do nothing more, the porteur confides the dossier to another, who starts anew."""
        acteurs = f.Acteurs(metier_requis=False)
        candidature = f.faire(f.affectee(acteurs), "commencer_evaluation", acteurs.evaluateur)
        resultats = f.reponses(candidature)
        f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, resultats=resultats, commentaire="Bien.")
        f.faire(candidature, "declarer_lien", acteurs.evaluateur, personne=acteurs.evaluateur, nature="formation")
        assert LienDeclare.objects.get().candidature == candidature
        with pytest.raises(Refus, match="cette personne a formé le candidat"):
            f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, resultats=resultats)
        relais = f.habilite(acteurs)
        motif = {"motif": "L’évaluateur a formé le candidat.", "remplace": acteurs.evaluateur}
        with pytest.raises(Refus, match="Choisissez une autre personne"):
            f.faire(candidature, "remplacer_evaluateur", acteurs.gestionnaire, evaluateur=acteurs.evaluateur, **motif)
        f.faire(candidature, "remplacer_evaluateur", acteurs.gestionnaire, evaluateur=relais, **motif)
        evaluation = Evaluation.objects.get()
        assert (evaluation.evaluateur, evaluation.commentaire) == (relais, "")
        assert not ResultatCompetence.objects.exists()
        candidature.refresh_from_db()
        assert candidature.roles_de(acteurs.evaluateur) == set()


class TestGrillesSeparees:
    def test_nul_ne_lit_la_grille_de_l_autre_avant_d_avoir_fini(self):
        """On the grid as on the dossier: the other's answers and comments come once both are closed."""
        duo = Duo(concordance="jury")
        duo.saisir(duo.premier, acquis=False, commentaire="Mon avis de premier")
        duo.clore(duo.premier)
        dossier = f"{duo.dossier.get_absolute_url()}?onglet=evaluation"
        for page in (duo.lire(duo.second), connecter(Client(), duo.second).get(dossier).content.decode()):
            assert "Geste à reprendre" not in page
        duo.saisir(duo.second, commentaire="Mon avis de second")
        duo.clore(duo.second)
        page = duo.lire(duo.second)
        assert "Geste à reprendre" in page
        assert "Avis divergents" in page

    def test_une_grille_finie_se_reprend_tant_que_l_autre_ne_l_est_pas(self):
        """Closed, it is read only; open again while nobody has read it; never once both are closed."""
        duo = Duo()
        duo.saisir(duo.premier)
        duo.clore(duo.premier)
        with pytest.raises(Refus, match="Votre grille est terminée"):
            duo.saisir(duo.premier)
        f.faire(duo.dossier, "reprendre_grille", duo.premier)
        duo.finir()
        with pytest.raises(Refus, match="la vôtre ne se reprend plus"):
            f.faire(duo.dossier, "reprendre_grille", duo.premier)

    def test_on_ne_transmet_pas_avant_les_deux(self):
        """Each must have closed; a grid that says nothing of a compétence does not close."""
        duo = Duo()
        with pytest.raises(Refus, match="il manque le résultat de"):
            duo.clore(duo.second)
        duo.saisir(duo.premier)
        duo.clore(duo.premier)
        with pytest.raises(Refus, match="termine d’abord sa grille"):
            f.faire(duo.dossier, "transmettre_evaluation", duo.premier)
        duo.saisir(duo.second)
        duo.clore(duo.second)
        assert f.faire(duo.dossier, "transmettre_evaluation", duo.second).etat == "evaluee"


@pytest.mark.parametrize(
    ("concordance", "avis", "conclusion", "a_trancher"),
    [
        ("habilite", (True, False), True, False),
        ("favorables", (True, False), False, False),
        ("favorables", (True, True), True, False),
        ("jury", (True, False), None, True),
        ("jury", (False, False), False, False),
    ],
)
def test_la_regle_de_concordance_conclut(concordance, avis, conclusion, a_trancher):
    """The first concludes, all must be favourable, or the jury settles: each bloc says it."""
    duo = Duo(concordance=concordance)
    duo.finir(*avis)
    lus = resultats_par_bloc(duo.dossier)
    assert [(b["acquis"], b["a_trancher"]) for b in lus] == [(conclusion, a_trancher)] * 2
    assert all(b["diverge"] == (avis[0] != avis[1]) for b in lus)


def test_ce_que_le_jury_tranche_ne_demande_pas_de_motif():
    """Left to the jury by the rule, the bloc is decided either way; against a clear evaluation, a reason is due."""
    duo = Duo(concordance="jury")
    duo.finir(True, False)
    candidature = f.faire(duo.dossier, "transmettre_evaluation", duo.premier)
    seance = f.session(duo.acteurs)
    f.faire(candidature, "inscrire_au_jury", duo.acteurs.employeur, session=seance)
    f.ouvrir_seance(duo.acteurs, seance)
    candidature.refresh_from_db()
    assert f.deliberer(duo.acteurs, candidature, acquis=False)
    salle = f"/gestion/jurys/{seance.pk}/salle/{candidature.inscriptions.get().pk}/"
    page = connecter(Client(), duo.acteurs.presidente).get(salle).content.decode()
    assert "Laissé au jury" in page
    assert "Second habilité" in page


def test_celui_qui_a_fini_n_a_plus_rien_a_faire():
    """« À faire » asks the one who has not finished, and leads to the grid."""
    duo = Duo()
    duo.saisir(duo.premier)
    duo.clore(duo.premier)
    assert duo.dossier.reference not in connecter(Client(), duo.premier).get("/gestion/").content.decode()
    page = connecter(Client(), duo.second).get("/gestion/").content.decode()
    assert duo.dossier.reference in page
    assert f"/gestion/evaluations/{duo.dossier.pk}/" in page
