"""The life of the versions: copied, corrected by one person, published by another, never changed after that."""

import pytest
from django.db import IntegrityError, transaction

from backoffice.parcours.comparaison import differences
from backoffice.parcours.models import ModeEvaluation, Parcours, Prerequis
from backoffice.parcours.releve import relever
from backoffice.parcours.workflow import PARCOURS, enregistrer, preparer
from registre.models import Competence, CourrielSortant, EntreeJournal
from registre.transitions import Refus, executer

from ... import fabriques as f
from ...connexion import connecter
from .situations import brouillon, publie

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


def publier(acteurs, parcours, qui=None):
    return executer(PARCOURS, "publier", parcours, qui or acteurs.certificateur, {"motif": "Décision du 3 mars."})


class TestCopie:
    def test_une_nouvelle_version_reprend_tout_sous_le_numero_suivant(self, acteurs):
        """Fields, pièces, prerequisites with their proof, coefficients: nothing changes but the number."""
        premier = brouillon(acteurs, {"seuil_bloc": 70, "mode_evaluation": ModeEvaluation.NOTES})
        piece = premier.pieces.create(code="cv", libelle="Curriculum vitæ", ordre=2)
        premier.prerequis.create(code="age", libelle="Expérience", nature="seuil", seuil=36, unite="mois", piece=piece)
        competence = Competence.objects.filter(bloc__version__certification=premier.certification).first()
        premier.ponderations.create(competence=competence, coefficient=3)
        publier(acteurs, premier)
        second = preparer(acteurs.gestionnaire, premier.certification, source=premier)
        assert (second.numero, second.etat, second.publie_le) == (2, "brouillon", None)
        assert differences(relever(premier), relever(second)) == []
        assert second.prerequis.get().piece == second.pieces.get(code="cv")

    def test_les_coefficients_d_une_autre_certification_ne_suivent_pas(self, acteurs):
        """Rules copied from another certification: its compétences are not those that are marked here."""
        source = brouillon(acteurs)
        competence = Competence.objects.filter(bloc__version__certification=source.certification).first()
        source.ponderations.create(competence=competence, coefficient=3)
        ailleurs = f.VersionFactory(certification__porteur=acteurs.porteur).certification
        copie = preparer(acteurs.gestionnaire, ailleurs, source=source)
        assert not copie.ponderations.exists() and copie.delai_inscription_jury == source.delai_inscription_jury

    def test_un_seul_brouillon_a_la_fois(self, acteurs):
        """A second draft is refused with the number of the first, and by the database itself."""
        premier = brouillon(acteurs)
        with pytest.raises(Refus, match="version 1 est déjà en préparation"):
            preparer(acteurs.certificateur, premier.certification)
        with pytest.raises(IntegrityError), transaction.atomic():
            Parcours.objects.create(certification=premier.certification, numero=7)

    def test_la_meme_demande_n_ouvre_qu_un_brouillon(self, acteurs):
        """The same key twice: the same draft comes back."""
        certification = f.VersionFactory(certification__porteur=acteurs.porteur).certification
        jumeaux = {preparer(acteurs.gestionnaire, certification, cle="k").pk for _ in range(3)}
        assert len(jumeaux) == 1

    def test_hors_de_sa_portee_on_ne_prepare_rien(self, acteurs):
        """Another porteur's certification does not exist for this manager."""
        with pytest.raises(Refus) as refus:
            preparer(f.Acteurs().gestionnaire, acteurs.certification)
        assert refus.value.statut == 404


