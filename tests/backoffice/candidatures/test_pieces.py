"""Files of a dossier: what may enter, who may take them out, and how."""

import hashlib
import io
import struct
import zlib

import pikepdf
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from backoffice.candidatures.models import Piece
from registre.models import EntreeJournal
from tests import fabriques as f


def adresse_joindre(candidature):
    return f"/gestion/actes/candidatures.candidature/{candidature.pk}/joindre_piece/"


def pdf_avec(modifier, **options) -> bytes:
    document, sortie = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    modifier(document)
    document.save(sortie, **options)
    return sortie.getvalue()


def en_javascript(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def qui_lance(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    document.pages[0].Annots = document.make_indirect(
        pikepdf.Array(
            [document.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=document.make_indirect(action)))]
        )
    )


def avec_fichier_joint(document):
    document.attachments["x.exe"] = b"MZ"


def telecharger(client, piece):
    """The answer of the server and the bytes it gives."""
    reponse = client.get(reverse("candidatures:piece", args=[piece.pk if isinstance(piece, Piece) else piece]))
    contenu = b"".join(reponse.streaming_content) if reponse.streaming else b""
    return reponse, contenu


def png_geant() -> bytes:
    """The header of an image of 30 000 × 30 000 pixels: nobody has to decode it to refuse it."""

    def bloc(nom, contenu):
        return struct.pack(">I", len(contenu)) + nom + contenu + struct.pack(">I", zlib.crc32(nom + contenu))

    entete = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + bloc(b"IHDR", entete) + bloc(b"IDAT", zlib.compress(b"\0")) + bloc(b"IEND", b"")


def png(suite=b"") -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(sortie, "PNG")
    return sortie.getvalue() + suite


CRYPTE = pikepdf.Encryption(owner="a", user="b")
REFUSES = {
    "exe": (b"MZ\x90\x00" + b"\0" * 200, "Ce format n’est pas accepté"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "Ce format n’est pas accepté"),
    "html": (b"<!doctype html><script>alert(1)</script>", "Ce format n’est pas accepté"),
    "gif": (b"GIF89a" + b"\0" * 50, "Ce format n’est pas accepté"),
    "exe puis pdf": (b"MZ\x90\x00" + f.pdf(), "Ce format n’est pas accepté"),
    "html puis pdf": (b"<script>alert(1)</script>" + f.pdf(), "Ce format n’est pas accepté"),
    "html sous un en-tête de pdf": (b"%PDF-1.7\n<script>alert(1)</script>", "abîmé"),
    "pdf puis archive": (f.pdf() + b"PK\x03\x04" + b"\0" * 2000, "suivi d’autres données"),
    "pdf coupé": (f.pdf()[:60], "abîmé"),
    "javascript": (pdf_avec(en_javascript), "du code ou des fichiers joints"),
    "lancement": (pdf_avec(qui_lance), "du code ou des fichiers joints"),
    "fichier joint": (pdf_avec(avec_fichier_joint), "du code ou des fichiers joints"),
    "chiffré": (pdf_avec(lambda d: None, encryption=CRYPTE), "protégé par un mot de passe"),
    "51 pages": (f.pdf(51), "plus de 50 pages"),
    "image de 30 000 pixels": (png_geant(), "trop grande"),
    "image coupée": (png()[:40], "Cette image est abîmée"),
    "vide": (b"", "vide"),
    "trop lourd": (b"%PDF-" + b"0" * (10 * 1024 * 1024), "dépasse 10\u00a0Mo"),
}


@pytest.mark.parametrize("contenu, phrase", REFUSES.values(), ids=REFUSES.keys())
def test_un_mauvais_fichier_est_refuse_en_francais(acteurs, chez, contenu, phrase):
    """Wrong type, disguised, active, locked, too long, too large: a sentence beside the field, nothing stored."""
    candidature = f.brouillon(acteurs)
    fichier = SimpleUploadedFile("diplome.pdf", contenu, content_type="application/pdf")
    donnees = {"requise": acteurs.parcours.pieces.get().pk, "fichier": fichier}
    reponse = chez("employeur").post(adresse_joindre(candidature), donnees)
    assert reponse.status_code == 422
    assert phrase.replace("\u00a0", " ") in reponse.text.replace("\u00a0", " ")
    assert not Piece.objects.exists()
    assert not EntreeJournal.objects.filter(verbe="joindre_piece").exists()


@pytest.mark.parametrize("forme", ["destination", "action"])
def test_un_pdf_qui_s_ouvre_a_une_page_est_accepte(acteurs, chez, forme):
    """Office suites write « open at the first page » in their exports: it is no code."""

    def ouvrir(document):
        cible = pikepdf.Array([document.pages[0].obj, pikepdf.Name("/Fit")])
        action = pikepdf.Dictionary(S=pikepdf.Name("/GoTo"), D=cible)
        document.Root.OpenAction = cible if forme == "destination" else action

    candidature = f.brouillon(acteurs)
    fichier = SimpleUploadedFile("cv.pdf", pdf_avec(ouvrir), content_type="application/pdf")
    donnees = {"requise": acteurs.parcours.pieces.get().pk, "fichier": fichier}
    assert chez("employeur").post(adresse_joindre(candidature), donnees).status_code == 302
    assert Piece.objects.count() == 1


