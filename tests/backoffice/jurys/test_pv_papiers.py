"""The papers of a jury: the minutes kept in PDF, decision sheets, notices; and the corrections of minutes (J6, J7)."""

import copy
import hashlib
import io
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backoffice.jurys.controle_pv import ecarts
from backoffice.jurys.models import Inscription, ProcesVerbal
from backoffice.jurys.pv_documents import dessiner, fabriquer_pv, reprendre_les_pv
from registre.models import Feuille
from registre.transitions import Refus, RoleInsuffisant
from site_public.demonstration.horloge import horloge
from tests import fabriques as f
from tests.bases import base_ouverte
from tests.connexion import connecter
from tests.ouvrier import travailler

from .outils import ouverte, page, seance, texte

pytestmark = pytest.mark.django_db
MENTION = {"au_lieu_de": "à Paris", "lire": "à Lyon", "motif": "Le lieu a été mal reporté."}


def lire(octets: bytes) -> str:
    sortie = subprocess.run(["pdftotext", "-raw", "-", "-"], input=octets, capture_output=True, check=True).stdout
    return " ".join(sortie.decode().split())


def est_balise(octets: bytes) -> bool:
    """Tagged, in French, titled, PDF/A-3a and PDF/UA-1 in its metadata."""
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        return (
            bool(pdf.Root.MarkInfo.Marked)
            and str(pdf.Root.Lang) == "fr"
            and 'part="1"' in xmp.split("pdfuaid", 1)[1]
            and "pdfaid" in xmp
        )


@pytest.fixture(scope="module")
def tout_tenu(scene):
    """A sealed session: one dossier partly acquired by a rattrapage, one postponed, a member recused."""
    acteurs = f.Acteurs()
    session, partiel, reporte = ouverte(acteurs, lambda c: False, True)
    f.deliberer(acteurs, partiel, lambda bloc: bloc.ordre == 1, motif="Le jury a revu les gestes avec le candidat.")
    Inscription.objects.filter(candidature=partiel).update(recommandations="Reprendre la lecture de plans.")
    seance(session, "declarer_deport", acteurs.presidente, inscription=reporte.inscriptions.get(), raison="Lien connu")
    session = f.sceller(acteurs, session)
    partiel.refresh_from_db()
    reporte.refresh_from_db()
    return acteurs, (session, partiel, reporte)


@pytest.fixture
def tout(tout_tenu, fichiers_de_la_scene):
    return copy.deepcopy(tout_tenu)


@pytest.fixture
def acteurs(tout):
    return tout[0]


@pytest.fixture
def tenue(tout):
    return tout[1]


