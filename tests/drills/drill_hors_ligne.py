"""The offline verifier agrees with the site on a thousand cases, then with the page as a visitor reads it."""

import random

import pytest

from registre import jetons
from tests.verification.fabrique import document
from tests.verification.test_hors_ligne import abimer, cles_publiees, comparer, fiche_au_hasard, imprime
from verification import hors_ligne, limites


def test_mille_cas_sans_la_base():
    """Both readings of the same rules."""
    vus = comparer(1000)
    print(f"\n{sum(vus.values())} cas, toujours la même réponse : {dict(vus)}")


@pytest.mark.django_db
def test_mille_cas_par_la_page(client, monkeypatch):
    """A document of the register, its code whole or damaged: « Altéré » there if and only if it is refused here."""
    monkeypatch.setitem(limites.TOLERANCES, "jeton", 10_000)
    hasard, cles = random.Random(20261201), cles_publiees()
    accords = {"authentique": 0, "refusé": 0}
    for rang in range(1, 1001):
        fiche = fiche_au_hasard(hasard)
        fiche["numero"] = f"{fiche['numero'].rpartition('-')[0]}-{rang:05d}"
        jeton = document(fiche).jeton
        lu = abimer(hasard, jeton) if hasard.random() < 0.5 else jeton
        verdict = hors_ligne.verifier(jetons.adresse(lu), cles, imprime(fiche))
        texte = client.get(f"/V/{lu}").text
        assert verdict.signature is ("Altéré" not in texte), lu
        assert not verdict.signature or (verdict.mentions is True and fiche["numero"] in texte), lu
        accords["authentique" if verdict.signature else "refusé"] += 1
    print(f"\n1 000 cas, page et programme d’accord : {accords}")
