"""Models of the ground floor, one file per noun."""

from .certifications import (
    Bloc,
    Certification,
    Competence,
    Filiere,
    OptionCertification,
    RoleCertification,
    VersionCertification,
)
from .classements import CodeNomenclature, VoieAcces
from .courriels import CourrielSortant, Notification, PreferenceNotification
from .geographie import Commune, Pays
from .journal import EntreeJournal, Motif, TeteJournal
from .organismes import Organisme
from .parchemins import Parchemin, SerieNumeros
from .titulaires import EtatCivil, Titulaire

__all__ = [
    "Bloc",
    "Certification",
    "CodeNomenclature",
    "Commune",
    "Competence",
    "CourrielSortant",
    "EntreeJournal",
    "EtatCivil",
    "Filiere",
    "Motif",
    "Notification",
    "OptionCertification",
    "Organisme",
    "Parchemin",
    "Pays",
    "PreferenceNotification",
    "RoleCertification",
    "SerieNumeros",
    "TeteJournal",
    "Titulaire",
    "VersionCertification",
    "VoieAcces",
]
