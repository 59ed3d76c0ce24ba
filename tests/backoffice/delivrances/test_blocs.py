"""The attestation of one bloc: chosen, approved by another, issued once; found by its holder and by who verifies."""

import pytest
from django.db import IntegrityError, transaction

from backoffice.delivrances import lots
from backoffice.delivrances.apres import deposer
from backoffice.delivrances.blocs import a_attester, blocs_a_attester
from backoffice.delivrances.models import DelivranceDeBloc, DemandeRemplacement, LotDelivrance
from backoffice.espace.models import NoticeLue
from backoffice.espace.views import NOTICE
from registre import fabrication, jetons, journal
from registre.models import CourrielSortant, Parchemin
from registre.transitions import Refus, executer
from registre.transparence import journal_public
from tests import fabriques as f
from tests.connexion import connecter
from tests.ouvrier import travailler

from .lot import agir

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fichiers_de_la_scene", "vite")]
PREPARER, APPROUVER = "preparer_attestations_de_bloc", "approuver_attestations_de_bloc"


@pytest.fixture(scope="module")
def acteurs(scene):
    return f.Acteurs(validite_blocs_mois=60)


@pytest.fixture(scope="module")
def seance(acteurs):
    """Three dossiers: the first bloc alone is granted to two of them, both blocs to the last."""
    seance = f.session(acteurs)
    dossiers = [f.inscrite(acteurs, seance) for _ in range(3)]
    f.ouvrir_seance(acteurs, seance)
    for dossier in dossiers[:2]:
        f.deliberer(acteurs, dossier, lambda bloc: bloc.ordre == 1, motif="Un bloc est à reprendre.")
    f.deliberer(acteurs, dossiers[2])
    return f.sceller(acteurs, seance)


@pytest.fixture
def dossiers(seance):
    """Those of the two partial successes."""
    inscriptions = seance.inscriptions.filter(candidature__etat="partielle").order_by("pk")
    return [inscription.candidature for inscription in inscriptions]


@pytest.fixture
def vite(monkeypatch):
    """Rendering itself is proved in test_documents."""
    monkeypatch.setattr(fabrication, "composer", lambda parchemin: b"%PDF-1.7 " + parchemin.numero.encode())


def preparer(acteurs, dossier, par=None, **donnees):
    donnees = {"lieu": "Paris", "blocs": blocs_a_attester(dossier), **donnees}
    return f.faire(dossier, PREPARER, par or acteurs.certificateur, **donnees)


def delivrer(acteurs, dossier) -> Parchemin:
    preparer(acteurs, dossier)
    f.faire(dossier, APPROUVER, acteurs.signataire)
    return dossier.attestations_de_bloc.get().parchemin


