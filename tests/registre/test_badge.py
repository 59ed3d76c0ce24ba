"""The credential for machines: what it says, that any change is seen, that a cancellation reaches the public list."""

import base64
import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from registre import badge, cles, integrite, statuts
from registre.canonique import canoniser
from registre.models import Parchemin
from tests.registre.exemples import bloc, de_branche
from tests.verification.fabrique import document, document_partiel

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]

# The names that the two contexts define, and those that each type brings: name -> names.
TERMES = Path(__file__).parent / "donnees" / "termes_attestation.json"


@pytest.fixture
def parchemin():
    return document()


class TestLaPreuve:
    """Data Integrity, suite eddsa-jcs-2022."""

    SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
    PUBLIQUE = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    DOCUMENT = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://www.w3.org/ns/credentials/examples/v2",
        ],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    }
    PREUVE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"

    def test_l_exemple_de_la_norme_donne_la_signature_de_la_norme(self, monkeypatch):
        """Key, document and moment of the recommendation « Data Integrity EdDSA Cryptosuites v1.0 »: its own proof."""
        secret = Ed25519PrivateKey.from_private_bytes(integrite.de_base58(self.SECRET)[2:])
        methode = f"did:key:{self.PUBLIQUE}#{self.PUBLIQUE}"
        monkeypatch.setattr(integrite, "methode", lambda kid: methode)
        le = datetime.fromisoformat("2023-02-24T23:36:38Z")
        signe = integrite.signer(self.DOCUMENT, le, cles.ClePrivee(1, secret))
        assert signe["proof"]["proofValue"] == self.PREUVE
        octets = secret.public_key().public_bytes_raw()
        assert integrite.en_base58(b"\xed\x01" + octets) == self.PUBLIQUE
        assert integrite.verifier(signe, {methode: cles.ClePublique(1, octets, True)}) == methode

    def test_toute_ecriture_canonique_est_celle_de_la_rfc_8785(self):
        """The strings and the order of the keys of the examples of RFC 8785 (3.2.2 and 3.2.3)."""
        donnees = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
        assert (
            canoniser(donnees)
            == b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        )
        ordre = {"\u20ac": 1, "\r": 2, "1": 3, "\U0001f600": 4, "\u0080": 5, "\u00f6": 6}
        assert [json.loads(canoniser(ordre))[k] for k in json.loads(canoniser(ordre))] == [2, 3, 5, 6, 1, 4]

    @given(st.binary(max_size=80))
    def test_base58_est_lu_comme_il_est_ecrit(self, octets):
        """Zeros in front too."""
        assert integrite.de_base58(integrite.en_base58(octets)) == octets

    def test_aucun_changement_ne_passe(self, parchemin):
        """Each text of the credential changed, each key taken out or added: refused."""
        signe = badge.attestation_numerique(parchemin)
        assert integrite.verifier(signe) == integrite.methode(cles.cle_active().kid)
        copies = list(mutations(signe))
        assert len(copies) > 80
        for chemin, copie in copies:
            with pytest.raises(integrite.PreuveFausse):
                pytest.fail(f"accepté : {chemin}") if integrite.verifier(copie) else None

    def test_une_cle_inconnue_ne_prouve_rien(self, parchemin):
        """A good signature by a key that is not ours."""
        autre = cles.ClePrivee(cles.cle_active().kid, Ed25519PrivateKey.generate())
        signe = badge.attestation_numerique(parchemin)
        del signe["proof"]
        with pytest.raises(integrite.PreuveFausse):
            integrite.verifier(integrite.signer(signe, timezone.now(), autre))
        with pytest.raises(integrite.PreuveFausse):
            integrite.verifier({"@context": []})


def mutations(objet, chemin="$"):
    """The same document with one thing changed, everywhere one can."""
    if isinstance(objet, dict):
        yield f"{chemin}.ajout", objet | {"ajout": "x"}
        for cle, valeur in objet.items():
            yield f"{chemin}.-{cle}", {k: v for k, v in objet.items() if k != cle}
            for ou, autre in mutations(valeur, f"{chemin}.{cle}"):
                yield ou, objet | {cle: autre}
    elif isinstance(objet, list):
        for rang, valeur in enumerate(objet):
            for ou, autre in mutations(valeur, f"{chemin}[{rang}]"):
                yield ou, [*objet[:rang], autre, *objet[rang + 1 :]]
    elif isinstance(objet, bool):
        yield chemin, not objet
    else:
        yield chemin, f"{objet}x"


