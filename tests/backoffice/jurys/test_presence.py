"""Presence: on screen, on paper, excused and replaced, late, gone; and the proxies of the absent (J4)."""

import pytest
from django.utils import timezone

from backoffice.jurys.composition import corps, empechements, manques_de_session
from backoffice.jurys.models import Deport, Inscription, Procuration, Scrutin
from registre.models import CourrielSortant
from registre.transitions import Refus, RoleInsuffisant
from tests import fabriques as f

from .outils import mandate, nommer, seance

pytestmark = pytest.mark.django_db


def siege(session, personne):
    return session.membres.get(utilisateur=personne)


@pytest.fixture
def session(acteurs):
    """A planned session with one dossier, chair and vice-chair."""
    session = f.session(acteurs)
    f.inscrite(acteurs, session)
    return session


class TestExcuse:
    def test_le_suppleant_du_titulaire_est_appele_et_chacun_le_sait(self, acteurs, session):
        """The one named for this titulaire rather than the one of the collège; organisers and secretary are told."""
        titulaire = acteurs.vice_president.mandats.get()
        mandate(acteurs.cpne, "salaries", suppleant=True)
        le_sien = mandate(acteurs.cpne, "salaries", suppleant=True, suppleant_de=titulaire)
        seance(session, "excuser", acteurs.vice_president, motif="Réunion de branche")
        suppleant = siege(session, le_sien.personne)
        assert suppleant.suppleant and suppleant.remplace == siege(session, acteurs.vice_president)
        assert CourrielSortant.objects.get(modele="suppleance_jury").destinataire == le_sien.personne.email
        avertis = CourrielSortant.objects.filter(modele="excuse_jury")
        gens = {acteurs.certificateur.email, acteurs.gestionnaire.email, acteurs.secretaire.email}
        assert {c.destinataire for c in avertis} == gens
        assert all("Réunion de branche" in c.corps and str(le_sien.personne) in c.corps for c in avertis)
        for membre in (acteurs.presidente, le_sien.personne):
            seance(session, "emarger", membre)
        assert manques_de_session(session) == []

    def test_un_suppleant_absent_est_remplace_a_son_tour(self, acteurs, session):
        """The next of the collège takes the same seat; when nobody is left, the organisers read it."""
        for _ in range(2):
            mandate(acteurs.cpne, "salaries", suppleant=True)
        seance(session, "excuser", acteurs.vice_president, motif="Réunion de branche")
        premier = session.membres.get(suppleant=True)
        seance(session, "excuser", premier.utilisateur, motif="Souffrant")
        second = session.membres.get(suppleant=True, excuse_le=None)
        assert second.remplace == siege(session, acteurs.vice_president)
        seance(session, "excuser", second.utilisateur, motif="Empêché")
        assert "Aucun suppléant" in CourrielSortant.objects.filter(modele="excuse_jury").latest("pk").corps

    def test_on_n_excuse_que_soi_sauf_a_tenir_la_plume(self, acteurs, session):
        """The secretary notes what was said on the phone; who comes after all signs in, and the seat is his again."""
        with pytest.raises(Refus, match="Chaque membre le dit pour soi"):
            seance(session, "excuser", acteurs.presidente, membre=siege(session, acteurs.vice_president), motif="x y")
        seance(session, "excuser", acteurs.secretaire, membre=siege(session, acteurs.vice_president), motif="Grève")
        with pytest.raises(Refus, match="déjà excusée"):
            seance(session, "excuser", acteurs.vice_president, motif="Grève")
        seance(session, "emarger", acteurs.vice_president)
        assert siege(session, acteurs.vice_president).excuse_le is None
        with pytest.raises(Refus, match="a émargé"):
            seance(session, "excuser", acteurs.vice_president, motif="Grève")


class TestPapier:
    def test_le_secretaire_note_les_presents_de_la_feuille(self, acteurs, session):
        """All at once; a member does not sign for others; a mistake is corrected until the jury deliberates."""
        with pytest.raises(RoleInsuffisant):
            seance(session, "marquer_present", acteurs.presidente, membres=list(session.membres.all()))
        autre = nommer(acteurs, session, "salaries")
        seance(session, "marquer_present", acteurs.secretaire, membres=list(session.membres.all()))
        assert session.membres.filter(present_le=None).count() == 0
        seance(session, "corriger_presence", acteurs.secretaire, membre=siege(session, autre))
        assert siege(session, autre).present_le is None
        seance(session, "ouvrir_session", acteurs.gestionnaire)
        f.deliberer(acteurs, Inscription.objects.get().candidature)
        with pytest.raises(Refus, match="notez son départ"):
            seance(session, "corriger_presence", acteurs.secretaire, membre=siege(session, acteurs.presidente))

    def test_deux_retardataires_entrent_ensemble(self, acteurs, session):
        """One alone would break the parity of an open session; one of each collège may come in, noted together."""
        tardifs = [nommer(acteurs, session, college) for college in ("employeurs", "salaries")]
        f.ouvrir_seance(acteurs, session)
        with pytest.raises(Refus, match="Parité\u00a0: 2 membres présents .* et 1"):
            seance(session, "emarger", tardifs[0])
        seance(session, "marquer_present", acteurs.secretaire, membres=[siege(session, t) for t in tardifs])
        assert manques_de_session(session) == []

    def test_sans_parite_stricte_un_retardataire_entre_mais_pas_pendant_un_vote(self):
        """Where the rules allow it; the ballot under way keeps the voices it was opened with."""
        acteurs = f.Acteurs(parite_stricte=False)
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        tardif = nommer(acteurs, session, "employeurs")
        f.ouvrir_seance(acteurs, session)
        scrutin = Scrutin.objects.create(inscription=Inscription.objects.get(), ouvert_le=timezone.now())
        with pytest.raises(Refus, match="Un vote est ouvert"):
            seance(session, "emarger", tardif)
        Scrutin.objects.filter(pk=scrutin.pk).update(clos_le=timezone.now())
        seance(session, "emarger", tardif)


