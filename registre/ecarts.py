"""What differs between the registry and a fiche, and which of the two is right.

The registry remembers the imprint of what the last import wrote, field by field. A value that is no longer that one
was corrected by a person since, by whatever way: it stays, and the difference is told. A value that no import ever
wrote was typed by a person too.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date

TOUT = "*"
# In the memory, for what has no value of its own: « this line was written by an import ».
VU = "vu"


def empreinte(valeur) -> str:
    """A short imprint of a value: enough to know it again."""
    return hashlib.sha256(lisible(valeur).encode()).hexdigest()[:16]


def lisible(valeur) -> str:
    """A value as people read it."""
    if valeur in (None, "") and valeur is not False:
        return "(vide)"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    return str(valeur)


@dataclass(frozen=True)
class Ecart:
    """One difference, as people read it. `cle` names the field, so that one may take it or leave it."""

    champ: str
    avant: str
    apres: str
    cle: str = ""


@dataclass
class Rapport:
    """What bringing one fiche in changed, what it left as a person wrote it, and what asks for a person's eye."""

    numero: str
    intitule: str
    creation: bool = False
    ecarts: list[Ecart] = field(default_factory=list)
    gardes: list[Ecart] = field(default_factory=list)
    avertissements: list[str] = field(default_factory=list)
    memoire: dict = field(default_factory=dict, repr=False)
    ecraser: frozenset = frozenset()
    laisser: frozenset = frozenset()

    def noter(self, champ: str, avant, apres) -> None:
        """A difference that is always taken."""
        self.ecarts.append(Ecart(champ, lisible(avant), lisible(apres)))

    def reprend(self, cle: str, champ: str, tenu, lu) -> bool:
        """Is the value of the fiche to be written? What the fiche does not say never erases anything."""
        if lu is None or lu == "":
            return False
        if tenu == lu:
            self.memoire[cle] = empreinte(lu)
            return False
        ecart = Ecart(champ, lisible(tenu), lisible(lu), cle)
        if self._corrige(cle, tenu) and not self.ecraser & {cle, TOUT} or cle in self.laisser:
            self.gardes.append(ecart)
            return False
        self.memoire[cle] = empreinte(lu)
        self.ecarts.append(ecart)
        return True

    def _corrige(self, cle: str, tenu) -> bool:
        if self.creation:
            return False
        if cle in self.memoire:
            return self.memoire[cle] != empreinte(tenu)
        return tenu is not None and tenu != ""

    def retire_a_la_main(self, cle: str, champ: str) -> bool:
        """Did a person take away what an import had written? Then it does not come back by itself."""
        if self.creation or cle not in self.memoire or self.ecraser & {cle, TOUT}:
            return False
        self.gardes.append(Ecart(champ, "(retiré à la main)", "présent dans la fiche", cle))
        return True
