"""The last step: prepared by one person, approved by another, issued once."""

from django.db import models
from django.db.models import Q

from backoffice.candidatures.models import Candidature

from .models_a_deux import ADeux


class Delivrance(ADeux):
    """The issue of a document for one dossier. Two people answer for it: nobody issues alone."""

    finalite = "Tracer qui a préparé et qui a approuvé la délivrance."
    conservation = "50 ans, avec le registre."

    # None once the decision is revoked: the dossier may be issued another document, this row keeps the first one.
    candidature = models.OneToOneField(
        Candidature,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delivrance",
        verbose_name="candidature",
    )
    defaite_pour = models.ForeignKey(
        Candidature,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delivrances_defaites",
        verbose_name="candidature de la délivrance défaite",
    )

    class Meta(ADeux.Meta):
        verbose_name = "délivrance"
        verbose_name_plural = "délivrances"
        constraints = [
            *ADeux.Meta.constraints,
            models.CheckConstraint(
                condition=Q(candidature__isnull=False, defaite_pour=None)
                | Q(candidature=None, defaite_pour__isnull=False),
                name="delivrance_d_un_seul_dossier",
                violation_error_message="Une délivrance est celle d’un dossier, en vigueur ou défaite.",
            ),
        ]

    def __str__(self):
        return f"délivrance {self.dossier}"

    @property
    def dossier(self) -> Candidature:
        """The dossier of this document, whether the delivery still holds or was undone."""
        return self.candidature or self.defaite_pour


# The same room, in files of their own: registered with the others.
from .lots_models import LigneLot, LotDelivrance  # noqa: E402, F401
from .models_apres import DemandeAnnulation, DemandeDuplicata, DemandeRemplacement  # noqa: E402, F401
from .models_blocs import DelivranceDeBloc  # noqa: E402, F401
