"""The tree of the public log, against its definition in RFC 6962."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registre.transparence import arbre

FEUILLES = [arbre.hacher_feuille(f"feuille {n}".encode()) for n in range(300)]


def definition(feuilles):
    """The root as RFC 6962 §2.1 writes it, with nothing clever."""
    if not feuilles:
        return hashlib.sha256(b"").digest()
    if len(feuilles) == 1:
        return feuilles[0]
    coupe = 1
    while coupe * 2 < len(feuilles):
        coupe *= 2
    return hashlib.sha256(b"\x01" + definition(feuilles[:coupe]) + definition(feuilles[coupe:])).digest()


def abime(preuve, tirage):
    """The same proof with one bit turned, or one hash too many or too few."""
    faute = tirage.draw(st.sampled_from(["bit", "plus", "moins"] if preuve else ["plus"]))
    if faute == "plus":
        return [*preuve, FEUILLES[0]]
    rang = tirage.draw(st.integers(0, len(preuve) - 1))
    if faute == "moins":
        return preuve[:rang] + preuve[rang + 1 :]
    return [*preuve[:rang], bytes([preuve[rang][0] ^ 1]) + preuve[rang][1:], *preuve[rang + 1 :]]


def test_les_valeurs_de_la_norme():
    """The roots published with RFC 6962's own test data (certificate-transparency, eight leaves)."""
    entrees = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    feuilles = [arbre.hacher_feuille(bytes.fromhex(e)) for e in entrees]
    assert arbre.racine(arbre.lecteur(feuilles), 1).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert arbre.racine(arbre.lecteur(feuilles), 8).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@given(st.integers(0, 300))
def test_la_racine_est_celle_de_la_definition(taille):
    """Whatever the size, powers of two or not."""
    assert arbre.racine(arbre.lecteur(FEUILLES), taille) == definition(FEUILLES[:taille])


@given(st.integers(1, 300), st.data())
def test_une_feuille_se_prouve_a_sa_place_et_nulle_part_ailleurs(taille, tirage):
    """The proof holds for its leaf, rank, size and root; touched anywhere, it fails."""
    lire, rang = arbre.lecteur(FEUILLES), tirage.draw(st.integers(0, taille - 1))
    racine, preuve = arbre.racine(lire, taille), arbre.preuve_inclusion(lire, rang, taille)
    arbre.verifier_inclusion(FEUILLES[rang], rang, taille, preuve, racine)
    for cas in (
        (FEUILLES[(rang + 1) % 300], rang, taille, preuve, racine),
        (FEUILLES[rang], rang, taille, abime(preuve, tirage), racine),
        (FEUILLES[rang], rang, taille, preuve, FEUILLES[0] if taille > 1 else FEUILLES[1]),
        (FEUILLES[rang], taille, taille, preuve, racine),
    ):
        with pytest.raises(arbre.PreuveFausse):
            arbre.verifier_inclusion(*cas)


@given(st.integers(1, 300), st.data())
def test_un_arbre_qui_grandit_le_prouve(taille, tirage):
    """The former tree begins the new one; a former tree with one other leaf does not."""
    ancienne = tirage.draw(st.integers(1, taille))
    lire = arbre.lecteur(FEUILLES)
    preuve = arbre.preuve_coherence(lire, ancienne, taille)
    avant, apres = arbre.racine(lire, ancienne), arbre.racine(lire, taille)
    arbre.verifier_coherence(ancienne, taille, avant, apres, preuve)
    change = tirage.draw(st.integers(0, ancienne - 1))
    autres = [*FEUILLES[:change], arbre.hacher_feuille(b"autre"), *FEUILLES[change + 1 :]]
    reecrit = arbre.racine(arbre.lecteur(autres), ancienne)
    for cas in ((ancienne, taille, reecrit, apres, preuve), (ancienne, taille, avant, apres, abime(preuve, tirage))):
        with pytest.raises(arbre.PreuveFausse):
            arbre.verifier_coherence(*cas)


@pytest.mark.parametrize(("rang", "taille"), [(5, 5), (-1, 5), (0, 0)])
def test_on_ne_prouve_que_ce_qui_est_dans_l_arbre(rang, taille):
    """No proof is made for a leaf that is not there."""
    with pytest.raises(IndexError):
        arbre.preuve_inclusion(arbre.lecteur(FEUILLES), rang, taille)
