"""What runs on which database, and the migrated test base, kept because making it costs as much as hundreds of tests.

Both databases try what a database does: constraints, triggers, locks, transactions, searches, the queries of lists and
figures, JSON, migrations, what each verb writes, the whole life of a dossier. SQLite alone tries what is decided in
Python whatever holds the rows: a page, a form, a text, a document, a file that is read or written, who may log in.
A file is tried on both until it stands in `UNE_BASE`.
"""

import fcntl
import fnmatch
import hashlib
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# Paths under tests/. A screen's file is named after it: `test_ecran*.py`.
UNE_BASE = (
    "*/test_ecran*.py",
    "backoffice/aide/*",
    "backoffice/candidatures/test_balises.py",
    "backoffice/candidatures/test_classeur*.py",
    "backoffice/candidatures/test_vraisemblance.py",
    "backoffice/comptes/test_attente.py",
    "backoffice/comptes/test_connexion.py",
    "backoffice/comptes/test_dates.py",
    "backoffice/comptes/test_oidc.py",
    "backoffice/comptes/test_portes.py",
    "backoffice/comptes/test_second_facteur.py",
    "backoffice/espace/test_suivi.py",
    "backoffice/evaluations/test_calcul.py",
    "backoffice/evaluations/test_grille.py",
    "backoffice/evaluations/test_guide.py",
    "backoffice/evaluations/test_notes.py",
    "backoffice/jurys/test_feuilles.py",
    "backoffice/jurys/test_salle.py",
    "backoffice/notifications/test_centre.py",
    "backoffice/notifications/test_courriels.py",
    "backoffice/notifications/test_textes.py",
    "backoffice/parcours/test_controle.py",
    "backoffice/parcours/test_promesse.py",
    "cpf/test_controles.py",
    "cpf/test_flux.py",
    "cpf/test_schemas.py",
    "home/test_blocs.py",
    "home/test_edition.py",
    "home/test_page*.py",
    "registre/test_badge.py",
    "registre/test_canonique.py",
    "registre/test_cles.py",
    "registre/test_courriels_poste.py",
    "registre/test_documents*.py",
    "registre/test_france_competences.py",
    "registre/test_jetons.py",
    "registre/test_mentions.py",
    "site_public/*",
    "test_acces.py",
    "test_securite.py",
    "registre/transparence/test_arbre.py",
    "registre/transparence/test_notes.py",
    "verification/test_attestations.py",
    "verification/test_hors_ligne.py",
    "verification/test_saisie.py",
)

# Files of half a minute and more: they begin first.
LONGUES = (
    "test_acces.py",
    "test_parcours_navigateur.py",
    "test_invariants.py",
    "registre/test_documents.py",
    "backoffice/jurys/test_feuilles.py",
    "backoffice/jurys/test_soixante_dossiers.py",
)


def _parmi(chemin: Path, motifs: tuple[str, ...]) -> bool:
    relatif = chemin.relative_to(Path(__file__).parent).as_posix()
    return any(fnmatch.fnmatch(relatif, motif) for motif in motifs)


def une_seule_suffit(chemin: Path) -> bool:
    """Does this file of tests say the same whatever the database?"""
    return _parmi(chemin, UNE_BASE)


def est_longue(chemin: Path) -> bool:
    """Does this file last long enough to be begun first?"""
    return _parmi(chemin, LONGUES)


def empreinte() -> str:
    """Fingerprint of all that the migrated base depends on: our migrations, the packages, the settings, Python."""
    racine = Path(settings.BASE_DIR)
    sources = [
        *sorted(f for app in racine.iterdir() if app.name != ".venv" for f in app.glob("**/migrations/*.py")),
        *sorted((racine / "site_public" / "settings").glob("*.py")),
        racine / "script" / "requirements-test.txt",
    ]
    somme = hashlib.sha256(sys.version.encode())
    for source in sources:
        somme.update(f"{source.relative_to(racine)}\n".encode() + source.read_bytes())
    return somme.hexdigest()[:32]


@contextmanager
def verrou(chemin: Path):
    """Hold a lock between processes; the value is a function that lets it go early."""
    with chemin.open("w") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(fichier, fcntl.LOCK_UN)


class ModeleSqlite:
    """The migrated base as a file beside the cache of pytest."""

    def __init__(self, connexion, dossier: Path):
        self.connexion, self.chemin = connexion, dossier / f"{empreinte()}.sqlite3"
        self.copie_en_place = False

    def existe(self) -> bool:
        return self.chemin.exists()

    def copier(self) -> None:
        """Put the copy where the test base is looked for."""
        shutil.copyfile(self.chemin, self.connexion.settings_dict["TEST"]["NAME"])
        self.copie_en_place = True

    def garder(self) -> None:
        """Keep a copy of the base just migrated, and no older one."""
        provisoire = self.chemin.with_suffix(f".{os.getpid()}")
        with self.connexion.cursor() as curseur:
            curseur.execute("VACUUM INTO %s", [str(provisoire)])
        for ancien in self.chemin.parent.glob("*.sqlite3"):
            ancien.unlink()
        provisoire.rename(self.chemin)


class ModelePostgresql:
    """The migrated base as a template in the cluster."""

    copie_en_place = False  # the base is still to be created: from the template

    def __init__(self, connexion, dossier: Path):
        self.connexion, self.nom = connexion, f"modele_cqp_{empreinte()}"

    def _noms(self) -> list[str]:
        with self.connexion._nodb_cursor() as curseur:
            curseur.execute("SELECT datname FROM pg_database WHERE datname LIKE 'modele_cqp_%'")
            return [nom for (nom,) in curseur.fetchall()]

    def existe(self) -> bool:
        return self.nom in self._noms()

    def copier(self) -> None:
        self.connexion.settings_dict["TEST"]["TEMPLATE"] = self.nom

    def garder(self) -> None:
        """Make a template of the base just migrated, and keep no older one."""
        source = self.connexion.settings_dict["NAME"]
        self.connexion.close()
        anciens = self._noms()
        with self.connexion._nodb_cursor() as curseur:
            for nom in anciens:
                curseur.execute(f'DROP DATABASE "{nom}"')
            curseur.execute(f'CREATE DATABASE "{self.nom}" TEMPLATE "{source}"')


def modele(connexion, dossier: Path) -> ModeleSqlite | ModelePostgresql:
    return (ModeleSqlite if connexion.vendor == "sqlite" else ModelePostgresql)(connexion, dossier)


def oter_les_declencheurs(connexion) -> None:
    """Let the journal be emptied; the triggers are laid again afterwards."""
    with connexion.cursor() as curseur:
        if connexion.vendor == "postgresql":
            curseur.execute("DROP TRIGGER IF EXISTS journal_sans_vidange ON registre_entreejournal")
            return
        curseur.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_%'")
        for (nom,) in curseur.fetchall():
            curseur.execute(f"DROP TRIGGER {nom}")
