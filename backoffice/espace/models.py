"""What candidates ask and write: a correction of their civil status, messages, the notice they were shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backoffice.candidatures.models import NON_DECLARES, Candidature
from registre.models import Titulaire
from registre.models.parchemins import stockage_prive


class DemandeCorrectionQuerySet(models.QuerySet):
    # The porteur answers its candidates; who asked a holder to check answers them too.
    pour_chaque_role = True

    def visibles_par(self, utilisateur):
        """One's own; those of the people whose dossiers one's porteurs run; all for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        siennes = Q(pk__in=[])
        if utilisateur.a_role("candidat"):
            siennes = Q(titulaire__utilisateur=utilisateur)
        return self.filter(siennes | self._des_porteurs(utilisateur))

    def confies_a(self, utilisateur, role: str):
        """The requests on which this person holds this very role: what they may have to do with it."""
        if not utilisateur.is_authenticated or not utilisateur.a_role(role):
            return self.none()
        if role == "certificateur":
            return self.filter(verification__isnull=False)
        return self.filter(self._des_porteurs(utilisateur)) if role == "gestionnaire" else self.none()

    def les_plus_anciens(self):
        """In the order in which they wait, with what « À faire » says of them."""
        return self.select_related("titulaire").order_by("deposee_le", "pk")

    @staticmethod
    def _des_porteurs(utilisateur) -> Q:
        suivis = Candidature.objects.exclude(etat__in=NON_DECLARES)
        suivis = suivis.filter(porteur__in=utilisateur.organismes_ids("gestionnaire"))
        return Q(titulaire__in=suivis.values("titulaire"))


class DemandeCorrection(models.Model):
    """A candidate says that their civil status is wrong, and proves it; the porteur compares and applies it, or not."""

    class Etat(models.TextChoices):
        DEPOSEE = "deposee", "à vérifier"
        ACCEPTEE = "acceptee", "acceptée"
        REFUSEE = "refusee", "refusée"
        RETIREE = "retiree", "retirée"

    finalite = "Rectifier l’état civil d’une personne, sur justificatif (RGPD, article 16)."
    conservation = "Un an après la réponse ; le justificatif est détruit dès la réponse."

    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.DEPOSEE, editable=False)
    titulaire = models.ForeignKey(
        Titulaire, on_delete=models.PROTECT, related_name="corrections", verbose_name="candidat"
    )
    # Only the fields to change: nothing is kept twice.
    valeurs = models.JSONField("valeurs demandées")
    avant = models.JSONField("valeurs au jour de la réponse", default=dict, blank=True)
    precisions = models.TextField("précisions", blank=True, max_length=1000)
    justificatif = models.FileField("justificatif", storage=stockage_prive, max_length=200, blank=True)
    type_mime = models.CharField("type", max_length=30, blank=True)
    # Nobody: by the link of a verification, without an account.
    deposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="déposée par",
    )
    deposee_le = models.DateTimeField("déposée le", default=timezone.now, editable=False)
    decidee_le = models.DateTimeField("traitée le", null=True, editable=False)

    objects = DemandeCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de correction"
        verbose_name_plural = "demandes de correction"
        ordering = ["-deposee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["titulaire"],
                condition=Q(etat="deposee"),
                name="demande_correction_en_attente_unique",
                violation_error_message="Une demande de correction attend déjà sa réponse.",
            ),
            models.CheckConstraint(
                condition=Q(etat="deposee", decidee_le=None) | (~Q(etat="deposee") & Q(decidee_le__isnull=False)),
                name="demande_correction_datee",
                violation_error_message="Une demande traitée porte la date de sa réponse.",
            ),
            models.CheckConstraint(
                condition=Q(etat="deposee") | Q(justificatif=""),
                name="demande_correction_sans_justificatif",
                violation_error_message="Le justificatif d’une demande traitée n’est plus conservé.",
            ),
        ]

    def __str__(self):
        return f"correction d’état civil n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("espace:correction", args=[self.pk])

    @property
    def attend_depuis(self):
        return self.deposee_le

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this request; empty when it is out of their scope."""
        if hasattr(utilisateur, "roles_par_correction"):
            return utilisateur.roles_par_correction(self)
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {nom for nom in ("certificateur", "auditeur") if utilisateur.a_role(nom)}
        if self.titulaire.utilisateur_id == utilisateur.pk and utilisateur.a_role("candidat"):
            roles.add("candidat")
        porteurs = utilisateur.organismes_ids("gestionnaire")
        if (
            porteurs
            and self.titulaire.candidatures.exclude(etat__in=NON_DECLARES).filter(porteur__in=porteurs).exists()
        ):
            roles.add("gestionnaire")
        return roles


class MessageQuerySet(models.QuerySet):
    def du_fil(self, candidature, fils):
        """The messages of these threads of a dossier, oldest first."""
        return self.filter(candidature=candidature, fil__in=fils).select_related("auteur").order_by("ecrit_le", "pk")

    def non_lus_par_le_candidat(self, utilisateur):
        """What the porteur wrote to this candidate, and that they have not opened yet."""
        siens = Candidature.objects.filter(titulaire__utilisateur=utilisateur).visibles_par(utilisateur)
        return self.filter(candidature__in=siens, fil=Message.Fil.CANDIDAT, du_porteur=True, lu_le=None)


class Message(models.Model):
    """A message on a dossier, between its porteur and one other side: neither side reads the thread of the other."""

    class Fil(models.TextChoices):
        CANDIDAT = "candidat", "candidat"
        EMPLOYEUR = "employeur", "employeur"

    finalite = "Répondre aux questions sur un dossier, et à rien d’autre."
    conservation = "Avec le dossier : 5 ans après la décision."

    candidature = models.ForeignKey(
        Candidature, on_delete=models.CASCADE, related_name="messages", verbose_name="candidature"
    )
    fil = models.CharField("échange avec", max_length=9, choices=Fil.choices)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    du_porteur = models.BooleanField("écrit par le porteur")
    texte = models.TextField("message", max_length=4000)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    lu_le = models.DateTimeField("lu le", null=True, blank=True)
    attend_reponse = models.BooleanField("attend une réponse", default=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["candidature", "ecrit_le", "pk"]
        indexes = [
            models.Index(fields=["candidature"], condition=Q(attend_reponse=True), name="message_a_repondre"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(du_porteur=False) | Q(attend_reponse=False),
                name="message_du_porteur_sans_attente",
                violation_error_message="Seul un message reçu attend une réponse.",
            ),
        ]

    def __str__(self):
        return f"message {self.pk}"


class NoticeLue(models.Model):
    """The information on personal data that a person was shown at their first connection, and when."""

    finalite = "Prouver que la personne a été informée (RGPD, articles 13 et 14)."
    conservation = "Avec le compte."

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices_lues", verbose_name="personne"
    )
    notice = models.CharField("notice", max_length=30)
    lue_le = models.DateTimeField("lue le", default=timezone.now)

    class Meta:
        verbose_name = "notice lue"
        verbose_name_plural = "notices lues"
        ordering = ["utilisateur", "-lue_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "notice"],
                name="notice_lue_unique",
                violation_error_message="Cette notice est déjà lue.",
            )
        ]

    def __str__(self):
        return self.notice


from .verifications_models import VerificationEtatCivil  # noqa: E402, F401 - the models of the room, in two files
