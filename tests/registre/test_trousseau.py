"""Keys turn and are cut: what was signed still verifies, save what a compromised key signed after its cut."""

import base64
import json
import secrets
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as reglages
from hypothesis import strategies as st

from registre import certificats, cles, jetons, journal, trousseau
from registre.delivrance import annuler
from registre.fabrication import fabriquer
from registre.models import EntreeJournal, Feuille, Parchemin
from registre.quotidien import accomplir
from registre.transparence import journal_public
from tests.fabriques import UtilisateurFactory
from tests.registre.exemples import enregistrement
from tests.verification.fabrique import document
from verification.constat import Statut, concorde, constater, lire_jeton
from verification.hors_ligne import lire_cles
from verification.hors_ligne import verifier as hors_ligne

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dossier(settings, tmp_path):
    settings.DOSSIER_CLES = tmp_path / "cles"
    cles.creer()
    certificats.creer()
    return settings.DOSSIER_CLES


def emettre(rang: int) -> Parchemin:
    """A document that its leaf puts in the public log; its PDF says nothing here."""
    fiche = enregistrement(numero=f"FTC-2026-{rang:05d}")
    parchemin = document(fiche, sha256=secrets.token_hex(32))
    journal_public.inscrire_emission(parchemin)
    return parchemin


def statut(jeton: str) -> Statut:
    lu = lire_jeton(jeton)
    return constater(lu).statut if isinstance(lu, jetons.Jeton) else lu.statut


def vole(kid: int) -> cles.ClePrivee:
    """The private half of a key, in the hands of a thief."""
    return cles.ClePrivee(kid, cles._lire_privee(cles.dossier() / f"{kid}.pem"))


def commande(*arguments) -> str:
    sortie = StringIO()
    call_command("cles", *arguments, stdout=sortie, stderr=sortie)
    return sortie.getvalue()


ACTES = st.one_of(
    st.just(("emettre",)), st.just(("tourner",)), st.tuples(st.just("revoquer"), st.integers(0, 99), st.integers(0, 99))
)


def jouer(actes) -> None:
    """Issues, rotations and cuts in any order: valid, or cut, as the log says; never a stranger. Leaves nothing."""
    with transaction.atomic():
        for chemin in cles.dossier().glob("*.*"):
            chemin.unlink()
        cles.creer()
        emis, voleurs, coupures = [], {}, {}
        for acte, *nombres in actes:
            actif = cles.cle_active().kid
            voleurs[actif] = vole(actif)
            if acte == "emettre":
                emis.append((journal_public.taille(), actif, emettre(len(emis) + 1)))
            elif acte == "tourner":
                assert trousseau.tourner() == (actif + 1, [actif])
            else:
                kid = nombres[0] % max(cles.publiques()) + 1
                rang = nombres[1] % (journal_public.taille() + 1)
                if rang > coupures.get(kid, rang):
                    with pytest.raises(trousseau.RevocationImpossible):
                        trousseau.revoquer(kid, rang)
                else:
                    trousseau.revoquer(kid, rang)
                    coupures[kid] = rang
            trousseau.annoncer()
            assert [*trousseau.verifier(), *journal_public.verifier(), *trousseau.a_annoncer()] == []
        refuses = {p.pk for rang, kid, p in emis if kid in coupures and rang >= coupures[kid]}
        publiees = lire_cles(json.dumps({"keys": [cle.jwk() for cle in cles.publiques().values()]}))
        for _, kid, parchemin in emis:
            attendu = Statut.CLE_REVOQUEE if parchemin.pk in refuses else Statut.VALIDE
            assert statut(parchemin.jeton) is attendu
            assert (concorde(parchemin.numero, "Dupont") is not None) is (attendu is Statut.VALIDE)
            assert hors_ligne(parchemin.jeton, publiees).signature is (kid not in coupures)
        assert {p.pk for p in trousseau.documents_coupes()} == refuses
        for kid in coupures:
            if kid in voleurs:
                faux = jetons.signer(enregistrement(), secrets.token_hex(16), voleurs[kid])
                assert statut(faux) is Statut.CLE_REVOQUEE
        inconnue = cles.ClePrivee(max(cles.publiques()) + 1, Ed25519PrivateKey.generate())
        assert statut(jetons.signer(enregistrement(), secrets.token_hex(16), inconnue)) is Statut.ALTERE
        transaction.set_rollback(True)


@reglages(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTES, max_size=9))
def test_tout_document_se_verifie_sauf_ceux_que_la_coupure_prend(actes):
    """A drill plays many more of these lives."""
    jouer(actes)


