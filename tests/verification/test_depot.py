"""A PDF dropped on the page: green for the very file that was issued, and for nothing else."""

import copy
import hashlib
import io
import random
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from registre import apres, certificats
from registre.fabrication import fabriquer, fabriquer_duplicata
from registre.models import Feuille, Parchemin
from tests import fabriques as f
from verification import depot, limites
from verification.depot import Cas
from verification.verdicts import FICHIERS

from .fabrique import document
from .test_parchemin import page

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]


@pytest.fixture(scope="module")
def fait(scene):
    """A document with the bytes of its file."""
    parchemin = document()
    fabriquer.call(parchemin.pk)
    parchemin.refresh_from_db()
    with parchemin.fichier.open() as fichier:
        return parchemin, fichier.read()


@pytest.fixture
def original(fait, fichiers_de_la_scene):
    return copy.deepcopy(fait)


def deposer(client, octets: bytes, nom="parchemin.pdf"):
    return client.post("/verifier/fichier/", {"fichier": SimpleUploadedFile(nom, octets)})


def reenregistre(octets: bytes) -> bytes:
    """What another program writes when it opens the file and saves it."""
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        pdf.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    return sortie.getvalue()


def sans_sceau(octets: bytes) -> bytes:
    """The file as it was drawn, before the increment that seals it."""
    return octets[: octets.index(b"%%EOF") + len(b"%%EOF\n")]


def abimer(octets: bytes, hasard: random.Random) -> bytes:
    """A copy with one thing wrong somewhere."""
    rang = hasard.randrange(5, len(octets))
    return hasard.choice(
        [
            octets[:rang] + bytes([octets[rang] ^ (1 << hasard.randrange(8))]) + octets[rang + 1 :],
            octets[:rang],
            octets + octets[rang:],
            octets[:rang] + bytes(hasard.randrange(1, 50)) + octets[rang:],
        ]
    )


def test_le_fichier_delivre_est_authentique(client, original):
    """Names, number and the three checks, as by its QR code."""
    parchemin, octets = original
    reponse = deposer(client, octets)
    texte = page(reponse)
    assert "octet pour octet" in texte and parchemin.numero in texte
    assert "Fichier d’origine" in texte and "Sceau intact" in texte
    assert not reponse.cookies and "no-store" in reponse["Cache-Control"]


def test_un_fichier_annule_est_annule(client, original):
    """The bytes are right, the document is not any more: that word comes first."""
    parchemin, octets = original
    Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
    texte = page(deposer(client, octets))
    assert "Annulé" in texte and "octet pour octet" not in texte


def test_une_copie_modifiee_est_dite_et_l_original_rappele(client, original):
    """Saved again or with bytes after its end: the token inside says of which document, and the page what is true."""
    parchemin, octets = original
    for copie in (reenregistre(octets), octets + b"\n%%EOF", octets.replace(b"endobj", b"endobJ", 1)):
        texte = page(deposer(client, copie))
        assert "Fichier modifié" in texte and "Mentions intactes" not in texte
        assert "Copie modifiée" in texte and parchemin.enregistrement["titulaire"]["nom_naissance"].upper() in texte


def test_la_copie_d_un_document_annule_est_annulee(client, original):
    """What became of the document comes first: « annulé » over « copie modifiée »."""
    parchemin, octets = original
    Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
    texte = page(deposer(client, reenregistre(octets)))
    assert "Il ne prouve plus rien" in texte and "Copie modifiée" not in texte


def test_des_pdf_abimes_ne_sont_jamais_authentiques(original):
    """Bits turned, bytes cut, added, moved: never green. Five hundred of them, and worse, in the drill."""
    _, octets = original
    hasard = random.Random(1)
    for copie in (abimer(octets, hasard) for _ in range(40)):
        assert depot.examiner(copie).cas is not Cas.AUTHENTIQUE


def test_le_sceau_ote_se_voit(client, original):
    """The file as it was before its seal: a modified copy, and the seal is said to be missing."""
    _, octets = original
    nu = sans_sceau(octets)
    assert nu.startswith(b"%PDF-") and b"/ByteRange" not in nu
    texte = page(deposer(client, nu))
    assert "Copie modifiée" in texte and "Sceau absent" in texte


def test_ce_qui_est_ajoute_apres_le_sceau_se_voit(client, original):
    """The signature itself is still good: it does not cover the whole file."""
    _, octets = original
    texte = page(deposer(client, octets + b"\n% note"))
    assert "Copie modifiée" in texte and "Sceau partiel" in texte


def test_le_bon_fichier_sous_un_certificat_que_l_on_ne_reconnait_plus_n_est_pas_vert(client, original):
    """The hash is right and the signature intact: without trust in the certificate, no green."""
    _, octets = original
    connus = certificats.dossier() / "connus"
    connus.rename(connus.with_name("ailleurs"))
    try:
        texte = page(deposer(client, octets))
        assert depot.examiner(octets).cas is Cas.MAL_SCELLE
    finally:
        connus.with_name("ailleurs").rename(connus)
    assert "Sceau non confirmé" in texte and "Sceau étranger" in texte and "valable aujourd’hui" not in texte


