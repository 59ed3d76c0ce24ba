"""A hundred thousand forged tokens, then the page itself: none accepted, no query, no name (figures printed)."""

import base64
import random
import secrets
import time
from collections import Counter

import pytest

from registre import jetons
from tests.registre.exemples import enregistrement
from tests.verification.fabrique import document
from tests.verification.test_parchemin import adresse, page, phrase, verdict
from verification import limites
from verification.constat import Statut

CENT_MILLE = 100_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def forges(bons: list[str], nombre: int, hasard: random.Random):
    """Random bytes, the same under a good header, one letter changed, bits turned, two tokens sewn together."""
    octets = [base64.b32decode(bon) for bon in bons]
    for rang in range(nombre):
        bon, autre = hasard.choice(octets), hasard.choice(octets)
        sorte = rang % 5
        if sorte == 0:
            forge = hasard.randbytes(105)
        elif sorte == 1:
            forge = bon[:2] + hasard.randbytes(103)
        elif sorte == 2:
            texte = bytearray(base64.b32encode(bon))
            texte[hasard.randrange(168)] = ord(hasard.choice(ALPHABET))
            forge = base64.b32decode(bytes(texte))
        elif sorte == 3:
            change = bytearray(bon)
            for _ in range(hasard.randrange(1, 6)):
                bit = hasard.randrange(840)
                change[bit // 8] ^= 1 << bit % 8
            forge = bytes(change)
        else:
            coupe = hasard.randrange(1, 105)
            forge = bon[:coupe] + autre[coupe:]
        if forge not in octets:
            yield base64.b32encode(forge).decode()


def test_cent_mille_jetons_forges():
    """The database is closed to this test: one query would fail it."""
    hasard, motifs, acceptes, total = random.Random(20261201), Counter(), 0, 0
    bons = [jetons.signer(enregistrement(numero=f"FTC-2026-{n:05d}"), secrets.token_hex(16)) for n in range(1, 21)]
    depart = time.perf_counter()
    for forge in forges(bons, int(CENT_MILLE * 1.05), hasard):
        total += 1
        try:
            jetons.lire(forge)
        except jetons.JetonInvalide as refus:
            motifs[refus.motif.value] += 1
        else:
            acceptes += 1
    duree = time.perf_counter() - depart
    print(f"\n{total} jetons forgés en {duree:.1f} s : {acceptes} accepté(s), 0 requête ; refus {dict(motifs)}")
    assert acceptes == 0 and total >= CENT_MILLE


@pytest.mark.django_db
def test_la_page_refuse_chacun_des_840_bits_sans_requete(client, django_assert_num_queries, monkeypatch):
    """Through the whole application: the same text for every bit, and the register is never opened."""
    octets = base64.b32decode(document().jeton)
    reponses = []
    with django_assert_num_queries(0):
        for bit in range(840):
            change = bytearray(octets)
            change[bit // 8] ^= 1 << bit % 8
            reponses.append(client.get(adresse(base64.b32encode(bytes(change)).decode())))
    refusees = sum(verdict(reponse) == phrase(Statut.ALTERE) for reponse in reponses)
    print(f"\n840 bits retournés : {refusees} « Altéré », 0 requête")
    assert refusees == 840 and not any("DUPONT" in page(reponse) for reponse in reponses)


@pytest.mark.django_db
def test_deux_mille_numeros_a_la_suite(client, monkeypatch):
    """A thief walks the numbers from many addresses: no name, one answer, one length; from one address, stopped."""
    for rang in range(1, 51):
        document(enregistrement(numero=f"FTC-2026-{rang:05d}"))
    reponses, temps = Counter(), {"connu": [], "inconnu": []}
    # Known and unknown numbers mixed: a slow moment of the machine says nothing of either.
    for rang in random.Random(3).sample(range(1, 2001), 2000):
        donnees = {"numero": f"FTC-2026-{rang:05d}", "nom_naissance": "MARTIN"}
        depart = time.perf_counter()
        reponse = client.post("/verifier/", donnees, REMOTE_ADDR=f"198.51.{rang // 200}.{rang % 200}")
        temps["connu" if rang <= 50 else "inconnu"].append(time.perf_counter() - depart)
        reponses[reponse.status_code, reponse.content] += 1
    (((statut, contenu), nombre),) = reponses.items()
    texte = contenu.decode()
    assert (statut, nombre) == (200, 2000) and "Ne concorde pas" in texte
    assert not any(mot in texte for mot in ("DUPONT", "Élodie", "Conducteur"))
    medianes = {sorte: sorted(t)[len(t) // 2] * 1000 for sorte, t in temps.items()}
    freines = [client.post("/verifier/", donnees).status_code for _ in range(2000)]
    print(f"\n2 000 numéros : une seule réponse de {len(contenu)} octets ; médianes {medianes} ms")
    print(f"d’une seule adresse : {freines.count(200)} réponses, {freines.count(429)} refus")
    assert freines.count(200) == limites.TOLERANCES["saisie"]
