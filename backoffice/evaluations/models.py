"""Who may evaluate, who is invited, and what each compétence obtained."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.models import Candidature, Piece
from registre.models import Certification, Competence, Organisme


class HabilitationQuerySet(models.QuerySet):
    def valides(self, certification, jour=None):
        """Habilitations that cover this certification on this day (today by default)."""
        jour = jour or timezone.localdate()
        return self.filter(certification=certification, debut__lte=jour, fin__gte=jour, retiree_le=None)


class Habilitation(models.Model):
    """The CPNE's permission to evaluate one CQP, given to a person, until a date."""

    finalite = "Savoir qui peut évaluer quoi, et jusqu’à quand."
    conservation = "5 ans après la fin de l’habilitation."

    evaluateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="habilitations", verbose_name="évaluateur"
    )
    certification = models.ForeignKey(
        Certification, on_delete=models.PROTECT, related_name="habilitations", verbose_name="certification"
    )
    organisme = models.ForeignKey(
        Organisme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisme de rattachement",
    )
    debut = models.DateField("du")
    fin = models.DateField("au")
    retiree_le = models.DateField("retirée le", null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        verbose_name_plural = "habilitations"
        ordering = ["certification", "evaluateur", "-fin"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gte=models.F("debut")),
                name="habilitation_dates",
                violation_error_message="Une habilitation finit après avoir commencé.",
            )
        ]

    def __str__(self):
        return f"{self.evaluateur} – {self.certification}"


class Evaluation(models.Model):
    """The evaluation of one dossier by the évaluateur habilité, helped by the évaluateur métier."""

    finalite = "Établir les compétences de la personne."
    conservation = "5 ans après la décision."

    candidature = models.OneToOneField(
        Candidature, on_delete=models.PROTECT, related_name="evaluation", verbose_name="candidature"
    )
    evaluateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="evaluations",
        verbose_name="évaluateur habilité",
    )
    confirmee_le = models.DateTimeField("évaluateur confirmé le")
    date_evaluation = models.DateField("date de l’évaluation", null=True, blank=True)
    commentaire = models.TextField("commentaire de l’évaluateur habilité", blank=True)
    observations_candidat = models.TextField("observations du candidat", blank=True)
    sans_observation = models.BooleanField("le candidat n’a pas d’observation", default=False)
    guide = models.ForeignKey(
        Piece,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="guide d’évaluation signé (outil n° 4)",
    )
    transmise_le = models.DateTimeField("transmise le", null=True, blank=True)

    class Meta:
        verbose_name = "évaluation"
        verbose_name_plural = "évaluations"
        ordering = ["candidature"]

    def __str__(self):
        return f"évaluation {self.candidature}"


class InvitationMetier(models.Model):
    """A single-use link sent to a person of the trade, who answers without an account."""

    finalite = "Recueillir l’avis de l’évaluateur métier."
    conservation = "5 ans après la décision."

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="invitations", verbose_name="évaluation"
    )
    nom = models.CharField("nom et prénom", max_length=120)
    fonction = models.CharField("fonction", max_length=120)
    courriel = models.EmailField("adresse électronique")
    # The token itself is in the mail only: a stolen database opens no link.
    empreinte_jeton = models.CharField("empreinte du lien", max_length=64, unique=True)
    envoyee_le = models.DateTimeField("envoyée le")
    expire_le = models.DateTimeField("expire le")
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    commentaire = models.TextField("commentaire de l’évaluateur métier", blank=True)

    class Meta:
        verbose_name = "invitation d’évaluateur métier"
        verbose_name_plural = "invitations d’évaluateur métier"
        ordering = ["-envoyee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(revoquee_le=None),
                name="invitation_vivante_unique",
                violation_error_message="Une invitation est déjà en cours : révoquez-la d’abord.",
            )
        ]

    def __str__(self):
        return f"invitation {self.pk}"

    def est_utilisable(self) -> bool:
        """Not answered, not revoked, not expired."""
        return self.repondue_le is None and self.revoquee_le is None and timezone.now() < self.expire_le


class ResultatCompetence(models.Model):
    """What one évaluateur concludes for one compétence."""

    class Source(models.TextChoices):
        METIER = "metier", "évaluateur métier"
        HABILITE = "habilite", "évaluateur habilité"

    finalite = "Établir les compétences de la personne."
    conservation = "5 ans après la décision."

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="resultats", verbose_name="évaluation"
    )
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="+", verbose_name="compétence")
    source = models.CharField("donné par", max_length=8, choices=Source.choices)
    acquis = models.BooleanField("acquis", null=True, blank=True)
    commentaire = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "résultat par compétence"
        verbose_name_plural = "résultats par compétence"
        ordering = ["evaluation", "competence"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "competence", "source"],
                name="resultat_unique",
                violation_error_message="Cette compétence a déjà un résultat.",
            )
        ]

    def __str__(self):
        return f"{self.competence_id} {self.source}"
