"""What somebody typed to find a row stays in their session: the address only carries a key that says nothing.

A name in an address would stand in the history of the browser, in the logs of proxies, in what is copied to a
colleague (docs/decisions/0006-listes.md).
"""

import secrets

from registre.textes import plier

PLACE = "recherches"
# Enough for a day's tabs; the oldest goes first.
GARDEES = 30
LONGUEUR = 100


def nettoyer(texte: str) -> str:
    """What was typed, without invisible characters, at most `LONGUEUR` long."""
    return "".join(c for c in texte if c.isprintable()).strip()[:LONGUEUR]


def retenir(session, texte: str) -> str:
    """Keep this text in the session and return its key; the same text keeps its key. Empty for an empty text."""
    texte = nettoyer(texte)
    if not texte:
        return ""
    gardees = dict(session.get(PLACE, {}))
    cle = next((cle for cle, garde in gardees.items() if garde == texte), "") or secrets.token_urlsafe(9)
    gardees.pop(cle, None)
    gardees[cle] = texte
    session[PLACE] = dict(list(gardees.items())[-GARDEES:])
    return cle


def retrouver(session, cle: str) -> str | None:
    """The text of this key; None when this session does not hold it (expired, or the address of somebody else)."""
    return session.get(PLACE, {}).get(cle)


def contenant(objets, texte: str, colonne: str = "texte_plie"):
    """The rows whose folded column holds each word."""
    for mot in plier(texte).split():
        objets = objets.filter(**{f"{colonne}__contains": mot})
    return objets


def parmi(objets, texte: str, *champs: str):
    """The rows where each word stands in one of these fields, whatever accents and case.

    For tables that stay small (sessions, lots): the fields are read and folded here. What grows with the
    dossiers keeps a folded column instead.
    """
    mots = plier(texte).split()
    trouves = []
    for pk, *valeurs in objets.order_by().values_list("pk", *champs):
        plie = plier(" ".join(str(valeur or "") for valeur in valeurs))
        if all(mot in plie for mot in mots):
            trouves.append(pk)
    return objets.filter(pk__in=trouves)
