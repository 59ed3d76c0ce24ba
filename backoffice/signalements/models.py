"""A document reported as false or misused, by somebody who has no account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backoffice.depots import roles_sur
from registre.models import Parchemin
from registre.models.parchemins import stockage_prive


class SignalementQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The certificateurs' staff, and those who control them; nobody else."""
        if not utilisateur.is_authenticated or not utilisateur.a_role("certificateur", "auditeur"):
            return self.none()
        return self

    def confies_a(self, utilisateur, role: str):
        """The reports on which this person may have to act under this very role."""
        ici = role == "certificateur" and utilisateur.is_authenticated and utilisateur.a_role(role)
        return self.all() if ici else self.none()

    def les_plus_anciens(self):
        """In the order in which they wait."""
        return self.order_by("recu_le", "pk")


class Signalement(models.Model):
    """What somebody saw. Only what helps to look into it is asked, and the person may stay unknown."""

    class Etat(models.TextChoices):
        RECU = "recu", "reçu"
        EXAMINE = "examine", "en examen"
        CLASSE = "classe", "classé"
        SUIVI = "suivi", "suite donnée"

    class Nature(models.TextChoices):
        FAUX = "faux", "un document faux ou modifié"
        PERSONNE = "personne", "un document présenté par une autre personne que son titulaire"
        ANNULE = "annule", "un document annulé présenté comme valable"
        AUTRE = "autre", "autre chose"

    finalite = "Lutter contre les faux documents et leurs mauvais usages, et répondre à qui les signale."
    conservation = "Un an après la clôture du signalement, photographie et coordonnées comprises."

    etat = models.CharField("état", max_length=7, choices=Etat.choices, default=Etat.RECU, editable=False)
    nature = models.CharField("ce qui est signalé", max_length=8, choices=Nature.choices)
    numero = models.CharField("numéro lu sur le document", max_length=40, blank=True)
    recit = models.TextField("ce que vous avez vu", max_length=2000)
    contact = models.EmailField("adresse électronique", blank=True)
    photo = models.FileField("photographie du document", storage=stockage_prive, max_length=200, blank=True)
    type_mime = models.CharField("type", max_length=30, blank=True)
    recu_le = models.DateTimeField("reçu le", default=timezone.now, editable=False)
    examine_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="examiné par",
    )
    conclusion = models.TextField("conclusion", blank=True, max_length=2000)
    clos_le = models.DateTimeField("clos le", null=True, blank=True, editable=False)

    objects = SignalementQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        ordering = ["-recu_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=("recu", "examine"), clos_le=None)
                | Q(etat__in=("classe", "suivi"), clos_le__isnull=False),
                name="signalement_clos_date",
                violation_error_message="Un signalement clos porte la date de sa clôture.",
            ),
        ]

    def __str__(self):
        return f"signalement n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("signalements:signalement", args=[self.pk])

    @property
    def attend_depuis(self):
        return self.recu_le

    @property
    def certification(self) -> str:
        """What « À faire » says of it."""
        nature = str(self.get_nature_display())
        return nature[:1].upper() + nature[1:]

    def document(self) -> Parchemin | None:
        """The document of the register that bears the number that was read, if any."""
        numero = self.numero.strip().upper()
        parchemins = Parchemin.objects.filter(numero=numero).select_related("certificateur", "version", "titulaire")
        return parchemins.first() if numero else None

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this report; a visitor, on the one that they are writing."""
        return roles_sur(self, utilisateur, ("certificateur", "auditeur"))
