"""Take the pictures that the guides show: the demonstration as each role sees it, in Debian's chromium.

Started by `script/guides`. With names as arguments, only the pictures whose name begins so.
"""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

RACINE = Path(__file__).resolve().parent.parent
SORTIE = RACINE / "site_public" / "static" / "guides"
BUREAU, TELEPHONE = (1120, 760), (390, 780)


@dataclass(frozen=True)
class Prise:
    """One picture: its name, the account (before the @), the page, then links to follow (selectors), the size."""

    nom: str
    compte: str
    page: str
    suivre: tuple[str, ...] = ()
    taille: tuple[int, int] = BUREAU


LISTE = "/gestion/candidatures/"
PREMIER = "main table tbody tr td a"
PRISES = (
    Prise("employeur-a-faire", "employeur", "/gestion/"),
    Prise("employeur-saisie", "employeur", "/gestion/candidatures/nouvelle/"),
    Prise("employeur-dossier", "employeur", f"{LISTE}?etat=incomplete", (PREMIER,)),
    Prise("candidat-espace", "candidat", "/gestion/", (), TELEPHONE),
    Prise("evaluateur-dossier", "evaluateur", f"{LISTE}?etat=en_evaluation", (PREMIER,)),
    Prise(
        "evaluateur-grille",
        "evaluateur",
        f"{LISTE}?etat=en_evaluation",
        (PREMIER, "main a[href^='/gestion/evaluations/']:not([href*='habilitations'])"),
        TELEPHONE,
    ),
    Prise("gestionnaire-a-faire", "gestionnaire.chimie", "/gestion/"),
    Prise("gestionnaire-liste", "gestionnaire.chimie", f"{LISTE}?etat=deposee"),
    Prise(
        "gestionnaire-recevabilite",
        "gestionnaire.chimie",
        f"{LISTE}?etat=deposee",
        (PREMIER, "main a[href$='/recevabilite/']"),
    ),
    Prise("gestionnaire-parcours", "gestionnaire.chimie", "/gestion/parcours/", (PREMIER,)),
    Prise("jury-salle", "jury.employeurs", "/gestion/jurys/", (PREMIER, "main a[href*='/salle/']")),
    Prise("certificateur-tableau", "certificateur", "/gestion/tableau/"),
    Prise("certificateur-cpf", "certificateur", "/gestion/cpf/"),
    Prise("signataire-dossier", "signataire", "/gestion/"),
    Prise("auditeur-journal", "auditeur", "/gestion/journal/"),
    Prise("editeur-page", "", "/cqp/", ("main .grille-cartes a",)),
)


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


def python(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *arguments], cwd=RACINE, check=True, **options)


def attendre(adresse: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{adresse}/sante/", timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.25)
    sys.exit(f"Erreur : le site ne répond pas à {adresse}.")


def connecter(page, compte: dict) -> None:
    page.goto("/compte/login/")
    page.fill("#id_login", compte["courriel"])
    page.fill("#id_password", compte["mot_de_passe"])
    page.locator("form:has(#id_password) button[type=submit]").first.click()
    if compte.get("totp"):
        code = python("manage.py", "demonstration", "--code", compte["courriel"], stdout=subprocess.PIPE, text=True)
        page.fill("#id_code", code.stdout.strip())
        page.locator("form:has(#id_code) button[type=submit]").first.click()
    page.wait_for_url("**/gestion/**")
    # The notice that a candidate reads at the first connection.
    if "/information/" in page.url:
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()


def suivre(page, liens: tuple[str, ...]) -> bool:
    """Go through these links one after the other; when one is missing further on, try the next of its kind."""
    if not liens:
        return True
    for adresse in [lien.get_attribute("href") for lien in page.locator(liens[0]).all()]:
        page.goto(adresse)
        if suivre(page, liens[1:]):
            return True
    return False


def prendre(page, prise: Prise) -> list[int]:
    """Go there, and store the top of the page; returns its width and height in pixels."""
    page.set_viewport_size({"width": prise.taille[0], "height": prise.taille[1]})
    page.goto(prise.page)
    if not suivre(page, prise.suivre):
        sys.exit(f"Erreur : « {prise.nom} », aucun chemin depuis {prise.page} ({', '.join(prise.suivre)}).")
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    image.convert("RGB").save(SORTIE / f"{prise.nom}.webp", quality=82, method=6)
    return list(image.size)


def main() -> None:
    voulues = [p for p in PRISES if not sys.argv[1:] or p.nom.startswith(tuple(sys.argv[1:]))]
    adresse = f"http://127.0.0.1:{port_libre()}"
    os.environ |= {"DJANGO_SETTINGS_MODULE": "site_public.settings.dev", "ADRESSE_PUBLIQUE": adresse}
    comptes = json.loads(python("script/preparer.py", stdout=subprocess.PIPE).stdout)
    serveur = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "site_public.wsgi", "--bind", adresse.removeprefix("http://")],
        cwd=RACINE,
        stderr=subprocess.DEVNULL,
    )
    manifeste = SORTIE / "captures.json"
    tailles = json.loads(manifeste.read_text()) if manifeste.exists() and sys.argv[1:] else {}
    try:
        attendre(adresse)
        with sync_playwright() as outil:
            navigateur = outil.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            for qui in dict.fromkeys(p.compte for p in voulues):
                page = navigateur.new_context(base_url=adresse, locale="fr-FR", timezone_id="Europe/Paris").new_page()
                if qui:
                    connecter(page, next(c for c in comptes if c["courriel"] == f"{qui}@example.org"))
                for prise in (p for p in voulues if p.compte == qui):
                    tailles[prise.nom] = prendre(page, prise)
                    print(f"{prise.nom} : {tailles[prise.nom]}", flush=True)
            navigateur.close()
    finally:
        serveur.terminate()
        serveur.wait()
    manifeste.write_text(json.dumps(tailles, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
