"""The mails of the product: when each one goes, to whom, and the closed list of words that its text may hold.

A text is plain text with `{names}` of declared variables, ours as well as those of the certificateurs. It is never
handed to a template engine: a name that is not declared is refused when it is written, and means nothing once sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import get_template

from registre.mots import accolade_seule, inconnus, noms_employes, remplacer

SUJET_MAXIMUM = 120
CORPS_MAXIMUM = 6000


@dataclass(frozen=True)
class Variable:
    """One word that a text may hold: its name, what it is, how it is read, an invented example."""

    nom: str
    description: str
    valeur: Callable[[dict], str]
    exemple: str
    # Personal data: never offered for a subject, which is seen on locked screens and in logs.
    personnelle: bool = False


@dataclass(frozen=True)
class Courriel:
    """One mail of the product. `obligatoires`: the variables without which it would be useless."""

    code: str
    titre: str
    quand: str
    a_qui: str
    variables: tuple[str, ...]
    famille: str
    obligatoires: tuple[str, ...] = ()
    # Whoever holds one of these roles may prefer to read it in the application only; empty: it always goes by mail too.
    facultatif_pour: tuple[str, ...] = ()
    # Where its notification leads, by URL name, when it is not the page of the object; None: nowhere.
    page: str | None = ""
    # A text of ours in Django's own language, which nobody edits.
    modifiable: bool = True

    @property
    def facultatif(self) -> bool:
        return bool(self.facultatif_pour)

    @property
    def du_sujet(self) -> tuple[str, ...]:
        """The variables that its subject may hold."""
        return tuple(nom for nom in self.variables if not VARIABLES[nom].personnelle and "lien" not in nom)

    def notre_texte(self) -> tuple[str, str]:
        """Subject and body as we wrote them."""
        sujet, _, corps = get_template(f"courriels/{self.code}.txt").template.source.strip().partition("\n")
        return sujet.strip(), corps.strip() + "\n"


VARIABLES: dict[str, Variable] = {}
COURRIELS: dict[str, Courriel] = {}


def variable(
    nom: str, description: str, valeur: Callable[[dict], str], exemple: str, personnelle: bool = False
) -> None:
    """Declare one variable.

    Raises:
        ValueError: another one has this name.
    """
    if nom in VARIABLES:
        raise ValueError(f"variable déjà déclarée\u00a0: {nom}")
    VARIABLES[nom] = Variable(nom, description, valeur, exemple, personnelle)


def courriel(code: str, titre: str, *, quand: str, a_qui: str, variables, famille: str, **options) -> None:
    """Declare one mail, whose text is `templates/courriels/<code>.txt`. Any room may declare its own.

    Raises:
        ValueError: declared twice, or with a variable that nobody declared.
    """
    declare = Courriel(code, titre, quand, a_qui, tuple(variables), famille, **options)
    if code in COURRIELS or not {*declare.variables, *declare.obligatoires} <= VARIABLES.keys():
        raise ValueError(f"courriel déclaré deux fois, ou variable inconnue\u00a0: {code}")
    COURRIELS[code] = declare


def courriels(famille: str, lignes: Iterable[tuple]) -> None:
    """Declare a family of mails, one row each: code, title, when, to whom, words[, optional for[, options]].

    A word followed by « ! » may not be left out of the text.

    Raises:
        ValueError: as `courriel`.
    """
    for ligne in lignes:
        _ligne(famille, *ligne)


def _ligne(famille, code, titre, quand, a_qui, mots, facultatif_pour=(), options=None) -> None:
    courriel(
        code,
        titre,
        quand=quand,
        a_qui=a_qui,
        variables=[mot.rstrip("!") for mot in mots],
        famille=famille,
        obligatoires=tuple(mot.rstrip("!") for mot in mots if mot.endswith("!")),
        facultatif_pour=facultatif_pour,
        **(options or {}),
    )


def fautes(declare: Courriel, sujet: str, corps: str) -> list[tuple[str, str]]:
    """What prevents this text from being sent: (field, sentence)."""
    liste = []
    for champ, texte, permises in (("sujet", sujet, declare.du_sujet), ("corps", corps, declare.variables)):
        for nom in inconnus(texte, permises):
            liste.append((champ, _refus(champ, nom, declare)))
        if accolade_seule(texte):
            liste.append((champ, "Une accolade ne s’emploie que pour une variable de la liste, comme « {reference} »."))
    if "\n" in sujet or "\r" in sujet:
        liste.append(("sujet", "L’objet tient sur une ligne."))
    for nom in declare.obligatoires:
        if nom not in noms_employes(corps):
            quoi = VARIABLES[nom].description
            liste.append(("corps", f"Gardez « {{{nom}}} » ({quoi})\u00a0: sans elle, ce courriel ne servirait à rien."))
    return liste


def _refus(champ: str, nom: str, declare: Courriel) -> str:
    if champ == "sujet" and nom in declare.variables:
        return (
            f"« {{{nom}}} » ne se met pas dans l’objet, qui se lit sur un écran verrouillé\u00a0: "
            "gardez-la pour le texte."
        )
    return f"« {{{nom}}} » ne fait pas partie des variables de ce courriel\u00a0: choisissez dans la liste."


def apercu(declare: Courriel, sujet: str, corps: str) -> tuple[str, str]:
    """Subject and body with invented data."""

    def exemple(nom: str) -> str:
        texte = VARIABLES[nom].exemple if nom in declare.variables else f"{{{nom}}}"
        return texte.replace("ADRESSE", settings.ADRESSE_PUBLIQUE)

    return remplacer(sujet, exemple), remplacer(corps, exemple) + "\n"
