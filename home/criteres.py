"""What a visitor asks of the catalogue, read from the address and written back: a list is shared by its address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

ADRESSE = "/cqp/"
# The facets, in the order of the page.
FACETTES = {
    "filiere": "Filière",
    "etat": "Enregistrement",
    "repertoire": "Reconnaissance",
    "niveau": "Niveau",
    "voie": "Voie d’accès",
    "porteur": "Porteur",
}
TRIS = {
    "": "Ouverts aux candidats d’abord",
    "titre": "Titre, de A à Z",
    "niveau": "Niveau, du plus haut au plus bas",
    "recent": "Décision la plus récente",
}
COMPARES_AU_PLUS = 3
_IDENTIFIANT = re.compile(r"[-a-zA-Z0-9_]{1,120}")


def lire_compares(identifiants: list[str]) -> tuple[str, ...]:
    """The CQPs to compare, each once, three at most; what cannot be the identifier of one is left out."""
    vus = dict.fromkeys(i for i in identifiants if _IDENTIFIANT.fullmatch(i))
    return tuple(vus)[:COMPARES_AU_PLUS]


def adresse_de_comparaison(identifiants: Iterable[str]) -> str:
    """The shareable address of a comparison, in the order the CQPs were chosen."""
    paires = [("cqp", identifiant) for identifiant in identifiants]
    return f"{ADRESSE}comparer/?{urlencode(paires)}" if paires else f"{ADRESSE}comparer/"


@dataclass(frozen=True)
class Criteres:
    """What the visitor asked, as read from the address: unknown facets are ignored."""

    requete: str
    choix: dict[str, tuple[str, ...]]
    tri: str = ""
    compares: tuple[str, ...] = ()

    @classmethod
    def lire(cls, parametres) -> "Criteres":
        """Read a QueryDict; a repeated value counts once."""
        choix = {nom: tuple(dict.fromkeys(v[:100] for v in parametres.getlist(nom) if v)) for nom in FACETTES}
        tri = parametres.get("tri", "")
        return cls(
            " ".join(parametres.get("q", "")[:200].split()),
            {nom: v for nom, v in choix.items() if v},
            tri if tri in TRIS else "",
            lire_compares(parametres.getlist("comparer")),
        )

    def __bool__(self):
        return bool(self.requete or self.choix)

    @property
    def nombre_de_choix(self) -> int:
        return sum(map(len, self.choix.values()))

    def avec(self, nom: str, valeur: str) -> "Criteres":
        return replace(self, choix={**self.choix, nom: (*self.choix.get(nom, ()), valeur)})

    def sans(self, nom: str, valeur: str) -> "Criteres":
        reste = tuple(v for v in self.choix.get(nom, ()) if v != valeur)
        choix = {cle: v for cle, v in self.choix.items() if cle != nom}
        return replace(self, choix={**choix, nom: reste} if reste else choix)

    def sans_texte(self) -> "Criteres":
        return replace(self, requete="")

    def sans_filtre(self) -> "Criteres":
        """The same words, in the whole catalogue."""
        return replace(self, choix={})

    def vides(self) -> "Criteres":
        """Nothing asked any more; what one was about to compare is kept."""
        return replace(self, requete="", choix={})

    def basculer_comparaison(self, identifiant: str) -> "Criteres":
        """With this CQP among those to compare, or without it when it was there."""
        autres = tuple(i for i in self.compares if i != identifiant)
        return replace(self, compares=autres if identifiant in self.compares else (*autres, identifiant))

    def adresse(self, page: int = 1) -> str:
        """The shareable address: same criteria, same address, whatever the order of the clicks."""
        paires = [("q", self.requete)] if self.requete else []
        paires += [(nom, v) for nom in FACETTES for v in sorted(self.choix.get(nom, ()))]
        paires += [("tri", self.tri)] if self.tri else []
        paires += [("comparer", identifiant) for identifiant in self.compares]
        paires += [("page", page)] if page > 1 else []
        return f"{ADRESSE}?{urlencode(paires)}" if paires else ADRESSE
