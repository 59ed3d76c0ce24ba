"""The whole loop: a lot, the answer of a Caisse des dépôts, corrections, a second lot, zero reject; suppressions."""

import csv
import io
import zipfile

import pytest
from django.utils import timezone

from cpf import accrochage, echanges, preuves, suites, transport, workflow
from cpf.accuses import conseil
from cpf.models import Action, DemandeCDC, LotCPF, PassageCPF, SuppressionManuelle
from cpf.selection import Selection
from registre.models import EntreeJournal, Parchemin
from registre.transitions import HorsPortee, Refus

from . import fabrique, simulateur
from .simulateur import Assure, Boucle, CaisseDesDepots
from .test_lots import octets_de

pytestmark = pytest.mark.django_db
ANAIS = Assure("Lefèvre", "Anaïs", "F", (1990, 5, 12), "31555")


@pytest.fixture
def bureau():
    return fabrique.Bureau()


def boucler(bureau, caisse, par=None, **choix) -> LotCPF:
    """One turn: constitute, transmit, take the answer back."""
    par = par or Boucle(caisse)
    lot = workflow.constituer(bureau.personne, bureau.organisme, Selection(**choix))
    return echanges.relever(bureau.personne, echanges.transmettre(bureau.personne, lot, par), par)


def corriger(bureau, parchemin, **juste) -> Parchemin:
    """The replacement of this document, with what was wrong put right."""
    naissance = {"nom_naissance": parchemin.enregistrement["titulaire"]["nom_naissance"], **juste}
    nouveau = bureau.parchemin(**naissance)
    Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now(), remplace_par=nouveau)
    return nouveau


def messages(lot) -> dict[str, list[str]]:
    """What was answered, by birth name."""
    return {p.instantane["titulaire"]["nom_naissance"]: p.messages for p in lot.passages.all()}


