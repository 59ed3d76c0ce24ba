"""The guide d’évaluation (outil n° 4): printed with what the dossier says, brought back page by page (E4)."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import expect

from backoffice.parcours.models import Ponderation
from tests import fabriques as f
from tests.connexion import activer_totp, connecter, se_connecter
from tests.navigateur import regarder, suivre

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


@pytest.mark.django_db(transaction=True)
def test_les_pages_photographiees_partent_du_telephone_meme_apres_une_coupure(ouvrir_navigateur):
    """One photo after the other, in order, one taken back; the network fails, they are still there, then leave."""
    acteurs = f.Acteurs()
    candidature = f.repondue(acteurs)
    page = ouvrir_navigateur(viewport={"width": 320, "height": 800}, has_touch=True)
    se_connecter(page, "", acteurs.evaluateur.email, f.MOT_DE_PASSE, activer_totp(acteurs.evaluateur))
    page.goto(f"/gestion/actes/candidatures.candidature/{candidature.pk}/joindre_guide/")
    regarder(page)
    for nom in ("page1.jpg", "page2.jpg", "floue.jpg"):
        octets = photo(nom, (2500, 3000)).read()
        page.get_by_label("Photographier une page").set_input_files(
            [{"name": nom, "mimeType": "image/jpeg", "buffer": octets}]
        )
        expect(page.locator("[data-liste-pages]")).to_contain_text(nom)
    page.get_by_role("button", name="Retirer la page 3").click()
    expect(page.get_by_text("floue.jpg")).to_have_count(0)
    page.context.set_offline(True)
    page.get_by_role("button", name="Joindre le guide signé").click()
    expect(page.get_by_text("vos pages sont toujours là")).to_be_visible()
    page.context.set_offline(False)
    suivre(page.get_by_role("button", name="Joindre le guide signé"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    candidature.evaluation.refresh_from_db()
    with candidature.evaluation.guide.fichier.open() as lu, pikepdf.open(lu) as document:
        assert len(document.pages) == 2
