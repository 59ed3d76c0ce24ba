"""Who may evaluate, who is invited, and what each compétence obtained."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from backoffice.candidatures.models import Candidature, Piece
from registre.models import Certification, Competence, Organisme


class HabilitationQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """One's own, those of the certifications one manages; all of them for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        geres = utilisateur.organismes_ids("gestionnaire")
        return self.filter(Q(certification__porteur__in=geres) | Q(evaluateur=utilisateur))

    def a_renouveler(self, jour=None, sous_jours: int = 60):
        """Those in force that end within so many days, soonest first."""
        jour = jour or timezone.localdate()
        fin = jour + timedelta(days=sous_jours)
        return self.filter(debut__lte=jour, fin__gte=jour, fin__lte=fin, retiree_le=None).order_by("fin", "pk")

    def valides(self, certification, jour=None):
        """Habilitations that cover this certification on this day (today by default)."""
        jour = jour or timezone.localdate()
        return self.filter(certification=certification, debut__lte=jour, fin__gte=jour, retiree_le=None)


class Habilitation(models.Model):
    """The CPNE's permission to evaluate one CQP, given to a person, until a date."""

    class Etat(models.TextChoices):
        ACCORDEE = "accordee", "accordée"
        RETIREE = "retiree", "retirée"

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
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.ACCORDEE, editable=False)
    debut = models.DateField("du")
    fin = models.DateField("au")
    decision = models.CharField(
        "décision de la CPNE", max_length=120, blank=True, help_text="Référence ou date de la décision, si elle existe."
    )
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

    def get_absolute_url(self):
        return reverse("evaluations:habilitation", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this habilitation; its holder reads it."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {nom for nom in ("certificateur", "auditeur") if utilisateur.a_role(nom)}
        if self.certification.porteur_id in utilisateur.organismes_ids("gestionnaire"):
            roles.add("gestionnaire")
        if self.evaluateur_id == utilisateur.pk:
            roles.add("evaluateur")
        return roles

    def manque(self, jour=None) -> str:
        """Why it does not hold on this day, as the end of a sentence; empty when it does."""
        jour = jour or timezone.localdate()
        if self.retiree_le and self.retiree_le <= jour:
            return f"a été retirée le {self.retiree_le:%d/%m/%Y}"
        if self.debut > jour:
            return f"ne commence que le {self.debut:%d/%m/%Y}"
        return f"a expiré le {self.fin:%d/%m/%Y}" if self.fin < jour else ""


class Evaluation(models.Model):
    """The evaluation of one dossier by one or two évaluateurs habilités, helped by the évaluateur métier."""

    class Observateur(models.TextChoices):
        CANDIDAT = "candidat", "écrites par le candidat"
        EVALUATEUR = "evaluateur", "recopiées par l’évaluateur"

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
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluations_en_second",
        verbose_name="second évaluateur habilité",
    )
    date_evaluation = models.DateField("date de l’évaluation", null=True, blank=True)
    commentaire = models.TextField("commentaire de l’évaluateur habilité", blank=True)
    commentaire_second = models.TextField("commentaire du second évaluateur", blank=True)
    # With two évaluateurs: each one's own grid is closed before they read each other's.
    close_le = models.DateTimeField("grille close le", null=True, blank=True)
    close_second_le = models.DateTimeField("grille du second close le", null=True, blank=True)
    observations_candidat = models.TextField("observations du candidat", blank=True)
    observations_par = models.CharField(
        "observations données par", max_length=10, choices=Observateur.choices, blank=True
    )
    observations_le = models.DateTimeField("observations données le", null=True, blank=True)
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
        constraints = [
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=F("evaluateur")),
                name="evaluateurs_distincts",
                violation_error_message="Les deux évaluateurs habilités sont deux personnes.",
            )
        ]

    def __str__(self):
        return f"évaluation {self.candidature}"

    @property
    def evaluateurs(self) -> list:
        """The évaluateurs habilités, the first one before the second."""
        return [e for e in (self.evaluateur, self.second) if e is not None]

    def source_de(self, utilisateur) -> str:
        """Which grid this person fills in: `habilite`, `second`, or none."""
        if utilisateur.pk is None:
            return ""
        if self.evaluateur_id == utilisateur.pk:
            return ResultatCompetence.Source.HABILITE
        return ResultatCompetence.Source.SECOND if self.second_id == utilisateur.pk else ""

    def grille_close(self, source: str) -> bool:
        """Has this évaluateur finished? Their grid is then read only."""
        return bool(self.close_second_le if source == ResultatCompetence.Source.SECOND else self.close_le)

    @property
    def grilles_ouvertes_a_tous(self) -> bool:
        """May each one read the other's grid? Not before both are closed."""
        return self.second_id is None or bool(self.transmise_le or (self.close_le and self.close_second_le))


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
                violation_error_message="Une invitation est déjà en cours\u00a0: révoquez-la d’abord.",
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
        SECOND = "second", "second évaluateur"

    finalite = "Établir les compétences de la personne."
    conservation = "5 ans après la décision."

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="resultats", verbose_name="évaluation"
    )
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="+", verbose_name="compétence")
    source = models.CharField("donné par", max_length=8, choices=Source.choices)
    acquis = models.BooleanField("acquis", null=True, blank=True)
    # Where the parcours marks, `acquis` is what the mark says, written with it.
    note = models.DecimalField("note", max_digits=5, decimal_places=2, null=True, blank=True)
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


class BrouillonGrille(models.Model):
    """What an évaluateur is typing and has not recorded yet, kept as typed; `version` grows with each writing."""

    finalite = "Ne rien perdre de ce que l’évaluateur a saisi."
    conservation = "Jusqu’à l’enregistrement ou à la transmission de l’évaluation."

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="brouillons", verbose_name="évaluation"
    )
    source = models.CharField("grille", max_length=8, choices=ResultatCompetence.Source.choices)
    version = models.PositiveIntegerField("version", default=0)
    contenu = models.JSONField("saisie", default=dict, blank=True)
    cle = models.CharField("clé du dernier envoi", max_length=64, blank=True)
    modifie_le = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "brouillon de grille"
        verbose_name_plural = "brouillons de grille"
        ordering = ["evaluation", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "source"],
                name="brouillon_unique",
                violation_error_message="Cette grille a déjà un brouillon.",
            )
        ]

    def __str__(self):
        return f"brouillon {self.evaluation_id} {self.source}"


class LienDeclare(models.Model):
    """A tie between a person and a candidate, declared by one who knows of it: this person does not evaluate them."""

    class Nature(models.TextChoices):
        FORMATION = "formation", "a formé le candidat, ou l’a suivi en formation"
        HIERARCHIE = "hierarchie", "l’encadre ou travaille avec lui"
        PROCHE = "proche", "est de sa famille ou de ses proches"
        INTERET = "interet", "a un intérêt au résultat"

    finalite = "Garantir que nul n’évalue une personne à laquelle il est lié."
    conservation = "5 ans après la décision."

    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="liens_declares", verbose_name="candidature"
    )
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="évaluateur concerné"
    )
    nature = models.CharField("lien", max_length=10, choices=Nature.choices)
    declare_le = models.DateTimeField("déclaré le")

    class Meta:
        verbose_name = "lien déclaré"
        verbose_name_plural = "liens déclarés"
        ordering = ["candidature", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "personne"],
                name="lien_declare_unique",
                violation_error_message="Ce lien est déjà déclaré.",
            )
        ]

    def __str__(self):
        return f"lien {self.candidature_id} {self.personne_id}"