class TestPVEnPDF:
    def test_il_dit_tout_sans_nommer_les_candidats(self, acteurs, tenue):
        """Numbers of pages, votes, reasons, rules, signatures, hash; tagged; no name of a candidate."""
        session, partiel, reporte = tenue
        octets = dessiner(session.pv)
        assert est_balise(octets)
        dit = lire(octets)
        for attendu in (
            session.pv.numero, "Page 1 sur", partiel.reference, reporte.reference, "Rattrapage du jury",
            "Le jury a revu les gestes", "Reprendre la lecture de plans", "Lien connu", "n’a pas pu délibérer",
            "quorum de 1 membre par collège", "majorité absolue", "Signé électroniquement", "Consensus",
            "Ont pris part : 1 pour le collège employeurs, 1 pour le collège salariés",
        ):  # fmt: skip
            assert attendu in dit.replace("\u00a0", " ").replace("\u202f", " "), attendu
        assert session.pv.empreinte in dit.replace(" ", "")
        assert partiel.titulaire.nom_naissance not in dit

    def test_il_est_fabrique_une_fois_garde_et_inscrit_au_journal_public(self, acteurs, tenue, client):
        """Same bytes at each reading, a leaf in the public log, nothing made again afterwards."""
        session, _, _ = tenue
        connecter(client, acteurs.gestionnaire)
        travailler()
        lus = [b"".join(client.get(page(session) + "pv/document/").streaming_content) for _ in range(2)]
        pv = ProcesVerbal.objects.get()
        assert lus[0] == lus[1] and hashlib.sha256(lus[0]).hexdigest() == pv.sha256
        fabriquer_pv.func(pv.pk)
        assert ProcesVerbal.objects.get().fichier.name == pv.fichier.name
        assert Feuille.objects.filter(evenement="pv").count() == 1

    def test_tant_qu_il_n_est_pas_fabrique_la_page_le_dit_et_la_nuit_le_redemande(self, acteurs, tenue, client):
        """Reading prints nothing; a task lost on the way is given again by the night, without a second document."""
        session, adresse = tenue[0], page(tenue[0]) + "pv/document/"
        DBTaskResult.objects.all().delete()
        connecter(client, acteurs.gestionnaire)
        ecran = texte(client.get(adresse, follow=True))
        assert "en cours de fabrication" in ecran and "Télécharger le PV" not in ecran
        assert "en cours de fabrication" in texte(client.get("/gestion/jurys/proces-verbaux/"))
        assert not ProcesVerbal.objects.get().sha256 and travailler() == 0
        assert reprendre_les_pv() == "0 document de PV à refaire."  # sealed a moment ago: its task may be under way
        for _fois in range(2):
            with horloge(timezone.now() + timedelta(hours=1)):
                assert reprendre_les_pv() == "1 document de PV à refaire."
        assert travailler() == 2
        assert reprendre_les_pv() == "0 document de PV à refaire."
        assert b"".join(client.get(adresse).streaming_content).startswith(b"%PDF-")
        assert Feuille.objects.filter(evenement="pv").count() == 1
        assert "Télécharger le PV" in texte(client.get(page(session) + "pv/"))

    def test_le_projet_se_lit_pendant_la_seance_et_le_dit(self, acteurs, audience, client):
        """On screen and on paper: a draft, with what is not decided yet."""
        session, candidature = audience
        connecter(client, acteurs.presidente)
        ecran = texte(client.get(page(session) + "pv/"))
        assert "Projet de procès-verbal" in ecran and candidature.reference in ecran and "à délibérer" in ecran
        papier = client.get(page(session) + "pv/document/")
        assert "PROJET" in lire(papier.content) and not ProcesVerbal.objects.filter(session=session).exists()

    def test_le_pv_scelle_redit_les_decisions_et_un_ecart_se_voit(self, acteurs, tenue, client):
        """What is kept beside is what was signed; changed by force, the page says which dossier."""
        session, partiel, _ = tenue
        assert list(ecarts(session.pv)) == []
        with base_ouverte(connection):
            partiel.inscriptions.get().decisions.update(acquis=True, motif="forcé")
        assert list(ecarts(session.pv)) == [
            f"La décision gardée sur le dossier {partiel.reference} n’est pas celle du procès-verbal."
        ]
        ecran = texte(connecter(client, acteurs.certificateur).get(page(session) + "pv/"))
        assert "Le registre ne dit plus ce que dit ce PV" in ecran


class TestFeuilles:
    def test_une_feuille_par_dossier_vide_puis_remplie(self, acteurs, client):
        """Before: names, blocs, boxes. After: the boxes that were ticked. One PDF for the whole list."""
        session, premier, second = ouverte(acteurs, True, True)
        connecter(client, acteurs.presidente)
        vides = client.get(page(session) + "feuilles/")
        assert est_balise(vides.content)
        dit = lire(vides.content)
        for dossier in (premier, second):
            assert dossier.reference in dit and dossier.titulaire.nom_complet in dit
        assert " X " not in dit
        f.deliberer(acteurs, premier)
        inscription = premier.inscriptions.get()
        assert " X" in lire(client.get(f"{page(session)}feuilles/{inscription.pk}/").content)

    def test_le_membre_deporte_n_a_pas_la_feuille(self, acteurs, client):
        """Recused on the dossier: its sheet is not his to read."""
        session, dossier = ouverte(acteurs)
        inscription = dossier.inscriptions.get()
        seance(session, "declarer_deport", acteurs.vice_president, inscription=inscription, raison="Lien familial")
        connecter(client, acteurs.vice_president)
        assert client.get(f"{page(session)}feuilles/{inscription.pk}/").status_code == 404