def test_un_registre_perdu_laisse_parler_le_sceau(client, original):
    """The row is gone: what was sealed is still known as ours and unchanged, and nothing more is promised."""
    parchemin, octets = original
    Feuille.objects.filter(parchemin=parchemin).delete()
    parchemin.delete()
    texte = page(deposer(client, octets))
    assert "Scellé, mais absent du registre" in texte and "Sceau intact" in texte and "DUPONT" not in texte
    assert "Scellé" not in page(deposer(client, octets + b" "))


def test_un_document_d_avant_les_sceaux_reste_authentique(client, original):
    """Issued and kept without a seal: its hash speaks, and the page says that there was no seal then."""
    parchemin, octets = original
    nu = sans_sceau(octets)
    Parchemin.objects.filter(pk=parchemin.pk).update(sha256=hashlib.sha256(nu).hexdigest(), scelle_le=None)
    texte = page(deposer(client, nu))
    assert "octet pour octet" in texte and "Sans sceau" in texte


def test_une_numerisation_renvoie_au_code(client):
    """A scan, a photograph: only the QR code speaks."""
    image = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(image, "PDF")
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(photo, "JPEG")
    for octets in (image.getvalue(), photo.getvalue()):
        assert depot.examiner(octets).cas is Cas.NUMERISE
        assert "seul son code QR parle" in page(deposer(client, octets))


def test_ce_qui_n_est_pas_de_nous_est_inconnu(client):
    """A PDF made elsewhere, another kind of file: two different texts, and no document named."""
    avec_texte = f.pdf() + b"/Font"
    assert depot.examiner(avec_texte).cas is Cas.INCONNU
    assert depot.examiner(b"MZ\x90 programme").cas is Cas.ILLISIBLE
    textes = {page(deposer(client, octets)) for octets in (avec_texte, b"MZ\x90 programme")}
    assert len(textes) == 2 and not any("Titulaire" in texte for texte in textes)
    assert len({phrase for _, _, phrase in FICHIERS.values()}) == len(FICHIERS)


@pytest.mark.parametrize("octets", [b"", b"%PDF-" + b"0" * (depot.TAILLE_MAXIMALE)], ids=["vide", "lourd"])
def test_un_fichier_vide_ou_trop_lourd_est_refuse_en_mots(client, octets):
    """The form comes back with a sentence; without a file too."""
    assert deposer(client, octets).status_code == 422
    assert "Choisissez le fichier" in client.post("/verifier/fichier/").text


def test_on_ne_cherche_pas_par_milliers(client, monkeypatch):
    """The drop counts as a search by hand; a GET leads to the page."""
    monkeypatch.setitem(limites.TOLERANCES, "saisie", 2)
    assert [deposer(client, b"x").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/verifier/fichier/").url == "/verifier/"


def test_une_bombe_reste_pliee(monkeypatch):
    """A file that unfolds to gigabytes costs what the ceiling says."""
    bombe = b"%PDF-1.7\n" + b"stream\n" + zlib.compress(bytes(50_000_000)) * 1 + b"\nendstream\n"
    vus = []
    monkeypatch.setattr(depot, "_DEPLIE_MAXIMUM", 3 * 1024 * 1024)
    monkeypatch.setattr(depot, "_jetons", lambda *parties: vus.extend(len(p) for p in parties) or ())
    assert depot.examiner(bombe * 10).cas is Cas.INCONNU
    assert vus[1] <= 4 * 1024 * 1024


def test_un_million_de_parties_vides_ne_se_lisent_pas_toutes(monkeypatch):
    """A file made of beginnings that unfold to nothing costs a bounded number of attempts."""
    essais, vraie = [], zlib.decompressobj
    monkeypatch.setattr(depot.zlib, "decompressobj", lambda: essais.append(1) or vraie())
    assert depot.examiner(b"%PDF-1.7\n" + b"stream\n" * 100_000).cas is Cas.INCONNU
    assert 0 < len(essais) <= depot._FLUX_MAXIMUM


class TestDuplicata:
    @pytest.fixture
    def duplicata(self, original):
        """A duplicata of the document, with the bytes of its file."""
        parchemin, _ = original
        duplicata = apres.dupliquer(parchemin, f.UtilisateurFactory(role="certificateur"), "certificateur", "perdu")
        fabriquer_duplicata.call(duplicata.pk)
        duplicata.refresh_from_db()
        with duplicata.fichier.open() as fichier:
            return duplicata, fichier.read()

    def test_il_est_authentique_et_se_dit_duplicata(self, client, original, duplicata):
        """Its own bytes, recognised by their own hash; the original stays what it was; a copy of it is a copy."""
        ligne, octets = duplicata
        assert octets != original[1]
        texte = page(deposer(client, octets))
        assert "octet pour octet, le duplicata n° 1, délivré le" in texte and "valable aujourd’hui" in texte
        assert "duplicata" not in page(deposer(client, original[1])).lower()
        assert "Copie modifiée" in page(deposer(client, reenregistre(octets)))
        assert str(ligne) == f"duplicata n°\u00a01 de {ligne.parchemin.numero}"

    def test_il_suit_le_sort_de_son_document(self, client, original, duplicata):
        """The document is cancelled: its duplicatas are, at once."""
        Parchemin.objects.filter(pk=original[0].pk).update(annule_le=timezone.now())
        texte = page(deposer(client, duplicata[1]))
        assert "Annulé" in texte and "suit le sort du document" in texte and "octet pour octet" not in texte
