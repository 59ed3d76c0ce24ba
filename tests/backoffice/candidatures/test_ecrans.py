"""The screens in a browser: wide, narrow, without JavaScript."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests import fabriques as f
from tests.connexion import connecter
from tests.navigateur import regarder

LARGEURS = (1280, 320)


def entrer(page, live_server, utilisateur):
    """Give this page the session of a person."""
    cookie = connecter(Client(), utilisateur).cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    return page


def test_aucun_ecran_ne_deborde(transactional_db, live_server, ouvrir_navigateur):
    """List, entry, dossier with all its rubrics, page of an act, refusal: no sideways scrolling, no script error."""
    acteurs = f.Acteurs()
    brouillon, evaluee = f.brouillon(acteurs), f.evaluee(acteurs)
    acte = "/gestion/actes/candidatures.candidature"
    adresses = ["/gestion/candidatures/", "/gestion/candidatures/?etape=2", "/gestion/candidatures/nouvelle/"]
    adresses += [f"{acte}/{brouillon.pk}/{nom}/" for nom in ("joindre_piece", "annuler", "deposer")]
    etapes = ("objectif", "personne", "formation", "pieces", "relecture")
    adresses += [f"/gestion/candidatures/{brouillon.pk}/saisie/{etape}/" for etape in etapes]
    adresses += [f"/gestion/candidatures/{brouillon.pk}/dupliquer/"]
    adresses += [f"{acte}/{evaluee.pk}/declarer_recevable/"]
    adresses += [
        f"{evaluee.get_absolute_url()}?onglet={o}"
        for o in ("dossier", "evaluation", "jury", "documents", "echanges", "journal")
    ]
    for largeur in LARGEURS:
        page = ouvrir_navigateur(viewport={"width": largeur, "height": 800})
        entrer(page, live_server, acteurs.employeur)
        for adresse in adresses:
            page.goto(adresse)
            assert page.locator("h1").count() == 1, adresse
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (largeur, adresse)


ETAT_CIVIL = {
    "nom_naissance": "Hérail",
    "prenom1": "Jeanne",
    "jour_naissance": "3",
    "mois_naissance": "5",
    "annee_naissance": "1990",
    "commune_naissance": "Mende",
    "code_insee_naissance": "48095",
    "courriel": "jeanne@example.org",
}


@pytest.mark.parametrize("scripts", [True, False])
def test_un_dossier_se_saisit_au_clavier_avec_ou_sans_javascript(
    transactional_db, live_server, ouvrir_navigateur, scripts
):
    """Step by step with the keys alone, left half way, taken up where it was; each page wide, narrow, before axe."""
    acteurs = f.Acteurs()
    acteurs.autre = f.VersionFactory()
    f.ParcoursFactory(certification=acteurs.autre.certification)
    page = entrer(ouvrir_navigateur(java_script_enabled=scripts), live_server, acteurs.employeur)

    def valider(nom, de=None):
        if scripts:
            regarder(page)
        with page.expect_navigation():
            (de or page.locator("main")).get_by_role("button", name=nom, exact=True).press("Enter")

    page.goto("/gestion/candidatures/nouvelle/")
    page.locator("#id_version").focus()
    page.select_option("#id_version", str(acteurs.version.pk))
    valider("Continuer")
    page.select_option("#id_modalite_acces", index=1)
    valider("Ouvrir le brouillon")
    page.select_option("#id_titulaire-sexe", "F")
    page.locator("#id_titulaire-nom_naissance").focus()
    page.keyboard.type("Hérail")
    page.keyboard.press("Tab")
    page.locator("#id_titulaire-annee_naissance").focus()
    page.keyboard.type("90")
    valider("Enregistrer et quitter")
    with page.expect_navigation():
        page.locator(".entete-actions").get_by_role("link", name="Compléter le dossier").press("Enter")
    expect(page.locator("#id_titulaire-annee_naissance")).to_have_value("90")
    expect(page.locator("#id_titulaire-nom_naissance")).to_have_value("Hérail")
    for champ, valeur in ETAT_CIVIL.items():
        page.fill(f"#id_titulaire-{champ}", valeur)
    valider("Enregistrer et continuer")
    valider("Enregistrer et continuer")
    page.set_input_files("input[type=file]", {"name": "diplome.pdf", "mimeType": "application/pdf", "buffer": f.pdf()})
    valider("Enregistrer et continuer")
    valider("Déposer la candidature")
    expect(page.get_by_text("examine la recevabilité").first).to_be_visible()
    assert "Hérail".upper() in page.locator("h1").inner_text()
