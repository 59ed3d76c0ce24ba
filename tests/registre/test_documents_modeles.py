"""What a certificateur may choose of its documents, and what stays the same whatever it chose."""

import hashlib
import io

import pikepdf
import pytest
from PIL import Image

from registre.documents import DocumentImpossible, composition

from .exemples import attestation, bloc, du_premier_format, enregistrement
from .test_documents import (  # noqa: F401 - the same stage
    IDENTIFIANT,
    adresse_publique,
    editer,
    jetons,
    lire_texte,
    outils,
    photographier,
    rendre,
)

LARGE, HAUT = (900, 200), (200, 400)


def image(taille=(300, 100), couleur=(20, 70, 110, 255)) -> bytes:
    sortie = io.BytesIO()
    Image.new("RGBA", taille, couleur).save(sortie, "PNG")
    return sortie.getvalue()


def logo(octets: bytes, taille=(300, 100)) -> dict:
    empreinte = hashlib.sha256(octets).hexdigest()
    return {"sha256": empreinte, "alternatif": "Emblème du métier", "largeur": taille[0], "hauteur": taille[1]}


def test_logos_signature_textes_et_blocs_sont_ceux_du_modele():
    """Each choice is seen: images with their alternative, texts with their words replaced, blocs, upright page."""
    embleme, paraphe = image(), image(couleur=(0, 0, 90, 255))
    fiche = enregistrement(modele__orientation="portrait", modele__montrer_blocs=True, certification__option="Café")
    fiche["modele"]["logos"] = [logo(embleme)]
    fiche["modele"]["textes"] = {
        "formule": "est remis à",
        "option": "Mention {option}",
        "mention": "Remis par {certificateur} le {date}.",
    }
    fiche["signataires"][0]["signature"] = hashlib.sha256(paraphe).hexdigest()
    images = {hashlib.sha256(octets).hexdigest(): octets for octets in (embleme, paraphe)}
    pdf = rendre(fiche, jetons.signer(fiche, IDENTIFIANT), images)
    texte = lire_texte(pdf)
    for mention in (
        "est remis à",
        "Mention Café",
        "industries du thé et du café le 22 novembre 2026.",
        "RNCP41346BC02",
    ):
        assert mention in texte, mention
    assert "Option" not in texte and "décerné" not in texte
    page = photographier(pdf, 20)
    assert page.height > page.width
    with pikepdf.open(io.BytesIO(pdf)) as document:
        figures = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
        assert {"Emblème du métier", "Signature de Jeanne Lefèvre"} < {str(f.Alt) for f in figures}


def test_une_image_perdue_ou_changee_arrete_l_impression():
    """Rather no document than one with the signature of somebody else."""
    octets = image()
    fiche = enregistrement()
    fiche["modele"]["logos"] = [logo(octets)]
    jeton = jetons.signer(fiche, IDENTIFIANT)
    for images in ({}, {logo(octets)["sha256"]: image(couleur=(200, 0, 0, 255))}):
        with pytest.raises(DocumentImpossible, match="image du modèle"):
            rendre(fiche, jeton, images)


def test_un_enregistrement_du_premier_format_s_imprime_encore():
    """Records are kept for fifty years: what was not chosen then is what we choose when nobody does."""
    fiche = enregistrement(certification__option="Café vert")
    ancien, nouveau = (lire_texte(editer(f)) for f in (du_premier_format(fiche), fiche))
    assert ancien == nouveau and "Option : Café vert" in ancien


@pytest.mark.parametrize("fabrique", [enregistrement, attestation, bloc])
def test_un_duplicata_le_dit(fabrique):
    """In words, with its rank and its day, on the page and in the title; all the rest is what the original says."""
    fiche = fabrique()
    jeton = jetons.signer(fiche, IDENTIFIANT)
    original, double = (rendre(fiche, jeton, duplicata=d) for d in (None, {"rang": 2, "delivre_le": "2026-12-01"}))
    tampon = "DUPLICATA N° 2 édité le 1er décembre 2026"
    assert tampon in lire_texte(double) and "duplicata" not in lire_texte(original).lower()
    assert sorted(lire_texte(double).replace(tampon, "").split()) == sorted(lire_texte(original).split())
    with pikepdf.open(io.BytesIO(double)) as document:
        assert document.open_metadata()["dc:title"].endswith("duplicata n°\u00a02")


def test_une_attestation_de_bloc_dit_qu_elle_n_est_que_cela():
    """Its title, the bloc by code and words, the certification it belongs to, and what it is not worth."""
    texte = lire_texte(editer(bloc()))
    assert "Attestation de bloc de compétences" in texte
    assert "le seul bloc de compétences RNCP41346BC01 Préparer la ligne de conditionnement" in texte
    assert "de la certification Conducteur(trice) de ligne de conditionnement" in texte
    assert "il ne vaut ni la certification, ni ses autres blocs" in texte
    assert "N° FTC-B-2026-00003" in texte and "jusqu’au 22 novembre 2031" in texte


@pytest.mark.parametrize("tailles", [[LARGE], [HAUT], [LARGE, HAUT], [LARGE] * 6, [(1, 4000)], [(4000, 1)]])
def test_les_logos_tiennent_sur_une_ligne_et_pesent_autant(tailles):
    """Never wider than the line together, never higher than 18 mm, and proportions kept."""
    poses = composition.logos([logo(b"", taille) for taille in tailles], 150)
    mesures = [tuple(float(m.split(": ")[1][:-2]) for m in p["taille"].split("; ")) for p in poses]
    assert sum(large for large, _ in mesures) + 9 * (len(mesures) - 1) <= 150.1
    assert all(haut <= 18 for _, haut in mesures)
    for (largeur, hauteur), (large, haut) in zip(tailles, mesures, strict=True):
        assert min(large, haut) < 0.5 or large / haut == pytest.approx(largeur / hauteur, rel=0.02)
    aires = [large * haut for large, haut in mesures]
    assert max(aires) <= 2.3 * min(aires)
