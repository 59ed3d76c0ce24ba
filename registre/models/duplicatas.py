"""The same document on another sheet: issued again because the first was lost, stolen or destroyed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .parchemins import Parchemin, stockage_prive


class DuplicataQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the documents that this person sees."""
        return self.filter(parchemin__in=Parchemin.objects.all().visibles_par(utilisateur))

    def edites(self):
        """Those whose file is stored."""
        return self.exclude(sha256="")


class Duplicata(models.Model):
    """Same record, same number, same token as its document; its own file, which says that it is a duplicata.

    It has no life of its own: what is cancelled or replaced is the document, and its duplicatas with it.
    """

    class Motif(models.TextChoices):
        PERDU = "perdu", "document perdu"
        VOLE = "vole", "document volé"
        DETRUIT = "detruit", "document détruit ou illisible"

    finalite = "Remettre de nouveau à son titulaire un document perdu, et le reconnaître à la vérification."
    conservation = "50 ans, avec le registre."

    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="duplicatas", verbose_name="document"
    )
    rang = models.PositiveSmallIntegerField("numéro du duplicata")
    motif = models.CharField("motif", max_length=7, choices=Motif.choices)
    delivre_le = models.DateField("délivré le")
    delivre_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="délivré par"
    )
    fichier = models.FileField("fichier", storage=stockage_prive, blank=True, max_length=200)
    sha256 = models.CharField("empreinte du fichier", max_length=64, blank=True, db_index=True)
    scelle_le = models.DateTimeField("scellé le", null=True, blank=True)

    objects = DuplicataQuerySet.as_manager()

    class Meta:
        verbose_name = "duplicata"
        verbose_name_plural = "duplicatas"
        ordering = ["parchemin", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["parchemin", "rang"],
                name="duplicata_rang_unique",
                violation_error_message="Ce duplicata existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(rang__gte=1),
                name="duplicata_rang_positif",
                violation_error_message="Les duplicatas se comptent à partir de 1.",
            ),
        ]

    def __str__(self):
        return f"duplicata n°\u00a0{self.rang} de {self.parchemin}"
