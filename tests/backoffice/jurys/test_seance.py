"""A session opens and deliberates only when its rules are met; a blocked dossier holds up nobody (J2 to J5)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backoffice.jurys.composition import Assemblee, manques_de_session
from backoffice.jurys.models import Inscription
from backoffice.jurys.presence import ruptures
from registre.transitions import Refus, RoleInsuffisant
from tests import fabriques as f

from .outils import nommer, ouverte, seance

pytestmark = pytest.mark.django_db


class TestOuverture:
    def test_un_college_absent_empeche_d_ouvrir_et_le_dit_en_nombres(self, acteurs):
        """Quorum per collège, then parity: each sentence carries its numbers."""
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        seance(session, "emarger", acteurs.presidente)
        with pytest.raises(Refus) as refus:
            seance(session, "ouvrir_session", acteurs.presidente)
        assert refus.value.phrases == [
            "Quorum\u00a0: 0 membre présent pour le collège salariés, il en faut au moins 1.",
            "Parité\u00a0: 1 membre présent pour le collège employeurs et 0 pour le collège salariés, il en faut "
            "autant.",
        ]
        session.refresh_from_db()
        assert session.etat == "planifiee"

    def test_la_parite_manque_puis_un_membre_se_retire(self, acteurs):
        """Two against one: refused with the numbers; the one too many takes their signature back and it opens."""
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        de_trop = nommer(acteurs, session, "employeurs")
        for membre in (acteurs.presidente, acteurs.vice_president, de_trop):
            seance(session, "emarger", membre)
        with pytest.raises(Refus, match="Parité\u00a0: 2 membres présents pour le collège employeurs et 1 pour"):
            seance(session, "ouvrir_session", acteurs.presidente)
        seance(session, "retirer_emargement", de_trop)
        assert seance(session, "ouvrir_session", acteurs.presidente).etat == "ouverte"

    def test_la_parite_est_une_configuration(self):
        """A parcours without strict parity sits with two against one."""
        acteurs = f.Acteurs(parite_stricte=False)
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        for membre in (acteurs.presidente, acteurs.vice_president, nommer(acteurs, session, "employeurs")):
            seance(session, "emarger", membre)
        assert seance(session, "ouvrir_session", acteurs.presidente).etat == "ouverte"

    def test_le_quorum_est_une_configuration(self):
        """Three per collège, as some branches ask: two are not enough, whatever the parity."""
        acteurs = f.Acteurs(membres_minimum_par_college=3)
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        for membre in (
            acteurs.presidente,
            acteurs.vice_president,
            nommer(acteurs, session, "employeurs"),
            nommer(acteurs, session, "salaries"),
        ):
            seance(session, "emarger", membre)
        with pytest.raises(Refus, match="2 membres présents pour le collège employeurs, il en faut au moins 3"):
            seance(session, "ouvrir_session", acteurs.presidente)

    def test_sans_dossier_il_n_y_a_rien_a_ouvrir(self, acteurs):
        """An empty session does not sit."""
        session = f.session(acteurs)
        for membre in (acteurs.presidente, acteurs.vice_president):
            seance(session, "emarger", membre)
        with pytest.raises(Refus, match="Aucun dossier"):
            seance(session, "ouvrir_session", acteurs.presidente)

    def test_sans_presidence_ni_vice_presidence_on_n_ouvre_pas(self, acteurs):
        """Plain members, even in parity, need somebody to lead."""
        session = f.session(acteurs)
        f.inscrite(acteurs, session)
        for college in ("employeurs", "salaries"):
            seance(session, "emarger", nommer(acteurs, session, college))
        with pytest.raises(Refus, match="ni la présidence ni la vice-présidence"):
            seance(session, "ouvrir_session", acteurs.gestionnaire)

    def test_on_n_emarge_que_pour_soi_et_qu_une_fois(self, acteurs):
        """The signature is personal."""
        session = f.session(acteurs)
        seance(session, "emarger", acteurs.presidente)
        with pytest.raises(Refus, match="déjà émargé"):
            seance(session, "emarger", acteurs.presidente)
        with pytest.raises(RoleInsuffisant):
            seance(session, "emarger", acteurs.gestionnaire)

    def test_un_retard_ne_rompt_pas_la_parite(self, acteurs):
        """Once open under strict parity, nobody can block the jury by signing late, alone."""
        session = f.session(acteurs)
        tardif = nommer(acteurs, session, "salaries")
        f.inscrite(acteurs, session)
        f.ouvrir_seance(acteurs, session)
        with pytest.raises(Refus, match="empêcherait le jury de décider. Parité"):
            seance(session, "emarger", tardif)
        with pytest.raises(Refus, match="n’est pas possible maintenant"):
            seance(session, "retirer_emargement", acteurs.presidente)

    def test_une_regle_deja_rompue_n_en_cache_pas_une_autre(self, acteurs, audience):
        """The quorum of one collège fails already: losing that of the other one is another rule, and is said."""
        session, _ = audience
        seance(session, "quitter_seance", acteurs.presidente)
        assert [m.split("\u00a0:")[0] for m in manques_de_session(session)] == ["Quorum", "Parité"]
        assemblee = Assemblee.de(session)
        for membre in assemblee.membres:
            membre.parti_le = timezone.now()
        nouvelles = ruptures(session, assemblee)
        assert [m.split("\u00a0:")[0] for m in nouvelles] == ["Quorum", "Présidence"]
        assert "collège salariés" in nouvelles[0]

    def test_la_vice_presidence_conduit_quand_la_presidence_manque(self, acteurs):
        """From the opening to the sealed minutes, without the chair."""
        session = f.session(acteurs)
        candidature = f.inscrite(acteurs, session)
        autre = nommer(acteurs, session, "employeurs")
        for membre in (acteurs.vice_president, autre):
            seance(session, "emarger", membre)
        seance(session, "ouvrir_session", acteurs.vice_president)
        blocs = {b.pk: (True, "") for b in candidature.blocs_a_evaluer()}
        f.faire(candidature, "deliberer", acteurs.vice_president, issue="decidee", blocs=blocs)
        with pytest.raises(RoleInsuffisant):
            f.sceller(acteurs, session)
        f.sceller(acteurs, session, acteurs.vice_president)
        candidature.refresh_from_db()
        assert candidature.etat == "validee"


class TestDeliberation:
    def test_pas_avant_l_ouverture(self, acteurs):
        """A planned session decides nothing."""
        candidature = f.inscrite(acteurs)
        with pytest.raises(Refus, match="La séance n’est pas ouverte"):
            f.deliberer(acteurs, candidature)

    def test_seule_la_presidence_enregistre(self, acteurs):
        """Neither a member, nor the vice-chair while the chair sits, nor who manages the dossier."""
        _, candidature = ouverte(acteurs)
        blocs = {b.pk: (True, "") for b in candidature.blocs_a_evaluer()}
        with pytest.raises(Refus, match="La présidence de la séance enregistre la décision"):
            f.faire(candidature, "deliberer", acteurs.vice_president, issue="decidee", blocs=blocs)
        with pytest.raises(RoleInsuffisant):
            f.faire(candidature, "deliberer", acteurs.gestionnaire, issue="decidee", blocs=blocs)
        assert not Inscription.objects.exclude(issue="").exists()

    def test_s_ecarter_de_l_evaluation_demande_un_motif(self, acteurs):
        """In both directions, bloc by bloc; the reason is kept."""
        _, candidature = ouverte(acteurs, lambda competence: competence.bloc.ordre == 1)
        premier, second = candidature.blocs_a_evaluer()
        with pytest.raises(
            Refus, match=f"Bloc {premier.code}\u00a0: la décision s’écarte .* donnez-en le motif"
        ) as refus:
            f.deliberer(acteurs, candidature, lambda bloc: bloc != premier, motif="   ")
        assert len(refus.value.phrases) == 2
        f.deliberer(acteurs, candidature, lambda bloc: bloc != premier, motif="Vu sur le chantier du jury")
        motifs = Inscription.objects.get().decisions.values_list("bloc", "acquis", "motif")
        assert set(motifs) == {
            (premier.pk, False, "Vu sur le chantier du jury"),
            (second.pk, True, "Vu sur le chantier du jury"),
        }

    def test_chaque_bloc_recoit_sa_decision(self, acteurs):
        """No decision by omission."""
        _, candidature = ouverte(acteurs)
        premier, second = candidature.blocs_a_evaluer()
        with pytest.raises(Refus, match=f"Il manque la décision du jury sur le bloc {second.code}"):
            f.faire(candidature, "deliberer", acteurs.presidente, issue="decidee", blocs={premier.pk: (True, "")})

    def test_la_decision_se_corrige_jusqu_au_pv(self, acteurs):
        """The last one counts, and no trace of the first remains in the decisions (the journal has both)."""
        session, candidature = ouverte(acteurs)
        f.deliberer(acteurs, candidature, False, motif="Erreur de ligne")
        f.deliberer(acteurs, candidature, True)
        f.sceller(acteurs, session)
        candidature.refresh_from_db()
        assert candidature.etat == "validee"
        assert set(Inscription.objects.get().decisions.values_list("acquis", flat=True)) == {True}

    def test_le_bloc_d_une_autre_certification_est_ignore(self, acteurs):
        """Foreign ids in the data of the verb change nothing."""
        _, candidature = ouverte(acteurs)
        etranger = f.VersionFactory().blocs.first()
        blocs = {b.pk: (True, "") for b in [*candidature.blocs_a_evaluer(), etranger]}
        f.faire(candidature, "deliberer", acteurs.presidente, issue="decidee", blocs=blocs)
        assert not Inscription.objects.get().decisions.filter(bloc=etranger).exists()


class TestDossierBloque:
    def test_un_dossier_ajourne_n_arrete_pas_les_autres_et_revient(self, acteurs):
        """The others are decided; the adjourned one goes back and may be registered again, then decided."""
        session, bloque, autre = ouverte(acteurs, True, True)
        f.deliberer(acteurs, bloque, issue="ajournee")
        f.deliberer(acteurs, autre)
        f.sceller(acteurs, session)
        bloque.refresh_from_db()
        autre.refresh_from_db()
        assert (bloque.etat, autre.etat) == ("ajournee", "validee")

        suivante = f.session(acteurs)
        bloque = f.faire(bloque, "inscrire_au_jury", acteurs.employeur, session=suivante)
        f.ouvrir_seance(acteurs, suivante)
        f.deliberer(acteurs, bloque)
        f.sceller(acteurs, suivante)
        bloque.refresh_from_db()
        assert bloque.etat == "validee"

    def test_un_absent_est_ajourne(self, acteurs):
        """Absent is not failed: the person comes back to a later session."""
        session, candidature = ouverte(acteurs)
        f.deliberer(acteurs, candidature, issue="absente")
        f.sceller(acteurs, session)
        candidature.refresh_from_db()
        assert candidature.etat == "ajournee"

    def test_sans_quorum_sur_un_dossier_on_peut_l_ajourner(self, acteurs):
        """To postpone takes no quorum: otherwise one recusal would hold up everybody."""
        session, bloque, autre = ouverte(acteurs, True, True)
        inscription = Inscription.objects.get(candidature=bloque)
        seance(session, "declarer_deport", acteurs.vice_president, inscription=inscription, raison="Lien familial")
        f.deliberer(acteurs, bloque, issue="ajournee")
        f.deliberer(acteurs, autre)
        assert f.sceller(acteurs, session).etat == "scellee"

    def test_sans_personne_pour_le_conduire_le_pv_l_ajourne_et_dit_pourquoi(self, acteurs):
        """Chair and vice-chair both recused: nobody may open the dossier, the minutes postpone it by themselves."""
        session, bloque, autre = ouverte(acteurs, True, True)
        inscription = Inscription.objects.get(candidature=bloque)
        for membre in (acteurs.presidente, acteurs.vice_president):
            seance(session, "declarer_deport", membre, inscription=inscription, raison="Lien familial")
        f.deliberer(acteurs, autre)
        session = f.sceller(acteurs, session)
        bloque.refresh_from_db()
        assert bloque.etat == "ajournee"
        ligne = next(d for d in session.pv.contenu["dossiers"] if d["reference"] == bloque.reference)
        assert ligne["issue"] == "ajournee"
        assert "Le jury n’a pas pu délibérer sur ce dossier" in ligne["motif"]
        assert len(ligne["deports"]) == 2


def test_une_session_se_nomme_par_son_jour_de_paris(acteurs):
    """Half past midnight in Paris is the day before in UTC: the name says the day people come."""
    minuit_et_demi = timezone.make_aware(datetime(2027, 3, 2, 0, 30))
    session = f.SessionJury(debut=minuit_et_demi, limite_inscription=minuit_et_demi.date() - timedelta(days=9))
    assert str(session).endswith("du 02/03/2027")
