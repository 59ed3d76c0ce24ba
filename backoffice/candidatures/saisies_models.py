"""Dossiers typed in a spreadsheet: the file as received, what was found in each row, what was opened from it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from backoffice.parcours.models import ModaliteAcces
from registre.models import Organisme, VersionCertification
from registre.models.parchemins import stockage_prive

CONSERVATION = timedelta(days=30)


class SaisieGroupeeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those that this very person sent: a file of people is nobody else's to read."""
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(deposee_par=utilisateur)

    def a_purger(self):
        return self.filter(purgee_le=None, deposee_le__lt=timezone.now() - CONSERVATION)


class SaisieGroupee(models.Model):
    """One file sent: checked without creating anything, then, if its author confirms, one draft per good row."""

    finalite = "Ouvrir plusieurs candidatures à partir d’un classeur, après contrôle de chaque ligne."
    conservation = "Le fichier et le contenu des lignes sont effacés 30 jours après le dépôt."

    deposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposée par"
    )
    deposee_le = models.DateTimeField("déposée le", default=timezone.now)
    nom_origine = models.CharField("nom du fichier reçu", max_length=150)
    sha256 = models.CharField("empreinte", max_length=64)
    fichier = models.FileField("fichier", storage=stockage_prive, max_length=200, blank=True)
    version = models.ForeignKey(
        VersionCertification,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="CQP des lignes qui n’en disent rien",
    )
    modalite_acces = models.CharField(
        "voie d’accès des lignes qui n’en disent rien", max_length=60, choices=ModaliteAcces.choices, blank=True
    )
    etablissement = models.ForeignKey(
        Organisme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="établissement des lignes qui n’en disent rien",
    )
    ignorees = models.JSONField("colonnes ignorées", default=list, blank=True)
    analysee_le = models.DateTimeField("contrôlée le", null=True, blank=True)
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    terminee_le = models.DateTimeField("terminée le", null=True, blank=True)
    purgee_le = models.DateTimeField("effacée le", null=True, blank=True)

    objects = SaisieGroupeeQuerySet.as_manager()

    class Meta:
        verbose_name = "saisie groupée"
        verbose_name_plural = "saisies groupées"
        ordering = ["-deposee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmee_le=None) | Q(analysee_le__isnull=False),
                name="saisie_groupee_controlee_avant_creation",
                violation_error_message="Un classeur se contrôle avant de créer des dossiers.",
            ),
        ]

    def __str__(self):
        return f"saisie groupée n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("candidatures:saisie_groupee", args=[self.pk])

    @property
    def en_cours(self) -> bool:
        """Is the worker busy with it?"""
        return not self.analysee_le or bool(self.confirmee_le and not self.terminee_le)

    def comptes(self) -> dict[str, int]:
        """How many rows of each fate."""
        sorts = dict(self.lignes.order_by().values_list("sort").annotate(Count("pk")))
        return {sort: sorts.get(sort, 0) for sort in LigneSaisie.Sort.values}


class LigneSaisie(models.Model):
    """One row: what was read, what there is to say of it, the dossier opened from it."""

    class Sort(models.TextChoices):
        PRETE = "prete", "Prête"
        A_VERIFIER = "a_verifier", "Prête, à vérifier"
        ERREUR = "erreur", "À corriger"
        CREEE = "creee", "Brouillon ouvert"
        REFUSEE = "refusee", "Refusée"

    finalite = "Dire ligne à ligne ce qui est lu d’un classeur, et ce qui en a été fait."
    conservation = "Le contenu est effacé 30 jours après le dépôt\u202f; le dossier ouvert suit sa propre durée."

    saisie = models.ForeignKey(
        SaisieGroupee, on_delete=models.CASCADE, related_name="lignes", verbose_name="saisie groupée"
    )
    numero = models.PositiveIntegerField("ligne du fichier")
    sort = models.CharField("résultat", max_length=10, choices=Sort.choices)
    nom = models.CharField("personne", max_length=130, blank=True)
    brut = models.JSONField("cellules", default=list, blank=True)
    valeurs = models.JSONField("valeurs lues", default=dict, blank=True)
    constats = models.JSONField("constats", default=list, blank=True)
    candidature = models.ForeignKey(
        "candidatures.Candidature",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="candidature",
    )

    class Meta:
        verbose_name = "ligne d’une saisie groupée"
        verbose_name_plural = "lignes d’une saisie groupée"
        ordering = ["saisie", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["saisie", "numero"],
                name="ligne_saisie_unique",
                violation_error_message="Cette ligne du fichier est déjà lue.",
            ),
        ]

    def __str__(self):
        return f"ligne {self.numero}"

    @property
    def importable(self) -> bool:
        return self.sort in (self.Sort.PRETE, self.Sort.A_VERIFIER)
