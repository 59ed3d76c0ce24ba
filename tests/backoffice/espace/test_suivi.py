"""« Mon espace »: what a candidate reads of their dossiers, and what they never see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from backoffice.espace.models import NoticeLue
from registre.models import EntreeJournal, Titulaire
from registre.transitions import VERBES

from ... import fabriques as f
from ...connexion import connecter
from ...monde import etat_force
from ...ouvrier import travailler

pytestmark = pytest.mark.django_db

ACCUEIL = "/gestion/mon-espace/"
MOTIF = "Le diplôme joint n’est pas celui demandé."


def candidat(candidature):
    """The account of the candidate, as it is stored now."""
    return Titulaire.objects.get(pk=candidature.titulaire_id).utilisateur


def lire(client, url):
    reponse = client.get(url)
    assert reponse.status_code == 200, url
    return reponse.content.decode().replace("&#x27;", "’")


def dossier(chez, candidature):
    return lire(chez(candidat(candidature)), reverse("espace:dossier", args=[candidature.pk]))


class TestHistoire:
    def test_chaque_moment_se_lit_en_mots_simples(self, acteurs, chez):
        """Where it stands, who must act, what comes: from the registered verbs, without the words of the trade."""
        texte = dossier(chez, f.recevable(acteurs))
        assert "Votre évaluateur est en cours de désignation" in texte
        assert VERBES[f.MODELE, "confirmer_evaluateur"].attente.split(maxsplit=1)[1][:20].lower() in texte.lower()
        assert "Votre dossier est déposé" in texte and "Le jury examinera votre dossier" in texte
        assert "Vous n’avez rien à faire pour l’instant" in texte
        texte = dossier(chez, f.inscrite(acteurs))
        assert "Votre jury" in texte and "Vos compétences sont évaluées" in texte

    def test_la_convocation_dit_ou_venir_avec_quoi_et_donne_l_agenda(self, acteurs, chez):
        """When, where, with what; the calendar file opens. A jury that receives nobody says that nobody comes."""
        recue = f.inscrite(acteurs, f.session(acteurs, candidats_recus=True, consignes="Un carnet de chantier."))
        texte = dossier(chez, recue)
        for attendu in ("Le jury vous reçoit à l’heure dite", "Un carnet de chantier.", "Paris"):
            assert attendu in texte
        agenda = reverse("jurys:agenda_du_dossier", args=[recue.pk])
        assert agenda in texte and "BEGIN:VEVENT" in lire(chez(candidat(recue)), agenda)
        sur_dossier = dossier(chez, f.inscrite(acteurs))
        assert "Personne n’a à se déplacer" in sur_dossier and "À apporter" not in sur_dossier

    @pytest.mark.parametrize(
        ("acquis", "phrases"),
        [
            (True, ["Vous avez obtenu toute la certification"]),
            (lambda c: c.bloc.ordre == 1, ["une partie des blocs", "Ils restent acquis 60 mois", "pas d’accord"]),
            (False, ["n’a validé aucun bloc", "Une nouvelle candidature est possible à partir du", "pas d’accord"]),
        ],
    )
    def test_la_decision_dit_ce_qu_elle_change(self, acquis, phrases):
        """What was decided per bloc, what it means, what may follow, how to contest it."""
        acteurs = f.Acteurs(validite_blocs_mois=60, delai_nouvelle_candidature_mois=6)
        candidature = f.decidee(acteurs, acquis=acquis)
        texte = lire(connecter(Client(), candidat(candidature)), reverse("espace:dossier", args=[candidature.pk]))
        assert "Ce qui a été décidé" in texte and "Bloc numéro 1" in texte
        assert not [phrase for phrase in phrases if phrase not in texte]

    def test_un_refus_donne_sa_raison(self, acteurs, chez):
        """Come back on, then refused: the account is open, the page says why and what remains possible."""
        candidature = f.recevable(acteurs)
        f.faire(candidature, "revoir_recevabilite", acteurs.gestionnaire, motif=MOTIF)
        assert "Votre dossier est vérifié" in dossier(chez, candidature)
        f.faire(candidature, "declarer_irrecevable", acteurs.gestionnaire, motif=MOTIF)
        texte = dossier(chez, candidature)
        assert "Votre dossier n’est pas accepté" in texte and MOTIF in texte and "pas d’accord" in texte
        assert "Et ensuite" not in texte

    def test_qui_se_desiste_lit_comment_revenir_et_rien_a_contester(self, acteurs, chez):
        """Given up by oneself: until when and by whom it may be taken up again; closed by the porteur: contestable."""
        candidature = f.recevable(acteurs)
        f.faire(candidature, "desister", candidat(candidature), motif=MOTIF)
        texte = dossier(chez, candidature)
        assert "votre employeur ou le porteur peut le reprendre" in texte and "pas d’accord" not in texte
        autre = f.recevable(acteurs)
        f.faire(autre, "abandonner", acteurs.gestionnaire, motif=MOTIF)
        texte = dossier(chez, autre)
        assert "le porteur peut le reprendre là où il en était" in texte and "pas d’accord" in texte

    def test_une_cloture_pour_inactivite_dit_jusqu_a_quand_la_contester(self, acteurs, chez):
        """The page that the candidate reads offers to contest, with its last day."""
        candidature = f.recevable(acteurs)
        Candidature.objects.filter(pk=candidature.pk).update(sortie="inactivite", sortie_de=candidature.etat)
        etat_force(candidature, "abandonnee")
        texte = dossier(chez, candidature)
        assert "clos pour inactivité" in texte and "peuvent contester cette clôture jusqu’au" in texte

    def test_l_evaluation_se_lit_dans_les_limites_de_la_regle(self, acteurs, chez):
        """Who, when, one’s own observations; never the comments of the évaluateurs."""
        candidature = f.evaluee(acteurs)
        texte = dossier(chez, candidature)
        assert "Votre évaluation" in texte and str(acteurs.evaluateur) in texte
        assert "Évaluation menée sur chantier" not in texte and "guide" not in texte.lower()

    def test_le_titre_est_a_telecharger_avec_les_titres_passes(self, acteurs, chez):
        """The parchemin on the home and on the dossier; a replaced or cancelled one stays listed."""
        candidature = f.delivree(acteurs)
        parchemin = candidature.delivrance.parchemin
        travailler()
        url = reverse("delivrances:document", args=[parchemin.pk])
        accueil = lire(chez(candidat(candidature)), ACCUEIL)
        assert parchemin.numero in accueil and url in accueil
        assert url in dossier(chez, candidature)
        type(parchemin).objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
        accueil = lire(chez(candidat(candidature)), ACCUEIL)
        assert parchemin.numero in accueil and url not in accueil


class TestPortes:
    def test_le_candidat_arrive_chez_lui_apres_la_notice(self, acteurs, chez):
        """Login and mails lead to the space; « À faire » is not for candidates; the notice comes once, and is kept."""
        candidature = f.recevable(acteurs)
        moi = candidat(candidature)
        client = chez(moi, notice=False)
        assert client.get("/gestion/").url == ACCUEIL
        assert client.get(candidature.get_absolute_url()).url == reverse("espace:dossier", args=[candidature.pk])
        notice = reverse("espace:notice")
        assert client.get(ACCUEIL).url == notice
        assert "Vos droits" in lire(client, notice)
        for _ in range(2):
            assert client.post(notice).url == ACCUEIL
        assert NoticeLue.objects.filter(utilisateur=moi).count() == 1
        assert EntreeJournal.objects.filter(acteur=moi, verbe="lire_notice").count() == 1
        assert candidature.reference in lire(client, ACCUEIL)

    def test_le_dossier_d_un_autre_n_existe_pas(self, acteurs, chez):
        """Another candidate's dossier, and one's own before it is declared: 404."""
        siens = f.recevable(acteurs)
        autre = f.recevable(acteurs)
        client = chez(candidat(siens))
        assert client.get(reverse("espace:dossier", args=[autre.pk])).status_code == 404
        brouillon = f.brouillon(f.Acteurs())
        type(brouillon).objects.filter(pk=brouillon.pk).update(titulaire=siens.titulaire)
        assert client.get(reverse("espace:dossier", args=[brouillon.pk])).status_code == 404
        assert brouillon.reference not in lire(client, ACCUEIL)

    def test_avant_la_recevabilite_il_n_y_a_pas_de_compte(self, acteurs):
        """A declared dossier opens no account: it opens with the recevabilité."""
        assert candidat(f.deposee(acteurs)) is None

    def test_un_compte_sans_dossier_le_dit(self, chez):
        """A clear page, and no civil status to correct."""
        client = chez(f.UtilisateurFactory(role="candidat"))
        assert "Aucun dossier à votre nom" in lire(client, ACCUEIL)
        assert client.get(reverse("espace:etat_civil")).status_code == 404
        assert client.get(reverse("espace:donnees")).status_code == 200

    def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_dossiers(self, acteurs, chez):
        """One dossier or several: the same number of queries."""
        candidature = f.recevable(acteurs)
        client = chez(candidat(candidature))
        client.get(ACCUEIL)
        with CaptureQueriesContext(connection) as un:
            client.get(ACCUEIL)
        for _ in range(3):
            autre = f.deposee(f.Acteurs())
            type(autre).objects.filter(pk=autre.pk).update(titulaire=candidature.titulaire_id)
        with CaptureQueriesContext(connection) as quatre:
            texte = lire(client, ACCUEIL)
        assert texte.count("Suivre ce dossier") == 4
        assert len(un) == len(quatre)
