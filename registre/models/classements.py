"""What a fiche refers to: codes of official lists, and the ways to obtain the certification."""

from django.db import models

from .certifications import VersionCertification


class CodeNomenclature(models.Model):
    """A code of an official list attached to a version; the code is the key, labels vary between fiches."""

    class Nomenclature(models.TextChoices):
        NSF = "nsf", "NSF"
        ROME = "rome", "ROME"
        FORMACODE = "formacode", "Formacode"

    finalite = "Décrire la certification."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    version = models.ForeignKey(
        VersionCertification, on_delete=models.CASCADE, related_name="codes", verbose_name="version"
    )
    nomenclature = models.CharField("nomenclature", max_length=9, choices=Nomenclature.choices)
    code = models.CharField("code", max_length=10)
    libelle = models.CharField("libellé", max_length=255, blank=True)
    rang = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "code de nomenclature"
        verbose_name_plural = "codes de nomenclature"
        ordering = ["version", "nomenclature", "rang", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "nomenclature", "code"],
                name="code_nomenclature_unique",
                violation_error_message="Ce code est déjà donné à cette version.",
            )
        ]

    def __str__(self):
        return f"{self.get_nomenclature_display()} {self.code}"


class VoieAcces(models.Model):
    """A way to obtain the certification, as the fiche opens it."""

    class Voie(models.TextChoices):
        FI = "FI", "formation initiale"
        CA = "CA", "contrat d’apprentissage"
        FC = "FC", "formation continue"
        CQ = "CQ", "contrat de professionnalisation"
        CL = "CL", "candidature individuelle"
        VAE = "VAE", "validation des acquis de l’expérience"

    finalite = "Décrire comment obtenir la certification."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    version = models.ForeignKey(
        VersionCertification, on_delete=models.CASCADE, related_name="voies", verbose_name="version"
    )
    voie = models.CharField("voie", max_length=3, choices=Voie.choices)
    composition_jury = models.TextField("composition du jury", blank=True)

    class Meta:
        verbose_name = "voie d’accès"
        verbose_name_plural = "voies d’accès"
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "voie"],
                name="voie_acces_unique",
                violation_error_message="Cette voie est déjà ouverte pour cette version.",
            )
        ]

    def __str__(self):
        return self.get_voie_display()
