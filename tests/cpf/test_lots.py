"""The life of a lot: what enters it, what freezes it, what an accusé changes, and what nothing changes."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cpf import accrochage, flux, lots, workflow
from cpf.models import AccuseCPF, LotCPF, PassageCPF
from cpf.reponses import AccuseRecu
from cpf.selection import Selection
from registre.models import EntreeJournal, Parchemin
from registre.transitions import HorsPortee, Refus

from ..fabriques import UtilisateurFactory, VersionFactory
from . import fabrique
from .test_accuses import AUCUN, DEJA

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return fabrique.Bureau()


def reponses(lot) -> list[str]:
    return list(lot.passages.order_by("parchemin__rang").values_list("reponse", flat=True))


def version_rs():
    return VersionFactory(repertoire="rs", numero="RS6610", niveau=None, niveau_cec=None)


def octets_de(lot) -> bytes:
    with lots.ouvrir_fichier(lot) as fichier:
        return fichier.read()


class TestADeclarer:
    def test_un_parchemin_recent_et_enregistre_est_du(self, bureau):
        """RNCP or RS, issued since 1 July 2021, document stored: it is due."""
        dus = [
            bureau.parchemin(),
            bureau.parchemin(champs={"delivre_le": date(2021, 7, 1)}),
            bureau.parchemin(version_rs()),
        ]
        assert set(accrochage.a_declarer(bureau.organisme)) == set(dus)

    @pytest.mark.parametrize(
        "champs",
        [
            {"nature": "attestation"},
            {"delivre_le": date(2021, 6, 30)},
            {"delivre_le": timezone.localdate() + timedelta(days=1)},
            {"annule_le": timezone.now()},
            {"sha256": ""},
        ],
    )
    def test_ce_qui_n_est_pas_du(self, bureau, champs):
        """Partial results, issues before the duty or in the future, cancelled or unfinished documents are not."""
        bureau.parchemin(champs=champs)
        assert not accrochage.a_declarer(bureau.organisme).exists()

    def test_un_cqp_de_branche_ou_d_un_autre_certificateur_n_est_pas_du(self, bureau):
        """Neither a certification of the branch alone, nor what another body issued."""
        bureau.parchemin(VersionFactory(repertoire="branche", numero="", niveau=None, niveau_cec=None))
        fabrique.Bureau().parchemin()
        assert not accrochage.a_declarer(bureau.organisme).exists()

    @given(st.dates(date(2021, 7, 1), date(2040, 1, 1)))
    def test_l_echeance_tombe_trois_mois_plus_tard(self, jour):
        """Same day three months later, or the last day of a shorter month; never more than 92 days."""
        echeance = accrochage.echeance(jour)
        assert (echeance.year * 12 + echeance.month) - (jour.year * 12 + jour.month) == 3
        assert echeance.day == jour.day or (echeance + timedelta(days=1)).day == 1
        assert 89 <= (echeance - jour).days <= 92

    def test_le_compte_a_rebours_suit_le_jour_de_paris(self, bureau):
        """Issued ninety-three days ago: the date is past; today: about ninety days are left."""
        bureau.parchemin(champs={"delivre_le": timezone.localdate() - timedelta(days=93)})
        bureau.parchemin(champs={"delivre_le": timezone.localdate()})
        ancien, recent = accrochage.examiner(accrochage.a_declarer(bureau.organisme))
        assert ancien.jours_restants < 0 < 88 < recent.jours_restants


class TestConstituer:
    @pytest.mark.parametrize("profil", flux.PROFILS)
    def test_le_fichier_est_valide_fige_et_fidele(self, profil, tmp_path):
        """Stored as written: same hash, valid for its profile, one passage per parchemin under its identifier."""
        bureau = fabrique.Bureau(profil=profil)
        parchemins = [bureau.parchemin() for _ in range(3)]
        lot = bureau.lot()
        octets = octets_de(lot)
        (tmp_path / "flux.xml").write_bytes(octets)
        assert flux.valider(tmp_path / "flux.xml", profil) == []
        assert (hashlib.sha256(octets).hexdigest(), len(octets), lot.nombre) == (lot.sha256, lot.taille, 3)
        assert fabrique.identifiants(lot) == [p.identifiant for p in parchemins]
        assert lot.nom_fichier.isascii() and str(lot.id_flux) in lot.nom_fichier
        assert b"/V/" + parchemins[0].jeton.encode() in octets

    def test_le_fichier_ne_depend_plus_des_reglages(self, bureau):
        """Settings changed afterwards leave a written lot as it is."""
        lot = bureau.lot(1)
        avant = octets_de(lot)
        bureau.parametres.id_contrat = "AUTRE"
        workflow.regler(bureau.personne, bureau.parametres)
        lot.refresh_from_db()
        assert (lot.id_contrat, octets_de(lot)) == ("MCFCER000123", avant)

    def test_un_fichier_modifie_n_est_plus_servi(self, bureau):
        """One byte changed in the storage: the file is refused, and so is an absent one."""
        lot = bureau.lot(1)
        chemin = lot.fichier.storage.path(lot.fichier.name)
        with open(chemin, "r+b") as fichier:
            fichier.seek(60)
            fichier.write(b"X")
        with pytest.raises(lots.FichierAltere, match="modifié"):
            lots.ouvrir_fichier(lot)
        lot.fichier.storage.delete(lot.fichier.name)
        with pytest.raises(lots.FichierAltere, match="plus dans le stockage"):
            lots.ouvrir_fichier(lot)

    def test_les_bloques_restent_et_les_autres_partent(self, bureau):
        """A parchemin with a blocking anomaly is left out; it is still due."""
        bon, mauvais = bureau.parchemin(), bureau.parchemin(sexe="")
        lot = bureau.lot()
        assert [p.parchemin for p in lot.passages.all()] == [bon]
        assert list(accrochage.a_declarer(bureau.organisme)) == [mauvais]

    def test_sans_rien_qui_puisse_partir_le_refus_dit_pourquoi(self, bureau):
        """Only blocked ones: the refusal names each with its reason, and nothing is written."""
        mauvais = bureau.parchemin(sexe="")
        with pytest.raises(Refus) as refus:
            bureau.lot()
        assert mauvais.numero in refus.value.phrases[1] and "sexe" in refus.value.phrases[1]
        assert not LotCPF.objects.exists() and not EntreeJournal.objects.exists()

    def test_sans_reglages_ou_sans_rien_a_declarer_rien_ne_se_fait(self):
        """No settings, nothing due: each refusal says what is missing."""
        with pytest.raises(Refus, match="matricule"):
            fabrique.Bureau(parametres=False).lot(1)
        with pytest.raises(Refus, match="rien à déclarer"):
            fabrique.Bureau().lot()
        assert not LotCPF.objects.exists()

    def test_un_schema_officiel_plus_strict_refuse_et_nomme_le_titulaire(self, bureau):
        """The official schema judges; its refusal names the parchemin and the person, and nothing is written."""
        parchemin = bureau.parchemin(nom_naissance="N" * 60)
        strict = (flux.DOSSIER_SCHEMAS / "cpf-1.1.5.xsd").read_bytes().replace(b'value="60"', b'value="40"')
        bureau.parametres.schema_officiel.save("officiel.xsd", ContentFile(strict))
        with pytest.raises(Refus) as refus:
            bureau.lot()
        assert parchemin.numero in str(refus.value) and "«\u202fnomNaissance\u202f»" in str(refus.value)
        assert not LotCPF.objects.exists() and not PassageCPF.objects.exists()

    def test_la_meme_demande_ne_fait_qu_un_lot(self, bureau):
        """Same key twenty times: one lot, one entry in the journal."""
        bureau.parchemin()
        lots = {workflow.constituer(bureau.personne, bureau.organisme, cle="unique").pk for _ in range(20)}
        assert len(lots) == LotCPF.objects.count() == EntreeJournal.objects.count() == 1

    def test_un_parchemin_n_est_vivant_que_dans_un_lot(self, bureau):
        """The database itself refuses a second pending passage of a parchemin."""
        passage = bureau.lot(1).passages.get()
        autre = LotCPF.objects.create(
            certificateur=bureau.organisme, horodatage=timezone.now(), profil="1.1.5", id_contrat="X"
        )
        passage.pk, passage.lot, passage._state.adding = None, autre, True
        with pytest.raises(IntegrityError), transaction.atomic():
            passage.save()

    def test_les_passages_sont_groupes_par_certification(self, bureau):
        """Certifications mixed by date come out grouped: the file would not be written otherwise."""
        autre = version_rs()
        for version in (bureau.version, autre, bureau.version, autre):
            bureau.parchemin(version)
        assert octets_de(bureau.lot()).count(b"<cpf:certification>") == 2


class TestRepondre:
    def test_les_acceptes_et_les_refuses_ont_leur_reponse(self, bureau):
        """Accepted, refused with its messages: the lot is treated; the parchemins are left exactly as they were."""
        lot = bureau.lot_depose(2)
        avant = list(Parchemin.objects.order_by("pk").values())
        un, deux = fabrique.identifiants(lot)
        lot = bureau.repondre(lot, [un], {deux: [AUCUN, "Autre"]})
        assert (lot.etat, reponses(lot)) == ("traite", ["accepte", "refuse"])
        assert lot.passages.get(id_technique=deux).messages == [AUCUN, "Autre"]
        assert list(Parchemin.objects.order_by("pk").values()) == avant

    def test_seul_le_refuse_repart_avec_le_meme_identifiant(self, bureau):
        """The next lot holds the refused one only, under the same identifier; what is accepted never goes again."""
        lot = bureau.lot_depose(2)
        un, deux = fabrique.identifiants(lot)
        bureau.repondre(lot, [un], {deux: [AUCUN]})
        suivant = bureau.faire(bureau.lot(), "declarer_depot", jour=timezone.localdate())
        assert fabrique.identifiants(suivant) == [deux] and suivant.id_flux != lot.id_flux
        bureau.repondre(suivant, [deux])
        assert not accrochage.a_declarer(bureau.organisme).exists()

    def test_les_refuses_peuvent_attendre(self, bureau):
        """Asked without the refused ones, a lot leaves them for later."""
        lot = bureau.lot_depose(1)
        bureau.repondre(lot, [], {fabrique.identifiants(lot)[0]: [AUCUN]})
        with pytest.raises(Refus, match="rien à déclarer"):
            workflow.constituer(bureau.personne, bureau.organisme, Selection(avec_refuses=False))

    def test_deja_en_base_est_un_succes(self, bureau):
        """Already registered at the Caisse des dépôts: accepted, with a note."""
        lot = bureau.lot_depose(1)
        lot = bureau.repondre(lot, [], {fabrique.identifiants(lot)[0]: [DEJA]})
        passage = lot.passages.get()
        assert (passage.reponse, len(passage.messages), lot.accuses.get().rapport["deja_en_base"]) == ("accepte", 1, 1)

    def test_le_meme_accuse_deux_fois_ne_change_rien(self, bureau):
        """Same bytes again, even on a closed lot: one accusé, one entry, same answers."""
        lot = bureau.lot_depose(2)
        un, deux = fabrique.identifiants(lot)
        for _ in range(3):
            bureau.repondre(lot, [un], {deux: [AUCUN]})
        lot = bureau.faire(lot, "clore")
        entrees = EntreeJournal.objects.count()
        lot = bureau.repondre(lot, [un], {deux: [AUCUN]})
        assert (lot.etat, reponses(lot)) == ("clos", ["accepte", "refuse"])
        assert (AccuseCPF.objects.count(), EntreeJournal.objects.count()) == (1, entrees)

    def test_le_meme_fichier_sous_une_autre_cle_ne_change_rien_non_plus(self, bureau):
        """Through another form, hence with another key: the file itself is recognised."""
        lot = bureau.lot_depose(1)
        octets = fabrique.accuse(str(lot.id_flux), fabrique.identifiants(lot))
        recu = AccuseRecu(workflow.lire(octets), octets, "a.xml")
        for _ in range(2):
            bureau.faire(lot, "integrer_accuse", fichier=recu)
        assert AccuseCPF.objects.count() == 1

    def test_l_accuse_d_un_autre_flux_est_refuse(self, bureau):
        """Another lot of ours is named; an unknown flux is quoted; nothing changes."""
        premier, second = bureau.lot_depose(1), bureau.lot_depose(1)
        for id_flux, phrase in ((str(premier.id_flux), "répond au lot du"), ("inconnu", "répond au flux inconnu")):
            octets = fabrique.accuse(id_flux, fabrique.identifiants(second))
            with pytest.raises(Refus, match=phrase):
                workflow.integrer_accuse(bureau.personne, second, octets)
        second.refresh_from_db()
        assert (second.etat, reponses(second), AccuseCPF.objects.count()) == ("depose", ["en_attente"], 0)

    def test_un_accuse_partiel_laisse_le_lot_ouvert(self, bureau):
        """Some passages without answer: the lot waits for the rest, then is treated."""
        lot = bureau.lot_depose(2)
        un, deux = fabrique.identifiants(lot)
        lot = bureau.repondre(lot, [un])
        assert (lot.etat, reponses(lot)) == ("depose", ["accepte", "en_attente"])
        lot = bureau.repondre(lot, [deux])
        assert (lot.etat, reponses(lot)) == ("traite", ["accepte", "accepte"])

    def test_un_second_accuse_ne_contredit_pas_le_premier(self, bureau):
        """Accepted once, accepted for ever: the contradiction is reported, not applied."""
        lot = bureau.lot_depose(1)
        un = fabrique.identifiants(lot)
        bureau.repondre(lot, un)
        lot = bureau.repondre(lot, [], {un[0]: [AUCUN]})
        assert reponses(lot) == ["accepte"]
        assert lot.accuses.first().rapport["contredits"] == un

    def test_un_identifiant_inconnu_est_signale(self, bureau):
        """An identifier that the lot doesn't hold is told, not ignored."""
        lot = bureau.lot_depose(1)
        lot = bureau.repondre(lot, [*fabrique.identifiants(lot), "jamais-vu"])
        assert lot.accuses.get().rapport["inconnus"] == ["jamais-vu"]

    def test_un_fichier_illisible_est_refuse_en_francais(self, bureau):
        """Hostile or broken: a refusal, nothing changed."""
        lot = bureau.lot_depose(1)
        for octets in (b"<!DOCTYPE a><rapport/>", b"PK", octets_de(lot)):
            with pytest.raises(Refus):
                workflow.integrer_accuse(bureau.personne, lot, octets)
        assert reponses(lot) == ["en_attente"]


