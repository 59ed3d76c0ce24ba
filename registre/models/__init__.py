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
from .duplicatas import Duplicata
from .geographie import Commune, Pays
from .journal import EntreeJournal, Motif, TeteJournal
from .modeles import ImageDeDocument, LogoDeModele, ModeleDocument, SignataireDeModele
from .organismes import Organisme
from .parchemins import Parchemin, SerieNumeros
from .partages import ComptageVerification, Partage
from .titulaires import EtatCivil, Titulaire
from .transparence import Cosignature, Feuille, PointDeControle, TeteTransparence, Tuile

__all__ = [
    "Bloc",
    "Certification",
    "CodeNomenclature",
    "Commune",
    "ComptageVerification",
    "Cosignature",
    "Competence",
    "CourrielSortant",
    "Duplicata",
    "EntreeJournal",
    "EtatCivil",
    "Feuille",
    "Filiere",
    "ImageDeDocument",
    "LogoDeModele",
    "ModeleDocument",
    "Motif",
    "Notification",
    "OptionCertification",
    "Organisme",
    "Parchemin",
    "Partage",
    "Pays",
    "PointDeControle",
    "PreferenceNotification",
    "RoleCertification",
    "SerieNumeros",
    "SignataireDeModele",
    "TeteJournal",
    "TeteTransparence",
    "Titulaire",
    "Tuile",
    "VersionCertification",
    "VoieAcces",
]
