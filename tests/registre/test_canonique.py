"""One record has one writing: the ground on which hashes and signatures stand."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registre.canonique import ENTIER_MAXIMAL, NonCanonique, canoniser, empreinte

textes = st.text(st.characters(exclude_categories=["Cs"])).map(lambda t: unicodedata.normalize("NFC", t))
valeurs = st.recursive(
    st.none() | st.booleans() | st.integers(-ENTIER_MAXIMAL, ENTIER_MAXIMAL) | textes,
    lambda enfants: st.lists(enfants, max_size=4) | st.dictionaries(textes, enfants, max_size=4),
    max_leaves=20,
)


def test_ecrit_comme_le_rfc_8785():
    """Keys sorted by UTF-16 units, no space, shortest escapes: the RFC's own example of sorting (§3.2.3)."""
    objet = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\u05d3": "Hebrew Letter Dalet",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    attendu = ["\r", "1", "\u0080", "\u00f6", "\u05d3", "\u20ac", "\U0001f600"]
    assert list(json.loads(canoniser(objet))) == attendu
    assert (
        canoniser({"b": [1, None, True], "a": 'é"\\\n\x01'}) == '{"a":"é\\"\\\\\\n\\u0001","b":[1,null,true]}'.encode()
    )


@given(valeurs)
def test_ce_qui_est_ecrit_se_relit_a_l_identique(objet):
    """Reading back gives the same object, and writing it again the same bytes."""
    octets = canoniser(objet)
    assert json.loads(octets) == objet
    assert canoniser(json.loads(octets)) == octets


@given(st.dictionaries(textes, valeurs, min_size=2, max_size=5))
def test_l_ordre_des_cles_ne_change_rien(objet):
    """Two dictionaries filled in another order have the same writing."""
    assert canoniser(dict(reversed(objet.items()))) == canoniser(objet)


@pytest.mark.parametrize(
    "objet",
    [1.0, {"a": [0.5]}, float("nan"), 2**53, -(2**53), {1: "a"}, b"a", {"a"}, "e\u0301", {"e\u0301": 1}, "\ud800"],
)
def test_refuse_ce_qui_s_ecrit_de_plusieurs_facons(objet):
    """Floats, huge integers, keys that are not text, bytes, sets, text out of NFC, lone surrogates."""
    with pytest.raises(NonCanonique):
        canoniser(objet)


def test_le_refus_dit_ou():
    """The message leads to the culprit."""
    with pytest.raises(NonCanonique, match=r"\$\.blocs\[1\]\.note"):
        canoniser({"blocs": [{"note": 1}, {"note": 1.5}]})


def test_deux_domaines_deux_empreintes():
    """A hash made for one use cannot serve another."""
    assert len({empreinte({"a": 1}), empreinte({"a": 1}, "x"), empreinte({"a": 1}, "y")}) == 3
    assert empreinte({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
