"""The ten sessions of the demonstration: planned, seated, opened, sealed, each act through its verb."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from backoffice.comptes.models import Utilisateur
from backoffice.jurys.models import SessionJury
from backoffice.jurys.workflow import SESSION
from registre.models import Certification, Organisme
from registre.preuves import Preuve
from registre.transitions import executer

from .dossiers import Dossier

DELAI = timedelta(days=15)


@dataclass
class Seance:
    """One session to hold: where, when, by whom, on which dossiers."""

    certificateur: Organisme
    certifications: list[Certification]
    debut: datetime
    lieu: str
    membres: list[tuple[Utilisateur, str, str]]  # the person, their collège, their quality
    organisateur: Utilisateur
    instance: str = SessionJury.Instance.UNIQUE
    president_salarie: bool = False
    dossiers: list[Dossier] = field(default_factory=list)
    session: SessionJury = field(default=None, repr=False)

    @property
    def presidence(self) -> Utilisateur:
        return self.membres[int(self.president_salarie)][0]

    def faire(self, nom: str, acteur, /, **donnees) -> None:
        """Carry out one verb on this session, through the mechanism."""
        self.session = executer(SESSION, nom, self.session, acteur, donnees)

    def planifier(self) -> None:
        """Plan the session and seat its members: the chair alternates between the collèges from one to the next."""
        self.session = SessionJury(
            certificateur=self.certificateur,
            instance=self.instance,
            debut=self.debut,
            lieu=self.lieu,
            limite_inscription=timezone.localdate(self.debut - DELAI),
        )
        self.faire("planifier", self.organisateur)
        self.session.certifications.set(self.certifications)
        fonctions = ["vice_president", "president"] if self.president_salarie else ["president", "vice_president"]
        for rang, (membre, *_) in enumerate(self.membres):
            self.faire(
                "nommer_membre",
                self.organisateur,
                mandat=membre.mandats.get(certificateur=self.certificateur),
                fonction=fonctions[rang] if rang < len(fonctions) else "membre",
            )

    def ouvrir(self) -> None:
        """Everybody signs in, the chair opens."""
        for membre, *_ in self.membres:
            self.faire("emarger", membre)
        self.faire("ouvrir_session", self.presidence)

    def sceller(self) -> None:
        """The chair closes, then chair and vice-chair sign."""
        self.faire("clore_seance", self.presidence)
        for membre, *_ in self.membres[:2]:
            preuve = Preuve(membre.pk, "totp", timezone.now())
            self.faire("signer_pv", membre, empreinte=self.session.pv.empreinte, preuve=preuve)
        for dossier in self.dossiers:
            dossier.candidature.refresh_from_db()
