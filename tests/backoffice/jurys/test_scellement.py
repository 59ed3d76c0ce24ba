"""The minutes: numbered, complete, immutable; one jury proposes, the other decides (J6)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.jurys.models import Inscription
from backoffice.parcours.validite import fin_de_validite
from registre.canonique import empreinte
from registre.models import CourrielSortant
from registre.transitions import VERBES, Refus, RoleInsuffisant
from tests import fabriques as f

from .outils import ouverte, seance

pytestmark = pytest.mark.django_db


class TestProcesVerbal:
    def test_pas_de_pv_tant_qu_un_dossier_attend(self, acteurs):
        """The reference of the forgotten dossier is named, and nothing is decided."""
        session, premier, oublie = ouverte(acteurs, True, True)
        f.deliberer(acteurs, premier)
        with pytest.raises(Refus, match=f"n’a pas délibéré sur le dossier {oublie.reference}"):
            f.sceller(acteurs, session)
        premier.refresh_from_db()
        session.refresh_from_db()
        assert (premier.etat, session.etat, session.pv) == ("inscrite_jury", "ouverte", None)

    def test_la_seance_se_clot_par_qui_preside_ou_organise(self, acteurs):
        """Neither the vice-chair while the chair sits, nor somebody who only reads; the secretary may."""
        session, candidature = ouverte(acteurs)
        f.deliberer(acteurs, candidature)
        for qui in (acteurs.vice_president, acteurs.auditeur):
            with pytest.raises(RoleInsuffisant):
                seance(session, "clore_seance", qui)
        assert seance(session, "clore_seance", acteurs.secretaire).etat == "close"

    def test_le_pv_est_numerote_complet_et_sans_nom_de_candidat(self, acteurs):
        """Dense numbers, a hash that anybody can compute again, references instead of names."""
        numeros = []
        for _ in range(2):
            session, candidature = ouverte(acteurs)
            f.deliberer(acteurs, candidature)
            session = f.sceller(acteurs, session)
            session.refresh_from_db()
            numeros.append(session.pv.numero)
            assert empreinte(session.pv.contenu, session.pv.contenu["format"]) == session.pv.empreinte
            assert [m["nom"] for m in session.pv.contenu["membres"]] == [
                acteurs.presidente.get_full_name(),
                acteurs.vice_president.get_full_name(),
            ]
            assert candidature.reference in str(session.pv.contenu)
            assert candidature.titulaire.nom_naissance not in str(session.pv.contenu)
        assert [n.rsplit("-", 1)[1] for n in numeros] == ["00001", "00002"]

    def test_le_candidat_et_l_employeur_sont_prevenus(self, acteurs):
        """One mail each, caused by the decision."""
        session, candidature = ouverte(acteurs)
        f.deliberer(acteurs, candidature)
        f.sceller(acteurs, session)
        courriels = dict(
            CourrielSortant.objects.filter(modele__startswith="decision_").values_list("modele", "destinataire")
        )
        assert courriels == {
            "decision_candidat": candidature.titulaire.courriel,
            "decision_employeur": acteurs.employeur.email,
        }

    def test_les_courriels_disent_ce_qui_est_garde_et_comment_contester(self):
        """Partial: the notice, the bloc kept and its end, until when to appeal. All obtained: the notice only."""
        acteurs = f.Acteurs(validite_blocs_mois=60, delai_recours=30)
        partiel, complet = f.decidee(acteurs, acquis=lambda c: c.bloc.ordre == 1), f.decidee(acteurs)
        jour = timezone.localdate()
        for dossier, refuse in ((partiel, True), (complet, False)):
            notice = f"/gestion/jurys/notices/{dossier.inscriptions.get().pk}/"
            siens = CourrielSortant.objects.filter(modele__startswith="decision_", corps__contains=dossier.reference)
            assert siens.count() == 2
            for corps in siens.values_list("corps", flat=True):
                assert notice in corps
                assert ("Recours\u00a0: jusqu’au " + date_format(jour + timedelta(days=30), "j F Y") in corps) is refuse
                garde, perdu = dossier.version.blocs.order_by("ordre")
                fin = f"jusqu’au {date_format(fin_de_validite(jour, 60), 'j F Y')}"
                assert (f"- {garde.code} {garde.libelle}\u00a0: {fin}" in corps) is refuse
                assert f"- {perdu.code}" not in corps

    def test_apres_le_sceau_rien_ne_bouge(self, acteurs):
        """Every verb of a session is refused on a sealed one, and so are a decision and an evaluation."""
        session, candidature = ouverte(acteurs)
        f.deliberer(acteurs, candidature)
        session = f.sceller(acteurs, session)
        candidature.refresh_from_db()
        avant = (session.pv.empreinte, list(Inscription.objects.get().decisions.values_list("bloc", "acquis")))
        personnes = (acteurs.presidente, acteurs.vice_president, acteurs.gestionnaire, acteurs.certificateur)
        # A correction is written beside, a signed sheet is joined: neither changes anything there.
        a_cote = {"preparer_rectificatif", "joindre_piece_de_seance"}
        siens = {nom for (modele, nom), v in VERBES.items() if modele == f.SESSION and not v.creation}
        verbes = sorted(siens - a_cote)
        assert len(verbes) >= 5
        for nom in verbes:
            for personne in personnes:
                with pytest.raises(Refus):
                    seance(session, nom, personne)
        with pytest.raises(Refus):
            f.deliberer(acteurs, candidature, False, motif="Trop tard")
        with pytest.raises(Refus):
            f.faire(candidature, "rouvrir_evaluation", acteurs.gestionnaire, motif="Trop tard")
        with pytest.raises(Refus):
            f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, resultats=f.reponses(candidature, False))
        session.refresh_from_db()
        assert avant == (
            session.pv.empreinte,
            list(Inscription.objects.get().decisions.values_list("bloc", "acquis")),
        )
        assert session.pv.scelle_le <= timezone.now()


class TestDeuxJurys:
    def test_le_premier_propose_la_cpne_decide(self):
        """Parcours that separates both juries: a proposal is not a decision, and nothing is delivered from it."""
        acteurs = f.Acteurs(jurys_fusionnes=False)
        evaluation = f.session(acteurs, "evaluation")
        candidature = f.inscrite(acteurs, evaluation)
        f.ouvrir_seance(acteurs, evaluation)
        f.deliberer(acteurs, candidature)
        f.sceller(acteurs, evaluation)
        candidature.refresh_from_db()
        assert (candidature.etat, candidature.decidee_le) == ("proposee", None)
        with pytest.raises(Refus):
            f.faire(candidature, "preparer_delivrance", acteurs.certificateur, lieu="Paris")

        autre_evaluation = f.session(acteurs, "evaluation")
        with pytest.raises(Refus, match="instance attendue"):
            f.faire(candidature, "presenter_a_la_cpne", acteurs.certificateur, session=autre_evaluation)
        cpne = f.session(acteurs, "certification")
        f.faire(candidature, "presenter_a_la_cpne", acteurs.certificateur, session=cpne)
        with pytest.raises(Refus, match="déjà présenté"):
            f.faire(candidature, "presenter_a_la_cpne", acteurs.certificateur, session=cpne)
        f.ouvrir_seance(acteurs, cpne)
        f.deliberer(acteurs, candidature)
        f.sceller(acteurs, cpne)
        candidature.refresh_from_db()
        assert candidature.etat == "validee"
        f.faire(candidature, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
        assert cpne.inscriptions.get().session.instance == "certification"

    def test_un_parcours_fusionne_ne_passe_pas_par_un_jury_qui_propose(self, acteurs):
        """And a parcours in two steps is not decided by a single jury."""
        deux_temps = f.Acteurs(jurys_fusionnes=False)
        with pytest.raises(Refus, match="autre type de jury"):
            f.faire(
                f.evaluee(deux_temps), "inscrire_au_jury", deux_temps.employeur, session=f.session(deux_temps, "unique")
            )
        with pytest.raises(Refus, match="autre type de jury"):
            f.faire(f.evaluee(acteurs), "inscrire_au_jury", acteurs.employeur, session=f.session(acteurs, "evaluation"))
