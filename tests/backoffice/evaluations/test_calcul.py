"""The arithmetic of an evaluation: exact, whatever the order, fair at the threshold, never worse for a better mark."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from backoffice.evaluations import calcul
from backoffice.evaluations.calcul import Regles
from backoffice.evaluations.grille import ecrire_note

NOTES = st.decimals(0, 20, places=2)
POIDS = st.decimals("0.25", 10, places=2)
GRILLES = st.lists(st.tuples(NOTES, POIDS), min_size=1, max_size=12)
SEUILS = st.integers(1, 100)
AVIS = st.lists(st.sampled_from([True, False]), min_size=1, max_size=3)
CONCORDANCES = st.sampled_from(["habilite", "favorables", "jury"])
RANG = {False: 0, None: 1, True: 2}


def regles(seuil=50, **champs) -> Regles:
    return Regles(mode="notes", seuil_bloc=seuil, **champs)


@given(GRILLES, st.randoms())
def test_la_note_ponderee_ne_depend_pas_de_l_ordre_et_reste_entre_les_extremes(grille, hasard):
    """The same marks in another order give the same exact mark, between the lowest and the highest."""
    melee = list(grille)
    hasard.shuffle(melee)
    note = calcul.note_ponderee(grille)
    assert note == calcul.note_ponderee(melee)
    assert min(n for n, _ in grille) <= note <= max(n for n, _ in grille)


@given(GRILLES, SEUILS, st.data())
def test_une_meilleure_note_ne_fait_jamais_perdre_un_bloc(grille, seuil, data):
    """Monotone: raise one mark, and what was acquired stays acquired."""
    rang = data.draw(st.integers(0, len(grille) - 1))
    haute = data.draw(st.decimals(grille[rang][0], 20, places=2))
    mieux = [*grille[:rang], (haute, grille[rang][1]), *grille[rang + 1 :]]
    assert calcul.note_suffit(mieux, regles(seuil)) >= calcul.note_suffit(grille, regles(seuil))


@given(SEUILS, st.lists(POIDS, min_size=1, max_size=8))
def test_juste_au_seuil_le_bloc_est_acquis_juste_dessous_non(seuil, poids):
    """Every mark at the threshold: acquired, to the hundredth; one hundredth less on each: not."""
    note = regles(seuil).note_du_bloc
    assert calcul.note_suffit([(note, p) for p in poids], regles(seuil))
    assert not calcul.note_suffit([(note - Decimal("0.01"), p) for p in poids], regles(seuil))
    assert regles(seuil_competence=note).acquise(note)


@given(GRILLES, SEUILS)
def test_la_note_affichee_dit_la_meme_chose_que_la_note_exacte(grille, seuil):
    """What people read is cut, not rounded up: it reaches the threshold exactly when the bloc is acquired."""
    exacte = calcul.note_ponderee(grille)
    affichee = calcul.arrondie(exacte)
    assert (affichee >= regles(seuil).note_du_bloc) == calcul.note_suffit(grille, regles(seuil))
    assert 0 <= exacte - Fraction(affichee) < Fraction(1, 100)


@given(GRILLES)
def test_une_note_qui_manque_n_est_pas_un_zero(grille):
    """An unfinished grid acquires nothing, and does not lower what is shown either."""
    assert not calcul.note_suffit([*grille, (None, Decimal(1))], regles(1))
    assert calcul.note_ponderee([]) is None
    assert calcul.arrondie(None) is None


@given(st.lists(st.sampled_from([True, False, None]), max_size=10), SEUILS, st.data())
def test_la_part_de_competences_est_monotone_et_laisse_au_jury_ce_qui_change_tout(conclusions, seuil, data):
    """None exactly when the compétences left to the jury decide; an answer more favourable never lowers the bloc."""
    bloc = calcul.bloc_par_competences(conclusions, seuil)
    au_pire = calcul.bloc_par_competences([c is True for c in conclusions], seuil)
    au_mieux = calcul.bloc_par_competences([c is not False for c in conclusions], seuil)
    assert bloc == (au_pire if au_pire == au_mieux else None)
    assert bloc == calcul.bloc_par_competences(conclusions[::-1], seuil)
    assume(conclusions)
    rang = data.draw(st.integers(0, len(conclusions) - 1))
    mieux = calcul.bloc_par_competences([*conclusions[:rang], True, *conclusions[rang + 1 :]], seuil)
    assert RANG[mieux] >= RANG[bloc]


@given(AVIS, CONCORDANCES, st.data())
def test_la_concordance_suit_sa_regle(avis, regle, data):
    """The first concludes; or all must be favourable; or they agree, and the jury settles the rest. Monotone."""
    conclusion = calcul.concorder(avis, regle)
    attendue = {
        "habilite": avis[0],
        "favorables": all(avis),
        "jury": avis[0] if len(set(avis)) == 1 else None,
    }
    assert conclusion is attendue[regle]
    rang = data.draw(st.integers(0, len(avis) - 1))
    mieux = calcul.concorder([*avis[:rang], True, *avis[rang + 1 :]], regle)
    assert RANG[mieux] >= RANG[conclusion]


def test_une_note_s_ecrit_a_la_francaise():
    """A comma, and no zero that says nothing."""
    assert [ecrire_note(Decimal(n)) for n in ("12.50", "8.00", "20", "100", "0.25")] == [
        "12,5",
        "8",
        "20",
        "100",
        "0,25",
    ]
