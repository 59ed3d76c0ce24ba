"""The public log: a leaf per document, checkpoints that only grow, proofs that hold without us, faults named."""

import base64
import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registre import cles, jetons, trousseau
from registre.canonique import canoniser
from registre.delivrance import annuler, fabriquer
from registre.models import Feuille, Parchemin, PointDeControle, TeteTransparence, Tuile
from registre.transparence import arbre, journal_public, notes, tuiles
from tests.fabriques import UtilisateurFactory
from tests.registre.exemples import enregistrement
from tests.verification.fabrique import document

pytestmark = pytest.mark.django_db


def edite() -> Parchemin:
    """A document of the register with its PDF and its leaf."""
    parchemin = document()
    fabriquer.call(parchemin.pk)
    parchemin.refresh_from_db()
    return parchemin


def remplir(nombre: int) -> None:
    """Leaves without documents, as many as asked for."""
    for n in range(nombre):
        journal_public.inscrire(Feuille.Evenement.PV, hashlib.sha256(str(n).encode()).hexdigest())


def cle():
    return cles.signataire_du_journal(journal_public.origine()).verificateur


def lire_preuve(texte: str):
    """What a stranger reads in the proof: the entry, its rank, the hashes, the checkpoint."""
    tete, note = texte.split("\n\n", 1)
    version, extra, rang, *chemin = tete.splitlines()
    assert version == "c2sp.org/tlog-proof@v1"
    return base64.b64decode(extra.split()[1]), int(rang.split()[1]), [base64.b64decode(h) for h in chemin], note


