"""Long lots: what is chosen, written by the worker, cut at the limits, gone on with after a cut, tried for nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cpf import accrochage, flux, lots, workflow
from cpf.models import LotCPF, PassageCPF
from cpf.selection import Selection
from registre.models import EntreeJournal
from registre.transitions import Refus

from ..ouvrier import travailler
from . import fabrique
from .test_lots import octets_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return fabrique.Bureau()


@pytest.fixture
def ecrire(django_capture_on_commit_callbacks):
    """Make a lot for the worker, and let it work until nothing is left."""

    def faire(bureau, **choix):
        with django_capture_on_commit_callbacks(execute=True):
            lot = workflow.constituer(bureau.personne, bureau.organisme, Selection(**choix))
        finir(django_capture_on_commit_callbacks)
        lot.refresh_from_db()
        return lot

    return faire


def finir(captures) -> None:
    """The worker, until nothing is ready: a lot may ask for the next one."""
    faits = 1
    while faits:
        with captures(execute=True):
            faits = travailler()


class TestSelection:
    def test_la_periode_et_le_choix_disent_ce_qui_part(self, bureau):
        """Bounds included; of those in the period, only the chosen ones; the others stay due."""
        aujourd_hui = timezone.localdate()
        anciens = [bureau.parchemin(champs={"delivre_le": aujourd_hui - timedelta(days=j)}) for j in (40, 30, 20)]
        lot = workflow.constituer(
            bureau.personne,
            bureau.organisme,
            Selection(
                du=aujourd_hui - timedelta(days=30),
                au=aujourd_hui - timedelta(days=20),
                choisis=(anciens[0].pk, anciens[2].pk),
            ),
        )
        assert [p.parchemin for p in lot.passages.all()] == [anciens[2]]
        assert set(accrochage.a_declarer(bureau.organisme)) == set(anciens[:2])

    def test_ce_qui_fut_demande_est_garde(self, bureau):
        """The lot remembers its selection, and reads it back the same."""
        choix = Selection(du=timezone.localdate() - timedelta(days=90), avec_refuses=False, choisis=None)
        bureau.parchemin()
        assert Selection.lire(workflow.constituer(bureau.personne, bureau.organisme, choix).selection) == choix

    def test_un_choix_vide_est_refuse_avec_sa_raison(self, bureau):
        """Something is due, but not in that period: the refusal doesn't say that everything was declared."""
        bureau.parchemin()
        with pytest.raises(Refus, match="ne répond à ce choix"):
            workflow.constituer(bureau.personne, bureau.organisme, Selection(au=timezone.localdate() - timedelta(99)))


