"""The mechanism of the verbs: what it checks, in which order, and what remains of an act that fails."""

from dataclasses import replace

import pytest

from registre import transitions
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import VERBES, HorsPortee, Refus, RoleInsuffisant, executer, verbe, verbes_de

from .. import fabriques as f
from ..monde import photo

pytestmark = pytest.mark.django_db

RECEVABLE = (f.MODELE, "declarer_recevable")


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.fixture
def deposee(acteurs):
    return f.deposee(acteurs)


def remplacer(monkeypatch, **options):
    """The verb « déclarer recevable », changed for one test."""
    monkeypatch.setitem(VERBES, RECEVABLE, replace(VERBES[RECEVABLE], **options))


class TestLEnregistrement:
    def test_un_nom_ne_sert_qu_une_fois_par_modele(self):
        """Two rules for one act would let the order of imports decide."""
        with pytest.raises(ValueError, match="déjà enregistré"):
            verbe(f.MODELE, "deposer", libelle="Déposer", etape=2)(lambda *args: {})

    def test_les_verbes_d_un_modele_suivent_les_etapes(self, deposee):
        """Buttons and documentation read them in the order of the path, the main one of a step first."""
        verbes = verbes_de(deposee)
        assert [v.etape for v in verbes] == sorted(v.etape for v in verbes)
        assert {v.modele for v in verbes} == {f.MODELE}
        troisieme = [v for v in verbes if v.etape == 3]
        assert [v.principal for v in troisieme] == sorted((v.principal for v in troisieme), reverse=True)


class TestCeQuiEstVerifie:
    def test_la_portee_puis_le_role_puis_l_etat_puis_la_condition(self, acteurs, deposee, monkeypatch):
        """The first thing that is wrong is what the person is told, and strangers learn nothing of the rest."""
        remplacer(monkeypatch, conditions=lambda *args: ["Il manque tout.", "Même la date."])
        etrangere = f.Acteurs().gestionnaire
        with pytest.raises(HorsPortee):
            executer(*RECEVABLE, deposee, etrangere)
        with pytest.raises(RoleInsuffisant, match="«\u202fDéclarer recevable\u202f»"):
            executer(*RECEVABLE, deposee, acteurs.employeur)
        with pytest.raises(Refus) as refus:
            executer(*RECEVABLE, deposee, acteurs.gestionnaire)
        assert (refus.value.phrases, refus.value.statut) == (["Il manque tout.", "Même la date."], 409)
        remplacer(monkeypatch, de=("evaluee",))
        with pytest.raises(Refus, match="l’état est «\u202fEn cours d’inscription – contrôle\u202f»"):
            executer(*RECEVABLE, deposee, acteurs.gestionnaire)

    def test_l_etat_lu_est_celui_de_la_base_et_non_celui_de_l_ecran(self, acteurs, deposee):
        """A page opened an hour ago acts on what the dossier is now."""
        ancien = type(deposee).objects.get(pk=deposee.pk)
        f.faire(deposee, "declarer_recevable", acteurs.gestionnaire)
        assert ancien.etat == "deposee"
        with pytest.raises(Refus, match="n’est pas possible maintenant"):
            executer(*RECEVABLE, ancien, acteurs.gestionnaire)

    def test_ce_que_l_appelant_a_change_sur_l_objet_n_est_pas_enregistre(self, acteurs, deposee):
        """Fields set by hand on the instance do not travel with a verb."""
        deposee.reference = "FAUSSE-1"
        deposee.etat = "validee"
        frais = executer(*RECEVABLE, deposee, acteurs.gestionnaire)
        assert (frais.etat, frais.reference != "FAUSSE-1") == ("recevable", True)

    def test_un_role_fini_ne_permet_plus_rien(self, acteurs, deposee):
        """A manager who has left since yesterday."""
        acteurs.gestionnaire.roles.update(
            debut=f.timezone.localdate() - f.timedelta(days=30), fin=f.timezone.localdate() - f.timedelta(days=1)
        )
        parti = type(acteurs.gestionnaire).objects.get(pk=acteurs.gestionnaire.pk)
        with pytest.raises(HorsPortee):
            executer(*RECEVABLE, deposee, parti)


