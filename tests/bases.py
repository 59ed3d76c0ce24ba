"""What runs on which database, and the migrated test base, kept because making it costs as much as hundreds of tests.

SQLite tries everything. PostgreSQL tries again what a database does, in the files of `DEUX_BASES`: constraints,
triggers, locks, transactions, searches, the queries of lists and figures, JSON, migrations, what each verb writes, the
whole life of a dossier. What is decided in Python whatever holds the rows (a page, a form, a text, a document, who may
log in) says the same on both; `script/test --pg` tries it all the same. What PostgreSQL alone refuses, a row lock
outside a transaction, SQLite refuses here too (`exiger_une_transaction`).
"""

import fcntl
import fnmatch
import hashlib
import os
import shutil
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import transaction
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

from registre import declencheurs

# Paths under tests/.
DEUX_BASES = (
    "test_bases.py",
    "test_concurrence.py",
    "test_invariants.py",
    "test_parcours*.py",
    "test_verbes.py",
    "backoffice/candidatures/test_liste.py",
    "backoffice/candidatures/test_positionnement.py",
    "backoffice/candidatures/test_vie.py",
    "backoffice/comptes/test_demandes.py",
    "backoffice/comptes/test_invitations.py",
    "backoffice/delivrances/*",
    "backoffice/espace/test_donnees.py",
    "backoffice/evaluations/test_brouillons.py",
    "backoffice/evaluations/test_invitation.py",
    "backoffice/jurys/test_attente_de_place.py",
    "backoffice/jurys/test_inscription.py",
    "backoffice/jurys/test_liste_pv.py",
    "backoffice/jurys/test_revocation.py",
    "backoffice/jurys/test_scelles.py",
    "backoffice/jurys/test_scellement.py",
    "backoffice/jurys/test_scrutins*.py",
    "backoffice/jurys/test_statistiques.py",
    "backoffice/listes/*",
    "backoffice/notifications/test_relances.py",
    "backoffice/parcours/test_versions.py",
    "backoffice/pilotage/*",
    "cpf/test_accuses.py",
    "cpf/test_lots.py",
    "home/test_catalogue.py",
    "home/test_recherche.py",
    "registre/test_cog.py",
    "registre/test_comptages.py",
    "registre/test_courriels.py",
    "registre/test_delivrance.py",
    "registre/test_gardien.py",
    "registre/test_importer_france_competences.py",
    "registre/test_journal.py",
    "registre/test_numerotation.py",
    "registre/test_publication.py",
    "registre/test_quotidien.py",
    "registre/test_reprise.py",
    "registre/test_transitions.py",
    "registre/transparence/test_journal_public.py",
    "verification/test_parchemin.py",
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
    return not _parmi(chemin, DEUX_BASES)


def est_longue(chemin: Path) -> bool:
    """Does this file last long enough to be begun first?"""
    return _parmi(chemin, LONGUES)


def du_test(bloc):
    """Mark a transaction as the test's own, not the product's."""
    bloc._from_testcase = True
    return bloc


_tolerees: list[bool] = []


@contextmanager
def tolerer_celle_du_test():
    """Let the transaction of the test stand for the one of the act."""
    _tolerees.append(True)
    try:
        yield
    finally:
        _tolerees.pop()


def exiger_une_transaction(patch) -> None:
    """Make SQLite, which ignores row locks, refuse one that is asked for outside a transaction, as PostgreSQL does.

    The transactions of the tests themselves do not count: they are marked, ours as well as Django's. The tests of the
    ground floor, whose primitives run in the transaction of whoever calls, ask for `tolerer_celle_du_test`.
    """
    d_origine = SQLCompiler.as_sql

    def dans_celle_du_produit(connexion=None) -> bool:
        blocs = (connexion or transaction.get_connection()).atomic_blocks
        return bool(_tolerees) or not all(bloc._from_testcase for bloc in blocs)

    def as_sql(compilateur, *args, **kwargs):
        if compilateur.query.select_for_update:
            if not dans_celle_du_produit(compilateur.connection):
                raise TransactionManagementError("select_for_update demandé hors d’une transaction du produit.")
        return d_origine(compilateur, *args, **kwargs)

    patch.setattr(SQLCompiler, "as_sql", as_sql)
    patch.setattr("backoffice.jurys.places.en_transaction", dans_celle_du_produit)


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

    def rendre(self) -> None:
        """Put the migrated base back in place, page by page, under the connections that are open."""
        self.connexion.ensure_connection()
        with closing(sqlite3.connect(self.chemin)) as propre:
            propre.backup(self.connexion.connection)


class ModelePostgresql:
    """The migrated base as a template in the cluster."""

    copie_en_place = False  # the base is still to be created: from the template
    contenu = ""  # what the migrations wrote, once the base is there

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

    def rendre(self) -> None:
        """Empty the tables that hold something, then put back what the migrations had written."""
        tables = self.connexion.introspection.django_table_names(only_existing=True, include_views=False)
        with base_ouverte(self.connexion), self.connexion.cursor() as curseur:
            curseur.execute(" UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\")" for t in tables))
            # Content types stay: what is put back before them would make them again under other keys.
            for (table,) in curseur.fetchall():
                if table != "django_content_type":
                    curseur.execute(f'DELETE FROM "{table}"')
        self.connexion.creation.deserialize_db_from_string(self.contenu)
        # PostgreSQL would count on from where it was, and the rows came back with their own keys.
        with self.connexion.cursor() as curseur:
            for ordre in self.connexion.ops.sequence_reset_sql(no_style(), apps.get_models()):
                curseur.execute(ordre)


def modele(connexion, dossier: Path) -> ModeleSqlite | ModelePostgresql:
    return (ModeleSqlite if connexion.vendor == "sqlite" else ModelePostgresql)(connexion, dossier)


@contextmanager
def base_ouverte(connexion):
    """Somebody with all the rights on the database: meanwhile rows may be changed behind the verbs."""
    if connexion.vendor == "postgresql":
        # The triggers of a table cannot be taken off while checks on its new rows are pending.
        with connexion.cursor() as curseur:
            curseur.execute("SET session_replication_role = replica")
            yield
            curseur.execute("SET session_replication_role = DEFAULT")
        return
    declencheurs.oter()
    yield
    declencheurs.poser()
