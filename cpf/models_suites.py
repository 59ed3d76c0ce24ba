"""What follows a declaration outside the lots: suppressions asked by hand, corrections that the CDC asks for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from registre.models import Organisme, Parchemin
from registre.textes import valider_texte

from .models import porte_par


class SuitesQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the bodies for which this person is certificateur."""
        return self.filter(porte_par(utilisateur, "certificateur"))


class DemandeCDCQuerySet(SuitesQuerySet):
    def ouvertes(self):
        """Those that still await their answer."""
        return self.filter(close_le=None)


class SuppressionManuelle(models.Model):
    """A cancelled parchemin whose suppression was obtained from the Caisse des dépôts without a lot."""

    finalite = "Prouver qu’un parchemin annulé a été retiré du SI CPF."
    conservation = "5 ans."

    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="suppressions_cpf", verbose_name="certificateur"
    )
    parchemin = models.OneToOneField(
        Parchemin, on_delete=models.PROTECT, related_name="suppression_cpf", verbose_name="parchemin"
    )
    faite_le = models.DateField("faite le")
    note_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="notée par"
    )

    objects = SuitesQuerySet.as_manager()

    class Meta:
        verbose_name = "suppression faite à la main"
        verbose_name_plural = "suppressions faites à la main"
        ordering = ["-faite_le", "-pk"]

    def __str__(self):
        return f"suppression de {self.parchemin}"


class DemandeCDC(models.Model):
    """A correction that the Caisse des dépôts asks for: three months to send it, or to say why not."""

    class Suite(models.TextChoices):
        CORRIGEE = "corrigee", "données corrigées et transmises"
        JUSTIFIEE = "justifiee", "motif de non-correction transmis"

    finalite = "Répondre dans les trois mois aux corrections que demande la Caisse des dépôts."
    conservation = "5 ans après la réponse."

    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="demandes_cdc", verbose_name="certificateur"
    )
    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="demandes_cdc", verbose_name="parchemin"
    )
    recue_le = models.DateField("reçue le")
    echeance = models.DateField("à traiter avant le")
    objet = models.TextField("ce qui est demandé", max_length=2000, validators=[valider_texte])
    close_le = models.DateField("traitée le", null=True, blank=True)
    suite = models.CharField("suite donnée", max_length=9, choices=Suite.choices, blank=True)
    precision = models.TextField("précision", max_length=2000, blank=True, validators=[valider_texte])

    objects = DemandeCDCQuerySet.as_manager()

    class Meta:
        verbose_name = "correction demandée par la Caisse des dépôts"
        verbose_name_plural = "corrections demandées par la Caisse des dépôts"
        ordering = ["echeance", "pk"]
        indexes = [models.Index(fields=["certificateur", "close_le", "echeance"], name="demande_cdc_a_traiter")]
        constraints = [
            models.CheckConstraint(
                condition=Q(close_le=None, suite="") | Q(close_le__isnull=False, suite__in=["corrigee", "justifiee"]),
                name="demande_cdc_close_avec_suite",
                violation_error_message="Une demande traitée a sa date et sa suite.",
            ),
        ]

    def __str__(self):
        return f"correction de {self.parchemin} avant le {self.echeance:%d/%m/%Y}"
