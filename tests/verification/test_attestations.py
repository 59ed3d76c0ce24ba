"""The files that verifiers of digital credentials read: public, without cookie or name, fresh within five minutes."""

import json

import pytest
from django.core.cache import cache
from django.utils import timezone

from registre import badge, cles, integrite, statuts
from registre.models import Parchemin

from .fabrique import document

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]


@pytest.fixture
def signe():
    return badge.attestation_numerique(document())


def test_un_tiers_verifie_tout_avec_ce_qui_est_publie(client, signe):
    """From the credential alone: the DID document gives the key, the list says that nothing is cancelled."""
    did = client.get("/.well-known/did.json").json()
    assert did["id"] == signe["issuer"]["id"] == "did:web:localhost%3A8000"
    methodes = {m["id"]: integrite.de_base58(m["publicKeyMultibase"]) for m in did["verificationMethod"]}
    assert all(octets.startswith(b"\xed\x01") for octets in methodes.values())
    publiques = {nom: cles.ClePublique(0, octets[2:], True) for nom, octets in methodes.items()}
    assert integrite.verifier(signe, publiques) in did["assertionMethod"]
    statut = signe["credentialStatus"]
    adresse = statut["statusListCredential"].removeprefix("http://localhost:8000")
    liste = json.loads(client.get(adresse).content)
    assert integrite.verifier(liste, publiques) and liste["id"] == statut["statusListCredential"]
    assert liste["credentialSubject"]["statusPurpose"] == statut["statusPurpose"]
    assert not statuts.lire_bit(liste["credentialSubject"]["encodedList"], int(statut["statusListIndex"]))


def test_une_cle_retiree_verifie_encore(client, signe, settings, tmp_path):
    """The private half is gone, the next key signs: what was signed before still verifies."""
    settings.DOSSIER_CLES = tmp_path
    cles.creer()
    premier = badge.attestation_numerique(Parchemin.objects.get())
    cles.creer()
    (tmp_path / "1.pem").unlink()
    second = badge.attestation_numerique(Parchemin.objects.get())
    assert [integrite.verifier(s).rpartition("#")[2] for s in (premier, second)] == ["cle-1", "cle-2"]
    assert len(client.get("/.well-known/did.json").json()["assertionMethod"]) == 2


def test_une_annulation_se_voit_en_cinq_minutes(client, signe, monkeypatch):
    """Our copy and the copies of others are each kept two minutes: never more than five in all."""
    rang = int(signe["credentialStatus"]["statusListIndex"])
    reponse = client.get("/statuts/1")
    delais = []
    monkeypatch.setattr(cache, "set", lambda cle, valeur, delai: delais.append(delai))
    Parchemin.objects.update(annule_le=timezone.now())
    cache.clear()
    apres = json.loads(client.get("/statuts/1").content)
    assert statuts.lire_bit(apres["credentialSubject"]["encodedList"], rang)
    assert reponse["Cache-Control"] == "public, max-age=120"
    assert delais[0] + 120 <= 300


def test_les_fichiers_sont_publics_sans_temoin_ni_nom(client, signe, django_assert_max_num_queries):
    """Read by any page, no cookie; neither name nor number; the list costs no query while it is fresh."""
    for adresse, genre in (("/.well-known/did.json", "application/did+json"), ("/statuts/1", "application/vc")):
        reponse = client.get(adresse)
        assert reponse["Access-Control-Allow-Origin"] == "*" and reponse["Content-Type"] == genre
        assert not reponse.cookies
        texte = json.dumps(json.loads(reponse.content), ensure_ascii=False)
        assert not any(mot in texte for mot in ("DUPONT", "FTC-2026", "RNCP41346"))
        assert client.post(adresse).status_code == 405
    with django_assert_max_num_queries(0):
        client.get("/statuts/1")


@pytest.mark.parametrize("liste", ["0", "2", "99999999999999999999"])
def test_une_liste_qui_n_existe_pas_est_absente(client, signe, liste):
    """Not found, whatever is asked."""
    assert client.get(f"/statuts/{liste}").status_code == 404
