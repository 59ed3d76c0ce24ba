"""The last step: four eyes, once, with every mention, and the document to its holder alone (D1, D3, D6)."""

import copy
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backoffice.delivrances.models import Delivrance
from backoffice.parcours.validite import fin_de_validite
from registre import certificats, cles, trousseau
from registre.models import CourrielSortant, EntreeJournal, Parchemin
from registre.transitions import Refus, RoleInsuffisant
from tests import fabriques as f
from tests.connexion import connecter
from tests.ouvrier import travailler

pytestmark = pytest.mark.django_db
LISTE = "/gestion/delivrances/"


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


def preparer(acteurs, candidature, par=None, lieu="Paris"):
    return f.faire(candidature, "preparer_delivrance", par or acteurs.certificateur, lieu=lieu)


def approuver(acteurs, candidature, par=None):
    return f.faire(candidature, "approuver_delivrance", par or acteurs.signataire)


def texte(reponse) -> str:
    return reponse.content.decode()


class TestQuatreYeux:
    def test_une_personne_prepare_une_autre_approuve(self, acteurs):
        """Both names and both dates are kept, the signataires were told, one document exists."""
        candidature = preparer(acteurs, f.decidee(acteurs))
        assert acteurs.signataire.email in CourrielSortant.objects.filter(modele="delivrance_a_approuver").values_list(
            "destinataire", flat=True
        )
        assert not Parchemin.objects.exists()
        approuver(acteurs, candidature)
        delivrance = Delivrance.objects.get()
        assert (delivrance.preparee_par, delivrance.approuvee_par) == (acteurs.certificateur, acteurs.signataire)
        assert delivrance.preparee_le <= delivrance.approuvee_le <= timezone.now()
        assert delivrance.parchemin == Parchemin.objects.get()

    def test_la_base_elle_meme_refuse_une_seule_personne(self, acteurs):
        """Whatever the code does one day: a constraint says no."""
        preparer(acteurs, f.decidee(acteurs))
        with pytest.raises(IntegrityError, match="delivrance_quatre_yeux"), transaction.atomic():
            Delivrance.objects.update(approuvee_par=acteurs.certificateur, approuvee_le=timezone.now())

    @pytest.mark.parametrize("qui", ["employeur", "signataire", "auditeur", "evaluateur"])
    def test_preparer_est_l_affaire_du_certificateur_ou_du_porteur(self, acteurs, qui):
        """Others see the dossier and may not."""
        candidature = f.decidee(acteurs)
        with pytest.raises(RoleInsuffisant):
            preparer(acteurs, candidature, getattr(acteurs, qui))

    @pytest.mark.parametrize("qui", ["employeur", "certificateur", "gestionnaire", "auditeur"])
    def test_approuver_est_l_affaire_du_signataire(self, acteurs, qui):
        """Nobody else signs, not even who prepared."""
        candidature = preparer(acteurs, f.decidee(acteurs))
        with pytest.raises(RoleInsuffisant):
            approuver(acteurs, candidature, getattr(acteurs, qui))
        assert not Parchemin.objects.exists()

    def test_preparer_deux_fois_est_refuse(self, acteurs):
        """Politely, and the first preparation stays what it was."""
        candidature = preparer(acteurs, f.decidee(acteurs))
        with pytest.raises(Refus, match="déjà préparée"):
            preparer(acteurs, candidature, acteurs.gestionnaire, "Lyon")
        assert Delivrance.objects.get().lieu == "Paris"

    def test_approuver_deux_fois_ne_delivre_qu_un_document(self, acteurs):
        """The second approval says that it is done."""
        candidature = f.delivree(acteurs)
        with pytest.raises(Refus, match="déjà délivré"):
            approuver(acteurs, candidature)
        assert Parchemin.objects.count() == 1

    def test_sans_preparation_rien_a_approuver(self, acteurs):
        """No step is skipped."""
        with pytest.raises(Refus, match="pas encore préparée"):
            approuver(acteurs, f.decidee(acteurs))

    def test_le_signataire_renvoie_avec_un_motif_et_l_on_reprepare(self, acteurs):
        """Sent back, corrected, approved: the document carries the corrected place."""
        candidature = preparer(acteurs, f.decidee(acteurs), lieu="Pari")
        f.faire(candidature, "refuser_delivrance", acteurs.signataire, motif="Faute dans la ville")
        preparer(acteurs, candidature)
        approuver(acteurs, candidature)
        assert Parchemin.objects.get().enregistrement["lieu"] == "Paris"

    @pytest.mark.parametrize("etape", [f.evaluee, f.inscrite])
    def test_rien_ne_se_delivre_avant_la_decision(self, acteurs, etape):
        """No document without a sealed decision."""
        with pytest.raises(Refus, match="n’est pas possible maintenant"):
            preparer(acteurs, etape(acteurs))

    def test_un_echec_ne_donne_aucun_document(self, acteurs):
        """« Non validé »: neither parchemin nor attestation."""
        candidature = f.decidee(acteurs, acquis=False)
        assert candidature.etat == "non_validee"
        with pytest.raises(Refus):
            preparer(acteurs, candidature)


