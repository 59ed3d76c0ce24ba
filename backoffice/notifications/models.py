"""What a body adapts: the text of its mails, the delays of its reminders."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from registre.models import Organisme


class TexteCourriel(models.Model):
    """One version of the text of a mail, for one body. Kept when another replaces it, or when ours comes back."""

    finalite = "Écrire aux personnes avec les mots de l’organisme qui leur répond."
    conservation = "Cinq ans après son remplacement, pour relire ce qui a été écrit."

    modele = models.CharField("courriel", max_length=60)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="textes_courriel", verbose_name="organisme"
    )
    numero = models.PositiveSmallIntegerField("version")
    sujet = models.CharField("objet", max_length=120)
    corps = models.TextField("texte")
    ecrit_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="écrit par"
    )
    ecrit_le = models.DateTimeField("écrit le")
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "texte de courriel"
        verbose_name_plural = "textes de courriel"
        ordering = ["modele", "organisme", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["modele", "organisme", "numero"],
                name="texte_courriel_version_unique",
                violation_error_message="Cette version existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["modele", "organisme"],
                condition=Q(retire_le=None),
                name="texte_courriel_en_vigueur_unique",
                violation_error_message="Un texte est déjà en vigueur pour cet organisme.",
            ),
        ]

    def __str__(self):
        return f"{self.modele}, version {self.numero}"


class ReglageRelance(models.Model):
    """How one kind of reminder behaves: on or off, after how many days, how many times at most."""

    finalite = "Relancer à temps, sans lasser."
    conservation = "Aussi longtemps que la plateforme\u202f; les changements restent au journal."

    genre = models.CharField("genre de relance", max_length=40, unique=True)
    active = models.BooleanField("active", default=True)
    jours = models.PositiveSmallIntegerField("délai (jours)", null=True, blank=True)
    maximum = models.PositiveSmallIntegerField("nombre de relances au plus", default=3)

    class Meta:
        verbose_name = "réglage de relance"
        verbose_name_plural = "réglages de relance"
        ordering = ["genre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(jours=None) | Q(jours__gte=1, jours__lte=365),
                name="reglage_relance_jours",
                violation_error_message="Le délai va de 1 à 365 jours.",
            ),
            models.CheckConstraint(
                condition=Q(maximum__gte=1, maximum__lte=10),
                name="reglage_relance_maximum",
                violation_error_message="Une à dix relances.",
            ),
        ]

    def __str__(self):
        return self.genre