class TestUneAttestation:
    def test_le_bloc_acquis_et_lui_seul(self, acteurs, dossiers):
        """Numbered in its own series, its record says this bloc and no other, its token says « bloc »."""
        document = delivrer(acteurs, dossiers[0])
        premier = acteurs.version.blocs.get(ordre=1)
        assert (document.nature, document.serie.nature, document.rang) == ("bloc", "bloc", 1)
        (fige,) = document.enregistrement["blocs"]
        assert (fige["code"], fige["libelle"], fige["acquis"]) == (premier.code, premier.libelle, True)
        assert jetons.lire(document.jeton).nature == "bloc"

    def test_elle_dit_la_meme_validite_que_l_attestation_de_reussite_partielle(self, acteurs, dossiers):
        """Two papers about the same bloc never disagree, whenever each is issued: both count from the jury."""
        dossier = dossiers[0]
        seule = delivrer(acteurs, dossier).enregistrement["blocs"][0]
        f.faire(dossier, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
        entiere = f.faire(dossier, "approuver_delivrance", acteurs.signataire).delivrance.parchemin
        (acquis,) = [bloc for bloc in entiere.enregistrement["blocs"] if bloc["acquis"]]
        assert acquis == seule and seule["valide_jusqu_au"]

    def test_une_personne_prepare_une_autre_approuve(self, acteurs, dossiers):
        """Refused with a sentence, and by the base itself; the signataires are told."""
        f.Role.objects.create(utilisateur=acteurs.certificateur, nom="signataire", organisme=acteurs.cpne)
        deux_roles = f.Utilisateur.objects.get(pk=acteurs.certificateur.pk)
        preparer(acteurs, dossiers[0])
        assert CourrielSortant.objects.get(modele="delivrance_a_approuver").destinataire == acteurs.signataire.email
        with pytest.raises(Refus, match="une autre personne"):
            f.faire(dossiers[0], APPROUVER, deux_roles)
        with pytest.raises(IntegrityError, match="delivrancedebloc_quatre_yeux"), transaction.atomic():
            DelivranceDeBloc.objects.update(approuvee_par=deux_roles)

    def test_un_bloc_ne_s_atteste_qu_une_fois(self, acteurs, dossiers):
        """Once prepared nothing is left to attest; the base refuses a second one in force."""
        preparer(acteurs, dossiers[0])
        with pytest.raises(Refus, match="déjà son attestation"):
            preparer(acteurs, dossiers[0], blocs=[acteurs.version.blocs.get(ordre=1)])
        with pytest.raises(IntegrityError, match="en_vigueur_unique|UNIQUE"), transaction.atomic():
            faite = DelivranceDeBloc.objects.get()
            faite.pk = None
            faite.save(force_insert=True)

    def test_un_bloc_non_acquis_ne_s_atteste_pas(self, acteurs, dossiers):
        """Asked for by a forged form: a sentence, nothing prepared."""
        with pytest.raises(Refus, match="pas à attester"):
            preparer(acteurs, dossiers[0], blocs=[acteurs.version.blocs.get(ordre=2)])
        assert not DelivranceDeBloc.objects.exists()

    def test_un_cqp_entier_n_en_donne_pas(self, acteurs, seance):
        """Who holds the whole certification has the parchemin."""
        entier = seance.inscriptions.get(candidature__etat="validee").candidature
        with pytest.raises(Refus):
            preparer(acteurs, entier, blocs=list(acteurs.version.blocs.all()))

    def test_renvoyee_elle_se_prepare_de_nouveau(self, acteurs, dossiers):
        """With the corrected place."""
        preparer(acteurs, dossiers[0], lieu="Pari")
        f.faire(dossiers[0], "refuser_attestations_de_bloc", acteurs.signataire, motif="Faute dans la ville.")
        assert delivrer(acteurs, dossiers[0]).enregistrement["lieu"] == "Paris"


class TestApres:
    def test_le_titulaire_est_prevenu_une_fois_le_fichier_range(self, acteurs, dossiers):
        """Not at the approval; the mail names the bloc, its subject names nobody."""
        document = delivrer(acteurs, dossiers[0])
        assert not CourrielSortant.objects.filter(modele="attestation_de_bloc").exists()
        travailler()
        annonce = CourrielSortant.objects.get(modele="attestation_de_bloc")
        assert annonce.destinataire == document.titulaire.courriel
        assert acteurs.version.blocs.get(ordre=1).libelle in annonce.corps and document.numero in annonce.corps
        assert list(journal.verifier()) == [] and list(journal_public.verifier()) == []

    def test_elle_paraît_dans_son_espace_et_se_verifie(self, acteurs, dossiers, client):
        """« Mes documents », the page of the dossier, its own page; anybody's check says which bloc."""
        document = delivrer(acteurs, dossiers[0])
        travailler()
        bloc = acteurs.version.blocs.get(ordre=1)
        document.titulaire.refresh_from_db()
        NoticeLue.objects.create(utilisateur=document.titulaire.utilisateur, notice=NOTICE)
        connecter(client, document.titulaire.utilisateur)
        for adresse in ("/gestion/mon-espace/", f"/gestion/mon-espace/documents/{document.pk}/"):
            page = client.get(adresse, follow=True).text
            assert document.numero in page and bloc.libelle in page
        client.logout()
        preuve = client.get(f"/V/{document.jeton}", follow=True).text
        assert "bloc de compétences" in preuve and bloc.libelle in preuve and "Authentique" in preuve

    def test_la_revocation_de_la_decision_l_annule(self, acteurs, dossiers):
        """What is issued is cancelled and its holder told; what was only prepared is dropped."""
        document, prepare = delivrer(acteurs, dossiers[0]), dossiers[1]
        travailler()
        preparer(acteurs, prepare)
        autre = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
        for dossier in dossiers:
            f.faire(dossier, "demander_revocation", acteurs.gestionnaire, motif="Un mauvais bloc a été saisi.")
            f.faire(dossier, "revoquer_decision", autre, motif="Un mauvais bloc a été saisi.")
        document.refresh_from_db()
        assert document.annule_le and dossiers[0].attestations_de_bloc.get().defaite_le
        assert CourrielSortant.objects.get(modele="document_annule").destinataire == document.titulaire.courriel
        assert not prepare.attestations_de_bloc.exists()

    def test_remplacee_elle_garde_son_bloc(self, acteurs, dossiers):
        """The replacement is an attestation of the same bloc; the dossier holds the new one."""
        document = delivrer(acteurs, dossiers[0])
        travailler()
        document.refresh_from_db()
        corrige = document.enregistrement | {"lieu": "Lyon"}
        demande = remplacer(acteurs, document, corrige)
        nouveau = demande.nouveau
        assert (nouveau.nature, nouveau.enregistrement["blocs"]) == ("bloc", document.enregistrement["blocs"])
        assert dossiers[0].attestations_de_bloc.en_vigueur().get().parchemin == nouveau


def remplacer(acteurs, document, corrige):
    """Its replacement, asked by one person and approved by another."""
    demande = DemandeRemplacement(
        parchemin=document, motif="erreur", precisions="La ville était fausse.", enregistrement=corrige
    )
    demande = deposer(demande, "preparer_remplacement", acteurs.certificateur, "")
    return executer("delivrances.demanderemplacement", "approuver_remplacement", demande, acteurs.signataire, {})


class TestUnLotDAttestations:
    def ouvrir(self, acteurs, seance) -> LotDelivrance:
        siens = lots.de_la_session(acteurs.certificateur, seance, "blocs")
        (lot,) = lots.constituer(acteurs.certificateur, siens, seance, genre="blocs")
        return lot

    def test_une_ligne_par_bloc_acquis(self, acteurs, seance, dossiers):
        """The whole success has none; beside it, the lot of the documents of the same session may be open."""
        lot = self.ouvrir(acteurs, seance)
        assert [ligne.candidature for ligne in lot.lignes.all()] == dossiers
        assert {ligne.bloc.ordre for ligne in lot.lignes.all()} == {1}
        documents = lots.constituer(acteurs.certificateur, lots.de_la_session(acteurs.certificateur, seance), seance)
        assert documents != [lot] and self.ouvrir(acteurs, seance) == lot

    def test_il_se_delivre_comme_l_autre_et_n_y_touche_pas(
        self, acteurs, seance, dossiers, django_capture_on_commit_callbacks
    ):
        """Two numbers in the series of blocs, a mail each, then the report; no attestation de réussite partielle."""
        lot = agir(self.ouvrir(acteurs, seance), "preparer_lot", acteurs.certificateur, lieu="Paris")
        lot = agir(lot, "approuver_lot", acteurs.signataire)
        with django_capture_on_commit_callbacks(execute=True):
            travailler()
        lot.refresh_from_db()
        assert (lot.etat, lot.refusees) == ("termine", 0)
        assert sorted(Parchemin.objects.values_list("nature", "rang")) == [("bloc", 1), ("bloc", 2)]
        assert CourrielSortant.objects.filter(modele="attestation_de_bloc").count() == 2
        assert not a_attester(acteurs.certificateur).filter(pk__in=[d.pk for d in dossiers]).exists()
        assert lots.a_delivrer(acteurs.certificateur).count() == 3

    def test_une_mauvaise_ligne_n_arrete_pas_les_autres(
        self, acteurs, seance, dossiers, django_capture_on_commit_callbacks
    ):
        """Refused with its reason, its bloc is again among those to attest."""
        lot = agir(self.ouvrir(acteurs, seance), "preparer_lot", acteurs.certificateur, lieu="Paris")
        lot = agir(lot, "approuver_lot", acteurs.signataire)
        f.faire(dossiers[0], "demander_revocation", acteurs.gestionnaire, motif="Un mauvais bloc a été saisi.")
        with django_capture_on_commit_callbacks(execute=True):
            travailler()
        lot.refresh_from_db()
        assert (lot.etat, lot.refusees) == ("termine", 1)
        assert [b.ordre for b in blocs_a_attester(dossiers[0])] == [1]

    def test_abandonner_defait_ce_qu_il_a_prepare(self, acteurs, seance, dossiers):
        """And nothing of what somebody else prepared meanwhile."""
        lot = self.ouvrir(acteurs, seance)
        preparer(acteurs, dossiers[0], par=acteurs.gestionnaire)
        lot = agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris")
        assert DelivranceDeBloc.objects.count() == 2
        agir(lot, "abandonner_lot", acteurs.certificateur)
        assert DelivranceDeBloc.objects.get().preparee_par == acteurs.gestionnaire


class TestLesEcrans:
    def test_de_la_liste_au_registre(self, acteurs, seance, dossiers, client):
        """Chosen in the list, approved from « À faire », then found in the register and in the dossier."""
        dossier = dossiers[0]
        connecter(client, acteurs.gestionnaire)
        page = client.get("/gestion/delivrances/").text
        acte = f"/gestion/actes/candidatures.candidature/{dossier.pk}"
        assert f"{acte}/{PREPARER}/" in page
        bloc = acteurs.version.blocs.get(ordre=1)
        formulaire = client.get(f"{acte}/{PREPARER}/").text
        assert bloc.libelle in formulaire and acteurs.version.blocs.get(ordre=2).libelle not in formulaire
        client.post(f"{acte}/{PREPARER}/", {"lieu": "Paris", "blocs": [bloc.pk], "cle": "a"})
        connecter(client, acteurs.signataire)
        assert f"{acte}/{APPROUVER}/" in client.get("/gestion/").text
        assert bloc.libelle in client.get(f"{acte}/{APPROUVER}/").text
        client.post(f"{acte}/{APPROUVER}/", {"cle": "b"})
        document = Parchemin.objects.get(nature="bloc")
        assert document.numero in client.get("/gestion/delivrances/", {"nature": "bloc"}).text
        assert document.numero in client.get(f"{dossier.get_absolute_url()}?onglet=documents").text
        assert dossier.reference in client.get(document.get_absolute_url()).text

    def test_un_lot_s_ouvre_depuis_la_session_et_depuis_la_liste(self, acteurs, seance, client):
        """The same lot for the same session."""
        connecter(client, acteurs.certificateur)
        assert "Attester les blocs acquis" in client.get(seance.get_absolute_url()).text
        adresse = client.post(f"/gestion/delivrances/lots/session/{seance.pk}/", {"genre": "blocs"}).url
        page = client.get(adresse).text
        assert "Attestations de bloc" in page and acteurs.version.blocs.get(ordre=1).libelle in page
        code = acteurs.version.blocs.get(ordre=1).code
        assert "Attestations de bloc" in client.get("/gestion/delivrances/lots/").text
        assert code in client.get("/gestion/delivrances/lots/lignes/").text
        choisis = [d.pk for d in a_attester(acteurs.certificateur)]
        depuis_la_liste = client.post("/gestion/delivrances/lots/ouvrir/", {"genre": "blocs", "dossiers": choisis}).url
        assert client.get(depuis_la_liste).status_code == 200
