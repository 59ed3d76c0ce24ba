"""What the database itself refuses, whoever asks (ORM, raw SQL, console): each room registers its refusals here.

SQLite drops the triggers of a table that Django remakes, and cannot rename a table that a trigger reads: they are taken
off before each migrate there, and laid again after, on both engines (`apps.py`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True)
class Declencheur:
    """One refusal: of which order on which table, when, in which words.

    `quand` is a condition in SQL on OLD and NEW that both engines read; empty: always. TRUNCATE is PostgreSQL's only.
    """

    nom: str
    table: str
    geste: str
    refus: str
    quand: str = ""

    def en_sqlite(self) -> str:
        condition = f" WHEN {self.quand}" if self.quand else ""
        return (
            f"CREATE TRIGGER {self.nom} BEFORE {self.geste} ON {self.table}{condition} "
            f"BEGIN SELECT RAISE(ABORT, '{self.refus}'); END"
        )

    def corps_postgresql(self) -> str:
        """PostgreSQL allows no subquery in the condition of a trigger: the function asks it."""
        refus = f"RAISE EXCEPTION '{self.refus}' USING ERRCODE = 'integrity_constraint_violation';"
        rend = "NULL" if self.geste == "TRUNCATE" else "OLD" if self.geste == "DELETE" else "NEW"
        return f" BEGIN IF {self.quand or 'true'} THEN {refus} END IF; RETURN {rend}; END "

    def en_postgresql(self) -> tuple[str, ...]:
        portee = "STATEMENT" if self.geste == "TRUNCATE" else "ROW"
        fonction = f"CREATE OR REPLACE FUNCTION {self.nom}() RETURNS trigger LANGUAGE plpgsql"
        return (
            f"{fonction} AS $${self.corps_postgresql()}$$",
            f"CREATE TRIGGER {self.nom} BEFORE {self.geste} ON {self.table} "
            f"FOR EACH {portee} EXECUTE FUNCTION {self.nom}()",
        )


@dataclass(frozen=True)
class Echo(Declencheur):
    """One consequence: after this order on this table, others run in the same transaction. Nothing is refused.

    `ordres`: for each engine, the SQL.
    """

    ordres: tuple[tuple[str, str], ...] = ()

    def en_sqlite(self) -> str:
        return f"CREATE TRIGGER {self.nom} AFTER {self.geste} ON {self.table} BEGIN {dict(self.ordres)['sqlite']}; END"

    def corps_postgresql(self) -> str:
        return f" BEGIN {dict(self.ordres)['postgresql']}; RETURN NULL; END "

    def en_postgresql(self) -> tuple[str, ...]:
        fonction = f"CREATE OR REPLACE FUNCTION {self.nom}() RETURNS trigger LANGUAGE plpgsql"
        return (
            f"{fonction} AS $${self.corps_postgresql()}$$",
            f"CREATE TRIGGER {self.nom} AFTER {self.geste} ON {self.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {self.nom}()",
        )


DECLENCHEURS: dict[str, Declencheur] = {}


def inscrire(declencheurs: Iterable[Declencheur]) -> None:
    """Have these refusals laid with the others.

    Raises:
        ValueError: another one has this name.
    """
    for declencheur in declencheurs:
        if DECLENCHEURS.setdefault(declencheur.nom, declencheur) != declencheur:
            raise ValueError(f"Deux déclencheurs s’appellent «\u202f{declencheur.nom}\u202f».")


def _voulus(connexion, gestes) -> Iterator[Declencheur]:
    tables = set(connexion.introspection.table_names())
    for declencheur in DECLENCHEURS.values():
        tronque = declencheur.geste == "TRUNCATE" and connexion.vendor != "postgresql"
        if declencheur.table in tables and not tronque and (not gestes or declencheur.geste in gestes):
            yield declencheur


def oter(using="default", gestes=(), **kwargs) -> None:
    """Take them off (all, or those on these orders)."""
    connexion = connections[using]
    with connexion.cursor() as curseur:
        for declencheur in _voulus(connexion, gestes):
            sur = "" if connexion.vendor == "sqlite" else f" ON {declencheur.table}"
            curseur.execute(f"DROP TRIGGER IF EXISTS {declencheur.nom}{sur}")


def oter_avant_de_migrer(using="default", **kwargs) -> None:
    """SQLite alone: see the head of this file."""
    if connections[using].vendor == "sqlite":
        oter(using)


def poser(using="default", gestes=(), **kwargs) -> None:
    """Lay them (all, or those on these orders) on the tables that are there."""
    connexion = connections[using]
    oter(using, gestes)
    with connexion.cursor() as curseur:
        for declencheur in _voulus(connexion, gestes):
            sqlite = connexion.vendor == "sqlite"
            for ordre in (declencheur.en_sqlite(),) if sqlite else declencheur.en_postgresql():
                curseur.execute(ordre)


def absents(using="default") -> list[str]:
    """Those that are not there, are switched off, or no longer say what they should."""
    connexion = connections[using]
    with connexion.cursor() as curseur:
        if connexion.vendor == "sqlite":
            curseur.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            poses = dict(curseur.fetchall())
            return [d.nom for d in _voulus(connexion, ()) if poses.get(d.nom) != d.en_sqlite()]
        curseur.execute(
            "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgenabled <> 'D'"
        )
        poses = dict(curseur.fetchall())
        return [d.nom for d in _voulus(connexion, ()) if poses.get(d.nom) != d.corps_postgresql()]