class TestLeContenu:
    def test_elle_dit_ce_que_dit_le_papier_et_pas_plus(self, parchemin):
        """Name, title, fiche, level, certificateur, day; neither birth nor jury nor access nor salt."""
        signe = badge.attestation_numerique(parchemin)
        texte = json.dumps(signe, ensure_ascii=False)
        assert signe["credentialSubject"]["identifier"][0]["identityHash"] == "Élodie Marie DUPONT"
        assert signe["credentialSubject"]["achievement"]["humanCode"] == "RNCP41346"
        assert codes_alignes(signe)[:2] == ["RNCP41346", "3"]
        assert signe["validFrom"] == "2026-11-22T00:00:00+01:00" and "validUntil" not in signe
        assert signe["id"].endswith(f"/V/{parchemin.jeton}")
        for secret in ("1985", "Lyon", "PV-2026", "EMPLOYEUR", parchemin.sel, "elodie@exemple.fr"):
            assert secret not in texte

    def test_chaque_mot_est_connu_des_contextes(self, parchemin):
        """Every property is a term of the contexts named (VC 2.0, Open Badges 3.0.3), at the place where it stands."""
        termes = json.loads(TERMES.read_text())
        for signe in (badge.attestation_numerique(parchemin), statuts.liste_signee(1)):
            assert not list(inconnus(signe, termes))
        faux = badge.attestation_numerique(parchemin)
        faux["credentialSubject"]["achievement"]["niveau"] = "3"
        assert list(inconnus(faux, termes)) == ["niveau"]

    def test_les_proprietes_obligatoires_sont_la(self, parchemin):
        """What the Open Badges 3.0 schema requires of each class."""
        signe = badge.attestation_numerique(parchemin)
        assert signe["@context"][0] == "https://www.w3.org/ns/credentials/v2"
        assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(signe["type"])
        exige(signe, "id", "name", "issuer", "validFrom", "credentialSubject", "credentialStatus", "credentialSchema")
        exige(signe["issuer"], "id", "type", "name")
        reussite = signe["credentialSubject"]["achievement"]
        exige(reussite, "id", "type", "name", "description", "criteria", "creator")
        exige(reussite["criteria"], "narrative")
        for alignement in reussite["alignment"]:
            exige(alignement, "type", "targetName", "targetUrl")

    def test_une_attestation_partielle_finit_avec_son_dernier_bloc(self):
        """Blocs with a limit: `validUntil`; it says that it is not the whole certification."""
        partielle = document_partiel()
        blocs = partielle.enregistrement["blocs"]
        for ligne in blocs:
            ligne["valide_jusqu_au"] = "2031-11-10" if ligne["acquis"] else ""
        signe = badge.attestation_numerique(partielle)
        assert signe["validUntil"] == "2031-11-10T23:59:59+01:00"
        assert "ce n’est pas la certification entière" in signe["credentialSubject"]["achievement"]["description"]
        assert signe["name"].startswith("Attestation de réussite partielle")
        acquis = [b["code"] for b in blocs if b["acquis"]]
        assert codes_alignes(signe)[-len(acquis) :] == acquis

    def test_l_attestation_d_un_bloc_dit_qu_elle_n_est_qu_un_bloc(self):
        """Named so, with the bloc that was acquired."""
        fiche = bloc()
        signe = badge.attestation_numerique(document(fiche))
        reussite = signe["credentialSubject"]["achievement"]
        assert signe["name"].startswith("Attestation de bloc de compétences")
        assert reussite["achievementType"] == "Certificate"
        assert "ce n’est pas la certification entière" in reussite["description"]
        assert codes_alignes(signe)[-1] == next(b["code"] for b in fiche["blocs"] if b["acquis"])

    def test_un_cqp_de_branche_n_a_ni_fiche_ni_niveau(self):
        """Nothing is claimed that no public register holds."""
        reussite = badge.attestation_numerique(document(de_branche()))["credentialSubject"]["achievement"]
        assert "humanCode" not in reussite and "alignment" not in reussite

    def test_elle_est_toujours_la_meme(self, parchemin):
        """The same bytes twice: what is downloaded is what the PDF holds."""
        une, deux = (badge.en_octets(badge.attestation_numerique(parchemin)) for _ in range(2))
        assert une == deux and json.loads(une)


