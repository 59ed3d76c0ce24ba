"""Votes: one seat one voice, counted once, never shown before the close; the decision that follows (J5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.jurys.menage import purger_voix
from backoffice.jurys.models import DecisionBloc, Inscription, SessionJury, Voix
from registre.models import EntreeJournal
from registre.transitions import Refus
from tests import fabriques as f

from .bureau import Bureau
from .outils import seance

pytestmark = pytest.mark.django_db


class TestUnVote:
    def test_du_premier_bulletin_a_la_decision(self):
        """Opened by the chair, changed until the close, closed once every voice came: counted, decided, frozen."""
        b = Bureau()
        with pytest.raises(Refus, match="Aucun vote n’est ouvert"):
            b.voter(b.troisieme)
        with pytest.raises(Refus, match="ce parcours décide par un vote"):
            f.deliberer(b.acteurs, b.dossier)
        with pytest.raises(Refus, match="La présidence de la séance"):
            b.faire("ouvrir_scrutin", b.troisieme)
        b.faire("ouvrir_scrutin")
        with pytest.raises(Refus, match="Un vote est ouvert sur ce dossier"):
            f.deliberer(b.acteurs, b.dossier, issue="ajournee")
        b.voter(b.acteurs.presidente)
        b.voter(b.acteurs.vice_president, "contre")
        b.voter(b.acteurs.vice_president, "abstention")
        b.voter(b.troisieme)
        with pytest.raises(Refus, match=r"Il manque 1 voix \(Driss .*\)\u00a0: attendez-la, ou closez avec"):
            b.faire("clore_scrutin", sans_attendre=False)
        with pytest.raises(Refus, match="Vous ne portez pas cette voix"):
            b.voter(b.troisieme, siege=b.siege(b.quatrieme))
        b.voter(b.quatrieme)
        b.faire("clore_scrutin", sans_attendre=False)
        assert b.inscription.issue == "decidee"
        assert b.decisions() == [(True, False, 3, 0, 1, "")] * 2
        with pytest.raises(Refus, match="Le vote est clos"):
            b.voter(b.troisieme, "contre")
        assert Voix.objects.filter(choix="contre").count() == 0

    def test_vingt_fois_le_meme_bulletin_une_voix(self):
        """Twenty identical requests: one voice per bloc and one line in the journal, silent on what was voted."""
        b = Bureau()
        b.faire("ouvrir_scrutin")
        for _ in range(20):
            b.voter(b.troisieme, "contre", cle="meme")
        assert Voix.objects.count() == len(b.dossier.blocs_a_evaluer())
        entree = EntreeJournal.objects.get(verbe="voter")
        assert entree.details == {"scrutin": b.scrutin.pk, "siege": b.siege(b.troisieme).pk}

    def test_qui_est_deporte_ou_absent_ne_vote_pas(self):
        """A recusal takes the voice away, with its reason said; quorum and parity are computed again."""
        b = Bureau(parite_stricte=False)
        declaration = {"inscription": b.inscription, "raison": "Lien familial"}
        seance(b.session, "declarer_deport", b.troisieme, **declaration)
        b.faire("ouvrir_scrutin")
        with pytest.raises(Refus, match="Vous êtes déporté"):
            b.voter(b.troisieme)
        for personne in (b.acteurs.presidente, b.acteurs.vice_president, b.quatrieme):
            b.voter(personne)
        b.faire("clore_scrutin", sans_attendre=False)
        assert b.decisions()[0][2:5] == (3, 0, 0)

    def test_sans_quorum_le_vote_ne_s_ouvre_pas(self):
        """The rule that fails is said with its numbers."""
        b = Bureau()
        seance(b.session, "declarer_deport", b.troisieme, inscription=b.inscription, raison="Lien familial")
        with pytest.raises(Refus, match="Parité\u00a0: 1 membre présent pour le collège employeurs et 2"):
            b.faire("ouvrir_scrutin")

    def test_une_procuration_se_vote_a_part(self):
        """The holder votes for the absent member apart from their own voice, and may say otherwise."""
        b = Bureau(procuration=True, procurations_par_membre=1)
        b.faire("ouvrir_scrutin")
        mandant = b.siege(b.quatrieme)
        b.voter(b.acteurs.vice_president, "pour")
        b.voter(b.acteurs.vice_president, "contre", siege=mandant)
        assert set(b.scrutin.voix.values_list("membre", "choix", "portee_par")) == {
            (b.siege(b.acteurs.vice_president).pk, "pour", None),
            (mandant.pk, "contre", b.siege(b.acteurs.vice_president).pk),
        }
        with pytest.raises(Refus, match="Il manque 2 voix"):
            b.faire("clore_scrutin", sans_attendre=False)
        for personne in (b.acteurs.presidente, b.troisieme):
            b.voter(personne)
        b.faire("clore_scrutin", sans_attendre=False)
        assert b.decisions()[0][2:5] == (3, 1, 0)

    def test_clore_sans_attendre_compte_les_absentes_comme_des_abstentions(self):
        """The chair says so explicitly; two voices out of four have no absolute majority, so nothing is decided."""
        b = Bureau()
        b.faire("ouvrir_scrutin")
        for personne in (b.acteurs.presidente, b.troisieme):
            b.voter(personne)
        b.faire("clore_scrutin", sans_attendre=True)
        assert (b.inscription.issue, b.decisions()) == ("", [])
        compte = b.scrutin.depouillement.popitem()[1]
        assert (compte["pour"], compte["abstentions"], compte["acquis"]) == (2, 2, None)
        assert "il en faut 3" in compte["raison"]


class TestPartage:
    def test_un_partage_ne_decide_rien_et_un_tour_suit_sur_ce_bloc_seul(self):
        """The bloc settled at the first tour stays settled; only the one in suspense is voted again."""
        b = Bureau()
        b.tour(["pour", "pour"], ["pour", "pour"], ["pour", "contre"], ["pour", "contre"])
        assert (b.inscription.issue, b.decisions()) == ("", [])
        premier, second = b.dossier.blocs_a_evaluer()
        assert "Les voix se partagent" in b.scrutin.depouillement[str(second.pk)]["raison"]
        b.faire("ouvrir_scrutin")
        for personne in b.membres:
            b.faire("voter", personne, siege=b.siege(personne), choix={second.pk: "pour", premier.pk: "contre"})
        b.faire("clore_scrutin", sans_attendre=False)
        assert b.scrutin.tour == 2 and set(b.scrutin.depouillement) == {str(second.pk)}
        assert b.decisions() == [(True, False, 4, 0, 0, "")] * 2
        with pytest.raises(Refus, match="Le jury a déjà conclu"):
            b.faire("ouvrir_scrutin")

    def test_la_presidence_tranche_ou_le_parcours_le_veut(self):
        """Casting vote: the chair's side wins, and the decision says how."""
        b = Bureau(voix_preponderante=True)
        b.tour("pour", "contre", "pour", "contre")
        assert b.decisions() == [(True, False, 2, 2, 0, "")] * 2
        assert DecisionBloc.objects.filter(preponderante=True).count() == 2

    def test_un_partage_se_reporte(self):
        """Postponed with its reason; the ballot that decided nothing leaves no decision."""
        b = Bureau()
        b.tour("pour", "contre", "pour", "contre")
        with pytest.raises(Refus, match="ce parcours décide par un vote"):
            f.deliberer(b.acteurs, b.dossier)
        f.deliberer(b.acteurs, b.dossier, issue="ajournee", motif="Les voix se partagent.")
        assert (b.inscription.issue, b.inscription.motif, b.decisions()) == ("ajournee", "Les voix se partagent.", [])


