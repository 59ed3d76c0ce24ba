"""The signed token: whoever changes one bit, invents one or writes it otherwise is refused, without the database."""

import base64
import secrets
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given
from hypothesis import settings as reglages
from hypothesis import strategies as st

from registre import cles, jetons
from registre.jetons import Defaut, JetonInvalide, adresse, engagement, forme_lue, lire, mentions_engagees, signer

from .exemples import attestation, de_branche, enregistrement

IDENTIFIANT = "00112233445566778899aabbccddeeff"
ORDRE_ED25519 = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(autouse=True)
def cle(settings, tmp_path):
    settings.DOSSIER_CLES = tmp_path
    cles.creer()
    return cles.cle_active()


def octets(jeton: str) -> bytes:
    return base64.b32decode(jeton)


def texte(contenu: bytes) -> str:
    return base64.b32encode(contenu).decode()


def test_un_jeton_se_relit():
    """All that is signed is read back, and the token is 168 characters."""
    jeton = signer(enregistrement(), IDENTIFIANT)
    lu = lire(jeton)
    assert len(jeton) == jetons.LONGUEUR == 168
    assert (lu.kid, lu.nature, lu.rang, lu.jour) == (1, "parchemin", 1, date(2026, 11, 22))
    assert (lu.identifiant, lu.texte) == (IDENTIFIANT, jeton)
    assert lu.engagement == engagement(enregistrement(), IDENTIFIANT)
    assert lire(signer(attestation(), IDENTIFIANT)).nature == "attestation"


def test_le_meme_enregistrement_donne_le_meme_jeton():
    """Signing again after a crash changes nothing."""
    assert signer(enregistrement(), IDENTIFIANT) == signer(enregistrement(), IDENTIFIANT)


def test_la_disposition_des_octets_est_celle_qui_est_publiee(cle):
    """Golden layout: an outside verifier written from the documentation reads the same places."""
    contenu = octets(signer(enregistrement(numero="FTC-2026-00258"), IDENTIFIANT))
    assert len(contenu) == 105
    assert contenu[0] == 1 and contenu[1] == cle.kid
    nombre = int.from_bytes(contenu[2:7], "big")
    assert nombre >> 36 == 1 and nombre & 0xFFFFF == 258
    assert int.from_bytes(contenu[7:9], "big") == (date(2026, 11, 22) - date(2000, 1, 1)).days
    assert contenu[9:25].hex() == IDENTIFIANT
    cles.publiques()[1].verifier(contenu[41:], b"cqp-jeton-1\x00" + contenu[:41])