class TestRotation:
    def test_la_suivante_signe_aussitot_l_ancienne_verifie(self, dossier):
        """The old private half is gone, its public half stays, both logs tell the two events."""
        avant = emettre(1)
        trousseau.annoncer()
        assert trousseau.tourner() == (2, [1])
        assert not (dossier / "1.pem").exists() and (dossier / "1.pub").exists()
        apres = emettre(2)
        assert (avant.kid, apres.kid) == (1, 2)
        assert statut(avant.jeton) is statut(apres.jeton) is Statut.VALIDE
        assert [(a.acte, a.kid) for a in trousseau.annoncer()] == [("retirer_une_cle", 1), ("ajouter_une_cle", 2)]
        assert trousseau.annoncer() == []
        evenements = ["cle", "emission", "cle", "cle_retiree"]
        assert sorted(Feuille.objects.values_list("evenement", flat=True)) == sorted([*evenements, "emission"])
        assert list(journal.verifier()) == [] and list(trousseau.verifier()) == []

    def test_l_ancienne_moitie_se_range_ailleurs(self, dossier, tmp_path):
        """Archived, readable by its owner only; what was there is never overwritten."""
        secret = (dossier / "1.pem").read_bytes()
        assert "rangée dans" in commande("tourner", "--archiver", str(tmp_path / "coffre"), "--reel")
        archive = tmp_path / "coffre" / "1.pem"
        assert archive.read_bytes() == secret and archive.stat().st_mode & 0o077 == 0

    def test_a_blanc_rien_ne_change(self, dossier):
        """Told, not done."""
        emettre(1)
        avant = sorted(p.name for p in dossier.iterdir())
        assert "rien n’a été écrit" in commande("tourner")
        assert "serait coupée" in commande("revoquer", "1", "--depuis", "0")
        assert sorted(p.name for p in dossier.iterdir()) == avant and journal_public.taille() == 1
        assert EntreeJournal.objects.count() == 0

    def test_la_seule_cle_ne_se_retire_pas(self):
        """Nothing could be issued any more."""
        with pytest.raises(cles.CleIndisponible, match="la seule"):
            cles.retirer(1)

    def test_une_machine_sans_moitie_privee_ne_retire_personne(self, dossier):
        """A web server that only verifies does not know which key signs: it announces no retirement."""
        cles.creer()
        for kid in (1, 2):
            (dossier / f"{kid}.pem").unlink()
        assert {a.acte for a in trousseau.annoncer()} == {"ajouter_une_cle"}

    def test_un_oubli_se_repare_chaque_nuit(self):
        """A crash between the file and the log: the daily task tells it, before the checkpoint of the same night."""
        comptes_rendus = accomplir(["annoncer_les_cles", "publier_le_journal"])
        assert [phrase for _, phrase, _ in comptes_rendus] == [
            "1 évènement(s) de clé inscrit(s).",
            "journal public à 1 feuille(s).",
        ]
        assert Feuille.objects.get().evenement == "cle"