class TestPublication:
    def test_elle_vaut_pour_les_dossiers_a_venir_seulement(self, acteurs):
        """The new version is in force, the one before is replaced, an open dossier keeps its own."""
        ouvert = f.brouillon(acteurs)
        regles = {"delai_inscription_jury": 20, "recevabilite_active": False}
        second = enregistrer(
            acteurs.gestionnaire,
            preparer(acteurs.gestionnaire, acteurs.certification, source=acteurs.parcours),
            regles,
        )
        publier(acteurs, second)
        acteurs.parcours.refresh_from_db()
        ouvert.refresh_from_db()
        assert acteurs.parcours.etat == "remplace" and acteurs.parcours.retire_le
        assert Parcours.objects.all().publie(acteurs.certification) == second
        assert ouvert.parcours == acteurs.parcours
        assert f.brouillon(acteurs).parcours == second

    def test_qui_a_ecrit_en_dernier_ne_publie_pas(self, acteurs):
        """A second person publishes: the certificateur may write, but then another one publishes."""
        parcours = brouillon(acteurs)
        enregistrer(acteurs.certificateur, parcours, {"seuil_bloc": 80})
        with pytest.raises(Refus, match="seconde personne"):
            publier(acteurs, parcours)
        collegue = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
        assert publier(acteurs, parcours, collegue).etat == "publie"

    def test_un_refus_du_controle_empeche_de_publier(self, acteurs):
        """A draft keeps what is incoherent; publishing says what is wrong and what to do."""
        parcours = brouillon(acteurs, {"membres_minimum_par_college": 0, "seuil_competence": 25})
        with pytest.raises(Refus) as refus:
            publier(acteurs, parcours)
        assert len(refus.value.phrases) == 2 and "note maximale" in str(refus.value)
        parcours.refresh_from_db()
        assert (parcours.etat, parcours.seuil_competence) == ("brouillon", 25)

    def test_la_base_refuse_de_publier_ce_qui_ne_tient_pas(self, acteurs):
        """Even around the verbs: no jury without a member of each collège once the rules are in force."""
        parcours = publie(acteurs)
        with pytest.raises(IntegrityError), transaction.atomic():
            Parcours.objects.filter(pk=parcours.pk).update(membres_minimum_par_college=0)

    def test_une_version_publiee_ne_se_modifie_plus(self, acteurs):
        """Neither by its page nor by the verb itself."""
        parcours = publie(acteurs)
        with pytest.raises(Refus, match="préparez une nouvelle version"):
            enregistrer(acteurs.gestionnaire, parcours, {"seuil_bloc": 50})
        with pytest.raises(Refus):
            executer(PARCOURS, "modifier", parcours, acteurs.gestionnaire, {"regles": {"seuil_bloc": 50}})
        parcours.refresh_from_db()
        assert parcours.seuil_bloc == 100

    def test_les_regles_du_porteur_passent_avant_celles_de_tous(self, acteurs):
        """Each line has its own numbers, its own draft, its own version in force."""
        siennes = preparer(acteurs.gestionnaire, acteurs.certification, acteurs.porteur, acteurs.parcours)
        assert siennes.numero == 1
        enregistrer(acteurs.gestionnaire, siennes, {"delai_inscription_jury": 30})
        publier(acteurs, siennes)
        choisir = Parcours.objects.all().publie
        assert choisir(acteurs.certification, acteurs.porteur) == siennes
        assert choisir(acteurs.certification) == acteurs.parcours
        executer(PARCOURS, "retirer", siennes, acteurs.certificateur, {"motif": "Les règles communes suffisent."})
        assert choisir(acteurs.certification, acteurs.porteur) == acteurs.parcours

    def test_le_journal_dit_ce_qui_a_change(self, acteurs):
        """Names of the rules written, lines touched, number replaced: who did what is read later."""
        parcours = brouillon(acteurs)
        enregistrer(acteurs.gestionnaire, parcours, {"seuil_bloc": 60, "guide_requis": True})
        entree = EntreeJournal.objects.de(parcours).last()
        assert (entree.verbe, entree.details["regles"], entree.role) == ("modifier", ["seuil_bloc"], "gestionnaire")


def test_ce_qui_change_se_lit_regle_par_regle(acteurs):
    """Words before, words after, in the order of the steps; a line added, one removed, one whose threshold moves."""
    premier = brouillon(acteurs)
    premier.pieces.create(code="cv", libelle="Curriculum vitæ")
    premier.prerequis.create(code="exp", libelle="Expérience", nature=Prerequis.Nature.SEUIL, seuil=24, unite="mois")
    publier(acteurs, premier)
    second = preparer(acteurs.gestionnaire, premier.certification, source=premier)
    second = enregistrer(acteurs.gestionnaire, second, {"validite_blocs_mois": 60, "metier_requis": False})
    second.pieces.all().delete()
    second.pieces.create(code="photos", libelle="Photographies")
    second.prerequis.update(seuil=36)
    lues = [(d.libelle, d.avant, d.apres) for d in differences(relever(premier), relever(second))]
    assert [nom for nom, *_ in lues] == [
        "Curriculum vitæ",
        "Photographies",
        "Expérience",
        "Évaluateur métier requis",
        "Validité des blocs acquis",
    ]
    assert ("Validité des blocs acquis", "pour toujours", "60 mois") in lues
    assert ("Évaluateur métier requis", "oui", "non") in lues
    assert lues[0][2] == "n’est plus demandé" and "au moins 24" in lues[2][1] and "au moins 36" in lues[2][2]


class TestProposition:
    def test_le_certificateur_est_prevenu_et_le_lit_dans_a_faire(self, acteurs, client):
        """A mail and a notification, then one line of « À faire » until somebody else has published; asked once."""
        parcours, autre = brouillon(acteurs), f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
        client = connecter(client, acteurs.certificateur)
        assert "attendent leur publication" not in client.get("/gestion/").content.decode()
        parcours = executer(PARCOURS, "proposer_publication", parcours, acteurs.gestionnaire)
        partis = CourrielSortant.objects.filter(modele="parcours_propose")
        assert set(partis.values_list("destinataire", flat=True)) == {acteurs.certificateur.email, autre.email}
        assert parcours.get_absolute_url() in partis[0].corps and str(parcours.certification) in partis[0].corps
        page = client.get("/gestion/").content.decode()
        assert "attendent leur publication" in page and parcours.get_absolute_url() in page
        assert "Proposée à la publication" in client.get(parcours.get_absolute_url()).content.decode()
        with pytest.raises(Refus, match="déjà proposée"):
            executer(PARCOURS, "proposer_publication", parcours, acteurs.gestionnaire)
        publier(acteurs, parcours)
        assert "attendent leur publication" not in client.get("/gestion/").content.decode()

    def test_qui_a_ecrit_le_dernier_mot_n_y_lit_rien(self, acteurs, client):
        """It is not theirs to publish: only the others are told, and the control has nothing against it."""
        parcours = enregistrer(acteurs.certificateur, brouillon(acteurs), {"seuil_bloc": 80})
        autre = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
        executer(PARCOURS, "proposer_publication", parcours, acteurs.gestionnaire)
        page = connecter(client, acteurs.certificateur).get("/gestion/").content.decode()
        assert "attendent leur publication" not in page
        assert CourrielSortant.objects.get(modele="parcours_propose").destinataire == autre.email
        autres_regles = brouillon(acteurs, {"contestation_jours": 0})
        with pytest.raises(Refus, match="contest"):
            executer(PARCOURS, "proposer_publication", autres_regles, acteurs.gestionnaire)
