"""What every issue of a document keeps: who prepared it, who approved it, what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from registre.models import Parchemin


class ADeux(models.Model):
    """Prepared by one person, approved by another: nobody issues alone."""

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
        related_name="%(class)s",
        verbose_name="document délivré",
    )

    class Meta:
        abstract = True
        ordering = ["-preparee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approuvee_par=None) | ~Q(approuvee_par=F("preparee_par")),
                name="%(class)s_quatre_yeux",
                violation_error_message="La personne qui approuve n’est pas celle qui a préparé.",
            ),
            models.CheckConstraint(
                condition=Q(parchemin=None) | Q(approuvee_le__isnull=False),
                name="%(class)s_approuvee_avant_document",
                violation_error_message="Un document se délivre après approbation.",
            ),
        ]