class TestDepart:
    def test_qui_part_ne_compte_plus_et_la_regle_manquante_se_lit(self, acteurs, session):
        """The live composition says what fails; coming back restores it."""
        f.ouvrir_seance(acteurs, session)
        seance(session, "quitter_seance", acteurs.vice_president)
        manques = manques_de_session(session)
        assert any("0 membre présent pour le collège salariés" in m for m in manques)
        with pytest.raises(Refus, match="n’est pas dans la salle"):
            seance(session, "quitter_seance", acteurs.vice_president)
        with pytest.raises(Refus, match="0 membre présent pour le collège salariés"):
            f.deliberer(acteurs, Inscription.objects.get().candidature)
        seance(session, "emarger", acteurs.vice_president)
        assert manques_de_session(session) == []
        seance(session, "quitter_seance", acteurs.secretaire, membre=siege(session, acteurs.presidente))
        assert siege(session, acteurs.presidente).parti_le

    def test_un_deport_se_reprend_avant_la_deliberation(self, acteurs, session):
        """Declared for a coming session, on the title of the dossier; undone by its author; never the computed one."""
        inscription = Inscription.objects.get()
        deport = {"inscription": inscription, "raison": "Je connais cette personne."}
        seance(session, "declarer_deport", acteurs.vice_president, **deport)
        for membre in (acteurs.presidente, acteurs.vice_president):
            seance(session, "emarger", membre)
        assert "Quorum" in empechements(session, inscription)[0]
        with pytest.raises(Refus, match="aucun déport"):
            seance(session, "retirer_deport", acteurs.presidente, inscription=inscription)
        seance(session, "retirer_deport", acteurs.vice_president, inscription=inscription)
        assert empechements(session, inscription) == []
        Deport.objects.create(inscription=inscription, membre=siege(session, acteurs.vice_president), raison="Lien")
        with pytest.raises(Refus, match="aucun déport"):
            seance(session, "retirer_deport", acteurs.vice_president, inscription=inscription)


class TestProcurations:
    @pytest.fixture
    def acteurs(self):
        return f.Acteurs(procurations_par_membre=1, quorum_represente=True, membres_minimum_par_college=2)

    @pytest.fixture
    def autres(self, acteurs, session):
        """Two more members, one per collège."""
        return [nommer(acteurs, session, college) for college in ("employeurs", "salaries")]

    def donner(self, session, par, a, **donnees):
        return seance(session, "donner_procuration", par, mandataire=siege(session, a), **donnees)

    def test_un_absent_est_represente_et_sa_voix_compte(self, acteurs, session, autres):
        """Two per collège are needed: with the proxy of the absent one, the jury opens; without it, it could not."""
        self.donner(session, autres[1], acteurs.vice_president)
        assert CourrielSortant.objects.get(modele="procuration_jury").destinataire == acteurs.vice_president.email
        for membre in (acteurs.presidente, acteurs.vice_president, autres[0]):
            seance(session, "emarger", membre)
        assert manques_de_session(session) == []
        portees = corps(session, Inscription.objects.get()).portees_par(acteurs.vice_president)
        assert [s.membre.utilisateur for s in portees] == [acteurs.vice_president, autres[1]]
        seance(session, "retirer_procuration", autres[1], procuration=Procuration.objects.get())
        assert "1 membre présent ou représenté pour le collège salariés" in manques_de_session(session)[0]

    def test_les_limites_du_reglement_disent_leurs_nombres(self, acteurs, session, autres):
        """Same collège, so many per holder, one per seat, to somebody else, and only when absent."""
        with pytest.raises(Refus, match="se donne à un membre du collège salariés"):
            self.donner(session, autres[1], acteurs.presidente)
        with pytest.raises(Refus, match="à un autre membre"):
            self.donner(session, autres[1], autres[1])
        troisieme = nommer(acteurs, session, "salaries")
        self.donner(session, autres[1], acteurs.vice_president)
        with pytest.raises(Refus, match="a déjà donné procuration"):
            self.donner(session, autres[1], troisieme)
        with pytest.raises(Refus, match="porte déjà 1 procuration, le règlement en permet 1"):
            self.donner(session, troisieme, acteurs.vice_president)
        seance(session, "emarger", autres[0])
        with pytest.raises(Refus, match="est dans la salle"):
            self.donner(session, autres[0], acteurs.presidente)

    def test_le_secretaire_enregistre_celle_qui_est_sur_papier(self, acteurs, session, autres):
        """A member gives his own only; whoever holds the pen writes those received on paper, and takes them back."""
        papier = {"mandant": siege(session, autres[1])}
        with pytest.raises(Refus, match="sa propre procuration"):
            self.donner(session, acteurs.presidente, acteurs.vice_president, **papier)
        self.donner(session, acteurs.secretaire, acteurs.vice_president, **papier)
        procuration = Procuration.objects.get()
        with pytest.raises(Refus, match="Vous n’avez pas donné"):
            seance(session, "retirer_procuration", acteurs.presidente, procuration=procuration)
        seance(session, "retirer_procuration", acteurs.secretaire, procuration=procuration)
        assert not Procuration.objects.filter(retiree_le=None).exists()

    def test_sans_procuration_dans_le_reglement(self):
        """A parcours that allows none says so."""
        acteurs = f.Acteurs()
        session = f.session(acteurs)
        autre = nommer(acteurs, session, "salaries")
        with pytest.raises(Refus, match="ne permet pas de donner procuration"):
            self.donner(session, autre, acteurs.vice_president)
