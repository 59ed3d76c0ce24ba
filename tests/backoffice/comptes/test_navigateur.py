"""The account pages in a browser: from the password to the first screen, and readable by everyone."""

import pytest

from backoffice.comptes.models import Role
from tests.connexion import activer_totp, code_totp_neuf, se_connecter
from tests.navigateur import regarder

from .conftest import MOT_DE_PASSE

pytestmark = pytest.mark.django_db(transaction=True)


def test_activer_son_second_facteur_puis_travailler(navigateur, gestionnaire):
    """Password, key copied from the screen, code, recovery codes, then the page first asked for: no second login."""
    page = navigateur
    page.goto("/gestion/compte/")
    page.fill("#id_login", gestionnaire.email)
    page.fill("#id_password", MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/compte/2fa/totp/activate/")
    assert page.get_by_text("Votre fonction donne accès à des dossiers personnels").is_visible()

    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.fill("#id_code", "000000")
    page.get_by_role("button", name="Activer").click()
    page.get_by_text("Ce code n’est pas le bon").first.wait_for()
    assert page.locator("#secret").inner_text().replace(" ", "") == secret, "a wrong code does not change the key"
    page.fill("#id_code", code_totp_neuf(secret))
    page.get_by_role("button", name="Activer").click()
    page.wait_for_url("**/compte/2fa/recovery-codes/")
    assert page.locator("#codes li").count() == 10
    page.get_by_role("link", name="Je les ai notés, continuer").click()
    page.wait_for_url("**/gestion/compte/")
    assert page.get_by_role("heading", name="Claire Martin").is_visible()


def test_le_second_facteur_se_demande_a_la_connexion_suivante(navigateur, gestionnaire):
    """The two lines that every other test uses do go through both screens."""
    page = se_connecter(navigateur, "", gestionnaire.email, MOT_DE_PASSE, activer_totp(gestionnaire))
    page.goto("/gestion/compte/")
    assert page.get_by_role("heading", name="Claire Martin").is_visible()


def test_une_cle_d_acces_suffit_a_se_connecter(ouvrir_navigateur, gestionnaire):
    """A passkey that checks its owner holds both factors; the browser keeps it, no password is typed again."""
    page = ouvrir_navigateur()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    se_connecter(page, "", gestionnaire.email, MOT_DE_PASSE)
    page.goto("/compte/2fa/webauthn/add/")
    page.check("#id_passwordless")
    page.get_by_role("button", name="Ajouter cette clé").click()
    page.wait_for_url("**/compte/2fa/recovery-codes/")
    page.goto("/gestion/compte/")
    assert page.get_by_role("heading", name="Claire Martin").is_visible(), "the key just presented counts"

    page.context.clear_cookies()
    page.goto("/compte/login/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.wait_for_url("**/gestion/**")
    page.goto("/gestion/compte/")
    assert page.get_by_role("heading", name="Claire Martin").is_visible()


def test_les_pages_du_compte_sont_accessibles(ouvrir_navigateur, gestionnaire):
    """axe finds nothing, and a 320-pixel screen needs no sideways scrolling (WCAG 1.4.10)."""
    page = ouvrir_navigateur()
    page.goto("/compte/login/")
    regarder(page)
    page.fill("#id_login", gestionnaire.email)
    page.fill("#id_password", "un mauvais mot de passe")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("alert").first.wait_for()
    regarder(page)
    page.fill("#id_password", MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/2fa/totp/activate/")
    regarder(page)
    page.fill("#id_code", code_totp_neuf(page.locator("#secret").inner_text().replace(" ", "")))
    page.get_by_role("button", name="Activer").click()
    page.wait_for_url("**/recovery-codes/")
    regarder(page)
    for adresse in ("/compte/2fa/", "/compte/sessions/", "/compte/password/change/", "/gestion/compte/"):
        page.goto(adresse)
        regarder(page)


def test_un_compte_sans_fonction_protegee_n_a_qu_un_mot_de_passe(navigateur, employeur):
    """The employer types one password, and is in."""
    assert not {r.nom for r in employeur.roles_actifs} & set(Role.NOMS_PROTEGES)
    page = se_connecter(navigateur, "", employeur.email, MOT_DE_PASSE)
    page.goto("/gestion/compte/")
    assert page.get_by_role("heading", name="Claire Martin").is_visible()
