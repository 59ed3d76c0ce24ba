"""Jury sessions, who sits, the dossiers they hear, what they decide, and what undoes it."""

from .deliberation import DecisionBloc, DemandeDePlace, Deport, Inscription, Scrutin, Voix
from .membres import College, Mandat, MembreJury, Procuration
from .proces_verbaux import ProcesVerbal, SignaturePV
from .recours import Recours, Revocation
from .sessions import PieceDeSeance, SessionJury

__all__ = [
    "College",
    "DecisionBloc",
    "DemandeDePlace",
    "Deport",
    "Inscription",
    "Mandat",
    "MembreJury",
    "PieceDeSeance",
    "ProcesVerbal",
    "Procuration",
    "Recours",
    "Revocation",
    "Scrutin",
    "SessionJury",
    "SignaturePV",
    "Voix",
]
