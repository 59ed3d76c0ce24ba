"""The minutes: written once, signed by two people, sealed; corrected by other minutes only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from registre.models.parchemins import stockage_prive

from .membres import MembreJury
from .sessions import SessionJury


class ProcesVerbalQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the sessions one sees."""
        return self.filter(session__in=SessionJury.objects.all().visibles_par(utilisateur))


class ProcesVerbal(models.Model):
    """The minutes of a session (`rang` 0) or one of its corrections (1, 2…): the exact text, its hash, its PDF."""

    finalite = "Prouver ce qu’un jury a décidé, et qui l’a signé."
    conservation = "10 ans, puis archive."

    session = models.ForeignKey(
        SessionJury, on_delete=models.PROTECT, related_name="proces_verbaux", verbose_name="session"
    )
    rang = models.PositiveSmallIntegerField("rang", default=0)
    numero = models.CharField("numéro", max_length=40, unique=True)
    # Empty while the session is open again: the number stays, its next text is not written yet.
    contenu = models.JSONField("contenu figé", default=dict, blank=True)
    empreinte = models.CharField("empreinte du contenu", max_length=64, blank=True)
    motif = models.TextField("objet de la rectification", blank=True)
    arrete_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="arrêté par"
    )
    arrete_le = models.DateTimeField("texte arrêté le")
    scelle_le = models.DateTimeField("scellé le", null=True, blank=True)
    fichier = models.FileField("document", storage=stockage_prive, blank=True, max_length=200)
    sha256 = models.CharField("empreinte du document", max_length=64, blank=True)
    sel = models.CharField("sel", max_length=64, blank=True, editable=False)

    objects = ProcesVerbalQuerySet.as_manager()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        ordering = ["session", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "rang"],
                name="pv_rang_unique",
                violation_error_message="Ce procès-verbal existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(rang=0) | ~Q(motif=""),
                name="pv_rectificatif_motive",
                violation_error_message="Un PV rectificatif dit ce qu’il corrige, et pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(scelle_le=None) | ~Q(empreinte=""),
                name="pv_scelle_avec_empreinte",
                violation_error_message="Un PV scellé porte l’empreinte de son texte.",
            ),
        ]

    def __str__(self):
        return f"PV {self.numero}"


class SignaturePV(models.Model):
    """A signature: who, as what, on which exact text, and how they proved who they are."""

    finalite = "Prouver qui a signé le procès-verbal, et quel texte."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    proces_verbal = models.ForeignKey(
        ProcesVerbal, on_delete=models.CASCADE, related_name="signatures", verbose_name="procès-verbal"
    )
    membre = models.ForeignKey(MembreJury, on_delete=models.PROTECT, related_name="+", verbose_name="membre")
    empreinte = models.CharField("empreinte du texte signé", max_length=64)
    signee_le = models.DateTimeField("signé le")
    preuve = models.CharField("confirmation d’identité", max_length=20)

    class Meta:
        verbose_name = "signature du PV"
        verbose_name_plural = "signatures du PV"
        ordering = ["proces_verbal", "signee_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proces_verbal", "membre"],
                name="signature_pv_unique",
                violation_error_message="Ce membre a déjà signé ce procès-verbal.",
            )
        ]

    def __str__(self):
        return f"signature {self.proces_verbal_id}"