class TestJusquAZeroRejet:
    def test_deux_lots_suffisent_quand_on_suit_les_conseils(self, bureau):
        """One of each refusal, each with its advice; once corrected, a second lot holds them alone, all accepted."""
        jumeau = Assure("Martin", "Anaïs", "F", (1990, 5, 12), "69381", prenom2="Lucie")
        caisse = CaisseDesDepots(
            [
                ANAIS,
                Assure("Durand", "Anaïs", "F", (1990, 5, 12), "31555"),
                Assure("Petit", "Anaïs", "F", (1990, 6, 1), "31555"),
                Assure("Petit", "Anaïs", "F", (1990, 7, 2), "13201"),
                Assure("Roux", "Anaïs", "F", (1990, 5, 12), "75115"),
                Assure("Roux", "Anaïs", "F", (1990, 5, 12), "69381"),
                jumeau,
                Assure("Martin", "Anaïs", "F", (1990, 5, 12), "69381", prenom2="Rose"),
            ]
        )
        bureau.parchemin(nom_naissance="Lefèvre")
        faux = {
            "Durant": (bureau.parchemin(nom_naissance="Durant"), {"nom_naissance": "Durand"}),
            "Petit": (bureau.parchemin(nom_naissance="Petit"), {"mois_naissance": 6, "jour_naissance": 1}),
            "Roux": (bureau.parchemin(nom_naissance="Roux"), {"code_insee_naissance": "75115"}),
            "Martin": (bureau.parchemin(nom_naissance="Martin", code_insee_naissance="69381"), {}),
        }
        faux["Martin"][1].update(prenom2="Lucie", code_insee_naissance="69381")
        premier = boucler(bureau, caisse)
        assert premier.etat == "traite" and premier.reference_reception == f"AR-{premier.pk}"
        assert messages(premier) == {
            "Lefèvre": [],
            "Durant": [simulateur.AUCUN],
            "Petit": [simulateur.AUCUN_ENRICHI],
            "Roux": [simulateur.AUCUN_RECONCILIE],
            "Martin": [simulateur.PLUSIEURS],
        }
        conseils = {conseil(m) for siens in messages(premier).values() for m in siens}
        assert len(conseils) == 4, "chaque message a son conseil"
        for parchemin, juste in faux.values():
            corriger(bureau, parchemin, **juste)
        second = boucler(bureau, caisse)
        assert set(messages(second)) == {"Durand", "Petit", "Roux", "Martin"}
        assert set(second.passages.values_list("reponse", flat=True)) == {"accepte"}
        assert not accrochage.a_declarer(bureau.organisme).exists() and len(caisse.base) == 5

    def test_un_refus_que_seule_la_caisse_corrige_repart_sous_le_meme_identifiant(self, bureau):
        """The person was missing from the directory: same identifier, alone, accepted the second time."""
        caisse = CaisseDesDepots([ANAIS])
        bureau.parchemin(nom_naissance="Lefèvre"), bureau.parchemin(nom_naissance="Inconnue")
        refuse = boucler(bureau, caisse).passages.get(reponse="refuse")
        caisse.sngi.append(Assure("Inconnue", "Anaïs", "F", (1990, 5, 12), "31555"))
        passage = boucler(bureau, caisse).passages.get()
        assert (passage.reponse, passage.id_technique) == ("accepte", refuse.id_technique)

    def test_ce_que_la_caisse_a_deja_compte_comme_accepte(self, bureau):
        """Registered there, and the accusé was lost: declared again, « existe déjà en base » is an acceptance."""
        caisse = CaisseDesDepots([ANAIS])
        parchemin = bureau.parchemin(nom_naissance="Lefèvre")
        caisse.base["12ABC345", parchemin.identifiant] = ANAIS
        lot = boucler(bureau, caisse)
        assert lot.passages.get().reponse == "accepte" and lot.accuses.get().rapport["deja_en_base"] == 1

    def test_la_caisse_rejette_un_fichier_hors_de_son_schema(self, bureau):
        """The simulator judges by the schema: it is no rubber stamp."""
        octets = octets_de(bureau.lot(1)).replace(b"<cpf:prenom1>Ana\xc3\xafs</cpf:prenom1>", b"<cpf:prenom1/>")
        with pytest.raises(simulateur.FichierRejete):
            CaisseDesDepots().traiter(octets)

    def test_un_tiers_de_confiance_depose_pour_deux_certificateurs(self):
        """Its matricule signs both files; each keeps the matricule and contract of its own certificateur."""
        caisse, bureaux = CaisseDesDepots([ANAIS]), [fabrique.Bureau(), fabrique.Bureau()]
        for rang, bureau in enumerate(bureaux):
            bureau.parametres.id_client, bureau.parametres.id_client_emetteur = f"CERT000{rang}", "TIERS001"
            bureau.parametres.nature_deposant = "TIERS_CONFIANCE"
            bureau.parametres.save()
            bureau.parchemin(nom_naissance="Lefèvre")
            octets = octets_de(boucler(bureau, caisse)).decode()
            assert octets.index("TIERS001") < octets.index(f"CERT000{rang}") and "TIERS_CONFIANCE" in octets
        assert {emetteur for emetteur, _ in caisse.base} == {"TIERS001"} and len(caisse.base) == 2


