"""Templates: written by one, published by another, checked before, never changed after, compared and tried."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from backoffice.delivrances import modeles_controle, modeles_specimen
from backoffice.delivrances.modeles_images import nettoyer, ranger
from backoffice.delivrances.modeles_lecture import differences
from backoffice.delivrances.modeles_workflow import MODELE
from registre.models import ImageDeDocument, ModeleDocument
from registre.transitions import Refus, executer
from tests import fabriques as f
from tests.connexion import connecter
from tests.objets import OrganismeFactory

from .situations_modeles import brouillon, proposer, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.fixture
def draft(acteurs):
    return brouillon(acteurs, acteurs.certification)


def image(mode="RGBA", taille=(900, 300), genre="PNG", **options) -> bytes:
    sortie = io.BytesIO()
    Image.new(mode, taille, 90 if mode in "LP" else (20, 70, 110, 128)[: len(mode)]).save(sortie, genre, **options)
    return sortie.getvalue()


def envoi(contenu: bytes, nom="logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu)


def refuses(modele) -> str:
    return " ".join(c.texte for c in modeles_controle.refus(modeles_controle.controler(modele)))


def constats(modele) -> str:
    return " ".join(c.texte for c in modeles_controle.controler(modele))


class TestLesImages:
    @pytest.mark.parametrize(
        "contenu", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\n <?xml version='1.0'?><svg/>"]
    )
    def test_un_svg_est_refuse_en_francais(self, contenu):
        """Whatever its name says."""
        for nom in ("logo.svg", "logo.png"):
            with pytest.raises(ValidationError, match="SVG"):
                nettoyer(envoi(contenu, nom))

    @pytest.mark.parametrize("contenu", [b"%PDF-1.7\n%%EOF", b"MZ\x90\x00", b"\x89PNG\r\n\x1a\nfaux", b""])
    def test_ce_qui_n_est_pas_une_image_est_refuse(self, contenu):
        with pytest.raises(ValidationError):
            nettoyer(envoi(contenu))

    def test_une_image_est_reencodee_reduite_et_rangee_une_fois(self, acteurs):
        """No metadata, no more pixels than paper shows, transparency kept, one file for one content."""
        exif = Image.Exif()
        exif[0x010E] = "Chez moi"
        propre = nettoyer(envoi(image("RGB", (3000, 900), "JPEG", exif=exif), "photo.jpg"))
        with Image.open(io.BytesIO(propre)) as lue:
            assert lue.format == "PNG" and lue.size == (1600, 480) and not lue.getexif() and b"Chez moi" not in propre
        transparente = nettoyer(envoi(image()))
        with Image.open(io.BytesIO(transparente)) as lue:
            assert lue.mode == "RGBA" and lue.getpixel((0, 0))[3] == 128
        assert ranger(propre, acteurs.certificateur) == ranger(propre, acteurs.certificateur)
        assert ImageDeDocument.objects.count() == 1


class TestLeControle:
    def test_un_modele_sobre_passe(self, draft):
        assert modeles_controle.controler(draft, jusqu_a_la_page=True) == []

    @pytest.mark.parametrize(
        ("champ", "valeur", "phrase"),
        [
            ("couleur", "#ffd34d", "contraste est de 1,4"),
            ("couleur", "rouge", "mal écrite"),
            ("formule", "", "vide"),
            ("formule", "remis à {titulaire}", "ne contient pas de mot"),
            ("formule", "décerné à ŵ", "pas de dessin"),
            ("texte_option", "Avec option", "ne la nomme pas"),
            ("mention", "Remis par {prefet}.", "{prefet}"),
            ("mention", "Remis { ici.", "accolade"),
            ("mention", "Diplôme d’État.", "diplôme d’État"),
            ("mention", "Sous le sceau de la République française.", "République"),
        ],
    )
    def test_chaque_faute_est_nommee(self, draft, champ, valeur, phrase):
        """One mistake, one sentence that names it, and the publication is refused."""
        setattr(draft, champ, valeur)
        assert phrase in refuses(draft)

    def test_un_logo_sans_texte_et_un_signataire_sans_qualite_sont_refuses(self, draft, acteurs):
        draft.logos.create(rang=1, image=ranger(nettoyer(envoi(image())), acteurs.certificateur))
        draft.signataires.create(college="salaries", nom="Chloé Test")
        assert "Le logo 1 n’a pas de texte alternatif" in refuses(draft)
        assert "il manque le nom ou la qualité" in refuses(draft)

    def test_il_avertit_quand_personne_ne_peut_signer(self, draft, acteurs):
        """A signataire of any certificateur of the fiche is enough; without one, a warning, never a refusal."""
        assert "habilité à signer" not in constats(draft)
        f.Role.objects.filter(nom="signataire").delete()
        assert "habilité à signer" in constats(draft) and "habilité" not in refuses(draft)
        second = OrganismeFactory()
        for version in modeles_specimen.versions(draft).values():
            version.roles.create(organisme=second, role="certificateur", ordre=2)
        f.UtilisateurFactory(role=("signataire", second))
        assert "habilité à signer" not in constats(draft)

    def test_ce_qui_ne_tient_pas_sur_la_page_est_refuse(self, draft, monkeypatch):
        """The drawing itself says so; the checker tells for which certification."""

        def deborder(*arguments, **options):
            raise modeles_controle.DocumentImpossible("Le texte ne tient pas sur une page.")

        monkeypatch.setattr(modeles_specimen, "dessiner", deborder)
        (constat,) = modeles_controle.controler(draft, jusqu_a_la_page=True)
        assert "ne tient pas" in constat.texte and draft.certification.versions.get().intitule in constat.texte

    def test_une_nouvelle_version_dit_pourquoi(self, draft, acteurs):
        publier(draft, acteurs.signataire)
        suivant = brouillon(acteurs, draft.certification, {"motif": ""})
        assert "raison du changement" in refuses(suivant)


class TestLaPublication:
    def test_une_seconde_personne_publie_et_le_specimen_est_range(self, draft, acteurs):
        """Who wrote last does not publish; the other one does, and the PDF read that day is kept with its hash."""
        draft = proposer(draft)
        with pytest.raises(Refus, match="une seconde personne"):
            executer(MODELE, "publier_modele", draft, acteurs.certificateur)
        publie = executer(MODELE, "publier_modele", draft, acteurs.signataire)
        assert (publie.redige_par, publie.publie_par) == (acteurs.certificateur, acteurs.signataire)
        with publie.specimen.open() as fichier:
            assert fichier.read().startswith(b"%PDF-1.7")
        with pytest.raises(Refus):
            executer(MODELE, "modifier_modele", publie, acteurs.certificateur, {"regles": {"couleur": "#000000"}})

    def test_rien_ne_se_publie_sans_etre_propose_ni_apres_une_correction(self, draft, acteurs):
        """What is published is what was proposed: a change made since takes the proposal back."""
        with pytest.raises(Refus, match="n’est pas proposée"):
            executer(MODELE, "publier_modele", draft, acteurs.signataire)
        donnees = {"regles": {"couleur": "#14466e"}}
        corrige = executer(MODELE, "modifier_modele", proposer(draft), acteurs.certificateur, donnees)
        with pytest.raises(Refus, match="n’est pas proposée"):
            executer(MODELE, "publier_modele", corrige, acteurs.signataire)
        assert publier(corrige, acteurs.signataire).etat == "publie"

    def test_on_publie_ce_que_l_on_a_lu(self, draft, acteurs, client):
        """Corrected and proposed again while the page of the publication was open: it is read again first."""
        connecter(client, acteurs.signataire)
        acte = f"/gestion/actes/registre.modeledocument/{proposer(draft).pk}/publier_modele/"
        (lu,) = re.findall(r'name="lu" value="([^"]+)"', client.get(acte).text)
        donnees = {"regles": {"couleur": "#14466e"}}
        proposer(executer(MODELE, "modifier_modele", draft, acteurs.certificateur, donnees))
        reponse = client.post(acte, {"lu": lu, "cle": "a"})
        assert reponse.status_code == 409 and "a changé depuis que vous l’avez ouvert" in reponse.text
        draft.refresh_from_db()
        assert draft.etat == "brouillon"

    def test_la_version_suivante_reprend_tout_et_remplace(self, draft, acteurs):
        """Images and signatories come along; what changes is told, the old version stays to be read."""
        logo = ranger(nettoyer(envoi(image())), acteurs.certificateur)
        donnees = {"logos": [(logo.pk, "Emblème")], "signataires": [("salaries", "Chloé Test", "Présidente", logo.pk)]}
        executer(MODELE, "modifier_modele", draft, acteurs.certificateur, donnees)
        ancien = publier(draft, acteurs.signataire)
        suivant = brouillon(acteurs, draft.certification, {"couleur": "#14466e"})
        assert [d["apres"] for d in differences(ancien, suivant)] == ["#14466e"]
        publier(suivant, acteurs.signataire)
        ancien.refresh_from_db()
        assert ancien.etat == "remplace" and ModeleDocument.objects.filter(etat="publie").get() == suivant


def test_on_ecrit_un_modele_sans_code_et_on_le_voit(acteurs, draft):
    """The form keeps a logo and a signatory, the specimen shows them, a wrong file says why and changes nothing."""
    client = connecter(Client(), acteurs.certificateur)
    adresse = reverse("delivrances:modifier_modele", args=[draft.pk])
    saisie = {
        "orientation": "portrait",
        "couleur": "#14466e",
        "formule": "est remis à",
        "texte_option": "Option {option}",
        "mention": "Remis le {date}.",
        "motif": "Décision de la CPNE du 3 juin 2026.",
        "logo1-alternatif": "Emblème de la branche",
        "salaries-nom": "Chloé Test",
        "salaries-qualite": "Présidente de la CPNE",
    }
    refus = client.post(adresse, saisie | {"logo1-fichier": envoi(b"<svg/>", "logo.svg")})
    assert refus.status_code == 422 and "dessin vectoriel" in refus.content.decode()
    assert client.post(adresse, saisie | {"logo1-fichier": envoi(image())}).status_code == 302
    page = client.get(adresse).content.decode()
    assert "Emblème de la branche" in page and "Chloé Test" in page
    draft.refresh_from_db()
    assert (draft.orientation, draft.logos.get().texte_alternatif) == ("portrait", "Emblème de la branche")
    apercu = client.get(reverse("delivrances:apercu_modele", args=[draft.pk, "png"]), {"titulaire": "etranger"})
    with Image.open(io.BytesIO(apercu.content)) as vue:
        assert vue.height > vue.width
    for nom in ("modele", "controle_modele", "comparer_modele"):
        assert client.get(reverse(f"delivrances:{nom}", args=[draft.pk])).status_code == 200
