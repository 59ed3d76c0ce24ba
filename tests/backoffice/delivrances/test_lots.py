"""A lot: prepared by one, approved by another, delivered row by row; a bad row never blocks the others (D3, V9)."""

import hashlib

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backoffice.delivrances import lots
from backoffice.delivrances.models import Delivrance, LotDelivrance
from registre import cles, delivrance, fabrication, journal, reprise
from registre.documents import DocumentImpossible
from registre.models import CourrielSortant, EntreeJournal, Feuille, Parchemin, SerieNumeros
from registre.transitions import Refus, RoleInsuffisant
from registre.transparence import journal_public
from tests import fabriques as f
from tests.connexion import connecter
from tests.objets import OrganismeFactory
from tests.ouvrier import travailler

from .lot import agir, approuve, ouvrir, prepare, seance_scellee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fichiers_de_la_scene", "vite")]


@pytest.fixture(scope="module")
def acteurs(scene):
    return f.Acteurs()


@pytest.fixture(scope="module")
def seance(acteurs):
    """Three dossiers validated, the minutes sealed."""
    return seance_scellee(acteurs)


@pytest.fixture
def vite(monkeypatch):
    """Rendering itself is proved in test_documents."""
    monkeypatch.setattr(fabrication, "composer", lambda parchemin: b"%PDF-1.7 " + parchemin.numero.encode())


def derouler(capturer) -> None:
    """The worker, until its queue is empty; what waits for a commit is then done."""
    with capturer(execute=True):
        travailler()
    travailler()


def numeros() -> list[int]:
    return sorted(Parchemin.objects.values_list("rang", flat=True))


