"""The composition as people read it: who sits, for whom, represented by whom, and each rule with its numbers."""

from dataclasses import dataclass

from .acte_suivant import jour_venu
from .composition import Assemblee, empechements
from .corps import COLLEGES, Corps, Siege
from .dossiers import inscriptions_completes
from .models import MembreJury, SessionJury
from .nominations import regles_de
from .workflow import AVANT_CLOTURE


@dataclass(frozen=True)
class Ligne:
    """One seat as it is now: its member, who casts its voice (None when it has none), and in which words."""

    membre: MembreJury
    porteur: MembreJury | None
    mandataire: MembreJury | None
    remplace: MembreJury | None
    deporte: bool
    a_venir: bool
    avant_le_jour: bool = False

    @property
    def vote(self) -> bool:
        """Does this seat have a voice now, whoever casts it?"""
        return self.porteur is not None

    @property
    def represente(self) -> bool:
        return self.vote and self.porteur.pk != self.membre.pk

    @property
    def statut(self) -> tuple[str, str, str]:
        """Tone, icon and words of the seat."""
        m = self.membre
        if self.deporte:
            return "refus", "refus", "Déporté(e)"
        if self.represente:
            return "info", "personnes", f"Représenté(e) par {self.porteur.utilisateur}"
        if m.est_la:
            return ("valide", "valide", "A émargé") if self.vote else ("neutre", "info", "Présent(e), sans voix")
        if m.parti_le:
            return "neutre", "fermer", "A quitté la séance"
        if m.excuse_le:
            return "neutre", "calendrier", "Absence excusée"
        if self.avant_le_jour:
            return (
                ("info", "courriel", "Convoqué(e)")
                if m.convoque_le
                else ("attente", "attente", "Pas encore convoqué(e)")
            )
        return ("attente", "attente", "Pas encore émargé") if self.a_venir else ("neutre", "fermer", "Absent(e)")


def lignes_de(assemblee: Assemblee, corps: Corps, ecartes=frozenset(), **moment) -> list[Ligne]:
    """Every seat of the session with what these voices make of it, collège by collège."""
    sieges: dict[int, Siege] = {s.membre.pk: s for s in corps.voix}
    par_pk = {m.pk: m for m in assemblee.membres}
    mandataires = {p.mandant_id: par_pk.get(p.mandataire_id) for p in assemblee.procurations}
    ordonnes = sorted(assemblee.membres, key=lambda m: (COLLEGES.index(m.college), m.suppleant, m.pk))
    return [
        Ligne(
            membre=m,
            porteur=sieges[m.pk].porteur if m.pk in sieges else None,
            mandataire=mandataires.get(m.pk),
            remplace=par_pk.get(m.remplace_id),
            deporte=m.pk in ecartes,
            **{"a_venir": True, **moment},
        )
        for m in ordonnes
    ]


def composition_de(session: SessionJury, assemblee: Assemblee | None = None) -> dict:
    """What the panel of the session shows: the two collèges with their numbers, the recusals with their effect."""
    assemblee, regles = assemblee or Assemblee.de(session), regles_de(session)
    corps, a_venir = assemblee.corps(regles[0]), session.etat in AVANT_CLOTURE
    avant = session.etat == SessionJury.Etat.PLANIFIEE and not jour_venu(session)
    lignes = lignes_de(assemblee, corps, a_venir=a_venir, avant_le_jour=avant)
    colleges = [
        {
            "libelle": libelle,
            "avant": avant and not assemblee.presents,
            "lignes": [ligne for ligne in lignes if ligne.membre.college == college],
            "presents": corps.nombre(college, representes=False),
            "representes": corps.nombre(college) - corps.nombre(college, representes=False),
            "exiges": max(r.minimum_par_college for r in regles),
            "sieges": min(r.sieges_par_college for r in regles),
            "titulaires": sum(m.college == college and not m.suppleant for m in assemblee.membres),
        }
        for college, libelle in MembreJury.College.choices
    ]
    return {
        "colleges": colleges,
        "parite": any(r.parite_stricte for r in regles),
        "deports": _deports(session, assemblee) if a_venir else [],
        "pieces": list(session.pieces.filter(inscription=None).select_related("deposee_par")),
        "a_venir": a_venir,
    }


def _deports(session: SessionJury, assemblee: Assemblee) -> list[dict]:
    """The dossiers on which somebody does not sit, and what their absence does to the rules once the jury is there."""
    return [
        {
            "reference": inscription.candidature.reference,
            "membres": [m for m in assemblee.membres if m.pk in ecartes],
            "manques": empechements(session, inscription, assemblee) if assemblee.presents else [],
        }
        for inscription in inscriptions_completes(session)
        if (ecartes := assemblee.ecartes(inscription))
    ]
