"""A member does not sit on a dossier with which they have a link, found from the data or declared (J3)."""

import pytest

from backoffice.jurys.models import Inscription
from registre.transitions import Refus
from tests import fabriques as f

from .outils import frais, nommer, ouverte, seance

pytestmark = pytest.mark.django_db


class TestDeport:
    def membre_de_l_employeur(self, acteurs, session, fonction="membre"):
        return nommer(acteurs, session, "salaries", fonction, organisme=acteurs.etablissement)

    def test_un_conflit_connu_deporte_d_office(self, acteurs):
        """Same body as the candidate's employer: recused as soon as member and dossier meet, and it is written."""
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        self.membre_de_l_employeur(acteurs, session)
        deport = Inscription.objects.get().deports.get()
        assert "appartient à l’employeur du candidat" in deport.raison
        assert deport.declare is False

    def test_le_dossier_qui_arrive_apres_deporte_aussi(self, acteurs):
        """Whatever the order in which the list and the seats are filled."""
        session = f.session(acteurs)
        membre = self.membre_de_l_employeur(acteurs, session)
        f.inscrite(acteurs, session)
        assert Inscription.objects.get().deports.get().membre.utilisateur == membre

    def test_un_conflit_apparu_le_jour_meme_est_vu_a_l_ouverture(self, acteurs):
        """Roles change between the convocation and the session."""
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        f.Role.objects.create(utilisateur=acteurs.vice_president, nom="employeur", organisme=acteurs.etablissement)
        for membre in (acteurs.presidente, frais(acteurs.vice_president)):
            seance(session, "emarger", membre)
        seance(session, "ouvrir_session", acteurs.presidente)
        assert Inscription.objects.get().deports.get().membre.utilisateur == acteurs.vice_president

    def test_l_evaluateur_du_candidat_ne_le_juge_pas(self, acteurs):
        """Nobody judges their own evaluation."""
        f.Role.objects.create(utilisateur=acteurs.evaluateur, nom="jury", organisme=f.OrganismeFactory())
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        mandat = f.mandat(frais(acteurs.evaluateur), acteurs.cpne, "salaries")
        seance(session, "nommer_membre", acteurs.gestionnaire, mandat=mandat)
        assert Inscription.objects.get().deports.get().raison == "Cette personne a évalué le candidat."

    def test_la_voix_deportee_ne_compte_ni_au_quorum_ni_a_la_parite(self, acteurs):
        """On that dossier the jury is one short: no decision, and the sentence says the numbers."""
        session, candidature = f.session(acteurs), None
        candidature = f.inscrite(acteurs, session)
        f.ouvrir_seance(acteurs, session)
        declarer = {"inscription": Inscription.objects.get(), "raison": "Je connais sa famille"}
        seance(session, "declarer_deport", acteurs.vice_president, **declarer)
        with pytest.raises(Refus, match="0 membre présent pour le collège salariés"):
            f.deliberer(acteurs, candidature)

    def test_la_vice_presidence_conduit_le_dossier_ou_la_presidence_se_deporte(self, acteurs):
        """On that dossier only; the chair cannot record anything there."""
        session = f.session(acteurs)
        candidature = f.inscrite(acteurs, session)
        f.inscrite(acteurs, session)
        renfort = nommer(acteurs, session, "employeurs")
        autre = nommer(acteurs, session, "salaries")
        for membre in (renfort, autre):
            seance(session, "emarger", membre)
        f.ouvrir_seance(acteurs, session)
        inscription = Inscription.objects.get(candidature=candidature)
        for membre in (acteurs.presidente, autre):
            seance(session, "declarer_deport", membre, inscription=inscription, raison="Lien professionnel")
        with pytest.raises(Refus, match="sauf déport sur ce dossier"):
            f.deliberer(acteurs, candidature)
        blocs = {b.pk: (True, "") for b in candidature.blocs_a_evaluer()}
        f.faire(candidature, "deliberer", acteurs.vice_president, issue="decidee", blocs=blocs)

    def test_on_ne_se_deporte_pas_apres_avoir_delibere(self, acteurs):
        """Nor on a dossier of another session."""
        session, candidature = ouverte(acteurs)
        f.deliberer(acteurs, candidature)
        inscription = Inscription.objects.get()
        with pytest.raises(Refus, match="déjà délibéré"):
            seance(session, "declarer_deport", acteurs.presidente, inscription=inscription, raison="Trop tard")
        ailleurs = f.session(acteurs)
        with pytest.raises(Refus, match="n’est pas inscrit à cette session"):
            seance(ailleurs, "declarer_deport", acteurs.presidente, inscription=inscription, raison="Ailleurs")