class TestMentions:
    def test_une_mention_absente_est_refusee_avec_la_liste(self, acteurs, client):
        """Every missing mention in one answer, each a sentence, and nothing prepared (reference: blocking)."""
        candidature = f.decidee(acteurs)
        f.VersionFactory._meta.model.objects.filter(pk=acteurs.version.pk).update(niveau=None, date_decision=None)
        acteurs.version.codes.all().delete()
        connecter(client, acteurs.certificateur)
        adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/preparer_delivrance/"
        reponse = client.post(adresse, {"lieu": "Paris", "cle": "a"})
        assert reponse.status_code == 409
        for manque in ("le niveau de qualification", "la date de la décision d’enregistrement", "le code NSF"):
            assert f"Il manque {manque}" in texte(reponse)
        assert not Delivrance.objects.exists()

    def test_une_mention_perdue_entre_temps_arrete_l_approbation(self, acteurs):
        """They are read again when the signataire approves."""
        candidature = preparer(acteurs, f.decidee(acteurs))
        acteurs.version.codes.all().delete()
        with pytest.raises(Refus, match="code NSF"):
            approuver(acteurs, candidature)
        assert not Parchemin.objects.exists()

    def test_le_lieu_est_obligatoire(self, acteurs, client):
        """A mandatory mention asked by the form."""
        candidature = f.decidee(acteurs)
        adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/preparer_delivrance/"
        assert connecter(client, acteurs.certificateur).post(adresse, {"lieu": " ", "cle": "a"}).status_code == 422

    @given(
        st.dates(date(2024, 1, 1), date(2060, 12, 31)),
        st.integers(1, 240),
    )
    def test_un_bloc_vaut_jusqu_au_meme_jour_du_mois(self, jour, mois):
        """Same day of the month; its last day when it is shorter: never one day less than promised."""
        fin = fin_de_validite(jour, mois)
        assert (fin.year * 12 + fin.month) - (jour.year * 12 + jour.month) == mois
        demain = date.fromordinal(fin.toordinal() + 1)
        assert fin.day == jour.day or (fin.day < jour.day and demain.month != fin.month)


class TestListe:
    @pytest.mark.parametrize("qui", ["certificateur", "signataire", "gestionnaire"])
    def test_trois_piles(self, acteurs, client, qui):
        """To prepare, to approve, delivered: each dossier in its own, with the act of who may do it."""
        decidee, preparee = f.decidee(acteurs), preparer(acteurs, f.decidee(acteurs))
        delivre = f.delivree(acteurs).delivrance.parchemin
        contenu = texte(connecter(client, getattr(acteurs, qui)).get(LISTE))
        for dit in (decidee.reference, preparee.reference, delivre.numero):
            assert dit in contenu
        assert ("/preparer_delivrance/" in contenu) is (qui != "signataire")
        assert ("/approuver_delivrance/" in contenu) is (qui == "signataire")

    def test_ce_qu_une_cle_revoquee_a_signe_est_a_refaire(self, acteurs, client, settings, tmp_path):
        """A pile of its own, found by its state, as long as the document is not cancelled; none before any cut."""
        settings.DOSSIER_CLES = tmp_path / "cles"
        cles.creer()
        certificats.creer()
        documents = [f.delivree(acteurs).delivrance.parchemin for _ in range(2)]
        travailler()
        connecter(client, acteurs.certificateur)
        assert "À refaire" not in texte(client.get(LISTE))
        trousseau.revoquer(1, documents[1].feuilles.get().rang)
        assert "1 document à refaire" in texte(client.get("/gestion/"))
        contenu = texte(client.get(LISTE, {"etat": "a_refaire"}))
        assert "À refaire" in contenu and documents[1].numero in contenu and documents[0].numero not in contenu
        contenu = texte(client.get(LISTE, {"etat": "valable"}))
        assert documents[0].numero in contenu and documents[1].numero not in contenu

    def test_qui_a_prepare_lit_qu_un_autre_approuve(self, acteurs, client):
        """With both roles, the button is not offered where it would be refused."""
        f.Role.objects.create(utilisateur=acteurs.certificateur, nom="signataire", organisme=acteurs.cpne)
        preparer(acteurs, f.decidee(acteurs))
        contenu = texte(connecter(client, acteurs.certificateur).get(LISTE))
        assert "une autre personne l’approuve" in contenu
        assert "/approuver_delivrance/" not in contenu

    @pytest.mark.parametrize("qui", ["employeur", "evaluateur", "presidente", "auditeur"])
    def test_les_autres_roles_n_y_entrent_pas(self, acteurs, client, qui):
        """403, and a login without an account."""
        assert connecter(client, getattr(acteurs, qui)).get(LISTE).status_code == 403
        assert Client().get(LISTE).status_code == 302

    def test_un_autre_porteur_ne_voit_rien(self, acteurs, client):
        """The page is his, the rows are not."""
        decidee, preparee = f.decidee(acteurs), preparer(acteurs, f.decidee(acteurs))
        numero = f.delivree(acteurs).delivrance.parchemin.numero
        contenu = texte(connecter(client, f.Acteurs().gestionnaire).get(LISTE))
        assert not {r for r in (decidee.reference, preparee.reference, numero) if r in contenu}