def test_chaque_bit_retourne_est_refuse():
    """All 840 single-bit changes are refused."""
    contenu = octets(signer(enregistrement(), IDENTIFIANT))
    acceptes = []
    for rang in range(len(contenu) * 8):
        change = bytearray(contenu)
        change[rang // 8] ^= 1 << rang % 8
        try:
            acceptes.append(lire(texte(bytes(change))))
        except JetonInvalide:
            continue
    assert acceptes == []


def test_vingt_mille_jetons_inventes_sont_refuses_sans_requete():
    """Random tokens, half with a right version and key number: none accepted.

    The database is closed to this test (it asks for no access), so one query would fail it.
    """
    acceptes = 0
    for rang in range(20_000):
        contenu = secrets.token_bytes(105)
        if rang % 2:
            contenu = b"\x01\x01" + contenu[2:]
        try:
            lire(texte(contenu))
        except JetonInvalide:
            continue
        acceptes += 1
    assert acceptes == 0


def test_une_signature_equivalente_est_refusee():
    """S + L is the same number modulo the order: a lax verifier would accept this second writing."""
    contenu = octets(signer(enregistrement(), IDENTIFIANT))
    jumeau = int.from_bytes(contenu[73:], "little") + ORDRE_ED25519
    with pytest.raises(JetonInvalide) as refus:
        lire(texte(contenu[:73] + jumeau.to_bytes(32, "little")))
    assert refus.value.motif is Defaut.SIGNATURE


@pytest.mark.parametrize(
    "ecrire",
    [
        str.lower,
        lambda j: j[:-1],
        lambda j: j + "A",
        lambda j: j + "=",
        lambda j: " " + j,
        lambda j: j + "\n",
        lambda j: j[:50] + "1" + j[51:],
        lambda j: j[:50] + "\u212a" + j[51:],
        lambda j: "",
        lambda j: j.encode(),
        lambda j: None,
    ],
)
def test_une_seule_ecriture_est_lue(ecrire):
    """Small letters, padding, spaces, look-alike letters, other lengths and other types are refused as such."""
    with pytest.raises(JetonInvalide) as refus:
        lire(ecrire(signer(enregistrement(), IDENTIFIANT)))
    assert refus.value.motif is Defaut.FORME


def test_chaque_refus_a_son_motif(cle):
    """Version, key, signature and content are told apart, in this order."""
    contenu = octets(signer(enregistrement(), IDENTIFIANT))

    def motif(change: bytes) -> Defaut:
        with pytest.raises(JetonInvalide) as refus:
            lire(texte(change))
        return refus.value.motif

    assert motif(b"\x02" + contenu[1:]) is Defaut.VERSION
    assert motif(contenu[:1] + b"\x09" + contenu[2:]) is Defaut.CLE
    assert motif(contenu[:-1] + bytes([contenu[-1] ^ 1])) is Defaut.SIGNATURE
    corps = contenu[:2] + b"\xf0" + contenu[3:41]
    assert motif(corps + cle.signer(jetons.DOMAINE_SIGNATURE + corps)) is Defaut.CONTENU


def test_une_signature_d_un_autre_usage_ne_vaut_rien(cle):
    """The same key signing the same bytes without our domain gives no token."""
    corps = octets(signer(enregistrement(), IDENTIFIANT))[:41]
    with pytest.raises(JetonInvalide):
        lire(texte(corps + cle.signer(corps)))


def test_une_cle_inconnue_ne_signe_pas_pour_nous(cle):
    """A stranger who takes our key number is refused."""
    intrus = cles.ClePrivee(cle.kid, Ed25519PrivateKey.generate())
    with pytest.raises(JetonInvalide):
        lire(signer(enregistrement(), IDENTIFIANT, intrus))


def test_une_cle_retiree_verifie_pour_toujours(settings):
    """Tokens of yesterday's key stay good after rotation."""
    ancien = signer(enregistrement(), IDENTIFIANT)
    cles.creer()
    (settings.DOSSIER_CLES / "1.pem").unlink()
    assert lire(ancien).kid == 1
    assert lire(signer(enregistrement(), IDENTIFIANT)).kid == 2


CHANGEMENTS = {
    "titulaire__nom_naissance": "DURAND",
    "titulaire__nom_usage": "MARTIN",
    "titulaire__prenom1": "Paul",
    "titulaire__prenom2": "",
    "certification__intitule": "Conducteur(trice) de ligne",
    "certification__option": "Café",
    "certification__numero_fiche": "RNCP41347",
    "numero": "FTC-2026-00002",
    "delivre_le": "2026-11-23",
}


@pytest.mark.parametrize("champ", CHANGEMENTS)
def test_l_engagement_couvre_ce_qui_est_imprime(champ):
    """Changing a name, the title, the number of the fiche, the number or the date breaks the agreement."""
    jeton = lire(signer(enregistrement(), IDENTIFIANT))
    assert jeton.concorde_avec(enregistrement())
    assert not jeton.concorde_avec(enregistrement(**{champ: CHANGEMENTS[champ]}))


def test_un_parchemin_ne_vaut_pas_une_attestation():
    """The kind is signed too, and so is the series of the number."""
    jeton = lire(signer(attestation(), IDENTIFIANT))
    assert not jeton.concorde_avec(attestation(nature="parchemin"))
    assert not jeton.concorde_avec(attestation(numero="XYZ-2026-00007"))
    assert not jeton.concorde_avec({})


def test_l_engagement_change_avec_l_identifiant():
    """Two holders of the same name have unlike commitments: nothing to match across tokens."""
    assert engagement(enregistrement(), IDENTIFIANT) != engagement(enregistrement(), "ff" * 16)


def test_le_jeton_ne_dit_aucun_nom():
    """No name, title or number is readable in the bytes."""
    contenu = octets(signer(enregistrement(), IDENTIFIANT))
    assert not any(mot.encode() in contenu for mot in ("DUPONT", "lodie", "FTC", "RNCP"))


@pytest.mark.parametrize(
    ("imprime", "tape"),
    [
        ("Élodie", "elodie"),
        ("O’Brien", "O'BRIEN"),
        ("L\u2019Hôpital-Dubois", "l hopital dubois"),
        ("Œuvrard", "OEUVRARD"),
        ("Łukasz Dvořák", "lukasz dvorak"),
        ("Groß", "GROSS"),
        ("  De  La Fée ", "de la fee"),
    ],
)
def test_ce_qu_on_tape_en_lisant_le_papier_concorde(imprime, tape):
    """Accents, case, apostrophes and hyphens do not make two people out of one."""
    assert forme_lue(imprime) == forme_lue(tape) != ""


@given(st.text())
def test_la_forme_lue_est_stable(mot):
    """Applied twice it changes nothing more."""
    assert forme_lue(forme_lue(mot)) == forme_lue(mot)


def test_les_mentions_engagees_sont_celles_du_papier():
    """The commitment is made of these words exactly: an offline verifier builds them from what it reads."""
    assert mentions_engagees(enregistrement()) == {
        "nom": "DUPONT",
        "nom_usage": "",
        "prenoms": "ELODIE MARIE",
        "titre": "CONDUCTEUR TRICE DE LIGNE DE CONDITIONNEMENT",
        "code": "RNCP41346",
        "numero": "FTC 2026 00001",
        "date": "2026-11-22",
    }
    assert mentions_engagees(de_branche())["code"] == ""


@pytest.mark.parametrize(
    "changement",
    [
        {"numero": "SANS-RANG-X"},
        {"numero": "FTC-2026-1048576"},
        {"nature": "duplicata"},
        {"delivre_le": "1999-12-31"},
        {"delivre_le": "22/11/2026"},
    ],
)
def test_ce_qui_ne_tient_pas_dans_le_jeton_n_est_pas_signe(changement):
    """A number without rank, a rank too high, an unknown kind, a date out of range or badly written."""
    with pytest.raises(ValueError):
        signer(enregistrement(**changement), IDENTIFIANT)


@pytest.mark.parametrize("identifiant", ["00", "zz" * 16, ""])
def test_un_identifiant_impropre_est_refuse(identifiant):
    """16 bytes, or nothing."""
    with pytest.raises(ValueError):
        signer(enregistrement(), identifiant)


@reglages(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.dates(date(2000, 1, 1), date(2179, 6, 6)),
    st.integers(0, 2**20 - 1),
    st.binary(min_size=16, max_size=16).map(bytes.hex),
)
def test_tout_parchemin_se_signe_et_se_relit(jour, rang, identifiant):
    """For any day, rank and identifier: read back equal, and in agreement with its record."""
    fiche = enregistrement(delivre_le=jour.isoformat(), numero=f"FTC-{jour.year}-{rang:05d}")
    lu = lire(signer(fiche, identifiant))
    assert (lu.jour, lu.rang, lu.identifiant) == (jour, rang, identifiant)
    assert lu.concorde_avec(fiche)


def test_l_adresse_tient_en_mode_alphanumerique(settings):
    """Capitals only, our origin, 255 characters at most as the CPF asks of urlPreuve."""
    settings.ADRESSE_PUBLIQUE = "https://cqp.exemple.fr/"
    jeton = signer(enregistrement(), IDENTIFIANT)
    assert adresse(jeton) == f"HTTPS://CQP.EXEMPLE.FR/V/{jeton}"
    settings.ADRESSE_PUBLIQUE = "https://" + "a" * 80 + ".fr"
    with pytest.raises(ValueError):
        adresse(jeton)
    settings.ADRESSE_PUBLIQUE = "https://cqp_registre.fr"
    with pytest.raises(ValueError):
        adresse(jeton)
