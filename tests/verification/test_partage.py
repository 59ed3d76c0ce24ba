"""What a link of sharing opens: the mentions that its holder ticked, the live status, and nothing for anybody else."""

import re
import secrets
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from registre import comptages
from registre.models import Partage
from tests.registre.exemples import attestation
from verification import limites
from verification.constat import Constat, Statut

from .fabrique import document
from .test_parchemin import page

pytestmark = pytest.mark.django_db

CIVIL = ("Élodie", "DUPONT")
# The choice, and what only it shows.
MENTIONS = {
    "nom": "Élodie Marie DUPONT",
    "date": "22\u00a0novembre\u00a02026",
    "numero": "FTC-2026-00001",
    "blocs": "Blocs de compétences acquis",
}


def lien(parchemin=None, champs=(), **autres) -> tuple[Partage, str]:
    partage = Partage(
        parchemin=parchemin or document(),
        libelle="Entretien du 12 mars",
        champs=list(champs),
        **{"expire_le": timezone.now() + timedelta(days=7)} | autres,
    )
    jeton = partage.prendre_cle()
    partage.save()
    return partage, jeton


def adresse(jeton, nom="partage"):
    return reverse(f"verification:{nom}", args=[jeton])


@pytest.mark.parametrize("champ", MENTIONS)
def test_le_lien_ne_montre_que_ce_qui_est_coche(client, champ):
    """Ticked, the mention is there; the three others are not."""
    parchemin = document()
    texte = page(client.get(adresse(lien(parchemin, [champ])[1])))
    montrees = {nom for nom, mention in MENTIONS.items() if " ".join(mention.split()) in texte}
    assert montrees == {champ}
    assert "Conducteur(trice) de ligne de conditionnement" in texte


@pytest.mark.parametrize("champs", [[], list(Partage.Champ.values)], ids=["rien de coché", "tout coché"])
def test_la_naissance_et_le_libelle_n_y_sont_jamais(client, champs):
    """Neither birth, nor what the holder wrote for themselves, whatever is ticked; nothing ticked, no name at all."""
    parchemin = document()
    reponse = client.get(adresse(lien(parchemin, champs)[1]))
    naissance = parchemin.enregistrement["titulaire"]
    contenu = reponse.content.decode()
    assert "Entretien" not in contenu
    assert naissance["commune_naissance"] not in contenu and str(naissance["annee_naissance"]) not in contenu
    if not champs:
        assert not [mot for mot in CIVIL if mot in contenu]


def test_le_statut_est_celui_du_jour(client):
    """Cancelled after the link was made: the very same link says so."""
    parchemin = document()
    _, jeton = lien(parchemin)
    assert "Authentique" in page(client.get(adresse(jeton)))
    type(parchemin).objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
    assert "Annulé" in page(client.get(adresse(jeton)))


def test_inconnu_ferme_et_expire_sont_une_seule_reponse(client):
    """Same status, same bytes: the page does not say whether the link ever existed."""
    ferme = lien(etat="revoque", revoque_le=timezone.now())[1]
    hier = timezone.now() - timedelta(days=1)
    expire = lien(Partage.objects.get().parchemin, cree_le=hier - timedelta(days=7), expire_le=hier)[1]
    reponses = [client.get(adresse(j)) for j in (ferme, expire, secrets.token_urlsafe(24), "court")]
    assert {r.status_code for r in reponses} == {404}
    assert len({r.content for r in reponses}) == 1
    assert {client.get(adresse(j, "partage_fichier")).status_code for j in (ferme, expire)} == {404}


def test_le_pdf_ne_se_donne_que_coche_et_valable(client, monkeypatch):
    """Ticked: the stored bytes, as an attachment. Not ticked, or cancelled: nothing."""
    parchemin = document(sha256="0" * 64)
    parchemin.fichier.save("documents/essai.pdf", ContentFile(b"%PDF-1.7 essai"))
    avec, sans = lien(parchemin, ["pdf"])[1], lien(parchemin)[1]
    reponse = client.get(adresse(avec, "partage_fichier"))
    assert b"".join(reponse.streaming_content) == b"%PDF-1.7 essai"
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert client.get(adresse(sans, "partage_fichier")).status_code == 404
    assert "Télécharger" not in page(client.get(adresse(sans)))
    with monkeypatch.context() as patch:
        # Its key was revoked since: the code of the document is refused, and the document is not given out.
        patch.setattr("verification.partage.lire_jeton", lambda texte: Constat(Statut.ALTERE))
        assert client.get(adresse(avec, "partage_fichier")).status_code == 404
    type(parchemin).objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
    assert client.get(adresse(avec, "partage_fichier")).status_code == 404


def test_la_page_ne_laisse_pas_de_trace(client):
    """No cookie, no index, no cache, no Referer; the key is not stored, not even in part."""
    partage, jeton = lien(champs=["nom"])
    reponse = client.get(adresse(jeton))
    assert not reponse.cookies
    assert "noindex" in reponse.headers["X-Robots-Tag"]
    assert "no-store" in reponse.headers["Cache-Control"]
    assert reponse.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"https?://(?!testserver)", re.sub(r"http://www\.w3\.org\S*", "", reponse.content.decode()))
    partage.refresh_from_db()
    assert jeton not in str(vars(partage)) and len(jeton) * 6 >= 128


def test_le_lien_se_freine(client, monkeypatch):
    """Beyond the tolerance, the page says to wait."""
    monkeypatch.setitem(limites.TOLERANCES, "partage", 3)
    statuts = [client.get(adresse(secrets.token_urlsafe(24))).status_code for _ in range(4)]
    assert statuts == [404, 404, 404, 429]


def test_les_ouvertures_se_comptent_et_rien_d_autre(client):
    """Two readings are two, a HEAD is none; the number is all that changes on the row."""
    comptages.oublier()
    partage, jeton = lien()
    avant = Partage.objects.filter(pk=partage.pk).values().get()
    client.get(adresse(jeton))
    client.get(adresse(jeton))
    client.head(adresse(jeton))
    assert comptages.verser() == 2
    assert Partage.objects.filter(pk=partage.pk).values().get() == avant | {"ouvertures": 2}


def test_les_blocs_d_une_attestation_gardent_leur_validite(client):
    """A bloc that ends says until when; one that was not acquired is not named."""
    fiche = attestation()
    acquis = [b for b in fiche["blocs"] if b["acquis"]]
    texte = page(client.get(adresse(lien(document(fiche), ["blocs"])[1])))
    assert all(b["libelle"].replace("’", "'") in texte.replace("’", "'") for b in acquis)
    assert not [b["libelle"] for b in fiche["blocs"] if not b["acquis"] and b["libelle"] in texte]
