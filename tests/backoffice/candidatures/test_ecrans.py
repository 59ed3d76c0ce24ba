"""The screens in a browser: wide, narrow, without JavaScript."""

import pytest
from django.test import Client

from tests import fabriques as f
from tests.connexion import connecter
from tests.navigateur import suivre

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


@pytest.mark.parametrize("scripts", [True, False])
def test_un_dossier_s_ouvre_avec_ou_sans_javascript(transactional_db, live_server, ouvrir_navigateur, scripts):
    """Fill in, save the draft, join the pièce, declare: nothing needs a script, and each act has its message."""
    acteurs = f.Acteurs()
    page = entrer(ouvrir_navigateur(java_script_enabled=scripts), live_server, acteurs.employeur)
    page.goto("/gestion/candidatures/")
    page.get_by_role("link", name="Nouvelle candidature").first.click()
    page.select_option("#id_modalite_acces", index=1)
    suivre(page.get_by_role("button", name="Ouvrir le brouillon"))
    page.select_option("#id_titulaire-sexe", "F")
    textes = {"nom_naissance": "Hérail", "prenom1": "Jeanne", "annee_naissance": "1990", "mois_naissance": "5"}
    textes |= {"jour_naissance": "3", "commune_naissance": "Mende", "code_insee_naissance": "48095"}
    for champ, valeur in {**textes, "courriel": "jeanne@example.org"}.items():
        page.fill(f"#id_titulaire-{champ}", valeur)
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    page.set_input_files("input[type=file]", {"name": "diplome.pdf", "mimeType": "application/pdf", "buffer": f.pdf()})
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    suivre(page.get_by_role("button", name="Déposer la candidature"))
    page.get_by_text("Le porteur examine", exact=False).or_(
        page.get_by_text("examine la recevabilité")
    ).first.wait_for()
    assert "Hérail".upper() in page.locator("h1").inner_text()
