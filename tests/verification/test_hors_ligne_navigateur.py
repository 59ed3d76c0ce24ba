"""The offline check in a real browser: on the site, then from a file with the network cut."""

import pytest
from playwright.sync_api import expect

from registre import jetons
from tests.navigateur import regarder
from tests.registre.exemples import enregistrement

from .test_hors_ligne import imprime

pytestmark = pytest.mark.django_db


def fiche():
    exemple = enregistrement()
    exemple["titulaire"] |= {"nom_naissance": "Œuvrard-Le Goff", "prenom1": "Élodie", "prenom2": "", "prenom3": ""}
    return exemple


def remplir(page, code: str, mentions: dict[str, str]):
    page.locator("[name=qr]").fill(code)
    for nom, valeur in mentions.items():
        page.locator(f"[name={nom}]").fill(valeur)
    page.get_by_role("button", name="Vérifier").click()


def test_la_page_verifie_puis_le_fichier_sans_reseau(page, live_server, client, tmp_path):
    """Authentic, of another person, damaged: the same answers on the site and from the file kept beforehand."""
    signee = fiche()
    code, mentions = jetons.adresse(jetons.signer(signee, "5a" * 16)), imprime(signee)
    tape = mentions | {"nom": "oeuvrard le goff", "prenoms": "ELODIE"}
    abime = code[:-1] + ("A" if code[-1] != "A" else "B")
    page.goto(f"{live_server.url}/verifier/hors-ligne/")
    regarder(page)
    remplir(page, code, tape)
    expect(page.get_by_text("Authentique.")).to_be_visible()
    regarder(page)
    fichier = tmp_path / "garde.html"
    reponse = client.get("/verifier/hors-ligne/page")
    assert "attachment" in reponse["Content-Disposition"]
    fichier.write_bytes(reponse.content)
    page.context.set_offline(True)
    page.goto(fichier.as_uri())
    regarder(page)
    for texte, dites, attendu in (
        (code, tape, "Authentique."),
        (code, tape | {"nom": "Autre"}, "Ne concorde pas."),
        (abime, tape, "Altéré."),
        ("bonjour", tape, "Illisible."),
        (code, dict.fromkeys(tape, ""), "Code bien signé."),
    ):
        remplir(page, texte, dites)
        expect(page.get_by_text(attendu)).to_be_visible()
        expect(page.locator("[data-reponse]:visible")).to_have_count(1)


def test_le_programme_se_telecharge_tel_quel(client):
    """The very file that the tests try."""
    reponse = client.get("/verifier/hors-ligne/programme")
    assert reponse.content.startswith(b'"""Check a parchemin with the network off') and "attachment" in str(
        reponse["Content-Disposition"]
    )