class TestOrdreDesActes:
    def test_pas_d_accuse_avant_le_depot_ni_de_cloture_avant_la_reponse(self, bureau):
        """A step out of order is refused with the state, and nothing changes."""
        lot = bureau.lot(1)
        for geste in (lambda: bureau.repondre(lot, fabrique.identifiants(lot)), lambda: bureau.faire(lot, "clore")):
            with pytest.raises(Refus, match="«\u202fÀ déposer\u202f»"):
                geste()
        assert reponses(lot) == ["en_attente"]

    def test_un_lot_retire_libere_ses_parchemins(self, bureau):
        """A lot taken back: its parchemins are due again, under the same identifiers."""
        lot = bureau.lot_depose(2)
        avant = fabrique.identifiants(lot)
        lot = bureau.faire(lot, "retirer", motif="Fichier rejeté en entier.")
        assert (lot.etat, set(reponses(lot))) == ("retire", {"retire"})
        assert fabrique.identifiants(bureau.lot()) == avant

    def test_un_lot_repondu_ne_se_retire_plus(self, bureau):
        """Once the Caisse des dépôts has answered, even in part, the lot stays."""
        lot = bureau.lot_depose(2)
        bureau.repondre(lot, fabrique.identifiants(lot)[:1])
        with pytest.raises(Refus, match="a déjà répondu"):
            bureau.faire(lot, "retirer", motif="Une raison assez longue.")
        assert reponses(lot) == ["accepte", "en_attente"]

    def test_la_reception_se_note_sans_changer_d_etat(self, bureau):
        """The date of the first acknowledgement is kept."""
        lot = bureau.faire(bureau.lot_depose(1), "noter_reception", jour=timezone.localdate())
        assert (lot.etat, lot.accuse_reception_le) == ("depose", timezone.localdate())

    @pytest.mark.parametrize("nom", ["declarer_depot", "retirer"])
    def test_hors_de_sa_portee_un_lot_n_existe_pas(self, bureau, nom):
        """Another certificateur, or another role of the same body: no lot for them."""
        lot = bureau.lot(1)
        for personne in (fabrique.Bureau().personne, UtilisateurFactory(role=("signataire", bureau.organisme))):
            with pytest.raises(HorsPortee):
                bureau.faire(lot, nom, personne, jour=timezone.localdate(), motif="Une raison assez longue.")
            assert not LotCPF.objects.all().visibles_par(personne).exists()
        lot.refresh_from_db()
        assert lot.etat == "prepare"
