"""The guide d’évaluation (outil n° 4): printed with what the dossier says, brought back page by page (E4)."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from backoffice.parcours.models import Ponderation
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = pytest.mark.django_db


def photo(nom: str, taille=(1200, 1600)) -> SimpleUploadedFile:
    sortie = io.BytesIO()
    Image.new("RGB", taille, "white").save(sortie, "JPEG")
    return SimpleUploadedFile(nom, sortie.getvalue(), content_type="image/jpeg")


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.fixture
def candidature(acteurs):
    return f.repondue(acteurs)


def joindre(client, candidature, fichiers):
    adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/joindre_guide/"
    return client.post(adresse, {"fichier": fichiers, "cle": "g"})


def test_plusieurs_photos_font_un_seul_pdf_dans_l_ordre(acteurs, candidature, client):
    """Two photos and a PDF: one document of three A4 pages, upright or lying as each was."""
    recus = [photo("page1.jpg"), photo("page2.jpg", (1600, 1200)), f.fichier_pdf("fin.pdf")]
    assert joindre(connecter(client, acteurs.evaluateur), candidature, recus).status_code == 302
    candidature.evaluation.refresh_from_db()
    guide = candidature.evaluation.guide
    assert guide.type_mime == "application/pdf"
    with guide.fichier.open() as octets, pikepdf.open(octets) as document:
        cotes = [(round(p.mediabox[2]), round(p.mediabox[3])) for p in document.pages]
    assert cotes[0][0] < cotes[0][1] <= 842
    assert cotes[1][1] < cotes[1][0] <= 842
    assert len(cotes) == 3


def test_une_page_illisible_est_nommee_et_rien_n_est_joint(acteurs, candidature, client):
    """Which page, and what to do; the others are not kept half."""
    fausse = SimpleUploadedFile("page2.jpg", b"\xff\xd8\xff-rien", content_type="image/jpeg")
    reponse = joindre(connecter(client, acteurs.evaluateur), candidature, [photo("page1.jpg"), fausse])
    assert reponse.status_code == 422
    assert "Page 2 (page2.jpg)" in reponse.content.decode()
    candidature.evaluation.refresh_from_db()
    assert candidature.evaluation.guide is None


@pytest.mark.parametrize("mode", ["acquis", "notes"])
def test_le_guide_vierge_est_pret_a_imprimer(client, mode):
    """A tagged PDF that names the candidate, the compétences and where to sign; marks and weights when there are."""
    acteurs = f.Acteurs(mode_evaluation=mode)
    candidature = f.repondue(acteurs)
    competence = candidature.blocs_a_evaluer()[0].competences.first()
    Ponderation.objects.create(parcours=acteurs.parcours, competence=competence, coefficient="2.5")
    reponse = connecter(client, acteurs.evaluateur).get(f"/gestion/evaluations/{candidature.pk}/guide/")
    assert reponse["Content-Type"] == "application/pdf"
    assert candidature.reference in reponse["Content-Disposition"]
    with pikepdf.open(io.BytesIO(reponse.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert candidature.reference in str(document.docinfo["/Title"])
