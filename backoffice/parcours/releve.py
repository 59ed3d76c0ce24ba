"""One version of the rules with all that goes with it, read once: what is controlled, told, compared and simulated."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from registre.models import VersionCertification

from .models import ModaliteAcces, Parcours, PieceRequise, Ponderation, Prerequis

# The ways of the SI CPF, and those that the fiche of a version opens.
VOIE_DE_LA_FICHE = {
    ModaliteAcces.FC_HORS_CONTRAT: "FC",
    ModaliteAcces.FC_CONTRAT_PRO: "CQ",
    ModaliteAcces.APPRENTISSAGE: "CA",
    ModaliteAcces.FI: "FI",
    ModaliteAcces.VAE: "VAE",
    ModaliteAcces.CANDIDAT_LIBRE: "CL",
}


@dataclass
class Releve:
    """A version of the rules, its lines, and the versions of the certification they apply to."""

    parcours: Parcours
    pieces: list[PieceRequise] = field(default_factory=list)
    prerequis: list[Prerequis] = field(default_factory=list)
    ponderations: list[Ponderation] = field(default_factory=list)
    versions: list[VersionCertification] = field(default_factory=list)
    jour: date = field(default_factory=timezone.localdate)

    @property
    def delivrables(self) -> list[VersionCertification]:
        """The versions that a jury may still award: those the dossiers to come aim at."""
        return [v for v in self.versions if v.est_delivrable(self.jour)]

    @property
    def voies_ouvertes(self) -> set[str]:
        """The ways opened by the fiches of the deliverable versions; empty when no fiche says any."""
        return {voie.voie for version in self.delivrables for voie in version.voies.all()}

    @property
    def modalites_admises(self) -> list[str]:
        """The ways by which a dossier may come: those chosen, else every one that the fiches open."""
        if self.parcours.modalites:
            return [m for m in ModaliteAcces.values if m in self.parcours.modalites]
        ouvertes = self.voies_ouvertes
        return [m for m in ModaliteAcces.values if not ouvertes or VOIE_DE_LA_FICHE[m] in ouvertes]

    @property
    def competences(self) -> dict[int, object]:
        """Every compétence of the certification by id, whatever the version."""
        return {c.pk: c for v in self.versions for b in v.blocs.all() for c in b.competences.all()}


def relever(parcours: Parcours) -> Releve:
    """Read everything that goes with these rules, in a constant number of queries."""
    versions = parcours.certification.versions.prefetch_related("blocs__competences", "voies")
    return Releve(
        parcours,
        list(parcours.pieces.all()),
        list(parcours.prerequis.select_related("piece")),
        list(parcours.ponderations.select_related("competence__bloc__version")),
        list(versions.order_by("-date_decision", "-pk")),
    )