class TestOuvrier:
    def test_un_long_lot_s_ecrit_apres_la_reponse_et_vaut_l_autre(self, bureau, ecrire, monkeypatch, tmp_path):
        """Left to the worker, a lot is prepared, valid, hashed, its progress told; nobody waited for it."""
        monkeypatch.setattr(workflow, "SEUIL", 2)
        monkeypatch.setattr(accrochage.paquets, "__defaults__", (2,))
        parchemins = [bureau.parchemin() for _ in range(5)]
        mauvais = bureau.parchemin(sexe="")
        lot = ecrire(bureau)
        (tmp_path / "lot.xml").write_bytes(octets_de(lot))
        assert flux.valider(tmp_path / "lot.xml", lot.profil) == []
        assert (lot.etat, lot.nombre, lot.examines, lot.a_examiner) == ("prepare", 5, 6, 6)
        assert {p.parchemin for p in lot.passages.all()} == set(parchemins)
        assert list(accrochage.a_declarer(bureau.organisme)) == [mauvais]

    @pytest.mark.parametrize("limite", ["passages", "octets"])
    def test_au_dela_d_une_limite_un_autre_lot_suit(self, bureau, ecrire, monkeypatch, limite):
        """Too many passages, or too heavy: several files, each within the limit, each passage in one of them."""
        parchemins = [bureau.parchemin() for _ in range(5)]
        if limite == "passages":
            monkeypatch.setattr(lots, "PASSAGES_PAR_LOT", 2)
        else:
            monkeypatch.setattr(workflow, "SEUIL", 2)
            monkeypatch.setattr(lots, "OCTETS_PAR_LOT", 10_500)
        ecrire(bureau)
        faits = list(LotCPF.objects.order_by("pk"))
        assert len(faits) >= 2 and {lot.etat for lot in faits} == {"prepare"}
        assert sum(lot.nombre for lot in faits) == 5
        assert all(lot.nombre <= 2 or limite == "octets" for lot in faits)
        assert all(lot.taille <= 10_500 for lot in faits)
        assert set(PassageCPF.objects.values_list("parchemin", flat=True)) == {p.pk for p in parchemins}

    def test_coupe_au_milieu_il_reprend_ou_il_en_etait(self, bureau, monkeypatch, django_capture_on_commit_callbacks):
        """The worker dies after its first packet: the next one finishes, and no passage is there twice."""
        monkeypatch.setattr(accrochage.paquets, "__defaults__", (2,))
        lot = bureau.lot_en_ecriture(5)
        noter = workflow._noter
        with monkeypatch.context() as coupure:
            coupure.setattr(workflow, "_noter", lambda lot, p, n: noter(lot, p, n) if n <= 4 else 1 / 0)
            with pytest.raises(ZeroDivisionError):
                workflow.ecrire.call(lot.pk)
        lot.refresh_from_db()
        assert (lot.etat, lot.passages.count(), lot.examines) == ("ecriture", 4, 4)
        with django_capture_on_commit_callbacks(execute=True):
            assert workflow._reprendre() == 1
        finir(django_capture_on_commit_callbacks)
        lot.refresh_from_db()
        assert (lot.etat, lot.nombre, lot.passages.count()) == ("prepare", 5, 5)

    def test_un_lot_qui_ne_peut_s_ecrire_dit_pourquoi_et_rend_ses_parchemins(self, bureau, ecrire, monkeypatch):
        """Only blocked ones: the lot ends taken back, with the reasons, and everything is still due."""
        monkeypatch.setattr(workflow, "SEUIL", 0)
        mauvais = bureau.parchemin(sexe="")
        lot = ecrire(bureau)
        assert lot.etat == "retire" and mauvais.numero in lot.incidents[1]
        assert list(accrochage.a_declarer(bureau.organisme)) == [mauvais]

    def test_retire_pendant_l_ecriture_il_ne_revient_pas(self, bureau, monkeypatch):
        """Taken back before the worker comes: it writes nothing, and the parchemins may go elsewhere."""
        lot = bureau.faire(bureau.lot_en_ecriture(2), "retirer", motif="Lot demandé par erreur.")
        workflow.ecrire.call(lot.pk)
        lot.refresh_from_db()
        assert (lot.etat, lot.passages.count(), lot.sha256) == ("retire", 0, "")
        assert bureau.lot().nombre == 2

    def test_un_seul_lot_s_ecrit_a_la_fois(self, bureau):
        """While one is being written, another is refused in words."""
        bureau.lot_en_ecriture(1)
        with pytest.raises(Refus, match="en cours d’écriture"):
            bureau.lot(1)


class TestEssai:
    def test_un_essai_dit_tout_et_ne_laisse_rien(self, bureau, monkeypatch):
        """How many files, how heavy, what stays behind; neither lot, nor passage, nor entry, nor file."""
        monkeypatch.setattr(lots, "PASSAGES_PAR_LOT", 2)
        for _ in range(3):
            bureau.parchemin()
        bureau.parchemin(sexe="")
        essai = workflow.essayer(bureau.personne, bureau.organisme)
        assert [ecrit.nombre for ecrit in essai.fichiers] == [2, 1]
        assert essai.octets > 3_000 and len(essai.reunion.raisons) == 1
        assert not (LotCPF.objects.exists() or PassageCPF.objects.exists() or EntreeJournal.objects.exists())

    def test_un_essai_refuse_ce_que_la_constitution_refuserait(self, bureau):
        """Nothing due, foreign body: the same refusals."""
        with pytest.raises(Refus, match="rien à déclarer"):
            workflow.essayer(bureau.personne, bureau.organisme)
        with pytest.raises(Refus, match="pas ouvert"):
            workflow.essayer(fabrique.Bureau().personne, bureau.organisme)
