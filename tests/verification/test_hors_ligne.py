"""The verifier that needs no site: one file, and the same answer as the page (a drill plays a thousand cases)."""

import ast
import json
import random
import secrets
from collections import Counter
from pathlib import Path

import pytest

from registre import cles, jetons
from tests.registre.exemples import attestation, bloc, de_branche, enregistrement
from verification import hors_ligne

pytestmark = pytest.mark.une_base

NOMS = ["Dupont", "N’Guyen", "Œuvrard-Le Goff", "D'Ærø", "Łukasz", "Ÿ", "MÜLLER", "de La Tour", "Þórsson", "Straße"]
PRENOMS = ["Élodie", "Jean-Noël", "Zoé", "Anaïs", "Ğülşah", "Ìsé", "José-María"]


def cles_publiees() -> dict[int, hors_ligne.Cle]:
    return hors_ligne.lire_cles(json.dumps({"keys": [cle.jwk() for cle in cles.publiques().values()]}))


def imprime(fiche: dict) -> dict[str, str]:
    """What a person reads on the paper."""
    titulaire, certification = fiche["titulaire"], fiche["certification"]
    return {
        "nom": titulaire["nom_naissance"],
        "nom_usage": titulaire["nom_usage"],
        "prenoms": " ".join(filter(None, (titulaire["prenom1"], titulaire["prenom2"], titulaire["prenom3"]))),
        "titre": f"{certification['intitule']} {certification['option'] or ''}",
        "code": certification["numero_fiche"],
        "numero": fiche["numero"],
        "date": fiche["delivre_le"],
    }


def fiche_au_hasard(hasard: random.Random) -> dict:
    fiche = hasard.choice([enregistrement, attestation, bloc, de_branche])()
    fiche["titulaire"] |= {
        "nom_naissance": hasard.choice(NOMS),
        "nom_usage": hasard.choice(["", *NOMS]),
        "prenom1": hasard.choice(PRENOMS),
        "prenom2": hasard.choice(["", *PRENOMS]),
    }
    return fiche


def abimer(hasard: random.Random, jeton: str) -> str:
    rang = hasard.randrange(len(jeton))
    return jeton[:rang] + hasard.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") + jeton[rang + 1 :]


def en_ligne(code: str, fiche: dict) -> tuple[bool, bool | None]:
    """What the site's own reading says: the signature, and whether it is this record that was signed."""
    try:
        return True, jetons.lire(code.rsplit("/", 1)[-1].upper()).engagement == jetons.engagement(
            fiche, jetons.lire(code.rsplit("/", 1)[-1].upper()).identifiant
        )
    except jetons.JetonInvalide:
        return False, None


def comparer(nombre: int) -> Counter:
    """Good, damaged, of another person, with another number: both readings agree, always; return what was met."""
    hasard, vus = random.Random(20261122), Counter()
    for _ in range(nombre):
        fiche = fiche_au_hasard(hasard)
        jeton = jetons.signer(fiche, secrets.token_hex(16))
        geste = hasard.choice(["rien", "jeton", "personne", "numero"])
        if geste == "jeton":
            jeton = abimer(hasard, jeton)
        elif geste == "personne":
            fiche["titulaire"] |= {"prenom1": hasard.choice(PRENOMS)}
        elif geste == "numero":
            fiche["numero"] = fiche["numero"][:-1] + hasard.choice("0123456789")
        code = hasard.choice([jeton, jetons.adresse(jeton), jetons.adresse(jeton).lower(), f" {jeton}/"])
        verdict = hors_ligne.verifier(code, cles_publiees(), imprime(fiche))
        assert (verdict.signature, verdict.mentions) == en_ligne(code.strip().rstrip("/"), fiche), (geste, code)
        vus[geste, verdict.signature, verdict.mentions] += 1
    assert {("rien", True, True), ("jeton", False, None), ("personne", True, False)} <= set(vus)
    return vus


def test_cent_cas_donnent_la_meme_reponse_que_le_site():
    """A drill plays a thousand, and asks the page itself."""
    comparer(100)


def test_ce_qui_est_imprime_se_tape_sans_soin():
    """Accents, case and punctuation do not count; a letter does."""
    fiche = enregistrement()
    fiche["titulaire"] |= {"nom_naissance": "Œuvrard-Le Goff", "prenom1": "Élodie", "prenom2": "", "prenom3": ""}
    jeton, lu = jetons.signer(fiche, "0f" * 16), imprime(fiche)
    tape = lu | {"nom": "oeuvrard le goff", "prenoms": " ELODIE "}
    assert hors_ligne.verifier(jeton, cles_publiees(), tape).mentions is True
    assert hors_ligne.verifier(jeton, cles_publiees(), tape | {"nom": "oeuvrard le gof"}).mentions is False


@pytest.mark.parametrize("code", ["", "bonjour", "HTTPS://X.FR/V/AAAA", "é" * 168, "A" * 167, "1" * 168, "A" * 168])
def test_un_texte_quelconque_n_est_pas_authentique(code):
    """A sentence, never a trace."""
    verdict = hors_ligne.verifier(code, cles_publiees())
    assert not verdict.signature and verdict.phrase.endswith(".")


def test_la_cle_d_un_autre_registre_ne_compte_pas():
    """A token is worth what its key is."""
    jeton = jetons.signer(enregistrement(), "ab" * 16)
    assert not hors_ligne.verifier(jeton, {}).signature
    autre = {kid: hors_ligne.Cle(bytes(reversed(cle.octets))) for kid, cle in cles_publiees().items()}
    assert not hors_ligne.verifier(jeton, autre).signature


def test_le_fichier_se_suffit(tmp_path):
    """Nothing of the site is imported: the standard library and `cryptography`."""
    arbre = ast.parse(Path(hors_ligne.__file__).read_text(encoding="utf-8"))
    modules = {a.name for n in ast.walk(arbre) if isinstance(n, ast.Import) for a in n.names}
    modules |= {n.module for n in ast.walk(arbre) if isinstance(n, ast.ImportFrom)}
    connus = {"argparse", "base64", "hashlib", "json", "re", "struct", "sys", "unicodedata", "dataclasses", "datetime"}
    assert {m for m in modules if not m.startswith("cryptography")} <= connus | {"hmac", "pathlib"}


def test_la_ligne_de_commande_repond(client, tmp_path, capsys):
    """From the file of keys that the site publishes; the exit code says it too."""
    chemin = tmp_path / "cles.json"
    chemin.write_bytes(client.get("/.well-known/cqp-cles.json").content)
    fiche = enregistrement()
    jeton, lu = jetons.signer(fiche, "cd" * 16), imprime(fiche)
    arguments = ["--cles", str(chemin), "--qr", jetons.adresse(jeton)]
    arguments += [x for cle, valeur in lu.items() for x in (f"--{cle.replace('_', '-')}", valeur)]
    assert hors_ligne.principal(arguments) == 0
    assert "Authentique" in capsys.readouterr().out
    assert hors_ligne.principal([*arguments[:-1], "2020-01-01"]) == 1
    assert "ne vous y fiez pas" in capsys.readouterr().out
    assert hors_ligne.principal(["--cles", str(tmp_path / "absent"), "--qr", jeton]) == 2
    assert "Rien n’a été vérifié" in capsys.readouterr().err
