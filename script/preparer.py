"""Bring the demonstration up to date in one process: starting Django once per command would cost seconds each.

Prints on its standard output the JSON list of the demonstration's accounts; what it says to people goes to stderr.
"""

import hashlib
import io
import logging
import os
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))


def dire(texte: str) -> None:
    print(texte, file=sys.stderr, flush=True)


def empreinte_des_statiques() -> str:
    """Fingerprint of what collectstatic would read: our own files by date and size, the packages by the lock."""
    lignes = [(RACINE / "requirements.txt").read_bytes()]
    for dossier in sorted(RACINE.glob("**/static")):
        if ".venv" in dossier.parts or "var" in dossier.parts:
            continue
        for fichier in sorted(dossier.rglob("*")):
            if fichier.is_file():
                etat = fichier.stat()
                lignes.append(f"{fichier.relative_to(RACINE)} {etat.st_size} {etat.st_mtime_ns}".encode())
    return hashlib.sha256(b"\n".join(lignes)).hexdigest()


def rassembler_les_statiques() -> None:
    """Run collectstatic only when a file or a package changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    racine = Path(settings.STATIC_ROOT)
    marque = racine.parent / "statiques.empreinte"
    empreinte = empreinte_des_statiques()
    if (racine / "staticfiles.json").exists() and marque.exists() and marque.read_text() == empreinte:
        return
    dire("Fichiers statiques : préparation …")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    marque.write_text(empreinte)


def migrer() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executeur = MigrationExecutor(connection)
    if executeur.migration_plan(executeur.loader.graph.leaf_nodes()):
        dire("Base de données : mise à jour …")
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def creer_la_premiere_cle() -> None:
    """The key that signs parchemins and the certificate that seals them, unless this installation has its own already.

    The public log begins with the key.
    """
    from registre import certificats, cles, trousseau

    if not any(cle.active for cle in cles.publiques().values()):
        cles.creer()
    certificats.creer_s_il_en_manque()
    trousseau.annoncer()


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_public.settings.dev"
    import django
    from django.conf import settings
    from django.core.management import CommandError, call_command

    django.setup()
    # Three hundred dossiers are about to be told to the journal: what the person reads here is our own few lines.
    logging.disable(logging.INFO)
    Path(settings.DONNEES).mkdir(parents=True, exist_ok=True)
    try:
        migrer()
        creer_la_premiere_cle()
        rassembler_les_statiques()
        dire("Données de démonstration : vérification, ou premier chargement (une à deux minutes) …")
        comptes = io.StringIO()
        call_command("demonstration", "--json", stdout=comptes)
        # What a power cut left half way is queued again before the worker starts.
        call_command("reprendre", stdout=io.StringIO())
    except CommandError as refus:
        dire(f"\nErreur : {refus}")
        return 1
    sys.stdout.write(comptes.getvalue())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
