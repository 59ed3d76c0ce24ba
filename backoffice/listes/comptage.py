"""How many rows, never counted further than what people read: beyond the ceiling, « plus de 10 000 » is enough."""

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

PLAFOND = 10_000


def compter(ensembles: dict[str, QuerySet], plafond: int = PLAFOND) -> dict[str, int]:
    """The number of rows of each set, in one query; `plafond + 1` means « more than the ceiling »."""
    if not ensembles:
        return {}
    morceaux, parametres = [], []
    for ensemble in ensembles.values():
        bornee = ensemble.order_by().values("pk")[: plafond + 1]
        try:
            sql, siens = bornee.query.sql_with_params()
        except EmptyResultSet:
            morceaux.append("0")
            continue
        morceaux.append(f"(SELECT COUNT(*) FROM ({sql}) AS bornee)")  # noqa: S608 - written by the ORM
        parametres += siens
    with connections[next(iter(ensembles.values())).db].cursor() as curseur:
        curseur.execute(f"SELECT {', '.join(morceaux)}", parametres)
        return dict(zip(ensembles, curseur.fetchone(), strict=True))