class TestLaPreparation:
    def test_un_lot_reunit_les_dossiers_de_la_session(self, acteurs, seance):
        """All three, in a lot of their certificateur and porteur."""
        lot = ouvrir(acteurs, seance)
        assert (lot.certificateur, lot.porteur, lot.etat) == (acteurs.cpne, acteurs.porteur, "brouillon")
        assert lot.lignes.count() == 3

    def test_deux_operateurs_ouvrent_le_meme_lot(self, acteurs, seance):
        """Whoever comes second finds the first one's lot; the base itself refuses another."""
        lot = ouvrir(acteurs, seance)
        dossiers = lots.de_la_session(acteurs.gestionnaire, seance)
        assert lots.constituer(acteurs.gestionnaire, dossiers, seance) == [lot]
        with pytest.raises(IntegrityError), transaction.atomic():
            LotDelivrance.objects.create(
                session=seance, certificateur=acteurs.cpne, porteur=acteurs.porteur, cree_par=acteurs.gestionnaire
            )

    def test_preparer_prepare_chaque_dossier(self, acteurs, seance):
        """Each by its own verb, in the journal of each; one mail to the signataires, not three."""
        lot = prepare(acteurs, seance)
        assert (lot.etat, lot.lieu, lot.prepare_par) == ("prepare", "Paris", acteurs.certificateur)
        assert Delivrance.objects.filter(preparee_par=acteurs.certificateur, lieu="Paris").count() == 3
        assert EntreeJournal.objects.filter(verbe="preparer_delivrance").count() == 3
        modeles = CourrielSortant.objects.filter(destinataire=acteurs.signataire.email).values_list("modele", flat=True)
        assert list(modeles) == ["lot_a_approuver"]

    def test_ce_qui_ne_peut_pas_partir_le_dit_et_reste(self, acteurs, seance):
        """A revocation asked for: the page says so and where, the lot goes without that dossier."""
        lot = ouvrir(acteurs, seance)
        bloque = lot.lignes.first().candidature
        f.faire(bloque, "demander_revocation", acteurs.gestionnaire, motif="Un mauvais bloc a été saisi.")
        jugement = lots.juger(lot, acteurs.certificateur)
        assert (len(jugement.pretes), len(jugement.refusees)) == (2, 1)
        ligne, phrases, adresse = jugement.refusees[0]
        assert "révocation" in phrases[0] and adresse == bloque.get_absolute_url()
        lot = agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris")
        ligne.refresh_from_db()
        assert ligne.ecartee and "révocation" in ligne.refus
        assert lot.lignes.en_attente().count() == 2

    def test_une_mention_absente_mene_a_la_fiche(self, acteurs, seance):
        """What is missing of the certification is corrected on its version, not on the dossier."""
        acteurs.version.codes.all().delete()
        jugement = lots.juger(ouvrir(acteurs, seance), acteurs.certificateur)
        assert not jugement.pretes
        assert {adresse for _, _, adresse in jugement.refusees} == {f"/gestion/parcours/{acteurs.parcours.pk}/"}

    def test_qui_prepare_laisse_de_cote(self, acteurs, seance):
        """The dossier left aside stays to prepare; all of them left aside is refused."""
        lot = ouvrir(acteurs, seance)
        with pytest.raises(Refus, match="laissés de côté"):
            agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris", ecartees=list(lot.lignes.all()))
        laisse = lot.lignes.last()
        agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris", ecartees=[laisse])
        assert Delivrance.objects.count() == 2
        assert not Delivrance.objects.filter(candidature=laisse.candidature).exists()

    def test_abandonner_ou_renvoyer_rend_les_dossiers(self, acteurs, seance):
        """Nothing is prepared any more; sent back, the lot may be prepared again, and its author reads why."""
        lot = agir(prepare(acteurs, seance), "renvoyer_lot", acteurs.signataire, motif="Le lieu est faux.")
        assert lot.etat == "brouillon" and not Delivrance.objects.exists()
        renvoi = CourrielSortant.objects.get(modele="lot_renvoye")
        assert renvoi.destinataire == acteurs.certificateur.email and "Le lieu est faux." in renvoi.corps
        lot = agir(lot, "preparer_lot", acteurs.certificateur, lieu="Lyon")
        assert agir(lot, "abandonner_lot", acteurs.certificateur).etat == "abandonne"
        assert not Delivrance.objects.exists()
        assert ouvrir(acteurs, seance) != lot

    def test_abandonner_un_brouillon_ne_defait_pas_ce_qu_un_autre_a_prepare(self, acteurs, seance):
        """A draft has prepared nothing: what somebody prepared meanwhile, dossier by dossier, stays to approve."""
        lot = ouvrir(acteurs, seance)
        dossier = lot.lignes.first().candidature
        f.faire(dossier, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
        agir(lot, "abandonner_lot", acteurs.certificateur)
        assert Delivrance.objects.get().candidature == dossier


class TestQuatreYeux:
    def test_qui_a_prepare_n_approuve_pas(self, acteurs, seance):
        """Refused with a sentence, and by the base itself."""
        f.Role.objects.create(utilisateur=acteurs.certificateur, nom="signataire", organisme=acteurs.cpne)
        deux_roles = f.Utilisateur.objects.get(pk=acteurs.certificateur.pk)
        lot = prepare(acteurs, seance)
        with pytest.raises(Refus, match="une autre personne"):
            agir(lot, "approuver_lot", deux_roles)
        with pytest.raises(IntegrityError, match="lot_delivrance_quatre_yeux"), transaction.atomic():
            LotDelivrance.objects.update(approuve_par=deux_roles)

    @pytest.mark.parametrize("qui", ["certificateur", "gestionnaire", "auditeur"])
    def test_approuver_est_l_affaire_du_signataire(self, acteurs, seance, qui):
        """Nobody else signs."""
        with pytest.raises(RoleInsuffisant):
            agir(prepare(acteurs, seance), "approuver_lot", getattr(acteurs, qui))


class TestLaDelivrance:
    def test_un_lot_approuve_est_delivre_et_se_termine(self, acteurs, seance, django_capture_on_commit_callbacks):
        """Three numbers, three files that match their hashes, three leaves, a mail each; then the report."""
        lot = approuve(acteurs, seance)
        assert lot.etat == "en_cours" and not Parchemin.objects.exists()
        derouler(django_capture_on_commit_callbacks)
        lot.refresh_from_db()
        assert (lot.etat, lot.refusees) == ("termine", 0)
        assert numeros() == [1, 2, 3]
        for document in Parchemin.objects.all():
            with document.fichier.open() as fichier:
                assert hashlib.sha256(fichier.read()).hexdigest() == document.sha256
        assert Feuille.objects.filter(evenement="emission").count() == 3
        assert CourrielSortant.objects.filter(modele="document_delivre").count() == 3
        fins = set(CourrielSortant.objects.filter(modele="lot_termine").values_list("destinataire", flat=True))
        assert fins == {acteurs.certificateur.email, acteurs.signataire.email}
        assert journal_public.dernier_point().taille == journal_public.taille()
        assert list(journal.verifier()) == [] and list(journal_public.verifier()) == []

    def test_le_titulaire_n_est_prevenu_qu_une_fois_son_document_range(self, acteurs, seance):
        """The number is given, the file is not there: no mail yet. A document cancelled meanwhile is not announced."""
        lots.derouler.call(approuve(acteurs, seance).pk)
        assert numeros() == [1, 2, 3]
        assert not CourrielSortant.objects.filter(modele__startswith="document_delivre").exists()
        premier, second, _ = Parchemin.objects.order_by("rang")
        Parchemin.objects.filter(pk=second.pk).update(annule_le=timezone.now())
        for document in (premier, second):
            fabrication.fabriquer.call(document.pk)
        annonce = CourrielSortant.objects.get(modele="document_delivre")
        assert annonce.destinataire == premier.titulaire.courriel

    def test_une_mauvaise_ligne_n_arrete_pas_les_autres(self, acteurs, seance, django_capture_on_commit_callbacks):
        """Refused with its reason, back among those to prepare; the others have dense numbers; it goes in a new lot."""
        lot = approuve(acteurs, seance)
        mauvaise = lot.lignes.order_by("rang")[1].candidature
        f.faire(mauvaise, "demander_revocation", acteurs.gestionnaire, motif="Un mauvais bloc a été saisi.")
        derouler(django_capture_on_commit_callbacks)
        lot.refresh_from_db()
        assert (lot.etat, lot.refusees) == ("termine", 1)
        assert numeros() == [1, 2]
        assert "révocation" in lot.lignes.refusees().get().refus
        f.faire(
            mauvaise, "refuser_revocation", f.UtilisateurFactory(role=("certificateur", acteurs.cpne)), motif="Non."
        )
        (nouveau,) = lots.constituer(acteurs.certificateur, [mauvaise])
        assert nouveau.lignes.get().candidature == mauvaise
        agir(nouveau, "preparer_lot", acteurs.certificateur, lieu="Paris")
        agir(nouveau, "approuver_lot", acteurs.signataire)
        derouler(django_capture_on_commit_callbacks)
        assert numeros() == [1, 2, 3]

    def test_une_erreur_imprevue_n_arrete_que_sa_ligne(
        self, acteurs, seance, monkeypatch, django_capture_on_commit_callbacks
    ):
        """Even a fault of ours: the number it had taken is given back."""
        lot, vrai, essais = approuve(acteurs, seance), lots.executer, []

        def executer(modele, nom, objet, *args, **kwargs):
            resultat = vrai(modele, nom, objet, *args, **kwargs)
            if nom == "approuver_delivrance" and not essais:
                essais.append(nom)
                raise ZeroDivisionError
            return resultat

        monkeypatch.setattr(lots, "executer", executer)
        monkeypatch.setattr(lots.trace, "exception", lambda *args: None)
        derouler(django_capture_on_commit_callbacks)
        assert numeros() == [1, 2]
        assert lot.lignes.refusees().get().refus == lots.IMPREVU

    def test_une_donnee_que_la_base_refuse_n_arrete_que_sa_ligne(
        self, acteurs, seance, monkeypatch, django_capture_on_commit_callbacks
    ):
        """A value that the database cannot hold is the fault of its row, not a breakdown of the server."""
        lot, vrai = approuve(acteurs, seance), lots.executer
        mauvais = lot.lignes.order_by("rang")[0].candidature_id

        def executer(modele, nom, objet, *args, **kwargs):
            if nom == "approuver_delivrance" and objet.pk == mauvais:
                raise DataError("value too long for type character varying(100)")
            return vrai(modele, nom, objet, *args, **kwargs)

        monkeypatch.setattr(lots, "executer", executer)
        monkeypatch.setattr(lots.trace, "exception", lambda *args: None)
        derouler(django_capture_on_commit_callbacks)
        lot.refresh_from_db()
        assert (lot.etat, lot.refusees, lot.incident) == ("termine", 1, "")
        assert numeros() == [1, 2]
        refusee = lot.lignes.refusees().get()
        assert (refusee.candidature_id, refusee.refus) == (mauvais, lots.IMPREVU)

    def test_un_document_annule_en_chemin_ne_retient_pas_le_lot(
        self, acteurs, seance, django_capture_on_commit_callbacks
    ):
        """Numbered, then cancelled before its file was made: the lot ends with the files of the others."""
        lot = approuve(acteurs, seance)
        lots.derouler.call(lot.pk)
        annule, *autres = Parchemin.objects.order_by("rang")
        with django_capture_on_commit_callbacks(execute=True):
            for document in autres:
                fabrication.fabriquer.call(document.pk)
        lot.refresh_from_db()
        assert lot.etat == "en_cours"
        with django_capture_on_commit_callbacks(execute=True):
            delivrance.annuler(annule, acteurs.certificateur, "certificateur", "Document délivré par erreur.")
        lot.refresh_from_db()
        assert lot.etat == "termine"

    def test_un_document_impossible_ne_retient_pas_le_lot_et_dit_pourquoi(
        self, acteurs, seance, client, monkeypatch, django_capture_on_commit_callbacks
    ):
        """Its number is given, its file cannot be made: the lot ends, the reason and the way out are on the pages."""
        lot, raison = approuve(acteurs, seance), "Le texte ne tient pas sur une page."
        lots.derouler.call(lot.pk)
        mauvais, *autres = Parchemin.objects.order_by("rang")

        def composer(parchemin):
            if parchemin.pk == mauvais.pk:
                raise DocumentImpossible(raison)
            return parchemin.numero.encode()

        with monkeypatch.context() as passe, django_capture_on_commit_callbacks(execute=True):
            passe.setattr(fabrication, "composer", composer)
            with pytest.raises(DocumentImpossible):
                fabrication.fabriquer.call(mauvais.pk)
            for document in autres:
                fabrication.fabriquer.call(document.pk)
        lot.refresh_from_db()
        assert (lot.etat, lot.refusees) == ("termine", 1)
        connecter(client, acteurs.certificateur)
        for adresse in (lot.get_absolute_url(), mauvais.get_absolute_url()):
            assert raison in client.get(adresse).text
        assert "1 document à refaire" in client.get("/gestion/").text
        assert mauvais.numero in client.get("/gestion/delivrances/", {"etat": "a_refaire"}).text
        fabrication.fabriquer.call(mauvais.pk)
        mauvais.refresh_from_db()
        assert mauvais.sha256 and not mauvais.impossible and "à refaire" not in client.get("/gestion/").text

    def test_un_signataire_du_second_certificateur_approuve(self, acteurs, seance, django_capture_on_commit_callbacks):
        """Whatever the place on the fiche of the body that empowered them: told, shown it, and delivered."""
        second = OrganismeFactory()
        acteurs.version.roles.create(organisme=second, role="certificateur", ordre=2)
        f.Role.objects.filter(nom="signataire").delete()
        lot = ouvrir(acteurs, seance)
        with pytest.raises(Refus, match="habilité à signer"):
            agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris")
        personne = f.UtilisateurFactory(role=("signataire", second))
        lot = agir(lot, "preparer_lot", acteurs.certificateur, lieu="Paris")
        assert CourrielSortant.objects.get(modele="lot_a_approuver").destinataire == personne.email
        assert list(LotDelivrance.objects.confies_a(personne, "signataire")) == [lot]
        agir(lot, "approuver_lot", personne)
        derouler(django_capture_on_commit_callbacks)
        assert numeros() == [1, 2, 3]

    def test_une_panne_suspend_le_lot_et_il_reprend_seul(self, acteurs, seance, settings, monkeypatch):
        """No key: not the fault of a row. Nothing is refused; once the key is back, the lot goes on where it was."""
        lot = approuve(acteurs, seance)
        dossier = settings.DOSSIER_CLES
        settings.DOSSIER_CLES = "/nulle-part"
        with pytest.raises(cles.CleIndisponible):
            lots.derouler.call(lot.pk)
        lot.refresh_from_db()
        assert lot.etat == "en_cours" and lot.incident and not lot.lignes.refusees().exists()
        assert not SerieNumeros.objects.filter(nature="parchemin").exists()
        settings.DOSSIER_CLES = dossier
        lots.derouler.call(lot.pk)
        lot.refresh_from_db()
        assert numeros() == [1, 2, 3] and lot.incident == ""

    def test_un_lot_que_plus_personne_ne_porte_est_repris(self, acteurs, seance):
        """Its task was lost, then its end: both are found again, and done once."""
        lot = approuve(acteurs, seance)
        DBTaskResult.objects.all().delete()
        assert reprise.reprendre()["lot(s) de délivrance"] == 1
        assert reprise.reprendre()["lot(s) de délivrance"] == 0, "déjà en file"
        travailler()
        lot.refresh_from_db()
        assert lot.etat == "en_cours", "la fin est perdue : ses rappels n’ont pas eu lieu dans ce test"
        reprise.reprendre()
        lot.refresh_from_db()
        assert lot.etat == "termine" and numeros() == [1, 2, 3]

    def test_un_dossier_delivre_seul_entre_temps_n_est_pas_delivre_deux_fois(
        self, acteurs, seance, django_capture_on_commit_callbacks
    ):
        """The signataire did one by its own button: the lot finds its document."""
        lot = prepare(acteurs, seance)
        f.faire(lot.lignes.first().candidature, "approuver_delivrance", acteurs.signataire)
        agir(lot, "approuver_lot", acteurs.signataire)
        derouler(django_capture_on_commit_callbacks)
        lot.refresh_from_db()
        assert lot.etat == "termine" and numeros() == [1, 2, 3]

    def test_derouler_deux_fois_ne_delivre_qu_une_fois(self, acteurs, seance):
        """Two workers on the same lot, one after the other."""
        lot = approuve(acteurs, seance)
        for _ in range(3):
            lots.derouler.call(lot.pk)
        assert numeros() == [1, 2, 3]


class TestLesEcrans:
    @pytest.fixture
    def chez(self, client):
        return lambda personne: connecter(client, personne)

    def test_le_parcours_par_les_ecrans(self, acteurs, seance, chez, django_capture_on_commit_callbacks):
        """From the session to the report: one button each time, and the page says where it stands."""
        client = chez(acteurs.certificateur)
        assert "Délivrer les documents de cette session" in client.get(seance.get_absolute_url()).text
        adresse = client.post(f"/gestion/delivrances/lots/session/{seance.pk}/").url
        assert client.post(f"/gestion/delivrances/lots/session/{seance.pk}/").url == adresse
        lot = LotDelivrance.objects.get()
        page = client.get(adresse).text
        assert "Peuvent partir" in page and 'value="Paris"' in page
        acte = f"/gestion/actes/delivrances.lotdelivrance/{lot.pk}"
        assert client.post(f"{acte}/preparer_lot/", {"lieu": "Paris", "cle": "a"}).url == adresse
        chez(acteurs.signataire)
        assert "Approuver et délivrer le lot" in client.get(adresse).text
        assert client.post(f"{acte}/approuver_lot/", {"cle": "b"}).url == adresse
        assert "Actualiser" in client.get(adresse).text
        derouler(django_capture_on_commit_callbacks)
        page = client.get(adresse).text
        assert "tout est délivré" in page
        for numero in Parchemin.objects.values_list("numero", flat=True):
            assert numero in page

    def test_un_lot_depuis_les_dossiers_coches(self, acteurs, seance, chez):
        """Two of three; then all that remain."""
        client = chez(acteurs.gestionnaire)
        dossiers = [d.pk for d in lots.de_la_session(acteurs.gestionnaire, seance)]
        client.post("/gestion/delivrances/lots/ouvrir/", {"dossiers": dossiers[:2], "cle": "x"})
        client.post("/gestion/delivrances/lots/ouvrir/", {"dossiers": dossiers[:2], "cle": "x"})
        assert LotDelivrance.objects.get().lignes.count() == 2
        client.post("/gestion/delivrances/lots/ouvrir/", {"portee": "tout", "cle": "y"})
        assert LotDelivrance.objects.latest("pk").lignes.count() == 3

    def test_rien_a_delivrer_se_dit(self, acteurs, seance, chez, django_capture_on_commit_callbacks):
        """Once all is delivered, the button of the session says so."""
        approuve(acteurs, seance)
        derouler(django_capture_on_commit_callbacks)
        reponse = chez(acteurs.certificateur).post(f"/gestion/delivrances/lots/session/{seance.pk}/", follow=True)
        assert "rien à délivrer ici" in reponse.text

    def test_un_porteur_ne_prend_pas_les_dossiers_d_un_autre(self, acteurs, seance, chez):
        """Out of scope: nothing is opened."""
        autre = f.Acteurs()
        client = chez(autre.gestionnaire)
        dossiers = [d.pk for d in lots.de_la_session(acteurs.gestionnaire, seance)]
        client.post("/gestion/delivrances/lots/ouvrir/", {"dossiers": dossiers})
        assert client.post(f"/gestion/delivrances/lots/session/{seance.pk}/").status_code == 404
        assert not LotDelivrance.objects.exists()

    def test_a_faire_le_dit_a_chacun_son_tour(self, acteurs, seance, chez, django_capture_on_commit_callbacks):
        """Prepared: the signataire, once for the lot. Refused rows: who prepared, until the report is filed."""
        lot = prepare(acteurs, seance)
        page = chez(acteurs.signataire).get("/gestion/").text
        assert "Lots de délivrance à approuver" in page
        assert "Approuver et délivrer <span" not in page, "chaque dossier y serait une seconde fois"
        agir(lot, "approuver_lot", acteurs.signataire)
        f.faire(lot.lignes.first().candidature, "demander_revocation", acteurs.gestionnaire, motif="Bloc mal saisi.")
        derouler(django_capture_on_commit_callbacks)
        client = chez(acteurs.certificateur)
        assert "Lots terminés avec des dossiers refusés" in client.get("/gestion/").text
        agir(lot, "classer_lot", acteurs.certificateur)
        assert "Lots terminés avec des dossiers refusés" not in client.get("/gestion/").text
