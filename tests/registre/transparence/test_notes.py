"""Signed notes: who signed what, and nothing that looks like it."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registre.transparence import notes, tuiles

# The example published with the format (Go's sumdb/note): its key, its text, its signature.
CLE_PUBLIEE = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE_PUBLIEE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def signataire(nom="journal.example.org", genre=notes.ED25519):
    return notes.Signataire(nom, Ed25519PrivateKey.generate(), genre)


def test_la_note_publiee_avec_le_format_se_verifie():
    """Our reading of the format is that of its authors."""
    assert notes.instants(NOTE_PUBLIEE, [notes.Verificateur.lire(CLE_PUBLIEE)]) == {"PeterNeumann": 0}


def test_une_lettre_changee_est_vue():
    """The text is covered whole."""
    with pytest.raises(notes.NoteFausse, match="n’est pas celle de ce texte"):
        notes.instants(NOTE_PUBLIEE.replace("answer", "Answer"), [notes.Verificateur.lire(CLE_PUBLIEE)])


def test_un_temoin_dit_quand_il_a_vu():
    """The moment is signed with the text: changing it breaks the signature."""
    journal, temoin = signataire(), signataire("college-salaries", notes.COSIGNATURE)
    tete = notes.Tete("journal.example.org", 12, b"\x07" * 32)
    note = f"{tete.corps}\n{journal.signer(tete.corps)}{temoin.signer(tete.corps, 1_790_000_000)}"
    connus = [journal.verificateur, temoin.verificateur]
    assert notes.instants(note, connus) == {"journal.example.org": 0, "college-salaries": 1_790_000_000}
    assert notes.Tete.lire(notes.separer(note)[0]) == tete
    signature = note.split()[-1]
    octets = bytearray(base64.b64decode(signature))
    octets[4:12] = (1_790_000_999).to_bytes(8, "big")
    with pytest.raises(notes.NoteFausse):
        notes.instants(note.replace(signature, base64.b64encode(octets).decode()), connus)


def test_une_cle_inconnue_ne_compte_pas():
    """Neither for us, nor against the note."""
    journal = signataire()
    note = f"a\n\n{journal.signer(f'a{chr(10)}')}"
    assert notes.instants(note, [signataire("journal.example.org").verificateur]) == {}


@pytest.mark.parametrize("texte", ["", "sans signature\n", "a\n\nb\n", "a\n\n— nom pas-du-base64!\n"])
def test_ce_qui_n_est_pas_signe_n_est_pas_une_note(texte):
    """A text without its lines of signature is refused."""
    with pytest.raises(notes.NoteFausse):
        notes.separer(texte)


@pytest.mark.parametrize(
    "ligne", ["", "nom", "nom+00000000+AAAA", CLE_PUBLIEE.replace("c74f", "c74e"), CLE_PUBLIEE[:-8], "a+b+é"]
)
def test_une_cle_publique_mal_recopiee_est_refusee(ligne):
    """Her identifier is a hash of the rest."""
    with pytest.raises(notes.NoteFausse):
        notes.Verificateur.lire(ligne)


@given(st.integers(0, 10**12))
def test_le_rang_d_une_tuile_n_a_qu_une_ecriture(rang):
    """What is written is read back; the example of the format is written as it says."""
    assert tuiles.lire_rang(tuiles.ecrire_rang(rang)) == rang
    assert tuiles.ecrire_rang(1234067) == "x001/x234/067"
    for faux in ("67", "x067", "x000/067", "001/234", "0067", "٠٦٧"):
        with pytest.raises(ValueError):
            tuiles.lire_rang(faux)


@given(st.lists(st.binary(max_size=200), max_size=20), st.data())
def test_un_paquet_d_entrees_se_relit(entrees, tirage):
    """Bound then unbound; cut anywhere inside, it is refused or shorter, never wrong."""
    octets = tuiles.lier_entrees(entrees)
    assert tuiles.delier_entrees(octets) == entrees
    coupe = tirage.draw(st.integers(0, len(octets)))
    try:
        assert tuiles.delier_entrees(octets[:coupe]) == entrees[: len(tuiles.delier_entrees(octets[:coupe]))]
    except ValueError:
        assert coupe < len(octets)