@pytest.fixture(scope="class")
def fait(scene_d_une_classe):
    acteurs = f.Acteurs()
    document = f.delivree(acteurs).delivrance.parchemin
    travailler()
    document.refresh_from_db()
    return acteurs, document


class TestTelechargement:
    @pytest.fixture
    def tout(self, fait, fichiers_de_la_scene):
        return copy.deepcopy(fait)

    @pytest.fixture
    def acteurs(self, tout):
        return tout[0]

    @pytest.fixture
    def document(self, tout):
        return tout[1]

    @pytest.fixture
    def titulaire(self, document):
        document.titulaire.refresh_from_db()
        return document.titulaire.utilisateur

    def adresse(self, document):
        return f"/gestion/delivrances/documents/{document.pk}/"

    def test_le_titulaire_le_telecharge_tel_qu_il_fut_ecrit(self, document, titulaire, client):
        """The stored bytes, as an attachment in a sandbox, never cached; and the journal tells."""
        reponse = connecter(client, titulaire).get(self.adresse(document))
        assert reponse.status_code == 200
        contenu = b"".join(reponse.streaming_content)
        with document.fichier.open() as fichier:
            assert contenu == fichier.read()
        assert reponse.headers["Content-Type"] == "application/pdf"
        assert reponse.headers["Content-Disposition"] == (f'attachment; filename="parchemin-{document.numero}.pdf"')
        assert reponse.headers["X-Content-Type-Options"] == "nosniff"
        assert reponse.headers["Content-Security-Policy"] == "sandbox"
        assert "no-store" in reponse.headers["Cache-Control"]
        entree = EntreeJournal.objects.get(verbe="telecharger_document")
        assert (entree.acteur, entree.objet_id) == (titulaire, document.pk)

    @pytest.mark.parametrize("qui", ["certificateur", "signataire", "gestionnaire", "auditeur"])
    def test_ceux_qui_en_repondent_le_telechargent(self, acteurs, document, client, qui):
        """Those who deliver or audit."""
        reponse = connecter(client, getattr(acteurs, qui)).get(self.adresse(document))
        assert reponse.status_code == 200
        assert b"".join(reponse.streaming_content)

    def test_un_autre_candidat_ne_le_trouve_pas(self, document, client):
        """Another holder, with the right role: 404, and no entry of a download."""
        autre = f.UtilisateurFactory(role="candidat")
        assert connecter(client, autre).get(self.adresse(document)).status_code == 404
        assert not EntreeJournal.objects.filter(verbe="telecharger_document").exists()

    @pytest.mark.parametrize("qui", ["employeur", "evaluateur", "presidente"])
    def test_l_employeur_et_les_autres_sont_refuses(self, acteurs, document, client, qui):
        """The document belongs to its holder: 403."""
        assert connecter(client, getattr(acteurs, qui)).get(self.adresse(document)).status_code == 403

    def test_un_autre_porteur_ne_le_trouve_pas(self, document, client):
        """Out of scope: 404."""
        assert connecter(client, f.Acteurs().gestionnaire).get(self.adresse(document)).status_code == 404

    def test_sans_compte_on_se_connecte(self, document, client):
        """Not a public file."""
        assert "/compte/login/" in client.get(self.adresse(document))["Location"]

    def test_pas_encore_fabrique_il_n_est_pas_la(self, acteurs, client):
        """Between the approval and the making of the PDF: 404, and the list says that it is being made."""
        document = f.delivree(acteurs).delivrance.parchemin
        connecter(client, acteurs.certificateur)
        assert client.get(self.adresse(document)).status_code == 404
        assert "En fabrication" in texte(client.get(LISTE))