def codes_alignes(signe: dict) -> list[str]:
    return [alignement["targetCode"] for alignement in signe["credentialSubject"]["achievement"]["alignment"]]


def exige(objet, *proprietes):
    assert not [p for p in proprietes if not objet.get(p)], objet


def inconnus(objet, termes):
    """The properties of a JSON-LD object that no context defines; types bring their own terms."""
    if isinstance(objet, list):
        for element in objet:
            yield from inconnus(element, termes)
    if not isinstance(objet, dict):
        return
    types = objet.get("type", [])
    siens = dict(termes)
    for porte in [types] if isinstance(types, str) else types:
        siens |= termes.get(porte, {})
    for cle, valeur in objet.items():
        if cle == "@context":
            continue
        if cle not in siens:
            yield cle
        else:
            yield from inconnus(valeur, siens | siens[cle])


class TestLaListe:
    def test_une_annulation_est_un_bit(self, client, parchemin):
        """Valid: zero; cancelled: one; nothing else changes, and the list is signed for a day at most."""
        signe = badge.attestation_numerique(parchemin)
        rang = int(signe["credentialStatus"]["statusListIndex"])
        avant = statuts.liste_signee(1)
        assert not statuts.lire_bit(avant["credentialSubject"]["encodedList"], rang)
        Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
        apres = statuts.liste_signee(1)
        assert integrite.verifier(apres)
        assert statuts.lire_bit(apres["credentialSubject"]["encodedList"], rang)
        encodee = apres["credentialSubject"]["encodedList"][1:]
        bits = gzip.decompress(base64.urlsafe_b64decode(encodee + "=" * (-len(encodee) % 4)))
        assert len(bits) * 8 == 131_072 and sum(octet.bit_count() for octet in bits) == 1
        duree = datetime.fromisoformat(apres["validUntil"]) - datetime.fromisoformat(apres["validFrom"])
        assert duree.total_seconds() <= 24 * 3600

    def test_chacun_a_sa_place(self, monkeypatch, parchemin):
        """A place that is taken is drawn again; a list too full gives way to the next one."""
        statuts.attribuer(parchemin)
        autre, troisieme = (
            document(numero=f"{parchemin.numero}1", rang=9),
            document(numero=f"{parchemin.numero}2", rang=8),
        )
        tirages = iter([parchemin.statut_rang, 7])
        monkeypatch.setattr(statuts.secrets, "randbelow", lambda n: next(tirages))
        statuts.attribuer(autre)
        assert (autre.statut_liste, autre.statut_rang) == (1, 7)
        monkeypatch.setattr(statuts.secrets, "randbelow", lambda n: 7)
        statuts.attribuer(troisieme)
        assert (troisieme.statut_liste, troisieme.statut_rang) == (2, 7)
        statuts.attribuer(troisieme)
        assert troisieme.statut_liste == 2

    def test_reprendre_place_les_documents_d_avant(self, parchemin):
        """Issued before the list existed: placed once."""
        assert parchemin.statut_rang is None
        for _ in range(2):
            call_command("reprendre")
        place = Parchemin.objects.get(pk=parchemin.pk)
        assert place.statut_liste == 1 and place.statut_rang is not None

    def test_une_liste_mal_ecrite_est_refusee(self):
        """Not GZIP, too short."""
        for faux in ("uAAAA", statuts.encoder([])[:-20]):
            with pytest.raises(ValueError):
                statuts.lire_bit(faux, 3)
        with pytest.raises(ValueError):
            statuts.lire_bit(statuts.encoder([]), 131_072)
