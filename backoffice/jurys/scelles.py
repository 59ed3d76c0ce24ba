"""What sealed minutes fix, the database keeps: rows that are the act refuse to be changed, whoever asks.

Sealed: the minutes of the session (`rang` 0) carry `scelle_le`. What comes after an act stays free (`LIBRES`): the date
of a notification, a revocation, the PDF made once. One door, for the law: the individual voices are destroyed once
their ballot says when (`Scrutin.voix_detruites_le`, written by `menage.py` alone, and which never changes again).
"""

from collections.abc import Iterator

from django.db import models

from registre.declencheurs import Declencheur, inscrire

from .models import (
    DecisionBloc,
    Deport,
    Inscription,
    MembreJury,
    PieceDeSeance,
    ProcesVerbal,
    Procuration,
    Scrutin,
    SessionJury,
    SignaturePV,
    Voix,
)

REFUS = "un procès-verbal scellé ne se modifie pas"
_PV = ProcesVerbal._meta.db_table
_SCELLES = f"SELECT 1 FROM {_PV} pv WHERE pv.scelle_le IS NOT NULL"  # noqa: S608 - our own tables, here and below
_DE_LA_SESSION = f"EXISTS ({_SCELLES} AND pv.rang = 0 AND pv.session_id = %s)"
_PAR_DOSSIER = f"(SELECT session_id FROM {Inscription._meta.db_table} WHERE id = {{r}}.inscription_id)"  # noqa: S608
_PAR_SCRUTIN = (
    f"(SELECT i.session_id FROM {Inscription._meta.db_table} i JOIN {Scrutin._meta.db_table} s"  # noqa: S608
    " ON s.inscription_id = i.id WHERE s.id = {r}.scrutin_id)"
)
_PAR_MEMBRE = f"(SELECT session_id FROM {MembreJury._meta.db_table} WHERE id = {{r}}.mandant_id)"  # noqa: S608

# Model → is this row ({r}: OLD or NEW) part of sealed minutes?
EST_SCELLE: dict[type[models.Model], str] = {
    ProcesVerbal: "{r}.scelle_le IS NOT NULL",
    SignaturePV: f"EXISTS ({_SCELLES} AND pv.id = {{r}}.proces_verbal_id)",
    SessionJury: "{r}.etat = 'scellee'",
    Inscription: _DE_LA_SESSION % "{r}.session_id",
    MembreJury: _DE_LA_SESSION % "{r}.session_id",
    PieceDeSeance: _DE_LA_SESSION % "{r}.session_id",
    Procuration: _DE_LA_SESSION % _PAR_MEMBRE,
    DecisionBloc: _DE_LA_SESSION % _PAR_DOSSIER,
    Deport: _DE_LA_SESSION % _PAR_DOSSIER,
    Scrutin: _DE_LA_SESSION % _PAR_DOSSIER,
    Voix: _DE_LA_SESSION % _PAR_SCRUTIN,
}
# What still happens to these rows after the seal.
LIBRES: dict[type[models.Model], set[str]] = {
    ProcesVerbal: {"fichier", "sha256", "sel"},
    SessionJury: {"acces_membres_jours", "dossiers_ouverts_le", "lien_visio", "limite_inscription", "capacite"},
    Inscription: {"convoquee_le", "notifiee_le", "revoquee_le"},
    Scrutin: {"voix_detruites_le"},
}
# Free, but once: (columns, from when they no longer are).
UNE_FOIS = {
    ProcesVerbal: (("fichier", "sha256", "sel"), "OLD.sha256 <> ''"),
    Scrutin: (("voix_detruites_le",), "OLD.voix_detruites_le IS NOT NULL"),
}
# Written while the session moves to its sealed state, or brought back later: only the past of these rows is fixed.
AU_PASSE = (ProcesVerbal, SessionJury, PieceDeSeance)
PORTE = f"(SELECT voix_detruites_le FROM {Scrutin._meta.db_table} WHERE id = OLD.scrutin_id) IS NULL"  # noqa: S608


def _changees(colonnes) -> str:
    # Quoted: a column may bear a word of the language of the triggers (« declare »).
    return "(" + " OR ".join(f'NEW."{c}" IS DISTINCT FROM OLD."{c}"' for c in colonnes) + ")"


def _a_la_modification(modele) -> str:
    libres = LIBRES.get(modele, set())
    figees = [champ.column for champ in modele._meta.concrete_fields if champ.name not in libres]
    scelle = EST_SCELLE[modele]
    ou = [scelle.format(r="OLD")] + ([] if modele in AU_PASSE else [scelle.format(r="NEW")])
    condition = f"{_changees(figees)} AND ({' OR '.join(ou)})"
    if modele in UNE_FOIS:
        colonnes, ensuite = UNE_FOIS[modele]
        condition = f"({condition}) OR ({scelle.format(r='OLD')} AND {ensuite} AND {_changees(colonnes)})"
    return condition


def _a_la_suppression(modele) -> str:
    scelle = EST_SCELLE[modele].format(r="OLD")
    return f"{scelle} AND {PORTE}" if modele is Voix else scelle


def _a_l_ajout(modele) -> str:
    """Nothing joins sealed minutes; and « INSERT OR REPLACE » of SQLite would delete a row that has the same key."""
    table = modele._meta.db_table
    uniques = ["ancienne.id = NEW.id"]
    if modele is ProcesVerbal:
        uniques += [
            "(ancienne.session_id = NEW.session_id AND ancienne.rang = NEW.rang)",
            "ancienne.numero = NEW.numero",
        ]
    remplacee = (
        f"EXISTS (SELECT 1 FROM {table} ancienne WHERE ({' OR '.join(uniques)}) "  # noqa: S608
        f"AND {EST_SCELLE[modele].format(r='ancienne')})"
    )
    if modele in (SessionJury, PieceDeSeance):
        return remplacee
    return f"{EST_SCELLE[modele].format(r='NEW')} OR {remplacee}"


def declencheurs() -> Iterator[Declencheur]:
    """The refusals of every table: to change, to delete, to add, to empty."""
    for modele in EST_SCELLE:
        table, nom = modele._meta.db_table, modele._meta.model_name
        for geste, quand in (
            ("UPDATE", _a_la_modification(modele)),
            ("DELETE", _a_la_suppression(modele)),
            ("INSERT", _a_l_ajout(modele)),
            ("TRUNCATE", f"EXISTS ({_SCELLES})"),
        ):
            yield Declencheur(f"scelle_{nom}_{geste.lower()}", table, geste, REFUS, quand)


inscrire(declencheurs())