class TestSupprimer:
    def test_un_parchemin_annule_sort_du_si_cpf_et_son_remplacant_y_entre(self, bureau):
        """Cancelled after acceptance: a lot takes it out, its replacement enters under a new identifier."""
        caisse = CaisseDesDepots([ANAIS])
        ancien = bureau.parchemin(nom_naissance="Lefèvre")
        boucler(bureau, caisse)
        nouveau = corriger(bureau, ancien)
        lot = boucler(bureau, caisse, action=Action.SUPPRESSION)
        assert b"<cpf:action>SUPPRESSION</cpf:action>" in octets_de(lot) and "SUPPRESSION" in lot.nom_fichier
        assert lot.passages.get().reponse == "accepte" and not caisse.base
        assert not accrochage.a_supprimer(bureau.organisme).exists()
        boucler(bureau, caisse)
        assert set(caisse.base) == {("12ABC345", nouveau.identifiant)} and nouveau.identifiant != ancien.identifiant

    def test_une_suppression_refusee_se_redemande_ou_se_fait_a_la_main(self, bureau):
        """Refused: still to take out; ticked by hand: over, once, and in the journal."""
        caisse = CaisseDesDepots([ANAIS])
        ancien = bureau.parchemin(nom_naissance="Lefèvre")
        boucler(bureau, caisse)
        Parchemin.objects.filter(pk=ancien.pk).update(annule_le=timezone.now())
        caisse.base.clear()
        lot = boucler(bureau, caisse, action=Action.SUPPRESSION)
        assert lot.passages.get().messages == [simulateur.INCONNU]
        assert accrochage.a_supprimer(bureau.organisme).get() == ancien
        for _ in range(2):
            suites.noter_suppression(bureau.personne, ancien, timezone.localdate())
        assert not accrochage.a_supprimer(bureau.organisme).exists()
        assert SuppressionManuelle.objects.count() == 1
        assert EntreeJournal.objects.filter(verbe="noter_suppression").count() == 1

    def test_le_schema_de_2021_ne_supprime_pas(self):
        """Profile 1.1.2: refused with what to do instead; pending answers are awaited first."""
        bureau = fabrique.Bureau(profil="1.1.2")
        lot = bureau.lot_depose(1)
        parchemin = lot.passages.get().parchemin
        Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
        with pytest.raises(Refus, match="pas à supprimer"):
            suites.noter_suppression(bureau.personne, parchemin, timezone.localdate())
        bureau.repondre(lot, fabrique.identifiants(lot))
        with pytest.raises(Refus, match="ne connaît pas la suppression"):
            workflow.constituer(bureau.personne, bureau.organisme, Selection(action=Action.SUPPRESSION))
        with pytest.raises(HorsPortee):
            suites.noter_suppression(fabrique.Bureau().personne, parchemin, timezone.localdate())
        suites.noter_suppression(bureau.personne, parchemin, timezone.localdate())

    def test_rien_a_supprimer_se_dit(self, bureau):
        """Nothing cancelled: the refusal says so."""
        with pytest.raises(Refus, match="rien à supprimer"):
            workflow.constituer(bureau.personne, bureau.organisme, Selection(action=Action.SUPPRESSION))


class TestDemandesDeLaCaisse:
    def test_une_correction_demandee_a_trois_mois_puis_une_suite(self, bureau):
        """Recorded with its deadline, once; answered once; the first answer stays."""
        lot = bureau.lot_depose(1)
        parchemin = lot.passages.get().parchemin
        jour = timezone.localdate()
        with pytest.raises(Refus, match="pas enregistré"):
            suites.noter_demande(bureau.personne, parchemin, jour, "Date de naissance à vérifier.")
        bureau.repondre(lot, fabrique.identifiants(lot))
        for _ in range(2):
            demande = suites.noter_demande(bureau.personne, parchemin, jour, "Date de naissance à vérifier.")
        assert demande.echeance == accrochage.echeance(jour)
        assert DemandeCDC.objects.all().ouvertes().count() == 1
        suites.clore_demande(bureau.personne, demande, jour, "corrigee")
        demande = suites.clore_demande(bureau.personne, demande, jour, "justifiee")
        assert (demande.suite, demande.close_le) == ("corrigee", jour)
        assert not DemandeCDC.objects.all().visibles_par(fabrique.Bureau().personne).exists()