class TestFeuilles:
    def test_un_document_edite_a_sa_feuille_et_une_seule(self):
        """The leaf engages the record and the file; making the document again changes nothing."""
        parchemin = edite()
        feuille = parchemin.feuilles.get()
        attendu = hashlib.sha256(
            bytes.fromhex(parchemin.sel) + canoniser(parchemin.enregistrement) + bytes.fromhex(parchemin.sha256)
        ).hexdigest()
        assert (feuille.rang, feuille.evenement, feuille.engagement) == (0, "emission", attendu)
        fabriquer.call(parchemin.pk)
        assert Feuille.objects.count() == 1

    def test_une_feuille_ne_dit_rien_de_la_personne(self):
        """Neither name, nor number, nor identifier: a date, an event, a salted hash."""
        parchemin = edite()
        publiee = parchemin.feuilles.get().entree.decode()
        fiche = parchemin.enregistrement
        for secret in (fiche["titulaire"]["nom_naissance"], fiche["numero"], parchemin.identifiant, parchemin.sel):
            assert secret not in publiee
        assert publiee.splitlines()[:3] == ["cqp-journal-1", "emission", fiche["delivre_le"]]

    def test_une_edition_abandonnee_ne_laisse_pas_de_feuille(self, monkeypatch):
        """The leaf and the file are one act."""
        parchemin = document()
        monkeypatch.setattr(journal_public, "inscrire_emission", lambda p: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fabriquer.call(parchemin.pk)
        parchemin.refresh_from_db()
        assert parchemin.sha256 == "" and journal_public.taille() == 0


class TestPublication:
    @pytest.mark.parametrize("nombre", [1, 255, 256, 257, 600])
    def test_le_point_publie_est_la_racine_des_feuilles(self, nombre):
        """Whatever the number, full tiles or not, and signed by the log's key."""
        remplir(nombre)
        point = journal_public.publier()
        hachages = [bytes.fromhex(h) for h in Feuille.objects.values_list("hachage", flat=True)]
        tete = notes.Tete.lire(notes.separer(point.note)[0])
        assert (tete.taille, tete.racine) == (nombre, arbre.racine(arbre.lecteur(hachages), nombre))
        assert notes.instants(point.note, [cle()]) == {journal_public.origine(): 0}
        assert Tuile.objects.count() == nombre // 256

    def test_rien_de_nouveau_ne_se_publie_pas_deux_fois(self):
        """Twice the same day is once."""
        assert journal_public.publier() is None
        remplir(3)
        assert journal_public.publier().taille == 3
        assert journal_public.publier() is None
        assert journal_public.publier_le_journal() == "rien de nouveau au journal public."

    def test_un_point_prolonge_le_precedent(self):
        """The consistency proof between any two checkpoints holds, read from the tiles that are served."""
        for ajout in (5, 250, 300):
            remplir(ajout)
            journal_public.publier()
        points = list(PointDeControle.objects.order_by("taille"))
        dernier = points[-1]
        for ancien in points:
            preuve = arbre.preuve_coherence(journal_public.lecteur(dernier.taille), ancien.taille, dernier.taille)
            racines = bytes.fromhex(ancien.racine), bytes.fromhex(dernier.racine)
            arbre.verifier_coherence(ancien.taille, dernier.taille, *racines, preuve)

    def test_un_journal_reecrit_ne_se_publie_plus(self):
        """A base restored from an older copy, or touched by hand, stops there."""
        remplir(4)
        journal_public.publier()
        Feuille.objects.filter(rang=1).update(hachage="ab" * 32)
        remplir(1)
        with pytest.raises(journal_public.Incoherence, match="4 feuilles"):
            journal_public.publier()
        assert PointDeControle.objects.count() == 1

    def test_la_preuve_d_un_document_se_controle_sans_nous(self):
        """Entry, rank, hashes and signed root in one text; before the checkpoint there is none."""
        remplir(7)
        parchemin = edite()
        feuille = parchemin.feuilles.get()
        assert journal_public.preuve(feuille) is None
        remplir(3)
        journal_public.publier()
        entree, rang, chemin, note = lire_preuve(journal_public.preuve(feuille))
        tete = notes.Tete.lire(notes.separer(note)[0])
        assert notes.instants(note, [cle()])
        arbre.verifier_inclusion(arbre.hacher_feuille(entree), rang, tete.taille, chemin, tete.racine)
        assert entree.decode().splitlines()[3] == feuille.engagement


class TestControle:
    def test_ce_qui_a_ete_change_est_nomme(self):
        """One past row edited by SQL: the command names it."""
        parchemin = edite()
        remplir(2)
        journal_public.publier()
        assert list(journal_public.verifier()) == []
        Feuille.objects.filter(rang=1).update(jour=parchemin.delivre_le - timedelta(days=400))
        Parchemin.objects.update(enregistrement=parchemin.enregistrement | {"lieu": "Ailleurs"})
        fautes = list(journal_public.verifier())
        assert "Feuille 1 du journal public\u00a0: contenu modifié." in fautes
        assert "Feuille 0 du journal public\u00a0: le document n’est plus celui qui a été inscrit." in fautes

    def test_une_feuille_qui_manque_est_nommee(self):
        """Removed from the middle or from the end, and the root no longer holds."""
        remplir(5)
        journal_public.publier()
        Feuille.objects.filter(rang__in=(1, 4)).delete()
        fautes = " ".join(journal_public.verifier())
        assert "Feuille 1 du journal public\u00a0: absente." in fautes
        assert "la racine publiée n’est plus celle du journal" in fautes

    def test_la_commande_dit_tout(self):
        """`journal verifier|publier|preuve|cle`, with the refusals."""
        parchemin, sortie = edite(), StringIO()
        trousseau.annoncer()
        with pytest.raises(CommandError, match="prochain point de contrôle"):
            call_command("journal", "preuve", parchemin.numero)
        call_command("journal", "publier", stdout=sortie)
        call_command("journal", "preuve", parchemin.numero, stdout=sortie)
        call_command("journal", "cle", stdout=sortie)
        call_command("journal", "verifier", stdout=sortie)
        assert str(cle()) in sortie.getvalue() and "Journal public intact\u00a0: 2 feuille(s)." in sortie.getvalue()
        with pytest.raises(CommandError, match="Aucun document"):
            call_command("journal", "preuve", "INCONNU-1")

    def test_les_fichiers_ranges_sont_relus(self):
        """One byte changed on the disk, then the file lost: named, with `--fichiers` only."""
        parchemin, sortie = edite(), StringIO()
        trousseau.annoncer()
        call_command("journal", "verifier", "--fichiers", stdout=sortie)
        chemin = Path(parchemin.fichier.path)
        octets = chemin.read_bytes()
        for geste, faute in ((lambda: chemin.write_bytes(octets[:-1] + b"!"), "n’est plus"), (chemin.unlink, "absent")):
            geste()
            call_command("journal", "verifier", stdout=sortie)
            with pytest.raises(CommandError, match="1 défaut"):
                call_command("journal", "verifier", "--fichiers", stderr=sortie)
            assert f"Document {parchemin.numero}\u00a0: son fichier" in sortie.getvalue() and faute in sortie.getvalue()


class TestPages:
    def test_les_fichiers_servis_refont_l_arbre(self, client):
        """A stranger reads checkpoint, tiles and entries, and finds the same root; full tiles are kept for ever."""
        remplir(300)
        journal_public.publier()
        note = client.get("/journal/checkpoint").text
        tete = notes.Tete.lire(notes.separer(note)[0])

        def tuile(niveau, rang):
            presents = tuiles.largeur(niveau, rang, tete.taille)
            fin = "" if presents == 256 else f".p/{presents}"
            reponse = client.get(f"/journal/tile/{niveau}/{tuiles.ecrire_rang(rang)}{fin}")
            assert reponse.status_code == 200 and "immutable" in reponse["Cache-Control"]
            return reponse.content

        assert arbre.racine(tuiles.lecteur_de_tuiles(tuile), tete.taille) == tete.racine
        entrees = tuiles.delier_entrees(client.get("/journal/tile/entries/000").content)
        assert [arbre.hacher_feuille(e) for e in entrees] == [tuile(0, 0)[32 * n : 32 * n + 32] for n in range(256)]

    @pytest.mark.parametrize(
        "chemin", ["tile/0/001", "tile/0/000.p/4", "tile/1/000", "tile/0/0", "tile/0/x000/000", "tile/entries/000"]
    )
    def test_une_tuile_qui_n_existe_pas_est_introuvable(self, client, chemin):
        """Neither beyond the last checkpoint, nor under another writing of its rank."""
        remplir(3)
        journal_public.publier()
        remplir(1)
        assert client.get(f"/journal/{chemin}").status_code == 404
        assert client.get("/journal/tile/0/000.p/3").status_code == 200

    def test_le_document_dit_sa_place_et_donne_sa_preuve(self, client):
        """From the QR page: before the checkpoint it says when, after it gives the proof."""
        parchemin = edite()
        adresse = f"/V/{parchemin.jeton}"
        assert "prochain point de contrôle" in client.get(adresse).text
        assert client.get(f"{adresse}/preuve").status_code == 404
        journal_public.publier()
        assert "Télécharger la preuve" in client.get(adresse).text
        reponse = client.get(f"{adresse}/preuve")
        entree, *_ = lire_preuve(reponse.text)
        assert entree == parchemin.feuilles.get().entree and "noindex" in reponse["X-Robots-Tag"]
        faux = jetons.signer(enregistrement(), "ab" * 16)
        assert client.get(f"/V/{faux}/preuve").status_code == 404

    def test_la_page_explique_meme_avant_le_premier_point(self, client):
        """Nothing published, then a checkpoint: no name in either."""
        assert "Rien n’a encore été publié" in client.get("/journal/").text
        parchemin = edite()
        journal_public.publier()
        texte = client.get("/journal/").text
        assert "Émission" in texte and parchemin.enregistrement["titulaire"]["nom_naissance"] not in texte


def test_une_annulation_laisse_sa_feuille():
    """What happens after the issue is in the log too, in the same transaction, and still names nobody."""
    parchemin = edite()
    annuler(parchemin, UtilisateurFactory(), "certificateur", "Délivré à une autre personne par erreur.")
    feuille = parchemin.feuilles.get(evenement=Feuille.Evenement.ANNULATION)
    assert feuille.rang == 1 and list(journal_public.verifier()) == []
    assert parchemin.numero not in feuille.entree.decode()


def test_un_document_plus_ancien_que_le_journal_y_entre():
    """An installation that issued before the log: the fault says what to do, and doing it mends it, once."""
    parchemin = edite()
    parchemin.feuilles.all().delete()
    TeteTransparence.objects.update(taille=0)
    assert "manage.py reprendre" in " ".join(journal_public.verifier())
    for inscrits in (1, 0):
        sortie = StringIO()
        call_command("reprendre", stdout=sortie)
        assert ("Inscrits au journal public\u00a0: 1" in sortie.getvalue()) is bool(inscrits)
    assert list(journal_public.verifier()) == [] and parchemin.feuilles.count() == 1
