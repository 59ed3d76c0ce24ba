"""What the last check said of each parchemin that is due, and what was already told about its term."""

from django.db import models
from django.db.models import Q

from registre.models import Parchemin


class ControleCPF(models.Model):
    """The result of the checks, kept so that a queue of any length may be filtered; written again at each check."""

    class Gravite(models.TextChoices):
        SAINE = "saine", "prêt"
        RESERVE = "reserve", "à vérifier"
        BLOQUANTE = "bloquante", "bloqué"

    class Ecran(models.TextChoices):
        ETAT_CIVIL = "etat_civil", "l’état civil"
        DOCUMENT = "document", "le document ou son dossier"

    finalite = "Dire pourquoi un parchemin ne peut pas être déclaré, et prévenir avant son échéance."
    conservation = "Jusqu’à l’acceptation du passage ou l’annulation du document."

    parchemin = models.OneToOneField(
        Parchemin, on_delete=models.PROTECT, related_name="controle_cpf", verbose_name="parchemin"
    )
    gravite = models.CharField("résultat", max_length=9, choices=Gravite.choices)
    # Where the first thing to correct is corrected.
    ecran = models.CharField("à corriger dans", max_length=10, choices=Ecran.choices, blank=True)
    anomalies = models.JSONField("anomalies", default=list, blank=True)
    fait_le = models.DateTimeField("contrôlé le")
    palier = models.PositiveSmallIntegerField("dernière alerte (jours restants)", null=True, editable=False)

    class Meta:
        verbose_name = "contrôle avant déclaration"
        verbose_name_plural = "contrôles avant déclaration"
        constraints = [
            models.CheckConstraint(
                condition=Q(gravite__in=["saine", "reserve", "bloquante"]),
                name="controle_cpf_gravite_connue",
                violation_error_message="Ce résultat n’existe pas.",
            ),
        ]

    def __str__(self):
        return f"contrôle de {self.parchemin}"
