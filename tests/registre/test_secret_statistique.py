"""Statistical secrecy: no small count is published, and none can be recomputed from what is."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registre.secret_statistique import TOTAL, est_petit, masquer, proteger_serie, proteger_tableau, taux


@pytest.mark.parametrize(
    ("effectif", "montre"), [(0, "0"), (1, "Moins de 5"), (4, "Moins de 5"), (5, "5"), (1234, "1\u202f234")]
)
def test_un_effectif_seul_se_montre_ou_se_cache(effectif, montre):
    """From 1 to 4 people, one could be named: the count is hidden. Zero is nobody."""
    assert masquer(effectif).replace("\xa0", "\u202f") == montre


@pytest.mark.parametrize(
    ("part", "tout", "attendu"),
    [(8, 8, 100), (9, 18, 50), (0, 7, 0), (3, 3, None), (4, 20, None), (17, 20, None), (2, 4, None), (0, 0, None)],
)
def test_un_taux_ne_dit_pas_un_petit_effectif(part, tout, attendu):
    """A rate beside a count gives the others by subtraction: 17 of 20 says that three failed, so it is hidden."""
    assert taux(part, tout) == attendu


def test_une_serie_ne_se_recalcule_pas_meme_en_connaissant_la_regle():
    """All series of four years from 0 to 8: whatever is published, each hidden figure may have been another."""
    origines = defaultdict(list)
    for effectifs in product(range(9), repeat=4):
        origines[proteger_serie(effectifs)].append(effectifs)
    for publie, possibles in origines.items():
        for rang, valeur in enumerate(publie.valeurs):
            assert valeur is not None or len({p[rang] for p in possibles}) > 1, (publie, possibles)
        caches = [{sum(n for n, v in zip(p, publie.valeurs, strict=True) if v is None)} for p in possibles]
        assert publie.total is None or all(not est_petit(min(c)) for c in caches), publie


@given(st.lists(st.integers(0, 200), max_size=12))
def test_une_serie_publie_le_vrai_et_rien_de_petit(effectifs):
    """What is shown is exact and never from 1 to 4; a series without small counts is shown whole."""
    publie = proteger_serie(effectifs)
    for vrai, montre in zip(effectifs, publie.valeurs, strict=True):
        assert montre is None or (montre == vrai and not est_petit(montre))
    assert publie.total in {None, sum(effectifs)}
    assert publie.total is None or not est_petit(publie.total)
    if not any(map(est_petit, effectifs)):
        assert None not in publie.valeurs


tableaux = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from([2024, 2025, 2026])), st.integers(0, 12), max_size=9
)


def avec_marges(effectifs):
    """The figures and every sum that is published beside them."""
    sommes = defaultdict(int)
    for (ligne, colonne), n in effectifs.items():
        for cle in ((ligne, colonne), (ligne, TOTAL), (TOTAL, colonne), (TOTAL, TOTAL)):
            sommes[cle] += n
    return sommes


@settings(deadline=None, max_examples=200)
@given(tableaux)
def test_un_tableau_ne_se_recalcule_pas_par_ses_totaux(effectifs):
    """For each hidden figure, total included, another table gives the same publication and another figure there."""
    publie, vrais = proteger_tableau(effectifs), avec_marges(effectifs)
    caches = [cle for cle, n in vrais.items() if n and publie[cle] is None]
    mobiles = [cle for cle in effectifs if cle in caches]
    autrement = defaultdict(set)
    for pas in product((-1, 0, 1), repeat=len(mobiles)):
        sommes = avec_marges({**effectifs, **{c: effectifs[c] + p for c, p in zip(mobiles, pas, strict=True)}})
        if all(n == vrais[c] if c not in caches else n > 0 for c, n in sommes.items()):
            for cle in caches:
                autrement[cle].add(sommes[cle])
        if all(len(autrement[c]) > 1 for c in caches):
            break
    assert all(len(autrement[c]) > 1 for c in caches), (effectifs, publie)


@settings(deadline=None, max_examples=200)
@given(tableaux)
def test_un_tableau_publie_le_vrai_et_rien_de_petit(effectifs):
    """What is shown is exact and never from 1 to 4, nor is what is hidden in a line less than that together."""
    publie, vrais = proteger_tableau(effectifs), avec_marges(effectifs)
    for cle, n in vrais.items():
        assert publie[cle] is None or (publie[cle] == n and not est_petit(n))
    for ligne in {cle[0] for cle in effectifs}:
        caches = sum(n for cle, n in effectifs.items() if cle[0] == ligne and publie[cle] is None)
        assert publie[ligne, TOTAL] is None or not est_petit(caches)
    if not any(map(est_petit, vrais.values())):
        assert None not in publie.cellules.values()


def test_un_grand_registre_se_protege_sans_tout_cacher():
    """Three hundred CQPs over ten years: the years and the large CQPs keep their totals."""
    effectifs = {(cqp, annee): (cqp * 7 + annee * 3) % 40 for cqp in range(300) for annee in range(10)}
    publie = proteger_tableau(effectifs)
    montres = sum(n is not None for n in publie.cellules.values())
    assert montres > 0.8 * len(publie.cellules)
    assert all(publie[TOTAL, annee] is not None for annee in range(10))
