"""The printed documents: complete, readable by a person, by a screen reader and by a phone, and always the same."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys

import cv2
import numpy
import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from registre import cles, jetons
from registre.documents import DocumentImpossible, codes_qr, compositions, phrases, rendre, rendu

from .exemples import attestation, au_repertoire_specifique, bloc, de_branche, enregistrement

IDENTIFIANT = "00112233445566778899aabbccddeeff"
SORTES = {
    "rncp": enregistrement,
    "rs": au_repertoire_specifique,
    "branche": de_branche,
    "attestation": attestation,
    "bloc": bloc,
}


@pytest.fixture(scope="module", autouse=True)
def outils():
    """These tests look at pages as a person does: without poppler they would prove nothing."""
    for outil in ("pdftoppm", "pdftotext"):
        if not shutil.which(outil):
            pytest.fail(f"{outil} est absent : installez poppler-utils (script/bootstrap le fait).")


@pytest.fixture(autouse=True)
def adresse_publique(settings):
    settings.ADRESSE_PUBLIQUE = "https://certificats.exemple.fr"


def editer(fiche: dict) -> bytes:
    return rendre(fiche, jetons.signer(fiche, IDENTIFIANT))


def lire_texte(pdf: bytes, *options: str) -> str:
    """Return the words of a PDF in reading order, spaces folded."""
    sortie = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(sortie.decode().split())


def photographier(pdf: bytes, dpi: int) -> Image.Image:
    commande = ["pdftoppm", "-png", "-r", str(dpi), "-"]
    image = subprocess.run(commande, input=pdf, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(image)).convert("L")


@pytest.mark.parametrize("sorte", SORTES)
def test_chaque_mention_obligatoire_se_lit(sorte):
    """Title, certificateur, holder, birth, date, place, signatories, number: as words on every document."""
    texte = lire_texte(editer(SORTES[sorte]()))
    for mention in (
        "Conducteur(trice) de ligne de conditionnement",
        "Commission paritaire nationale de l’emploi des industries du thé et du café",
        "Élodie Marie DUPONT",
        "née le 3 mai 1985 à Lyon",
        "Fait à Paris, le 22 novembre 2026",
        "Jeanne Lefèvre",
        "Présidente de la CPNE",
        "Paul O’Brien",
        "Code NSF : 222 – Transformations chimiques et apparentées.",
        "Décision du jury paritaire du 10 novembre 2026.",
        "certificats.exemple.fr",
        SORTES[sorte]()["numero"],
    ):
        assert mention in texte, mention


def test_un_parchemin_rncp_dit_la_decision_et_les_deux_niveaux():
    """The whole recommended sentence, in order, and the words of the trade in full."""
    texte = lire_texte(editer(enregistrement()))
    assert (
        "Certification professionnelle enregistrée au répertoire national des certifications professionnelles (RNCP) "
        "sous le n° RNCP41346 par décision du directeur général de France compétences en date du 1er octobre 2025, "
        "pour une durée de 5 ans. Niveau 3 du cadre national des certifications professionnelles "
        "(niveau 3 du cadre européen des certifications)."
    ) in texte
    assert "Certificat de qualification professionnelle" in texte
    assert "Vérifiez ce parchemin" in texte


def test_au_repertoire_specifique_aucun_niveau():
    """RS: registration and decision, no level."""
    texte = lire_texte(editer(au_repertoire_specifique()))
    assert "enregistrée au répertoire spécifique (RS) sous le n° RS6610 par décision" in texte
    assert "niveau" not in texte.lower()


def test_un_cqp_de_branche_ne_parle_d_aucun_repertoire():
    """Branch: the article of law that founds it, and neither level, register nor France compétences."""
    texte = lire_texte(editer(de_branche()))
    assert "en application de l’article L. 6113-4 du code du travail" in texte
    for mot in ("RNCP", "répertoire", "niveau", "France compétences"):
        assert mot.lower() not in texte.lower()


def test_un_cqp_interbranches_dit_son_nom():
    """CQPI is not CQP."""
    texte = lire_texte(editer(enregistrement(certification__nature="CQPI", certification__option="Café vert")))
    assert "Certificat de qualification professionnelle interbranches" in texte
    assert "Option : Café vert" in texte


@pytest.mark.parametrize("sorte", [attestation, bloc])
def test_une_attestation_dit_l_option_une_fois(sorte):
    """As the template words it, and nothing before it."""
    fiche = sorte()
    fiche["certification"]["option"] = "Bardage"
    assert lire_texte(editer(fiche)).count("Option") == 1


def test_une_attestation_ne_ressemble_pas_a_un_parchemin():
    """Portrait, says what it is and is not, lists the acquired blocs with their validity and no other."""
    pdf = editer(attestation())
    texte = lire_texte(pdf)
    assert texte.count("Attestation de réussite partielle") == 2
    assert "Ce document ne vaut pas certificat de qualification professionnelle" in texte
    assert "a acquis 1 bloc de compétences sur 2" in texte
    assert "RNCP41346BC01 Préparer la ligne de conditionnement jusqu’au 22 novembre 2031" in texte
    assert "RNCP41346BC02" not in texte
    assert "Vérifiez cette attestation" in texte
    portrait, paysage = photographier(pdf, 20), photographier(editer(enregistrement()), 20)
    assert portrait.height > portrait.width and paysage.width > paysage.height


def en_portrait(**changements) -> dict:
    return enregistrement(modele__orientation="portrait", modele__montrer_blocs=True, **changements)


NOM_DE_60 = "de La Rochefoucauld-Liancourt-Montmorency d’Aubigné-Châteauné"[:60]
ETENDUES = {
    "soixante caractères partout": {
        "titulaire__nom_naissance": NOM_DE_60,
        "titulaire__nom_usage": "M" * 60,
        "titulaire__prenom1": "W" * 60,
        "titulaire__prenom2": "Marie-Antoinette-Élisabeth-Joséphine-Wilhelmine-Théodorette",
        "titulaire__prenom3": "Anne Maximilienne Hermengarde Kunigunde Ermentrude Dieudonné",
    },
    "une lettre": {"titulaire__nom_naissance": "O", "titulaire__prenom1": "Y", "titulaire__prenom2": ""},
    "lettres d’Europe": {
        "titulaire__nom_naissance": "Łukaszewicz-Dvořák Őry Şahin Ðorđević Żółć Ñáñez Çelik",
        "titulaire__prenom1": "Ștefan Ţîţ Ħal Ġorġ Æð Œil ÿ",
    },
    "apostrophes et particules": {
        "titulaire__nom_naissance": "N'Guyen d’Abbadie O'Neill",
        "titulaire__prenom1": "Mc Élie-L'or",
    },
    "grand titre, trois certificateurs": {
        "certification__intitule": "Animateur(trice) d’équipe autonome de production industrielle et de maintenance "
        "des installations automatisées de conditionnement des produits alimentaires, pharmaceutiques et cosmétiques",
        "certification__option": "Conditionnement aseptique en atmosphère contrôlée",
        "certificateurs": [
            {"raison_sociale": nom, "sigle": "", "nom_commercial": "Forma’Plus", "siret": "", "role": "cpne"}
            for nom in (
                "Commission paritaire nationale de l’emploi et de la formation professionnelle du conditionnement",
                "Association nationale pour la qualification des salariés des industries alimentaires diverses",
                "Fédération des entreprises de façonnage",
            )
        ],
        "signataires": [
            {
                "college": college,
                "nom": "Marie-Antoinette de La Rochefoucauld-Liancourt",
                "qualite": "Présidente de la commission paritaire nationale de l’emploi et de la formation "
                "professionnelle de la branche",
            }
            for college in ("employeurs", "salaries")
        ],
    },
}


@pytest.mark.parametrize("fabrique", [enregistrement, en_portrait, attestation, bloc])
@pytest.mark.parametrize("cas", ETENDUES)
def test_les_textes_longs_ou_rares_tiennent_en_entier(fabrique, cas):
    """One page, no word lost, no missing drawing, nothing beyond the frame, our faces only."""
    fiche = fabrique(**ETENDUES[cas])
    pdf = editer(fiche)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
    texte = _lettres(lire_texte(pdf))
    titulaire, certification = fiche["titulaire"], fiche["certification"]
    attendus = [phrases.noms(titulaire), phrases.nom_usage(titulaire), certification["intitule"]]
    attendus += [certification["option"], *(s["qualite"] for s in fiche["signataires"])]
    attendus += [phrases.certificateur(c) for c in fiche["certificateurs"]]
    for attendu in attendus:
        assert _lettres(attendu) in texte, attendu
    assert "\ufffd" not in texte
    for boite in re.finditer(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', _boites(pdf)
    ):
        x_min, y_min, x_max, y_max = map(float, boite.groups())
        largeur, hauteur = (842, 596) if fabrique is enregistrement else (596, 842)
        assert 20 < x_min < x_max < largeur - 40
        assert 20 < y_min < y_max < hauteur - 40
    assert {police.rsplit("+")[1] for police in _polices(pdf)} <= {
        *("Source-Serif", "Source-Serif-Italic", "Source-Serif-Semi-Bold", "Source-Sans", "Source-Sans-Semi-Bold"),
    }


def _lettres(texte: str) -> str:
    """Drop what an end of line may add or take away: spaces and hyphens."""
    return "".join(texte.replace("-", "").split())


def _boites(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def _polices(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(objet.BaseFont)[1:]
            for objet in document.objects
            if isinstance(objet, pikepdf.Dictionary) and objet.get("/Subtype") == "/Type0"
        }


@pytest.mark.parametrize("fabrique", [enregistrement, attestation])
def test_le_code_qr_se_lit_sur_une_copie_mediocre(fabrique):
    """At 150 dpi two decoders give the exact address; the sturdier one also with a blur and a stain of 12 %."""
    fiche = fabrique()
    adresse = jetons.adresse(jetons.signer(fiche, IDENTIFIANT))
    page = photographier(editer(fiche), 150)
    (lu,) = zxingcpp.read_barcodes(page)
    assert lu.text == adresse
    assert cv2.QRCodeDetectorAruco().detectAndDecode(numpy.array(page))[0] == adresse
    coins = [(p.x, p.y) for p in (lu.position.top_left, lu.position.bottom_right)]
    (gauche, haut), (droite, bas) = coins
    cote = droite - gauche
    assert cote / 150 * 25.4 > 35
    tachee = page.filter(ImageFilter.GaussianBlur(1))
    rayon = cote * (0.12 / numpy.pi) ** 0.5
    centre = (gauche + cote * 0.6, haut + (bas - haut) * 0.6)
    ImageDraw.Draw(tachee).ellipse([c + s * rayon for s in (-1, 1) for c in centre], fill=255)
    (encore,) = zxingcpp.read_barcodes(tachee)
    assert encore.text == adresse


@pytest.mark.parametrize("origine", ["https://cqp.fr", "https://certificats.exemple.fr", "http://localhost:8000"])
def test_le_code_qr_est_assez_grand(origine, settings):
    """Symbol of 35 mm and modules of 0.6 mm at least, a quiet zone of 4 modules, alphanumeric mode."""
    settings.ADRESSE_PUBLIQUE = origine
    code = codes_qr.dessiner(jetons.adresse("A" * 168))
    modules, module = code.modules, code.cote / (code.modules + 8)
    # A denser mode than alphanumeric would need a bigger symbol than version 11 (61 modules).
    assert modules in (53, 57, 61)
    assert module >= 0.6 and module * modules >= 35


def test_le_fichier_est_balise_et_se_declare_pdf_a_et_pdf_ua():
    """Language, title, tags, an alternative to the only image, both identifiers in one metadata packet."""
    for fabrique in (enregistrement, attestation):
        with pikepdf.open(io.BytesIO(editer(fabrique()))) as document:
            racine = document.Root
            assert racine.MarkInfo.Marked and "/StructTreeRoot" in racine
            assert str(racine.Lang) == "fr"
            assert racine.ViewerPreferences.DisplayDocTitle
            metadonnees = document.open_metadata()
            assert (metadonnees["pdfaid:part"], metadonnees["pdfaid:conformance"]) == ("3", "A")
            assert metadonnees["pdfuaid:part"] == "1"
            assert "Élodie Marie DUPONT" in metadonnees["dc:title"]
            figures = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
            assert ["adresse de vérification" in str(f.Alt) for f in figures] == [True]
            assert "/OutputIntents" in racine and "/AcroForm" not in racine and "/OpenAction" not in racine


@pytest.mark.parametrize(
    "fabrique", [enregistrement, lambda: en_portrait(), attestation], ids=["paysage", "portrait", "attestation"]
)
def test_les_dessins_traces_d_avance_donnent_la_meme_image(fabrique, monkeypatch):
    """At 150 dpi, pixel for pixel: engravings and code traced once, or read by WeasyPrint from their SVG."""
    fiche = fabrique()
    trace = photographier(editer(fiche), 150)
    monkeypatch.setattr(rendu, "_traces", lambda dessins: {})
    rendu._gardees.clear()
    lu = photographier(editer(fiche), 150)
    assert trace.size == lu.size and ImageChops.difference(trace, lu).getbbox() is None


GENS = [
    {},
    {"prenom1": "Zoé", "prenom2": "", "nom_naissance": "LI", "commune_naissance": "Aÿ"},
    {"prenom1": "Jean-Baptiste", "nom_naissance": "d’Artagnan & Fils <x>", "nom_usage": "Roc", "sexe": "M"},
    {"prenom1": "Office", "prenom2": "Affinée", "nom_naissance": "FLÛTE-ŁUKASZ", "nom_usage": "Vážný"},
    {"nom_naissance": "DE LA TRÈS LONGUE MAISON SAINTE DES HAUTS PLATEAUX", "prenom3": "Maëlys-Éléonore"},
]


@pytest.mark.parametrize(
    "fabrique",
    [enregistrement, lambda: en_portrait(), attestation, bloc],
    ids=["paysage", "portrait", "attestation", "bloc"],
)
def test_une_page_reprise_donne_les_octets_d_une_page_neuve(fabrique, monkeypatch):
    """A lot shares its layout: each file is what it would be alone, whoever came before, and most come so."""
    fiches = []
    for rang, gens in enumerate(GENS, 1):
        fiche = fabrique()
        fiche["titulaire"] |= {cle: valeur for cle, valeur in gens.items() if cle in fiche["titulaire"]}
        fiche["numero"] = f"{fiche['numero'].rpartition('-')[0]}-{rang:05d}"
        fiches.append(fiche)
    neuves = []
    for fiche in fiches:
        rendu._gardees.clear()
        neuves.append(editer(fiche))
    assert len({len(neuve) for neuve in neuves}) > 1
    reprises, reprendre = [], compositions.Composition.reprendre
    monkeypatch.setattr(
        compositions.Composition, "reprendre", lambda *args: reprises.append(reprendre(*args)) or reprises[-1]
    )
    assert [editer(fiche) for fiche in [*fiches, *reversed(fiches)]] == [*neuves, *reversed(neuves)]
    assert sum(reprises) >= 4


def test_le_meme_enregistrement_donne_les_memes_octets(settings):
    """Rendered again, and rendered by another process with another hash seed: one SHA-256."""
    fiche = enregistrement()
    jeton = jetons.signer(fiche, IDENTIFIANT)
    empreinte = hashlib.sha256(rendre(fiche, jeton)).hexdigest()
    assert hashlib.sha256(rendre(fiche, jeton)).hexdigest() == empreinte
    programme = (
        "import sys, json, hashlib, django; django.setup()\n"
        "from django.conf import settings\n"
        "fiche, jeton, settings.DOSSIER_CLES, settings.ADRESSE_PUBLIQUE = json.load(sys.stdin)\n"
        "from registre.documents import rendre\n"
        "print(hashlib.sha256(rendre(fiche, jeton)).hexdigest())"
    )
    environnement = os.environ | {"PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "site_public.settings.test"}
    ailleurs = subprocess.run(
        [sys.executable, "-c", programme],
        input=json.dumps([fiche, jeton, str(cles.dossier()), settings.ADRESSE_PUBLIQUE]),
        capture_output=True,
        text=True,
        check=True,
        env=environnement,
        cwd=settings.BASE_DIR,
    )
    assert ailleurs.stdout.strip() == empreinte


def test_un_enregistrement_incomplet_ne_s_imprime_pas():
    """The reason is a sentence for the person who can act."""
    fiche = enregistrement(certification__date_decision="")
    with pytest.raises(DocumentImpossible, match="date de la décision"):
        editer(fiche)


def test_un_jeton_d_un_autre_document_ne_s_imprime_pas():
    """A QR code that would verify another person never reaches the paper."""
    autre = jetons.signer(enregistrement(titulaire__nom_naissance="DURAND"), IDENTIFIANT)
    with pytest.raises(DocumentImpossible, match="autre document"):
        rendre(enregistrement(), autre)
    with pytest.raises(DocumentImpossible, match="pas signé"):
        rendre(enregistrement(), "A" * 168)


def test_un_caractere_sans_dessin_est_refuse_et_nomme():
    """Rather a refusal than a square on a diploma."""
    with pytest.raises(DocumentImpossible, match="語"):
        editer(enregistrement(titulaire__prenom1="語"))


def test_un_texte_qui_deborde_est_refuse():
    """Rather a refusal than a cut text."""
    fiche = attestation()
    fiche["blocs"] = [fiche["blocs"][0] | {"libelle": "Très long libellé de bloc. " * 30} for _ in range(12)]
    with pytest.raises(DocumentImpossible, match="une page"):
        editer(fiche)


def test_un_nom_qui_ressemble_a_du_html_reste_un_nom():
    """Markup in a record is printed, never interpreted."""
    texte = lire_texte(editer(enregistrement(lieu="<b>Paris</b> & Cie")))
    assert "<b>Paris</b> & Cie" in texte


@pytest.mark.parametrize(
    "adresse",
    ["file:///etc/passwd", "http://localhost/", "https://example.org/a.png", "data:text/plain,a", "dessin:autre"]
    + ["police:../../etc/passwd", "ftp://h/f", "DESSIN:qr"],
)
def test_rien_n_est_charge_d_ailleurs(adresse):
    """The fetcher knows the drawings of this document and the packaged faces; anything else stops the rendering."""
    ressources = rendu.Ressources({"qr": "<svg/>"})
    assert ressources.fetch("dessin:qr").read() == b"<svg/>"
    with pytest.raises(ValueError, match="refusée"):
        ressources.fetch(adresse)
