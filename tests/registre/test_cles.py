"""Keys: created once, private, rotated with overlap, retired keys still verify."""

import json
import os
from io import StringIO

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import CommandError, call_command

from registre import cles


@pytest.fixture(autouse=True)
def dossier(settings, tmp_path):
    settings.DOSSIER_CLES = tmp_path / "cles"
    return settings.DOSSIER_CLES


def test_sans_cle_rien_ne_se_signe():
    """An empty machine has no public key, and signing says which command to run."""
    assert cles.publiques() == {}
    with pytest.raises(cles.CleIndisponible, match="cles creer"):
        cles.cle_active()


def test_une_cle_creee_signe_et_verifie(dossier):
    """The new key is number 1, private to its owner, and its public half checks its signatures and no other."""
    assert cles.creer() == 1
    assert (dossier / "1.pem").stat().st_mode & 0o777 == 0o600
    assert dossier.stat().st_mode & 0o077 == 0
    assert sorted(p.name for p in dossier.iterdir()) == ["1.pem", "1.pub", "journal.pem"]
    signature = cles.cle_active().signer(b"message")
    cles.publiques()[1].verifier(signature, b"message")
    with pytest.raises(InvalidSignature):
        cles.publiques()[1].verifier(signature, b"autre")


def test_la_derniere_cle_signe_les_precedentes_verifient(dossier):
    """Rotation: key 2 signs at once, key 1 still verifies, also when its private half is gone."""
    cles.creer()
    ancienne = cles.cle_active().signer(b"m")
    assert cles.creer() == 2
    assert cles.cle_active().kid == 2
    (dossier / "1.pem").unlink()
    publiques = cles.publiques()
    assert [(k, c.active) for k, c in publiques.items()] == [(1, False), (2, True)]
    publiques[1].verifier(ancienne, b"m")


def test_un_numero_ne_sert_qu_une_fois(dossier):
    """The number of a retired key is never given again, and an existing file is never overwritten."""
    cles.creer()
    (dossier / "1.pem").unlink()
    assert cles.creer() == 2
    with pytest.raises(FileExistsError):
        cles.ecrire(dossier / "2.pem", b"", 0o600)
    assert not [p for p in dossier.iterdir() if p.name.startswith(".")]


def test_une_cle_lisible_par_d_autres_est_refusee(dossier):
    """A private key that other accounts may read does not sign."""
    cles.creer()
    os.chmod(dossier / "1.pem", 0o640)
    with pytest.raises(cles.CleIndisponible, match="chmod 600"):
        cles.cle_active()


def test_l_algorithme_tient_au_numero(dossier):
    """A key of another kind put in the folder is refused, private or public."""
    cles.creer()
    autre = rsa.generate_private_key(65537, 2048)
    (dossier / "2.pem").touch(0o600)
    (dossier / "2.pem").write_bytes(
        autre.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with pytest.raises(cles.CleIndisponible, match="Ed25519"):
        cles.cle_active()
    (dossier / "2.pub").write_bytes(
        autre.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(cles.CleIndisponible, match="Ed25519"):
        cles.publiques()


def test_les_publiques_ne_sont_relues_que_si_le_dossier_change(dossier, monkeypatch):
    """Checking a token opens no file, yet a key added by another process is seen."""
    cles.creer()
    assert list(cles.publiques()) == [1]
    lectures = []
    lire = cles._lire_publiques
    monkeypatch.setattr(cles, "_lire_publiques", lambda: lectures.append(1) or lire())
    for _ in range(5):
        cles.publiques()
    assert lectures == []
    (dossier / "7.pub").write_bytes((dossier / "1.pub").read_bytes())
    os.utime(dossier, ns=(1, 1))
    assert list(cles.publiques()) == [1, 7]
    assert lectures == [1]


def test_la_cle_publiee_suit_le_rfc_8037():
    """The published form has the public half and nothing of the private one."""
    cles.creer()
    jwk = cles.publiques()[1].jwk()
    assert jwk["kty"] == "OKP" and jwk["crv"] == "Ed25519" and jwk["kid"] == "1" and jwk["etat"] == "active"
    assert "d" not in jwk and len(jwk["x"]) == 43
    assert json.loads(json.dumps(jwk)) == jwk


@pytest.mark.django_db
def test_la_commande_cree_et_liste(dossier):
    """`cles creer` twice then `cles lister` shows the retired and the active one, never a secret."""
    sortie = StringIO()
    call_command("cles", "lister", stdout=sortie)
    assert "Aucune clé" in sortie.getvalue()
    call_command("cles", "creer", stdout=sortie)
    call_command("cles", "creer", stdout=sortie)
    call_command("cles", "lister", stdout=sortie)
    assert "retirée" in sortie.getvalue() and "active" in sortie.getvalue()
    assert "PRIVATE" not in sortie.getvalue()
    assert repr(cles.cle_active()) == "<ClePrivee 2>"


def test_la_commande_dit_l_erreur_sans_trace(dossier):
    """A full folder gives one sentence."""
    cles.creer()
    (dossier / "255.pub").write_bytes((dossier / "1.pub").read_bytes())
    with pytest.raises(CommandError, match="épuisés"):
        call_command("cles", "creer")
