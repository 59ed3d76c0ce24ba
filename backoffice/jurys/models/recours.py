"""What undoes a decision: its revocation by two people, the appeal of the candidate."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from registre.models import EntreeJournal
from registre.models.parchemins import stockage_prive

from .deliberation import Inscription


class RevocationQuerySet(models.QuerySet):
    def demandees_par(self, utilisateur):
        """Those that this person asked for and that nobody answered yet."""
        return self.filter(demandee_par=utilisateur, tranchee_le=None)


class Revocation(models.Model):
    """A decision asked to be undone by one person, undone by another: reason, date, effect on what was issued."""

    finalite = "Défaire une décision à deux, avec un motif qui reste."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    inscription = models.ForeignKey(
        Inscription, on_delete=models.PROTECT, related_name="revocations", verbose_name="décision"
    )
    motif = models.TextField("motif")
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    demandee_le = models.DateTimeField("demandée le")
    tranchee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tranchée par",
    )
    tranchee_le = models.DateTimeField("tranchée le", null=True, blank=True)
    prononcee = models.BooleanField("prononcée", default=False)
    reponse = models.TextField("motif du refus de révoquer", blank=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = "révocation"
        verbose_name_plural = "révocations"
        ordering = ["-demandee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inscription"],
                condition=Q(tranchee_le=None),
                name="revocation_unique",
                violation_error_message="Une révocation de cette décision est déjà demandée.",
            ),
            models.CheckConstraint(
                condition=Q(tranchee_par=None) | ~Q(tranchee_par=F("demandee_par")),
                name="revocation_quatre_yeux",
                violation_error_message="La personne qui révoque n’est pas celle qui l’a demandé.",
            ),
        ]

    def __str__(self):
        return f"révocation {self.inscription_id}"


class RecoursQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the dossiers one sees, save for the juries and évaluateurs, who are not their deciders."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        filtre = Q(candidature__version__certification__porteur__in=utilisateur.organismes_ids("gestionnaire"))
        if utilisateur.a_role("candidat"):
            filtre |= Q(candidature__titulaire__utilisateur=utilisateur)
        return self.filter(filtre)

    def en_cours(self):
        """Those that wait for their answer."""
        return self.filter(etat__in=("depose", "en_examen"))

    def confies_a(self, utilisateur, role: str):
        """Those on which this person holds this very role; who examines one leaves the answer to somebody else."""
        if not utilisateur.is_authenticated or not utilisateur.a_role(role):
            return self.none()
        siens = self.visibles_par(utilisateur) if role in ("certificateur", "gestionnaire") else self.none()
        return siens.exclude(charge_de=utilisateur)

    def les_plus_anciens(self):
        """In the order in which they wait, with what « À faire » says of them."""
        return self.select_related("candidature__titulaire").order_by("echeance", "pk")


class Recours(models.Model):
    """An appeal against a decision: deposited, acknowledged, answered in time by other people than the first."""

    class Etat(models.TextChoices):
        DEPOSE = "depose", "Déposé"
        EN_EXAMEN = "en_examen", "En examen"
        ACCEPTE = "accepte", "Accepté"
        REJETE = "rejete", "Rejeté"
        RETIRE = "retire", "Retiré"

    class Objet(models.TextChoices):
        PROCEDURE = "procedure", "le déroulement de l’évaluation ou du jury"
        DECISION = "decision", "la décision elle-même"
        ERREUR = "erreur", "une erreur dans le dossier ou sur un document"

    finalite = "Instruire la contestation d’une décision, et y répondre à temps."
    conservation = "5 ans après la réponse."

    etat = models.CharField("état", max_length=9, choices=Etat.choices, default=Etat.DEPOSE)
    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="recours", verbose_name="candidature"
    )
    inscription = models.ForeignKey(
        Inscription, on_delete=models.PROTECT, related_name="recours", verbose_name="décision contestée"
    )
    objet = models.CharField("ce qui est contesté", max_length=9, choices=Objet.choices)
    expose = models.TextField("exposé")
    fichier = models.FileField("pièce jointe", storage=stockage_prive, blank=True, max_length=200)
    nom_fichier = models.CharField("nom du fichier", max_length=150, blank=True)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    depose_le = models.DateTimeField("déposé le")
    accuse_le = models.DateTimeField("accusé de réception envoyé le", null=True, blank=True)
    echeance = models.DateField("réponse attendue le")
    charge_de = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recours_instruits",
        verbose_name="instruit par",
    )
    reponse = models.TextField("réponse", blank=True)
    repondu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="répondu par",
    )
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)

    objects = RecoursQuerySet.as_manager()

    class Meta:
        verbose_name = "recours"
        verbose_name_plural = "recours"
        ordering = ["-depose_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inscription"],
                condition=Q(etat__in=("depose", "en_examen")),
                name="recours_en_cours_unique",
                violation_error_message="Un recours contre cette décision est déjà en cours.",
            ),
            models.CheckConstraint(
                condition=Q(repondu_par=None) | (Q(charge_de__isnull=False) & ~Q(repondu_par=F("charge_de"))),
                name="recours_a_deux",
                violation_error_message="La personne qui répond à un recours n’est pas celle qui l’a examiné.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=("accepte", "rejete")) | (Q(repondu_le__isnull=False) & ~Q(reponse="")),
                name="recours_repondu",
                violation_error_message="Un recours se clôt par une réponse écrite.",
            ),
        ]

    def __str__(self):
        return f"recours du {self.depose_le:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("jurys:recours", args=[self.pk])

    @property
    def titulaire(self):
        return self.candidature.titulaire

    @property
    def attend_depuis(self):
        return self.depose_le

    @property
    def en_retard(self) -> bool:
        """Is the promised day past without an answer?"""
        return self.etat in ("depose", "en_examen") and timezone.localdate() > self.echeance

    @property
    def hors_delai(self) -> str:
        """Why it was taken although it came too late; empty when it came in time."""
        depot = EntreeJournal.objects.de(self).filter(verbe="deposer_recours").select_related("motif").first()
        motif = getattr(depot, "motif", None)
        return motif.texte if motif else ""

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this appeal; empty when it is out of their scope."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {n for n in ("certificateur", "auditeur") if utilisateur.a_role(n)}
        if self.candidature.porteur.pk in utilisateur.organismes_ids("gestionnaire"):
            roles.add("gestionnaire")
        if utilisateur.a_role("candidat") and self.candidature.titulaire.utilisateur_id == utilisateur.pk:
            roles.add("candidat")
        return roles