class TestContreLEvaluation:
    def test_le_motif_se_donne_apres_le_compte(self):
        """Nobody can write the reason before the count: the decision waits for it, and cannot differ from the vote."""
        b = Bureau(acquis=lambda competence: competence.bloc.ordre == 1)
        b.tour("pour", "pour", "pour", "pour")
        assert (b.inscription.issue, b.decisions()) == ("", [])
        second = b.dossier.blocs_a_evaluer()[1]
        with pytest.raises(Refus, match=f"Bloc {second.code}\u00a0: la décision s’écarte de l’évaluation"):
            f.deliberer(b.acteurs, b.dossier)
        with pytest.raises(Refus, match="le vote donne «\u202facquis\u202f»"):
            f.deliberer(b.acteurs, b.dossier, lambda bloc: bloc != second)
        f.deliberer(b.acteurs, b.dossier, motif="Gestes montrés à l’entretien")
        assert [(d[0], d[1], d[2]) for d in b.decisions()] == [(True, False, 4), (True, True, 4)]

    def test_sans_rattrapage_le_bloc_n_est_pas_mis_aux_voix(self):
        """Where the parcours has no rattrapage, what the evaluation refused is refused, without a vote."""
        b = Bureau(acquis=lambda competence: competence.bloc.ordre == 1, rattrapage_permis=False)
        with pytest.raises(Refus, match="ne permet pas au jury de l’accorder en rattrapage"):
            f.deliberer(b.acteurs, b.dossier, motif="Par indulgence")
        b.tour("pour", "pour", "pour", "pour")
        assert [(d[0], d[2]) for d in b.decisions()] == [(True, 4), (False, None)]


class TestAnnulation:
    def test_un_vote_annule_emporte_sa_decision_et_ses_voix(self):
        """With a reason in the journal; the next tour starts from nothing."""
        b = Bureau()
        b.tour("pour", "pour", "pour", "pour")
        with pytest.raises(Refus, match="La présidence de la séance"):
            b.faire("annuler_scrutin", b.troisieme, motif="Erreur de dossier")
        b.faire("annuler_scrutin", motif="Erreur de dossier")
        assert (b.inscription.issue, b.decisions(), Voix.objects.count()) == ("", [], 0)
        b.tour("contre", "contre", "contre", "pour")
        assert b.scrutin.tour == 2
        f.deliberer(b.acteurs, b.dossier, False, motif="Gestes dangereux")
        assert [(d[0], d[3]) for d in b.decisions()] == [(False, 3), (False, 3)]

    def test_en_consensus_le_vote_departage(self):
        """A jury that agrees records it; one that does not may vote on this dossier."""
        b = Bureau(mode_decision="consensus")
        b.tour("pour", "pour", "pour", "contre")
        assert [(d[0], d[2], d[3]) for d in b.decisions()] == [(True, 3, 1)] * 2


def test_les_voix_sont_detruites_quand_plus_rien_ne_peut_les_faire_recompter():
    """Kept through the delay of appeal, destroyed after it; the counts stay in the decision and in the ballot."""
    b = Bureau(delai_recours=60)
    b.tour("pour", "pour", "pour", "contre")
    assert purger_voix() == "0 voix individuelle détruite."
    SessionJury.objects.filter(pk=b.session.pk).update(etat="scellee", close_le=timezone.now() - timedelta(days=59))
    purger_voix()
    assert Voix.objects.count() == 8
    Inscription.objects.update(notifiee_le=timezone.now() - timedelta(days=61))
    assert purger_voix() == "8 voix individuelles détruites."
    assert [d[2:4] for d in b.decisions()] == [(3, 1)] * 2
    assert b.scrutin.depouillement
