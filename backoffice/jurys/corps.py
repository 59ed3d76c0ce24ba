"""Whose voice counts: the seats of a session that sit now, by a titulaire, their suppléant or a proxy.

Nothing is read from the database here: the same rules serve the room, the minutes and the tests.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backoffice.parcours.models import Majorite, Parcours

from .models import MembreJury, Procuration

EMPLOYEURS, SALARIES = MembreJury.College.EMPLOYEURS, MembreJury.College.SALARIES
COLLEGES = (EMPLOYEURS, SALARIES)


@dataclass(frozen=True)
class Regles:
    """What one parcours asks of its juries: who sits, and which majority decides."""

    minimum_par_college: int = 1
    parite_stricte: bool = True
    presidence_alternee: bool = True
    sieges_par_college: int = 3
    quorum_represente: bool = False
    un_siege_par_organisation: bool = False
    procurations_par_membre: int = 0
    procuration_meme_college: bool = True
    alternance_annuelle: bool = False
    majorite: str = Majorite.PRESENTS
    voix_preponderante: bool = False

    @classmethod
    def de(cls, parcours: Parcours) -> "Regles":
        """The rules of this version of a parcours."""
        return cls(
            minimum_par_college=parcours.membres_minimum_par_college,
            parite_stricte=parcours.parite_stricte,
            presidence_alternee=parcours.presidence_alternee,
            sieges_par_college=parcours.sieges_par_college,
            quorum_represente=parcours.quorum_represente,
            un_siege_par_organisation=parcours.un_siege_par_organisation,
            procurations_par_membre=parcours.procurations_par_membre,
            procuration_meme_college=parcours.procuration_meme_college,
            alternance_annuelle=parcours.alternance_annuelle,
            majorite=parcours.majorite,
            voix_preponderante=parcours.voix_preponderante,
        )


@dataclass(frozen=True)
class Siege:
    """One voice: the seat it belongs to, and who casts it (themself, or the present holder of their proxy)."""

    membre: MembreJury
    porteur: MembreJury

    @property
    def represente(self) -> bool:
        return self.membre is not self.porteur

    @property
    def college(self) -> str:
        return self.membre.college


@dataclass(frozen=True)
class Corps:
    """The voices that count together, on one dossier or on the opening of a session."""

    voix: tuple[Siege, ...] = ()

    @property
    def presents(self) -> list[MembreJury]:
        """Who is in the room and votes for themself."""
        return [s.membre for s in self.voix if not s.represente]

    def nombre(self, college: str, representes: bool = True) -> int:
        """How many voices this collège has, those of absent members included or not."""
        return sum(s.college == college and (representes or not s.represente) for s in self.voix)

    def portees_par(self, utilisateur) -> list[Siege]:
        """The voices this person casts: their own first, then those they were given."""
        siennes = [s for s in self.voix if s.porteur.utilisateur_id == utilisateur.pk]
        return sorted(siennes, key=lambda s: s.represente)


def former(
    membres: Iterable[MembreJury],
    procurations: Iterable[Procuration],
    regles: Regles,
    ecartes: Collection[int] = frozenset(),
) -> Corps:
    """Return the voices that count, one per seat.

    A titulaire in the room votes. A suppléant in the room votes in the place of the titulaire he is named for when
    this one does not vote, or, named for nobody, in any place left free in his collège. A member who still has no
    voice is represented by the holder of his proxy, if this one votes and carries no more than the rules allow.

    Args:
        membres: every seat of the session.
        procurations: the proxies in force.
        ecartes: primary keys of the members recused on the dossier; they neither vote, nor carry, nor are carried.
    """
    membres = sorted(membres, key=lambda m: m.pk or 0)
    libres = {m.pk: m for m in membres if not m.suppleant and m.pk not in ecartes}
    la = [m for m in membres if m.est_la and m.pk not in ecartes]
    votants = [m for m in la if not m.suppleant]
    pourvus = {m.pk for m in votants}
    titulaires = [m for m in membres if not m.suppleant]
    procurations = [p for p in procurations if p.retiree_le is None]
    donnees = {p.mandant_id for p in procurations}
    for suppleant in [m for m in la if m.suppleant and m.remplace_id]:
        if suppleant.remplace_id not in pourvus:
            pourvus.add(suppleant.remplace_id)
            votants.append(suppleant)
    for suppleant in [m for m in la if m.suppleant and not m.remplace_id]:
        vides = [t for t in titulaires if t.college == suppleant.college and t.pk not in pourvus]
        # The place of who has nobody to speak for them first: a proxy then keeps its use.
        vides.sort(key=lambda t: (t.pk in donnees, t.pk))
        ouverts = regles.sieges_par_college - sum(t.college == suppleant.college for t in titulaires)
        deja = sum(v.suppleant and v.remplace_id is None and v.college == suppleant.college for v in votants)
        if vides:
            pourvus.add(vides[0].pk)
            votants.append(suppleant)
        elif deja < ouverts:
            votants.append(suppleant)
    return Corps((*(Siege(m, m) for m in votants), *_representes(libres, votants, pourvus, procurations, regles)))


def _representes(libres, votants, pourvus, procurations, regles) -> Iterable[Siege]:
    """The voices of absent members that a voting member carries."""
    par_pk, portees = {m.pk: m for m in votants}, Counter()
    for procuration in sorted(procurations, key=lambda p: (p.donnee_le, p.pk or 0)):
        mandant, porteur = libres.get(procuration.mandant_id), par_pk.get(procuration.mandataire_id)
        if mandant is None or porteur is None or mandant.pk in pourvus or mandant.est_la:
            continue
        if regles.procuration_meme_college and mandant.college != porteur.college:
            continue
        if portees[porteur.pk] >= regles.procurations_par_membre:
            continue
        portees[porteur.pk] += 1
        yield Siege(mandant, porteur)