class TestPreuveDeDiligence:
    def test_deux_refus_donnent_une_archive_qui_prouve(self, bureau):
        """After two deposits: the very files and accusés, the acts, and a summary that names each message."""
        caisse = CaisseDesDepots([ANAIS])
        bureau.parchemin(nom_naissance="Lefèvre"), bureau.parchemin(nom_naissance="Introuvable")
        premier = boucler(bureau, caisse)
        assert not preuves.a_prouver(bureau.organisme)
        second = boucler(bureau, caisse)
        sortie = io.BytesIO()
        assert preuves.assembler(bureau.organisme, sortie) == 1
        archive = zipfile.ZipFile(sortie)
        for lot in (premier, second):
            assert archive.read(f"flux/{lot.nom_fichier}") == octets_de(lot)
            with lot.accuses.get().fichier.open("rb") as recu:
                assert recu.read() == archive.read(f"accuses/{lot.id_flux}_1.xml")
        sommaire = archive.read("LISEZMOI.txt").decode()
        assert sommaire.count(simulateur.AUCUN) == 2 and second.sha256 in sommaire
        lignes = list(csv.reader(io.StringIO(archive.read("journal.csv").decode()), delimiter=";"))
        assert [ligne[2] for ligne in lignes].count("integrer_accuse") == 2

    def test_un_document_remplace_entre_les_deux_depots_compte_ses_deux_refus(self, bureau):
        """The civil status was corrected by a replacement, refused too: both refusals are his."""
        caisse = CaisseDesDepots()
        ancien = bureau.parchemin(nom_naissance="Introuvable")
        boucler(bureau, caisse)
        nouveau = corriger(bureau, ancien, nom_naissance="Introuvables")
        assert not preuves.a_prouver(bureau.organisme), "la correction n’est pas encore déposée"
        boucler(bureau, caisse)
        ((parchemin, passages),) = preuves.a_prouver(bureau.organisme)
        assert (parchemin, len(passages)) == (nouveau, 2)


class TestTransport:
    def test_le_depot_manuel_laisse_le_lot_a_deposer(self, bureau):
        """The default: nothing is sent, nothing is pretended."""
        lot = echanges.transmettre(bureau.personne, bureau.lot(1))
        assert lot.etat == "prepare" and isinstance(transport.transport(), transport.DepotManuel)
        assert not list(transport.transport().relever(lot))

    def test_un_dossier_recoit_le_fichier_octet_pour_octet(self, bureau, tmp_path):
        """Same bytes as the download."""
        lot = bureau.lot(1)
        echanges.transmettre(bureau.personne, lot, transport.DepotParDossier(tmp_path))
        assert (tmp_path / lot.nom_fichier).read_bytes() == octets_de(lot)

    def test_un_lot_deja_depose_ne_part_pas_deux_fois(self, bureau):
        """Only a prepared lot leaves."""
        with pytest.raises(Refus, match="ne se dépose pas"):
            echanges.transmettre(bureau.personne, bureau.lot_depose(1), Boucle(CaisseDesDepots()))


class TestPlusieursAccuses:
    def test_chaque_accuse_trouve_son_lot(self, bureau):
        """Whatever the order, each answer goes to the flux it names; a stranger's is refused."""
        un, deux = bureau.lot_depose(1), bureau.lot_depose(1)
        for lot in (deux, un):
            rendu = echanges.integrer(bureau.personne, fabrique.accuse(str(lot.id_flux), fabrique.identifiants(lot)))
            assert (rendu.pk, rendu.etat) == (lot.pk, "traite")
        with pytest.raises(Refus, match="aucun de vos lots"):
            echanges.integrer(fabrique.Bureau().personne, fabrique.accuse(str(un.id_flux)))

    def test_beaucoup_de_refus_se_notent_en_peu_de_requetes(self, bureau, django_assert_max_num_queries):
        """Twenty refusals with two messages cost as many queries as two would."""
        lot = bureau.lot_depose(20)
        siens = fabrique.identifiants(lot)
        refus = {i: [simulateur.AUCUN if rang % 2 else simulateur.PLUSIEURS] for rang, i in enumerate(siens)}
        with django_assert_max_num_queries(40):
            bureau.repondre(lot, [], refus)
        assert dict(lot.passages.values_list("id_technique", "messages")) == refus
        assert PassageCPF.objects.filter(reponse="refuse").count() == 20
