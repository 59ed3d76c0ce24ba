"""Run the demonstration's web server and worker together, and leave nothing behind.

Each process gets a session of its own, so that stopping it also stops its children; the kernel ends it if this
supervisor is killed without notice. A background process that dies is started again, and finishes what it had begun.
Only the standard library: Django runs in the processes started here.
"""

import ctypes
import errno
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
DONNEES = Path(os.environ.get("DOSSIER_DONNEES") or RACINE / "var").absolute()
JOURNAUX = DONNEES / "journaux"
DELAI_DE_DEMARRAGE = 90
DELAI_D_ARRET = 12
PR_SET_PDEATHSIG = 1
# The worker and the daily tasks may be killed (want of memory, a kick): more often than this, something is wrong.
DE_FOND = ("taches", "quotidien")
RELANCES_AU_PLUS, PENDANT = 5, 60.0


class Arret(Exception):
    """A signal asked us to stop."""


def demander_l_arret(numero, cadre):
    raise Arret


def choisir_port() -> int:
    """Return the port asked for. Ends with a sentence when it is not a number or is already taken."""
    texte = os.environ.get("PORT") or "8000"
    if not texte.isdecimal() or not 0 < int(texte) < 65536:
        sys.exit(f"Erreur : PORT={texte} n’est pas un numéro de port (1 à 65535).")
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", int(texte)))
        except OSError as refus:
            raison = {errno.EADDRINUSE: "déjà pris", errno.EACCES: "réservé"}.get(refus.errno, refus.strerror)
            sys.exit(
                f"Erreur : le port {texte} n’est pas disponible ({raison}).\n"
                f"Choisissez-en un autre : PORT={(int(texte) + 1) % 65536 or 8001} script/server"
            )
    return int(texte)


def mourir_avec_le_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def lancer(nom: str, *arguments: str, mode: str = "wb") -> subprocess.Popen:
    """Start one process in its own session, its output in `journaux/<nom>.log`."""
    journal = JOURNAUX / f"{nom}.log"
    with journal.open(mode) as sortie:
        processus = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=RACINE,
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=mourir_avec_le_parent,
        )
    processus.nom, processus.journal, processus.arguments = nom, journal, arguments
    return processus


def envoyer(processus: subprocess.Popen, numero: int) -> None:
    try:
        os.killpg(processus.pid, numero)
    except ProcessLookupError:
        pass


