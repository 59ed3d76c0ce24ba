"""A holder asked to check their civil status: one link, one person, a few tries, an end."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from registre.models import Titulaire
from registre.textes import valider_texte

from .models import DemandeCorrection, DemandeCorrectionQuerySet

VALIDITE = timedelta(days=30)
ESSAIS = 5


class VerificationQuerySet(DemandeCorrectionQuerySet):
    """Seen by whoever sees the corrections of the person."""

    def ouvertes(self):
        """Those whose link still works."""
        return self.filter(etat=VerificationEtatCivil.Etat.ENVOYEE, expire_le__gt=timezone.now())


class VerificationEtatCivil(models.Model):
    """The staff asks a holder to check what is declared about them; the holder confirms, or asks for a correction."""

    class Etat(models.TextChoices):
        ENVOYEE = "envoyee", "en attente du titulaire"
        REPONDUE = "repondue", "correction demandée"
        CONFIRMEE = "confirmee", "état civil confirmé"
        REVOQUEE = "revoquee", "lien révoqué"

    finalite = "Faire vérifier son état civil par la personne elle-même, avant de la déclarer au SI CPF."
    conservation = "Un an après la réponse\u202f; seule l’empreinte du lien est conservée."

    etat = models.CharField("état", max_length=9, choices=Etat.choices, default=Etat.ENVOYEE, editable=False)
    titulaire = models.ForeignKey(
        Titulaire, on_delete=models.PROTECT, related_name="verifications", verbose_name="titulaire"
    )
    courriel = models.EmailField("adresse du lien")
    consigne = models.TextField("ce qui est à vérifier", blank=True, max_length=500, validators=[valider_texte])
    preuve_demandee = models.BooleanField("justificatif demandé", default=True)
    empreinte_jeton = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    echecs = models.PositiveSmallIntegerField("essais manqués", default=0, editable=False)
    envois = models.PositiveSmallIntegerField("envois", default=1, editable=False)
    envoyee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="envoyée par"
    )
    envoyee_le = models.DateTimeField("envoyée le", default=timezone.now, editable=False)
    expire_le = models.DateTimeField("expire le", editable=False)
    close_le = models.DateTimeField("close le", null=True, editable=False)
    correction = models.OneToOneField(
        DemandeCorrection,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="verification",
        verbose_name="correction demandée",
    )

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = "vérification d’état civil"
        verbose_name_plural = "vérifications d’état civil"
        ordering = ["-envoyee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["titulaire"],
                condition=Q(etat="envoyee"),
                name="verification_en_attente_unique",
                violation_error_message="Un lien attend déjà la réponse de cette personne.",
            ),
            models.CheckConstraint(
                condition=Q(etat="envoyee", close_le=None) | (~Q(etat="envoyee") & Q(close_le__isnull=False)),
                name="verification_close_datee",
                violation_error_message="Une vérification close porte sa date.",
            ),
        ]

    def __str__(self):
        return f"vérification d’état civil n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("espace:verification", args=[self.pk])

    @property
    def porteur_id(self) -> int | None:
        """The mail leaves in nobody's name but the platform's: the person may have dossiers at several porteurs."""
        return None

    def raison_de_fermeture(self) -> str:
        """Why the link doesn't open any more; empty while it does."""
        if self.etat != self.Etat.ENVOYEE:
            return self.etat
        return "" if timezone.now() < self.expire_le else "expiree"

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on it; whoever opened the link holds that of its holder, on it alone."""
        if hasattr(utilisateur, "roles_par_verification"):
            return utilisateur.roles_par_verification(self)
        return DemandeCorrection(titulaire=self.titulaire).roles_de(utilisateur)