class TestNotice:
    def test_le_candidat_lit_sa_decision_ce_qu_il_garde_et_comment_contester(self, acteurs, tenue, client):
        """Result, blocs and until when, recommendations, deadline of the appeal, whom to ask; and nobody else's."""
        session, partiel, reporte = tenue
        candidat = f.UtilisateurFactory(role="candidat")
        type(partiel.titulaire).objects.filter(pk=partiel.titulaire_id).update(utilisateur=candidat)
        connecter(client, candidat)
        reponse = client.get(f"/gestion/jurys/notices/{partiel.inscriptions.get().pk}/")
        assert est_balise(reponse.content)
        dit = lire(reponse.content)
        for attendu in (
            "Résultat partiel",
            "Acquis",
            "Non acquis",
            "Reprendre la lecture de plans",
            "recours jusqu’au",
        ):
            assert attendu in dit, attendu
        assert client.get(f"/gestion/jurys/notices/{reporte.inscriptions.get().pk}/").status_code == 404
        connecter(client, acteurs.employeur)
        ajourne = lire(client.get(f"/gestion/jurys/notices/{reporte.inscriptions.get().pk}/").content)
        assert "Dossier ajourné" in ajourne and "recours jusqu’au" not in ajourne

    def test_pas_de_notice_avant_le_sceau(self, acteurs, audience, client):
        """Nothing is told before the minutes are signed."""
        session, candidature = audience
        f.deliberer(acteurs, candidature)
        seance(session, "clore_seance", acteurs.presidente)
        connecter(client, acteurs.employeur)
        assert client.get(f"/gestion/jurys/notices/{candidature.inscriptions.get().pk}/").status_code == 404


class TestRectificatif:
    def test_il_s_ajoute_signe_par_les_memes_et_ne_change_rien(self, acteurs, tenue, client):
        """Its own number after that of the minutes; two signatures; the original and the decisions as they were."""
        session, partiel, _ = tenue
        avant = ProcesVerbal.objects.filter(rang=0).values().get()
        with pytest.raises(RoleInsuffisant):
            seance(session, "preparer_rectificatif", acteurs.vice_president, **MENTION)
        session = seance(session, "preparer_rectificatif", acteurs.gestionnaire, **MENTION)
        rectificatif = session.rectificatif_a_signer
        assert rectificatif.numero == f"{session.pv.numero}-R1"

        def signer(qui, lu=rectificatif.empreinte):
            return seance(session, "signer_rectificatif", qui, empreinte=lu, preuve=f.preuve(qui))

        with pytest.raises(Refus, match="n’est plus celui que vous avez lu"):
            signer(acteurs.presidente, session.pv.empreinte)
        signer(acteurs.presidente)
        with pytest.raises(Refus, match="déjà donnée"):
            signer(acteurs.presidente)
        signer(acteurs.vice_president)
        rectificatif.refresh_from_db()
        assert rectificatif.scelle_le
        dit = lire(dessiner(rectificatif))
        assert "Au lieu de à Paris" in dit and "Lire à Lyon" in dit and session.pv.numero in dit
        assert ProcesVerbal.objects.filter(rang=0).values().get() == avant
        assert list(ecarts(session.pv)) == []
        with pytest.raises(Refus, match="Aucun procès-verbal rectificatif"):
            signer(acteurs.presidente)
        ecran = texte(connecter(client, acteurs.auditeur).get(page(session) + "pv/"))
        assert rectificatif.numero in ecran and "à Lyon" in ecran

    def test_le_preparer_de_nouveau_remplace_le_texte_et_annule_les_signatures(self, acteurs, tenue):
        """As long as it is not sealed; the number stays."""
        session, _, _ = tenue
        session = seance(session, "preparer_rectificatif", acteurs.presidente, **MENTION)
        premier = session.rectificatif_a_signer
        preuve = f.preuve(acteurs.presidente)
        seance(session, "signer_rectificatif", acteurs.presidente, empreinte=premier.empreinte, preuve=preuve)
        session = seance(session, "preparer_rectificatif", acteurs.presidente, **MENTION | {"lire": "à Nantes"})
        second = session.rectificatif_a_signer
        assert (second.pk, second.numero, second.signatures.count()) == (premier.pk, premier.numero, 0)
        with pytest.raises(Refus, match="relisez-le"):
            seance(session, "signer_rectificatif", acteurs.presidente, empreinte=premier.empreinte, preuve=preuve)

    def test_il_n_y_a_rien_a_rectifier_avant_le_sceau(self, acteurs, audience):
        """A text that is not sealed is opened again, not corrected beside."""
        session, candidature = audience
        f.deliberer(acteurs, candidature)
        session = seance(session, "clore_seance", acteurs.presidente)
        with pytest.raises(Refus, match="n’est pas possible maintenant"):
            seance(session, "preparer_rectificatif", acteurs.presidente, **MENTION)