def test_une_photo_de_telephone_reste_droite(acteurs, chez):
    """The turn noted in the metadata is given to the pixels before the metadata go."""
    candidature = f.brouillon(acteurs)
    image, exif, sortie = Image.new("RGB", (30, 10), "white"), Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    image.save(sortie, "JPEG", exif=exif)
    fichier = SimpleUploadedFile("photo.jpg", sortie.getvalue(), content_type="image/jpeg")
    donnees = {"requise": acteurs.parcours.pieces.get().pk, "fichier": fichier}
    assert chez("employeur").post(adresse_joindre(candidature), donnees).status_code == 302
    with Piece.objects.get().fichier.open() as contenu, Image.open(contenu) as rangee:
        assert rangee.size == (10, 30)


def test_une_image_est_reecrite_sans_ce_qui_la_suit(acteurs, chez):
    """A PNG that carries a page after its last block is stored without it, under a name of our own."""
    candidature = f.brouillon(acteurs)
    fichier = SimpleUploadedFile("../../photo.php", png(b"<script>alert(1)</script>"), content_type="text/html")
    donnees = {"requise": acteurs.parcours.pieces.get().pk, "fichier": fichier}
    assert chez("employeur").post(adresse_joindre(candidature), donnees).status_code == 302
    piece = Piece.objects.get()
    with piece.fichier.open() as fichier:
        assert b"<script>" not in fichier.read()
    assert piece.type_mime == "image/png" and piece.fichier.name.endswith(".png") and "photo" not in piece.fichier.name
    reponse, _ = telecharger(chez("employeur"), piece)
    assert "photo" not in reponse.headers["Content-Disposition"]


@pytest.fixture
def piece(acteurs):
    return f.deposee(acteurs).pieces.get()


def test_un_fichier_sort_en_piece_jointe_inerte(chez, piece):
    """Attachment, true type, no sniffing, sandbox, no cache; the bytes are those received."""
    reponse, contenu = telecharger(chez("gestionnaire"), piece)
    assert hashlib.sha256(contenu).hexdigest() == piece.sha256 and contenu.startswith(b"%PDF-")
    assert reponse.headers["Content-Disposition"].startswith("attachment; filename=")
    assert reponse.headers["Content-Disposition"].endswith('diplome-ou-titre-le-plus-eleve.pdf"')
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["Content-Security-Policy"] == "sandbox"
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in reponse.headers["Cache-Control"]


def test_la_lecture_d_un_fichier_laisse_une_trace(acteurs, chez, piece):
    """Who opened which file, with which role; the porteur reads it in the journal, the employer does not."""
    telecharger(chez("gestionnaire"), piece)
    entree = EntreeJournal.objects.get(verbe="consulter_piece")
    assert (entree.acteur, entree.role, entree.details) == (acteurs.gestionnaire, "gestionnaire", {"piece": piece.pk})
    assert (entree.objet_type, entree.objet_id) == ("candidatures.candidature", piece.candidature_id)
    journal = f"{piece.candidature.get_absolute_url()}?onglet=journal"
    assert "Pièce consultée" in chez("certificateur").get(journal).text
    assert "Pièce consultée" not in chez("employeur").get(journal).text


def test_une_piece_retiree_ou_perdue_ne_se_lit_plus(acteurs, chez, piece):
    """Withdrawn: 404. Gone from the storage: said so, and no trace of a reading that did not happen."""
    adresse = reverse("candidatures:piece", args=[piece.pk])
    storages["prive"].delete(piece.fichier.name)
    reponse = chez("employeur").get(adresse)
    assert reponse.status_code == 404 and "Ce fichier est introuvable" in reponse.text
    f.faire(piece.candidature, "declarer_incomplete", acteurs.gestionnaire, motif="Document illisible.")
    f.faire(piece.candidature, "retirer_piece", acteurs.employeur, piece=piece)
    assert chez("employeur").get(adresse).status_code == 404
    assert not EntreeJournal.objects.filter(verbe="consulter_piece").exists()


def test_le_guide_signe_n_est_lu_que_par_ceux_qui_lisent_l_evaluation(acteurs, chez):
    """The guide holds what the évaluateurs wrote: neither the employer nor the candidate open it."""
    candidature = f.evaluee(acteurs)
    guide, candidat = candidature.evaluation.guide_id, candidature.titulaire.utilisateur
    codes = [telecharger(chez(q), guide)[0].status_code for q in ("employeur", candidat, "gestionnaire", "evaluateur")]
    assert codes == [404, 404, 200, 200]
