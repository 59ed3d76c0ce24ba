"""Leaving a dossier, taking it up again; the clock of those nobody touches, and the right to contest it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.candidatures.inactivite import Echeances, dossiers_inactifs
from backoffice.candidatures.models import Candidature
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import Refus
from site_public.demonstration.horloge import horloge
from tests import fabriques as f
from tests.ouvrier import travailler

MOTIF = "La personne a changé de métier depuis."


def destinataires(verbe):
    return set(CourrielSortant.objects.filter(cause__verbe=verbe).values_list("destinataire", flat=True))


class TestDesistement:
    @pytest.mark.parametrize("etat, revenu", [
        ("deposee", "deposee"), ("recevable", "recevable"), ("invitee", "en_evaluation"), ("inscrite", "evaluee"),
    ])  # fmt: skip
    def test_on_se_desiste_a_chaque_statut_et_on_reprend_ou_l_on_en_etait(self, acteurs, etat, revenu):
        """The place in a session is given back; those concerned are told, with the reason."""
        candidature = getattr(f, etat)(acteurs)
        partie = f.faire(candidature, "desister", acteurs.employeur, motif=MOTIF)
        assert (partie.etat, partie.sortie) == ("abandonnee", "desistement")
        assert not partie.inscriptions.filter(retiree_le=None).exists()
        attendus = {acteurs.gestionnaire.email, partie.titulaire.courriel}
        if etat in ("invitee", "inscrite"):
            attendus.add(acteurs.evaluateur.email)
        assert destinataires("desister") == attendus
        assert all(MOTIF in c.corps for c in CourrielSortant.objects.filter(cause__verbe="desister"))
        assert f.faire(partie, "reprendre", acteurs.employeur).etat == revenu

    def test_un_dossier_ne_quitte_pas_une_seance_commencee(self, acteurs):
        """Once the session is open, the jury decides or adjourns."""
        seance = f.session(acteurs)
        candidature = f.inscrite(acteurs, seance)
        f.ouvrir_seance(acteurs, seance)
        with pytest.raises(Refus, match="La session de jury a commencé"):
            f.faire(candidature, "desister", acteurs.employeur, motif=MOTIF)

    def test_un_ajournement_n_empeche_pas_de_partir_et_reste_au_pv(self, acteurs):
        """Postponed, registered again, then gone: the second place is given back, the first minutes keep theirs."""
        seance = f.session(acteurs)
        candidature = f.inscrite(acteurs, seance)
        f.ouvrir_seance(acteurs, seance)
        f.deliberer(acteurs, candidature, issue="ajournee")
        f.sceller(acteurs, seance)
        candidature.refresh_from_db()
        suivante = f.session(acteurs)
        candidature = f.faire(candidature, "inscrire_au_jury", acteurs.employeur, session=suivante)
        partie = f.faire(candidature, "desister", acteurs.employeur, motif=MOTIF)
        assert list(partie.inscriptions.filter(retiree_le=None).values_list("session", flat=True)) == [seance.pk]

    def test_qui_reprend_et_jusqu_a_quand(self, acteurs):
        """What the porteur closed, the porteur takes up; after the delay, nobody; never beside a live twin."""
        candidature = f.faire(f.deposee(acteurs), "abandonner", acteurs.gestionnaire, motif=MOTIF)
        with pytest.raises(Refus, match="lui seul peut le reprendre"):
            f.faire(candidature, "reprendre", acteurs.employeur)
        personne = candidature.titulaire
        jumelle = f.brouillon(acteurs, f.TitulaireFactory.build(nom_naissance=personne.nom_naissance))
        with pytest.raises(Refus, match="a déjà une candidature"):
            f.faire(candidature, "reprendre", acteurs.gestionnaire)
        f.faire(jumelle, "annuler", acteurs.employeur)
        with horloge(timezone.now() + timedelta(days=31)), pytest.raises(Refus, match="délai de reprise"):
            f.faire(candidature, "reprendre", acteurs.gestionnaire)
        assert f.faire(candidature, "reprendre", acteurs.gestionnaire).etat == "deposee"

    def test_un_brouillon_supprime_par_erreur_se_reprend(self, acteurs, chez):
        """Deleted, it left the lists; its reference still leads to it, and to « Reprendre »."""
        candidature = f.faire(f.brouillon(acteurs), "annuler", acteurs.employeur)
        assert "Reprendre la candidature" in chez("employeur").get(candidature.get_absolute_url()).text
        assert f.faire(candidature, "reprendre", acteurs.employeur).etat == "brouillon"


class TestInactivite:
    """Parcours: reminder after 60 days, closing 30 days after it, 30 days to contest."""

    @pytest.fixture
    def debut(self, acteurs):
        debut = timezone.now() - timedelta(days=200)
        f.Role.objects.update(debut=debut)
        return debut

    @pytest.fixture
    def incomplete(self, acteurs, debut):
        with horloge(debut):
            return f.faire(f.deposee(acteurs), "declarer_incomplete", acteurs.gestionnaire, motif=MOTIF)

    def passer(self, debut, jour):
        """The daily task on this day after the last act, mails included."""
        with horloge(debut + timedelta(days=jour)):
            phrase = dossiers_inactifs()
            travailler()
        return phrase

    def test_relance_puis_cloture_par_la_plateforme_chacune_une_fois(self, acteurs, incomplete, debut):
        """Nothing before its day; once on its day, whatever the times it runs; the journal says who: the platform."""
        assert self.passer(debut, 59).startswith("0 dossier(s) relancé(s), 0 clos")
        assert self.passer(debut, 60).startswith("1 dossier(s) relancé(s)")
        assert self.passer(debut, 60).startswith("0 dossier(s) relancé(s)")
        relance = CourrielSortant.objects.filter(modele="candidature_inactive")
        assert {c.destinataire for c in relance} == {acteurs.employeur.email, incomplete.titulaire.courriel}
        with horloge(debut + timedelta(days=61)):
            assert Echeances.de(Candidature.objects.get()).cloture == timezone.localdate(debut + timedelta(days=90))
        assert self.passer(debut, 90).endswith("0 clos pour inactivité.")
        assert self.passer(debut, 91).endswith("1 clos pour inactivité.")
        close = Candidature.objects.get()
        assert (close.etat, close.sortie, close.sortie_de) == ("abandonnee", "inactivite", "incomplete")
        entree = EntreeJournal.objects.de(close).last()
        assert (entree.verbe, entree.role, entree.acteur) == ("clore_inactive", "plateforme", None)

    def test_des_jours_manques_ne_closent_personne_sans_relance(self, incomplete, debut):
        """The task did not run for four months: it reminds first, and gives the whole delay from there."""
        assert self.passer(debut, 150) == "1 dossier(s) relancé(s), 0 clos pour inactivité."
        assert self.passer(debut, 170).endswith("0 clos pour inactivité.")
        assert self.passer(debut, 181).endswith("1 clos pour inactivité.")

    def test_une_relance_qui_n_est_pas_partie_ne_compte_pas(self, incomplete, debut):
        """The mail server was down: the delay has not begun."""
        with horloge(debut + timedelta(days=60)):
            dossiers_inactifs()
        with horloge(debut + timedelta(days=120)):
            assert dossiers_inactifs() == "0 dossier(s) relancé(s), 0 clos pour inactivité."
        assert Candidature.objects.get().etat == "incomplete"

    def test_un_acte_remet_l_horloge_a_zero(self, acteurs, incomplete, debut):
        """Whoever acts after the reminder starts the sixty days again."""
        self.passer(debut, 60)
        with horloge(debut + timedelta(days=80)):
            piece = {"requise": acteurs.parcours.pieces.get(), "fichier": f.controler(f.fichier_pdf())}
            f.faire(incomplete, "joindre_piece", acteurs.employeur, **piece)
        assert self.passer(debut, 100) == "0 dossier(s) relancé(s), 0 clos pour inactivité."
        assert self.passer(debut, 140).startswith("1 dossier(s) relancé(s)")

    def test_nul_n_est_clos_pour_la_lenteur_d_un_autre(self, acteurs, debut):
        """Declared: the porteur is awaited, the clock does not run."""
        with horloge(debut):
            f.deposee(acteurs)
        assert self.passer(debut, 190) == "0 dossier(s) relancé(s), 0 clos pour inactivité."

    def test_un_brouillon_oublie_est_supprime_et_se_reprend(self, acteurs, debut, chez):
        """Nobody else ever knew of it: neither the candidate nor the porteur is written to."""
        with horloge(debut):
            f.brouillon(acteurs)
        self.passer(debut, 60)
        self.passer(debut, 91)
        candidature = Candidature.objects.get()
        assert candidature.etat == "annulee" and destinataires("clore_inactive") == {acteurs.employeur.email}
        with horloge(debut + timedelta(days=100)):
            assert f.faire(candidature, "reprendre", acteurs.employeur).etat == "brouillon"

    def test_la_cloture_se_conteste_et_le_porteur_repond(self, acteurs, incomplete, debut, chez):
        """Told on the dossier with its date; contested with a reason; accepted: back where it was. Or maintained."""
        self.passer(debut, 60)
        self.passer(debut, 195)
        page = chez("employeur").get(incomplete.get_absolute_url()).text
        assert "Dossier clos pour inactivité" in page and "peuvent contester" in page
        with pytest.raises(Refus, match="contestez la clôture"):
            f.faire(incomplete, "reprendre", acteurs.employeur)
        raison = "L’entreprise avait fermé pour travaux."
        f.faire(incomplete, "contester", acteurs.employeur, motif=raison)
        page = chez("gestionnaire").get(incomplete.get_absolute_url()).text
        assert raison in page and "Accepter la contestation" in page and "répond à la contestation" in page
        with pytest.raises(Refus, match="déjà contestée"):
            f.faire(incomplete, "contester", acteurs.employeur, motif=raison)
        f.faire(incomplete, "refuser_contestation", acteurs.gestionnaire, motif="La relance disait ce délai.")
        assert "La relance disait ce délai." in chez("employeur").get(incomplete.get_absolute_url()).text
        with pytest.raises(Refus, match="Aucune contestation"):
            f.faire(incomplete, "accepter_contestation", acteurs.gestionnaire)
        Candidature.objects.update(contestation_refusee_le=None)
        repris = f.faire(incomplete, "accepter_contestation", acteurs.gestionnaire)
        assert (repris.etat, repris.sortie, repris.contestee_le) == ("incomplete", "", None)

    def test_la_page_du_dossier_annonce_la_prochaine_date(self, acteurs, chez):
        """« Pourquoi ce dossier attend » shows when the reminder will come."""
        candidature = f.brouillon(acteurs)
        jour = timezone.localdate() + timedelta(days=60)
        page = chez("employeur").get(candidature.get_absolute_url()).text
        assert "Prochaine relance" in page and f'datetime="{jour:%Y-%m-%d}"' in page