class TestCeQuiResteDUnEchec:
    @pytest.mark.parametrize("endroit", ["effet", "courriels", "conditions"])
    def test_une_erreur_ne_laisse_rien(self, acteurs, deposee, monkeypatch, endroit):
        """Wherever it breaks, the row, the journal and the mails are as before."""

        def casser(*args):
            raise RuntimeError("panne")

        remplacer(monkeypatch, **{endroit: casser})
        avant = photo(deposee)
        with pytest.raises(RuntimeError):
            executer(*RECEVABLE, deposee, acteurs.gestionnaire)
        assert photo(deposee) == avant

    def test_un_effet_ne_mene_pas_a_un_etat_non_declare(self, acteurs, deposee, monkeypatch):
        """The declaration is the law: an effect that answers another state is an error, and nothing happens."""
        remplacer(monkeypatch, effet=lambda *args: {"etat": "validee"})
        avant = photo(deposee)
        with pytest.raises(ValueError, match="état non déclaré validee"):
            executer(*RECEVABLE, deposee, acteurs.gestionnaire)
        assert photo(deposee) == avant

    def test_un_effet_qui_ecrit_puis_echoue_est_defait(self, acteurs, deposee, monkeypatch):
        """What the effect wrote before it broke is undone with the rest."""

        def ecrire_puis_casser(candidature, acteur, donnees):
            candidature.pieces.update(retiree_le=f.timezone.now())
            raise RuntimeError("panne")

        remplacer(monkeypatch, effet=ecrire_puis_casser)
        with pytest.raises(RuntimeError):
            executer(*RECEVABLE, deposee, acteurs.gestionnaire)
        assert deposee.pieces.filter(retiree_le=None).count() == 1


class TestCeQuUnActeLaisse:
    def test_une_entree_et_ses_courriels(self, acteurs, deposee):
        """Who, with which role, what, from where to where; each mail hangs on that entry."""
        executer(*RECEVABLE, deposee, acteurs.gestionnaire)
        entree = EntreeJournal.objects.de(deposee).last()
        assert (entree.acteur, entree.role, entree.verbe) == (acteurs.gestionnaire, "gestionnaire", RECEVABLE[1])
        assert (entree.etat_avant, entree.etat_apres) == ("deposee", "recevable")
        assert set(CourrielSortant.objects.filter(cause=entree).values_list("modele", flat=True)) == {
            "candidature_recevable",
            "candidat_recevable",
        }

    def test_la_date_de_l_etat_ne_change_qu_avec_l_etat(self, acteurs, deposee, monkeypatch):
        """« Attend depuis » counts from the change of state, not from the last act."""
        depuis = deposee.etat_depuis
        remplacer(monkeypatch, vers=(), effet=lambda *args: {})
        assert executer(*RECEVABLE, deposee, acteurs.gestionnaire).etat_depuis == depuis
        monkeypatch.undo()
        assert executer(*RECEVABLE, deposee, acteurs.gestionnaire).etat_depuis > depuis

    def test_le_motif_va_a_cote_du_journal(self, acteurs, deposee):
        """A text may have to be erased one day; the entry may not."""
        phrase = "Le diplôme joint est celui d’une autre personne."
        f.faire(deposee, "declarer_incomplete", acteurs.gestionnaire, motif=phrase)
        entree = EntreeJournal.objects.de(deposee).last()
        assert entree.motif.texte == phrase
        assert phrase not in str(entree.details)


class TestLaMemeDemande:
    def test_la_meme_cle_n_agit_qu_une_fois(self, acteurs, deposee):
        """Sent again, even after the state has moved on, the request is answered as done."""
        for _ in range(20):
            frais = executer(*RECEVABLE, deposee, acteurs.gestionnaire, {}, "une-cle")
            assert frais.etat == "recevable"
        assert EntreeJournal.objects.de(deposee).filter(verbe=RECEVABLE[1]).count() == 1

    def test_une_autre_cle_est_une_autre_demande(self, acteurs, deposee):
        """Positive control: another request meets the new state."""
        executer(*RECEVABLE, deposee, acteurs.gestionnaire, {}, "une-cle")
        with pytest.raises(Refus):
            executer(*RECEVABLE, deposee, acteurs.gestionnaire, {}, "autre-cle")

    def test_la_meme_ouverture_donne_le_meme_dossier(self, acteurs):
        """A double click on « Enregistrer »: one person, one dossier, one reference."""
        dossiers = {
            f.ouvrir(
                acteurs.employeur,
                f.TitulaireFactory.build(),
                f.Candidature(
                    version=acteurs.version,
                    etablissement=acteurs.etablissement,
                    modalite_acces=f.ModaliteAcces.FC_HORS_CONTRAT,
                ),
                cle="meme-formulaire",
            ).pk
            for _ in range(3)
        }
        assert len(dossiers) == 1
        assert f.Titulaire.objects.count() == 1


def test_une_condition_se_lit_avant_d_agir(acteurs):
    """`manques` tells a screen what the mechanism would refuse, in the same words."""
    brouillon = f.brouillon(acteurs)
    acte = VERBES[f.MODELE, "deposer"]
    phrases = transitions.manques(acte, brouillon, acteurs.employeur)
    with pytest.raises(Refus) as refus:
        executer(f.MODELE, "deposer", brouillon, acteurs.employeur)
    assert refus.value.phrases == phrases == ["Il manque une pièce\u00a0: Diplôme ou titre le plus élevé."]