def arreter(tous: list[subprocess.Popen]) -> None:
    """Ask every process group to end, then insist."""
    for processus in tous:
        envoyer(processus, signal.SIGTERM)
    limite = time.monotonic() + DELAI_D_ARRET
    for processus in tous:
        try:
            processus.wait(timeout=max(0.1, limite - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        envoyer(processus, signal.SIGKILL)
        processus.wait()


def dernieres_lignes(journal: Path, nombre: int = 40) -> str:
    return "\n".join(journal.read_text(errors="replace").splitlines()[-nombre:])


def verifier_vivants(tous: list[subprocess.Popen]) -> None:
    for processus in tous:
        if processus.poll() is not None:
            sys.exit(
                f"\n{dernieres_lignes(processus.journal)}\n\n"
                f"Erreur : le processus « {processus.nom} » s’est arrêté (code {processus.returncode}). "
                f"Son journal : {processus.journal}"
            )


def relancer_les_morts(tous: list[subprocess.Popen], relances: list[float]) -> None:
    """Start again the background processes that have ended; `relances` holds when that was done, latest last."""
    for rang, processus in enumerate(tous):
        if processus.nom not in DE_FOND or processus.poll() is None:
            continue
        relances[:] = [quand for quand in relances if time.monotonic() - quand < PENDANT]
        if len(relances) >= RELANCES_AU_PLUS:
            return  # `verifier_vivants` then says so, and ends everything
        relances.append(time.monotonic())
        print(f"Le processus « {processus.nom} » s’est arrêté : il repart.", file=sys.stderr, flush=True)
        tous[rang] = lancer(processus.nom, *processus.arguments, mode="ab")


def attendre_la_reponse(adresse: str, tous: list[subprocess.Popen]) -> None:
    """Return when the home page answers; ends with the web log when it fails or takes too long."""
    limite = time.monotonic() + DELAI_DE_DEMARRAGE
    ouvreur = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < limite:
        verifier_vivants(tous)
        try:
            with ouvreur.open(adresse, timeout=30):
                return
        except urllib.error.HTTPError as erreur:
            if erreur.code < 500:
                return
            sys.exit(f"\n{dernieres_lignes(tous[0].journal)}\n\nErreur : l’accueil répond {erreur.code}.")
        except OSError:
            time.sleep(0.2)
    sys.exit(f"\n{dernieres_lignes(tous[0].journal)}\n\nErreur : le site ne répond pas à {adresse}.")


def presenter(adresse: str, comptes: list[dict]) -> None:
    print(f"\nLe site est ouvert : {adresse}\n\nComptes de démonstration")
    largeur = max((len(compte["courriel"]) for compte in comptes), default=0)
    for compte in comptes:
        code = "code demandé" if compte.get("totp") else ""
        ligne = f"  {compte['courriel']:<{largeur}}  {compte['mot_de_passe']}  {compte['role']}"
        print(f"{ligne}  ({code})" if code else ligne)
    exemple = next((compte["courriel"] for compte in comptes if compte.get("totp")), "COURRIEL")
    ailleurs = "" if DONNEES == RACINE / "var" else f"DOSSIER_DONNEES={shlex.quote(str(DONNEES))} "
    print(
        "\nCode à six chiffres d’un compte (il change toutes les trente secondes) :\n"
        f"  {ailleurs}.venv/bin/python manage.py demonstration --code {exemple}\n"
        "\nTrois choses à essayer\n"
        f"  1. Trouver un CQP, puis vérifier un parchemin : {adresse}/cqp/ et {adresse}/verifier/\n"
        f"  2. Se connecter comme employeur et ouvrir un dossier : {adresse}/gestion/\n"
        f"  3. Lire les courriels que l’application envoie : {adresse}/style/courriels/\n"
        f"\nJournaux : {JOURNAUX}\nCtrl-C arrête tout.",
        flush=True,
    )


def preparer(environnement: dict) -> list[dict]:
    resultat = subprocess.run(
        [sys.executable, "script/preparer.py"], cwd=RACINE, env=environnement, stdout=subprocess.PIPE, check=False
    )
    if resultat.returncode:
        sys.exit(resultat.returncode)
    return json.loads(resultat.stdout)


def main() -> None:
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, demander_l_arret)
    tous: list[subprocess.Popen] = []
    try:
        port = choisir_port()
        os.environ["DJANGO_SETTINGS_MODULE"] = "site_public.settings.dev"
        os.environ["DOSSIER_DONNEES"] = str(DONNEES)
        os.environ.setdefault("ADRESSE_PUBLIQUE", f"http://localhost:{port}")
        comptes = preparer(os.environ.copy())
        JOURNAUX.mkdir(parents=True, exist_ok=True)
        tous.append(
            lancer(
                *("web", "-m", "gunicorn", "site_public.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"),
                *("--graceful-timeout", "5", "--timeout", "120", "--access-logfile", "-", "--no-control-socket"),
            )
        )
        tous.append(lancer("taches", "manage.py", "ouvrier"))
        tous.append(lancer("quotidien", "manage.py", "quotidien", "--en-boucle"))
        attendre_la_reponse(f"http://127.0.0.1:{port}/", tous)
        presenter(f"http://localhost:{port}", comptes)
        relances: list[float] = []
        while True:
            relancer_les_morts(tous, relances)
            verifier_vivants(tous)
            time.sleep(0.5)
    except Arret:
        print("\nArrêt …", file=sys.stderr)
    finally:
        for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(numero, signal.SIG_IGN)
        arreter(tous)


if __name__ == "__main__":
    main()
