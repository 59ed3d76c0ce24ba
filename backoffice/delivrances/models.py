"""The last step: prepared by one person, approved by another, issued once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backoffice.candidatures.models import Candidature
from registre.models import Parchemin


class Delivrance(models.Model):
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
    lieu = models.CharField("lieu de délivrance", max_length=100)
    preparee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="préparée par"
    )
    preparee_le = models.DateTimeField("préparée le")
    approuvee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="approuvée par",
    )
    approuvee_le = models.DateTimeField("approuvée le", null=True, blank=True)
    parchemin = models.OneToOneField(
        Parchemin,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delivrance",
        verbose_name="document délivré",
    )

    class Meta:
        verbose_name = "délivrance"
        verbose_name_plural = "délivrances"
        ordering = ["-preparee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approuvee_par=None) | ~Q(approuvee_par=F("preparee_par")),
                name="delivrance_quatre_yeux",
                violation_error_message="La personne qui approuve n’est pas celle qui a préparé.",
            ),
            models.CheckConstraint(
                condition=Q(parchemin=None) | Q(approuvee_le__isnull=False),
                name="delivrance_approuvee_avant_document",
                violation_error_message="Un document se délivre après approbation.",
            ),
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


# The same room, in a file of its own: registered with the others.
from .lots_models import LigneLot, LotDelivrance  # noqa: E402, F401
from .models_apres import DemandeAnnulation, DemandeDuplicata, DemandeRemplacement  # noqa: E402, F401