class TestRevocation:
    def test_la_cle_volee_est_coupee_a_son_rang(self, client):
        """Before the cut: valid. After: refused with a text of its own and no name. A new key signs."""
        avant, apres = emettre(1), emettre(2)
        voleur = vole(1)
        journal_public.publier()
        dit = commande("revoquer", "1", "--depuis", "1", "--motif", "Ordinateur volé", "--reel")
        assert "Clé 2 créée" in dit and "Documents à refaire\u00a0: 1." in dit and "FTC-2026-00002" in dit
        assert "Point de contrôle publié" in dit and "FTC-2026-00001" not in dit
        assert statut(avant.jeton) is Statut.VALIDE and statut(apres.jeton) is Statut.CLE_REVOQUEE
        faux = jetons.signer(enregistrement(numero="FTC-2026-00003"), secrets.token_hex(16), voleur)
        for jeton in (apres.jeton, faux):
            texte = client.get(f"/V/{jeton}").text
            assert "Clé révoquée" in texte and "l’inscription n°\u00a01 du journal public" in texte
            assert "DUPONT" not in texte and "Authentique" not in texte
        assert EntreeJournal.objects.get(verbe="revoquer_une_cle").motif.texte == "Ordinateur volé"
        assert "révoquée le" in commande("lister") and "FTC-2026-00002" in commande("coupes")

    def test_le_document_coupe_se_refait(self):
        """Cancelled and issued again under the new key: nothing is left to do, the old one is « annulé »."""
        coupe = emettre(1)
        trousseau.revoquer(1, 0)
        annuler(coupe, UtilisateurFactory(), "certificateur", "Clé révoquée, document délivré de nouveau.")
        assert statut(coupe.jeton) is Statut.ANNULE and not trousseau.documents_coupes().exists()
        refait = emettre(2)
        assert refait.kid == 2 and statut(refait.jeton) is Statut.VALIDE

    def test_ce_qui_se_signait_pendant_la_revocation_l_est_de_nouveau(self, monkeypatch):
        """Committed just after the key was cut, with a token of that key: it is not printed under it."""
        parchemin = document(enregistrement(numero="FTC-2026-00007"))
        with monkeypatch.context() as patch:
            patch.setattr(trousseau, "signer_de_nouveau", lambda pk: None)
            trousseau.revoquer(1, 0)
        monkeypatch.setattr("registre.fabrication.composer", lambda document: b"%PDF-1.7 essai")
        fabriquer.call(parchemin.pk)
        parchemin.refresh_from_db()
        assert parchemin.kid == 2 and parchemin.sha256
        assert statut(parchemin.jeton) is Statut.VALIDE

    def test_ce_qui_attendait_l_impression_est_signe_de_nouveau(self):
        """No paper bears the first token: the one that will be printed is good."""
        parchemin = document()
        trousseau.revoquer(1, 0)
        fabriquer.call(parchemin.pk)
        parchemin.refresh_from_db()
        assert parchemin.kid == 2 and statut(parchemin.jeton) is Statut.VALIDE

    @pytest.mark.parametrize(
        ("kid", "depuis", "phrase"), [(9, 0, "Aucune clé"), (1, 2, "1 inscription"), (1, -1, "1 inscr")]
    )
    def test_une_coupure_a_un_sens(self, kid, depuis, phrase):
        """A key that exists, an index that the log has reached."""
        emettre(1)
        with pytest.raises(CommandError, match=phrase):
            commande("revoquer", str(kid), "--depuis", str(depuis), "--reel")

    def test_une_coupure_ne_recule_pas(self):
        """Earlier, yes; later would give back its worth to what the world saw cut."""
        for rang in (1, 2, 3):
            emettre(rang)
        trousseau.revoquer(1, 2)
        trousseau.revoquer(1, 1)
        with pytest.raises(trousseau.RevocationImpossible, match="ne recule pas"):
            trousseau.revoquer(1, 3)
        assert cles.publiques()[1].coupure.depuis == 1
        assert [a.depuis for a in trousseau.annoncer()] == [None, 1, None]
        assert list(trousseau.verifier()) == []

    def test_la_coupure_est_publiee(self, client):
        """In the file of keys, and as a leaf that anyone computes again from this file."""
        emettre(1)
        commande("revoquer", "1", "--depuis", "1", "--reel")
        publiee = next(c for c in client.get("/.well-known/cqp-cles.json").json()["keys"] if c["kid"] == "1")
        assert (publiee["etat"], publiee["depuis"]) == ("revoquee", 1)
        contenu = {"format": "cqp-cle-1", "evenement": "cle_retiree", "jour": publiee["revoquee_le"], "kid": 1}
        contenu |= {"x": publiee["x"], "depuis": 1}
        engage = journal_public.engagement("", contenu)
        assert Feuille.objects.filter(engagement=engage, evenement="cle_retiree").count() == 1

    def test_ni_numero_ni_nom_ne_disent_qu_une_cle_est_coupee(self, client, django_assert_num_queries):
        """The same bytes and the same queries as any other negative answer."""
        emettre(1)
        trousseau.revoquer(1, 0)
        reponses = set()
        for numero in ("FTC-2026-00001", "FTC-2026-99999"):
            with django_assert_num_queries(1):
                reponses.add(client.post("/verifier/", {"numero": numero, "nom_naissance": "Dupont"}).content)
        assert len(reponses) == 1


class TestControle:
    def fautes(self) -> str:
        return " ".join(trousseau.verifier())

    def test_ce_qui_manque_est_nomme(self, dossier):
        """Never announced; public half changed or lost; cut forgotten on this machine; leaf edited by SQL."""
        sortie = StringIO()
        call_command("journal", "verifier", stdout=sortie)
        assert "Clé 1 ajoutée. Le journal public le dira cette nuit" in sortie.getvalue()
        emettre(1)
        trousseau.revoquer(1, 1)
        trousseau.annoncer()
        assert self.fautes() == ""
        coupure = (dossier / "1.coupure").read_bytes()
        (dossier / "1.coupure").unlink()
        assert "Restaurez 1.coupure" in self.fautes()
        (dossier / "1.coupure").write_bytes(coupure)
        (dossier / "1.pub").write_bytes((dossier / "2.pub").read_bytes())
        assert "1.pub n’est plus celle" in self.fautes()
        with connection.cursor() as curseur:
            curseur.execute("UPDATE registre_feuille SET engagement = %s WHERE evenement = 'cle'", ["ab" * 32])
        assert "la clé qu’elle annonce n’est pas celle du journal" in self.fautes()
        with pytest.raises(CommandError, match="défaut"):
            call_command("journal", "verifier", stderr=StringIO())

    def test_une_coupure_illisible_arrete_tout(self, dossier):
        """Unreadable is not absent: no token is read before the file is restored."""
        (dossier / "1.coupure").write_text("{", encoding="utf-8")
        with pytest.raises(cles.CleIndisponible, match="ne se lit pas"):
            cles.publiques()

    def test_la_cle_publiee_est_celle_du_fichier(self, dossier):
        """What is announced is the public half itself."""
        (annonce,) = trousseau.annoncer()
        assert base64.urlsafe_b64decode(annonce.x + "=") == cles.publiques()[1].octets
        assert Path(dossier / "1.pub").exists()
