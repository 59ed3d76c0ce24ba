"""Which template a document takes, and what of it is frozen in the record."""

import pytest

from registre.delivrance import composer_enregistrement
from registre.models import ModeleDocument

from .. import fabriques as f
from .test_delivrance import contenu

pytestmark = pytest.mark.django_db
JURY = [
    {"college": "employeurs", "nom": "Anne Modèle", "qualite": "Présidente du jury"},
    {"college": "salaries", "nom": "Bruno Exemple", "qualite": "Vice-président du jury"},
]


@pytest.fixture
def version():
    return f.VersionFactory()


def modele(version, **champs) -> ModeleDocument:
    publie = {"etat": "publie", "publie_le": "2026-01-01T00:00Z"}
    return ModeleDocument.objects.create(
        **{"certificateur": version.certificateurs[0], "nature": "parchemin"} | publie | champs
    )


def fige(version, nature="parchemin") -> dict:
    siens = contenu(version, nature=nature, signataires=JURY)
    siens.pop("certificateur")
    return composer_enregistrement(**siens)


def test_sans_modele_le_jury_signe_et_la_presentation_est_la_notre(version):
    """Nothing to set up before the first document."""
    fiche = fige(version)
    assert fiche["format"] == "cqp-enregistrement-2" and fiche["modele"]["version"] is None
    assert fiche["modele"]["textes"]["formule"] == "est décerné à"
    assert [s["nom"] for s in fiche["signataires"]] == ["Anne Modèle", "Bruno Exemple"]


def test_le_modele_en_vigueur_le_plus_precis_l_emporte(version):
    """That of the certification before that of the certificateur; neither a draft, nor another kind, nor another's."""
    general = modele(version, couleur="#111111")
    modele(version, couleur="#222222", nature="attestation")
    modele(version, couleur="#333333", etat="brouillon", publie_le=None, numero=2)
    modele(version, couleur="#444444", certification=f.VersionFactory().certification)
    assert fige(version)["modele"]["couleur"] == "#111111"
    assert fige(version, "bloc")["modele"]["couleur"] == "#222222"
    precis = modele(version, couleur="#555555", certification=version.certification)
    assert fige(version)["modele"] | {"version": precis.pk, "couleur": "#555555"} == fige(version)["modele"]
    ModeleDocument.objects.filter(pk=precis.pk).update(etat="retire", retire_le="2026-02-01T00:00Z")
    assert fige(version)["modele"]["version"] == general.pk


def test_le_modele_signe_pour_un_college_et_le_jury_pour_l_autre(version):
    """A collège that the template leaves empty is signed as before."""
    sien = modele(version)
    sien.signataires.create(college="salaries", nom="Chloé Test", qualite="Présidente de la CPNE")
    signataires = fige(version)["signataires"]
    assert [(s["college"], s["nom"]) for s in signataires] == [
        ("employeurs", "Anne Modèle"),
        ("salaries", "Chloé Test"),
    ]
