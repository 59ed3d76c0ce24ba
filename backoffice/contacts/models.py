"""A message from somebody who has no account, until it is answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backoffice.depots import roles_sur
from registre.models import Certification


class MessageQuerySet(models.QuerySet):
    pour_chaque_role = True

    def visibles_par(self, utilisateur):
        """The certificateurs' staff and those who control them; a porteur, what concerns its own CQPs."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        return self.filter(certification__porteur__in=utilisateur.organismes_ids("gestionnaire"))

    def confies_a(self, utilisateur, role: str):
        """The messages which this person may have to answer under this very role."""
        if not utilisateur.is_authenticated or not utilisateur.a_role(role):
            return self.none()
        if role == "gestionnaire":
            return self.filter(certification__porteur__in=utilisateur.organismes_ids("gestionnaire"))
        return self.filter(certification=None) if role == "certificateur" else self.none()

    def les_plus_anciens(self):
        """In the order in which they wait."""
        return self.order_by("recu_le", "pk")


class Message(models.Model):
    """What somebody asks. A name is not needed to answer; an address is."""

    class Etat(models.TextChoices):
        RECU = "recu", "à traiter"
        CLOS = "clos", "répondu"

    class Sujet(models.TextChoices):
        CQP = "cqp", "un CQP\u00a0: contenu, voies d’accès, inscription"
        DOSSIER = "dossier", "un dossier ou un parchemin déjà en cours"
        ACCESSIBILITE = "accessibilite", "une page ou un document que je n’arrive pas à utiliser"
        DONNEES = "donnees", "mes données personnelles"
        AUTRE = "autre", "autre chose"

    finalite = "Répondre à la personne qui écrit, et à rien d’autre."
    conservation = "Six mois après la réponse\u202f; sans réponse, un an après la réception."

    etat = models.CharField("état", max_length=4, choices=Etat.choices, default=Etat.RECU, editable=False)
    sujet = models.CharField("sujet", max_length=13, choices=Sujet.choices)
    certification = models.ForeignKey(
        Certification, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="CQP concerné"
    )
    texte = models.TextField("message", max_length=3000)
    courriel = models.EmailField("adresse électronique")
    recu_le = models.DateTimeField("reçu le", default=timezone.now, editable=False)
    suite = models.TextField("suite donnée", blank=True, max_length=1000)
    clos_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="répondu par",
    )
    clos_le = models.DateTimeField("répondu le", null=True, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message du public"
        verbose_name_plural = "messages du public"
        ordering = ["-recu_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat="recu", clos_le=None) | Q(etat="clos", clos_le__isnull=False),
                name="message_clos_date",
                violation_error_message="Un message répondu porte la date de sa réponse.",
            ),
        ]

    def __str__(self):
        return f"message n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("contacts:message", args=[self.pk])

    @property
    def attend_depuis(self):
        return self.recu_le

    @property
    def en_titre(self) -> str:
        """What it is about, without a word of what is written."""
        sujet = str(self.get_sujet_display())
        return str(self.certification or sujet[:1].upper() + sujet[1:])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this message; a visitor, on the one that they are writing."""
        roles = roles_sur(self, utilisateur, ("certificateur", "auditeur"))
        if self.certification and getattr(utilisateur, "is_authenticated", False):
            siens = utilisateur.organismes_ids("gestionnaire")
            roles |= {"gestionnaire"} if self.certification.porteur_id in siens else set()
        return roles
