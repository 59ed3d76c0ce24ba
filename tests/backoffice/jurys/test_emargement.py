"""The attendance sheet to print, the signed one joined and read, the composition on the page of the session (J4)."""

import io
import subprocess

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.jurys.models import PieceDeSeance
from registre.models import EntreeJournal
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter

from .outils import mandate, nommer, ouverte, page, seance

pytestmark = pytest.mark.django_db


def test_la_feuille_s_imprime_college_par_college(acteurs, client):
    """A tagged PDF with every member, whom they replace, who represents them; nobody else's session."""
    acteurs = f.Acteurs(procurations_par_membre=1)
    session = f.session(acteurs)
    porteur = nommer(acteurs, session, "employeurs")
    suppleant = mandate(acteurs.cpne, "salaries", suppleant=True, organisation="Union des métiers")
    seance(session, "nommer_membre", acteurs.gestionnaire, mandat=suppleant)
    mandataire = session.membres.get(utilisateur=porteur)
    seance(session, "donner_procuration", acteurs.presidente, mandataire=mandataire)
    reponse = connecter(client, acteurs.secretaire).get(page(session) + "emargement/")
    assert reponse["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(reponse.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert "Feuille d’émargement" in str(document.docinfo["/Title"])
    texte = subprocess.run(["pdftotext", "-layout", "-", "-"], input=reponse.content, capture_output=True, check=True)
    texte = " ".join(texte.stdout.decode().split())
    for attendu in (acteurs.presidente, acteurs.vice_president, porteur, suppleant.personne, acteurs.secretaire):
        assert str(attendu) in texte
    assert "Collège employeurs" in texte and "Collège salariés" in texte and "suppléant" in texte
    assert connecter(client, f.Acteurs().presidente).get(page(session) + "emargement/").status_code == 404


class TestFeuilleSignee:
    def joindre(self, client, session, octets, nom="feuille.pdf"):
        adresse = f"/gestion/actes/jurys.sessionjury/{session.pk}/joindre_piece_de_seance/"
        fichier = SimpleUploadedFile(nom, octets, content_type="application/octet-stream")
        return client.post(adresse, {"nature": "emargement", "fichier": fichier, "cle": f"{nom}-{len(octets)}"})

    def test_le_secretaire_la_joint_les_membres_la_lisent(self, acteurs, client):
        """Checked like any file, kept private, given as an attachment; each reading is in the journal."""
        session, octets = f.session(acteurs), f.pdf()
        connecter(client, acteurs.secretaire)
        assert self.joindre(client, session, octets).status_code == 302
        piece = PieceDeSeance.objects.get()
        lue = connecter(client, acteurs.presidente).get(page(session) + f"pieces/{piece.pk}/")
        assert b"".join(lue.streaming_content) == octets and lue["Content-Type"] == "application/pdf"
        assert "attachment" in lue["Content-Disposition"] and "feuille" not in lue["Content-Disposition"]
        entree = EntreeJournal.objects.de(session).get(verbe="consulter_piece_de_seance")
        assert (entree.acteur, entree.details["piece"]) == (acteurs.presidente, piece.pk)
        autre = f.session(acteurs)
        assert client.get(page(autre) + f"pieces/{piece.pk}/").status_code == 404
        assert connecter(client, f.Acteurs().gestionnaire).get(page(session) + f"pieces/{piece.pk}/").status_code == 404

    def test_la_feuille_d_un_dossier_se_range_avec_lui(self, acteurs, client):
        """Joined by its screen to one dossier; read from there by who reads that dossier, not by the recused member."""
        session, dossier, autre = ouverte(acteurs, True, True)
        inscription = dossier.inscriptions.get()
        deport = {"inscription": inscription, "raison": "Je connais cette personne."}
        seance(session, "declarer_deport", acteurs.vice_president, **deport)
        acte = f"/gestion/actes/jurys.sessionjury/{session.pk}/joindre_piece_de_seance/"
        connecter(client, acteurs.secretaire)
        saisie = {"nature": "decision", "inscription": inscription.pk, "fichier": f.fichier_pdf("feuille.pdf")}
        absurde = client.post(acte, {**saisie, "nature": "emargement"})
        assert absurde.status_code == 422 and "vaut pour toute la session" in absurde.content.decode()
        ailleurs = f.inscrite(acteurs).inscriptions.get()
        saisie["fichier"] = f.fichier_pdf("feuille.pdf")
        assert client.post(acte, {**saisie, "inscription": ailleurs.pk}).status_code == 422
        saisie["fichier"] = f.fichier_pdf("feuille.pdf")
        assert client.post(acte, saisie).status_code == 302
        piece = inscription.pieces.get()
        assert not autre.inscriptions.get().pieces.exists()
        adresse = page(session) + f"pieces/{piece.pk}/"
        for lecteur in (acteurs.presidente, acteurs.gestionnaire, acteurs.auditeur):
            connecter(client, lecteur)
            assert adresse in client.get(page(session)).content.decode()
            assert b"".join(client.get(adresse).streaming_content).startswith(b"%PDF-")
        connecter(client, acteurs.vice_president)
        assert adresse not in client.get(page(session)).content.decode()
        assert client.get(adresse).status_code == 404
        f.deliberer(acteurs, autre), f.deliberer(acteurs, dossier, issue="ajournee")
        f.sceller(acteurs, session)
        assert connecter(client, acteurs.presidente).get(adresse).status_code == 404
        onglet = connecter(client, acteurs.gestionnaire).get(dossier.get_absolute_url() + "?onglet=jury")
        assert adresse in onglet.content.decode()

    def test_sans_feuille_ni_nature_rien_n_est_joint(self, acteurs):
        """An empty sending, from whatever calls the verb, is refused in words; nothing is kept."""
        session = f.session(acteurs)
        with pytest.raises(Refus, match="Dites quelle feuille"):
            seance(session, "joindre_piece_de_seance", acteurs.secretaire)
        assert not session.pieces.exists()

    def test_un_fichier_douteux_ou_deja_joint_est_refuse(self, acteurs, client):
        """What is no PDF, JPEG or PNG; the same bytes twice; a member who does not hold the pen."""
        session = f.session(acteurs)
        connecter(client, acteurs.secretaire)
        assert self.joindre(client, session, b"<script>", "feuille.html").status_code == 422
        octets = f.pdf(2)
        assert self.joindre(client, session, octets).status_code == 302
        encore = self.joindre(client, session, octets, "copie.pdf")
        assert encore.status_code == 409 and "déjà joint" in encore.content.decode()
        assert self.joindre(connecter(client, acteurs.presidente), session, f.pdf(3)).status_code == 403
        assert PieceDeSeance.objects.count() == 1


class TestPageDeLaSession:
    def test_la_composition_dit_qui_siege_pour_qui_et_ce_qui_manque(self, client):
        """Titulaire, suppléant, proxy, recusal and its effect, with the numbers of each collège."""
        acteurs = f.Acteurs(procurations_par_membre=1, membres_minimum_par_college=1)
        session = f.session(acteurs)
        candidature = f.inscrite(acteurs, session)
        autre = nommer(acteurs, session, "salaries")
        nommer(acteurs, session, "employeurs")
        titulaire = acteurs.presidente.mandats.get()
        suppleant = mandate(acteurs.cpne, "employeurs", suppleant=True, suppleant_de=titulaire)
        seance(session, "nommer_membre", acteurs.gestionnaire, mandat=suppleant)
        siege = session.membres.get(utilisateur=acteurs.vice_president)
        seance(session, "donner_procuration", autre, mandataire=siege)
        deport = {"inscription": candidature.inscriptions.get(), "raison": "Je connais cette personne."}
        seance(session, "declarer_deport", acteurs.vice_president, **deport)
        for membre in (acteurs.presidente, acteurs.vice_president):
            seance(session, "emarger", membre)
        contenu = connecter(client, acteurs.gestionnaire).get(page(session)).content.decode()
        lu = " ".join(contenu.split())
        assert "1 présent sur 2" in lu and "1 présent, 1 représenté sur 2" in lu
        assert f"Représenté(e) par {acteurs.vice_president}" in lu
        assert f"Suppléant(e) de {acteurs.presidente}" in lu
        assert "Ne peut être qu’ajourné" in lu and candidature.reference in lu

    def test_autant_de_requetes_pour_un_membre_que_pour_six(self, acteurs, client):
        """The panel reads the seats once."""
        session = f.session(acteurs)
        connecter(client, acteurs.auditeur)
        client.get(page(session))
        nombres = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as requetes:
                client.get(page(session))
            nombres.append(len(requetes))
            for college in ("employeurs", "salaries"):
                nommer(acteurs, session, college)
                titulaire = session.membres.filter(college=college, suppleant=False).last().mandat
                suppleant = mandate(acteurs.cpne, college, suppleant=True, suppleant_de=titulaire)
                seance(session, "nommer_membre", acteurs.gestionnaire, mandat=suppleant)
        assert nombres[0] == nombres[1]
