"""The dossiers of the demonstration: every state, true history, nothing that a person could not have done.

A twentieth of them is loaded once for the whole file, so that no other test of the base may stand here.
"""

import json
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import TruncDate
from django.utils import timezone

from backoffice.candidatures.models import Candidature, Etat
from backoffice.comptes.models import Utilisateur
from backoffice.jurys.models import SessionJury
from backoffice.remises.models import Envoi
from backoffice.signalements.models import Signalement
from cpf.models import LotCPF, PassageCPF
from registre import jetons, journal
from registre.models import CourrielSortant, EntreeJournal, Parchemin, Titulaire, VersionCertification
from verification.constat import Statut, constater

pytestmark = pytest.mark.django_db

PART = "0.05"


def lancer(*arguments) -> str:
    sortie = StringIO()
    call_command("demonstration", *arguments, stdout=sortie)
    return sortie.getvalue()


@pytest.fixture(scope="module")
def chargee(scene):
    """What the command printed."""
    return lancer("--part", PART)


@pytest.mark.usefixtures("chargee")
class TestDossiers:
    def test_chaque_etat_a_ses_dossiers(self):
        assert set(Candidature.objects.values_list("etat", flat=True)) == set(Etat.values)

    def test_le_journal_est_intact_et_dans_l_ordre_du_temps(self):
        assert list(journal.verifier()) == []
        instants = list(EntreeJournal.objects.order_by("sequence").values_list("horodatage", flat=True))
        assert instants == sorted(instants)
        assert instants[-1] <= timezone.now()

    def test_le_journal_mene_a_l_etat_present_de_chaque_dossier(self):
        derniers = {
            e.objet_id: e.etat_apres
            for e in EntreeJournal.objects.filter(objet_type="candidatures.candidature").order_by("sequence")
        }
        assert derniers == dict(Candidature.objects.values_list("pk", "etat"))

    def test_chaque_document_est_edite_et_se_verifie_comme_valide(self):
        documents = Parchemin.objects.all()
        assert documents.exists()
        for document in documents:
            assert document.sha256
            assert constater(jetons.lire(document.jeton)).statut is Statut.VALIDE

    def test_aucun_document_ne_precede_la_decision_d_enregistrement(self):
        for document in Parchemin.objects.select_related("version"):
            assert document.delivre_le >= (document.version.date_decision or date.min)

    def test_les_numeros_sont_denses_et_disent_la_demonstration(self):
        rangs: dict = {}
        for document in Parchemin.objects.order_by("pk"):
            assert document.numero.startswith("DEMO")
            rangs.setdefault(document.serie_id, []).append(document.rang)
        assert all(suite == list(range(1, len(suite) + 1)) for suite in rangs.values())

    def test_un_lot_est_clos_un_autre_est_traite_avec_un_refus(self):
        lots = {lot.etat: lot for lot in LotCPF.objects.all()}
        assert set(lots) == {LotCPF.Etat.CLOS, LotCPF.Etat.TRAITE}
        reponses = Counter(lots[LotCPF.Etat.TRAITE].passages.values_list("reponse", flat=True))
        assert reponses[PassageCPF.Reponse.REFUSE] == 1 and reponses[PassageCPF.Reponse.ACCEPTE] >= 1

    def test_des_papiers_sont_demandes_et_des_documents_signales(self):
        """As many as a small demonstration has documents for; each report in its own state."""
        assert Envoi.objects.exists() and Parchemin.objects.filter(nature="bloc").exists()
        assert set(Signalement.objects.values_list("etat", flat=True)) == set(Signalement.Etat.values)
        assert not Envoi.objects.filter(envoye_le__lt=TruncDate("demande_le")).exists()
        assert Signalement.objects.filter(recu_le__lt=timezone.now() - timedelta(days=1)).count() == 4

    def test_les_sessions_sont_scellees_ouverte_et_a_venir(self):
        etats = Counter(SessionJury.objects.values_list("etat", flat=True))
        assert etats == {"scellee": 7, "ouverte": 1, "planifiee": 2}
        assert all(timezone.localtime(s.debut).weekday() < 5 for s in SessionJury.objects.exclude(etat="ouverte"))

    def test_chaque_sorte_de_regles_a_des_dossiers_a_ses_etapes(self):
        """Prerequisites then a positioning; marks from two évaluateurs, one grid still open: each can be tried."""
        ouverts = Candidature.objects.all()
        exigeants = ouverts.filter(parcours__positionnement_actif=True, parcours__prerequis__isnull=False).distinct()
        assert exigeants.filter(etat="deposee").exists()
        assert exigeants.filter(etat="recevable", positionnee_le=None).exists()
        assert exigeants.filter(positionnee_le__isnull=False).exists()
        notes = ouverts.filter(parcours__mode_evaluation="notes", parcours__nombre_evaluateurs=2)
        assert notes.filter(etat="en_evaluation", evaluation__resultats__note__isnull=False).exists()
        assert notes.filter(etat="evaluee").exists()

    def test_le_candidat_du_compte_retrouve_son_parchemin(self):
        compte = Utilisateur.objects.get(email="candidat@example.org")
        assert Parchemin.objects.visibles_par(compte).filter(nature="parchemin").count() == 1

    def test_chaque_gestionnaire_ne_voit_que_les_dossiers_de_ses_porteurs(self):
        for courriel in ("chimie", "cordes", "patrimoine"):
            compte = Utilisateur.objects.get(email=f"gestionnaire.{courriel}@example.org")
            vus = Candidature.objects.all().visibles_par(compte)
            assert vus.exists()
            assert set(vus.values_list("porteur", flat=True)) <= compte.organismes_ids("gestionnaire")

    def test_personne_n_a_d_adresse_hors_de_example_org(self):
        assert not Titulaire.objects.exclude(courriel__endswith="@example.org").exists()
        assert not Utilisateur.objects.exclude(email__endswith="@example.org").exists()

    def test_les_courriels_du_passe_sont_partis_sans_leurs_liens(self):
        veille = timezone.now() - timedelta(days=3)
        anciens = CourrielSortant.objects.filter(cree_le__lt=veille)
        assert anciens.exists()
        assert not anciens.filter(envoye_le=None).exists()
        assert not anciens.exclude(secret="").exists()

    def test_les_dossiers_visent_des_versions_delivrables(self):
        visees = VersionCertification.objects.filter(candidatures__isnull=False).distinct()
        assert not visees.exclude(pk__in=VersionCertification.objects.delivrables()).exists()

    def test_une_seconde_execution_dit_que_tout_est_la_et_ne_change_rien(self, chargee):
        assert "Démonstration chargée." in chargee
        avant = EntreeJournal.objects.count()
        assert "déjà chargée" in lancer()
        assert EntreeJournal.objects.count() == avant

    def test_une_autre_graine_est_refusee_par_une_phrase(self):
        with pytest.raises(CommandError, match="autre graine"):
            lancer("--graine", "1")

    def test_les_comptes_s_impriment_en_json(self):
        comptes = json.loads(lancer("--json"))
        assert {"courriel", "mot_de_passe", "role", "totp", "nom"} == set(comptes[0])
        assert {c["courriel"] for c in comptes} <= set(Utilisateur.objects.values_list("email", flat=True))
