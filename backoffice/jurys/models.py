"""Jury sessions, their members by collège, the dossiers they hear and what they decide."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from registre.models import Bloc, Certification, Organisme


class SessionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """All for the certificateur's staff, those of one's porteurs, those where one sits."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        filtre = Q(pk__in=[])
        if porteurs := utilisateur.organismes_ids("gestionnaire"):
            filtre |= Q(certifications__porteur__in=porteurs)
        if utilisateur.a_role("jury"):
            filtre |= Q(membres__utilisateur=utilisateur)
        return self.filter(pk__in=self.model.objects.filter(filtre).values("pk"))


class SessionJury(models.Model):
    """One meeting of a jury: it is planned, opened when the rules are met, closed by its sealed minutes."""

    class Etat(models.TextChoices):
        PLANIFIEE = "planifiee", "Planifiée"
        OUVERTE = "ouverte", "Ouverte"
        SCELLEE = "scellee", "Close – PV scellé"
        ANNULEE = "annulee", "Annulée"

    class Instance(models.TextChoices):
        UNIQUE = "unique", "jury paritaire qui décide"
        EVALUATION = "evaluation", "jury paritaire d’évaluation (propose)"
        CERTIFICATION = "certification", "jury de certification de la CPNE (décide)"

    finalite = "Tenir les jurys et prouver leur régularité."
    conservation = "PV scellé : 10 ans, puis archive."

    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.PLANIFIEE)
    instance = models.CharField("instance", max_length=13, choices=Instance.choices, default=Instance.UNIQUE)
    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="sessions_jury", verbose_name="certificateur"
    )
    certifications = models.ManyToManyField(Certification, related_name="sessions", verbose_name="certifications")
    debut = models.DateTimeField("date et heure")
    lieu = models.CharField("lieu", max_length=150, blank=True)
    lien_visio = models.URLField("lien de visioconférence", blank=True)
    capacite = models.PositiveSmallIntegerField("nombre de dossiers au plus", default=40)
    limite_inscription = models.DateField("inscriptions jusqu’au")
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True)
    pv_numero = models.CharField("numéro du PV", max_length=40, blank=True)
    pv_contenu = models.JSONField("contenu figé du PV", default=dict, blank=True)
    pv_empreinte = models.CharField("empreinte du PV", max_length=64, blank=True)
    pv_scelle_le = models.DateTimeField("PV scellé le", null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session de jury"
        verbose_name_plural = "sessions de jury"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pv_numero"],
                condition=~Q(pv_numero=""),
                name="pv_numero_unique",
                violation_error_message="Un PV porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="scellee") | Q(pv_scelle_le__isnull=False),
                name="session_scellee_avec_pv",
                violation_error_message="Une session se clôt par un PV scellé.",
            ),
        ]

    def __str__(self):
        return f"{self.get_instance_display()} du {timezone.localdate(self.debut):%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("jurys:session", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this session (« president » for who chairs)."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {n for n in ("certificateur", "auditeur") if utilisateur.a_role(n)}
        if self.pk is None:
            return roles | ({"gestionnaire"} if utilisateur.a_role("gestionnaire") else set())
        porteurs = utilisateur.organismes_ids("gestionnaire")
        if porteurs and self.certifications.filter(porteur__in=porteurs).exists():
            roles.add("gestionnaire")
        if utilisateur.a_role("jury"):
            membres = list(self.membres.all())
            if any(m.utilisateur_id == utilisateur.pk for m in membres):
                roles.add("jury")
            if (meneur := self._meneur(membres)) and meneur.utilisateur_id == utilisateur.pk:
                roles.add("president")
        return roles

    @staticmethod
    def _meneur(membres: list["MembreJury"]) -> "MembreJury | None":
        """Who chairs: the chair, unless only the vice-chair has signed in."""
        par_fonction = {m.fonction: m for m in membres}
        president = par_fonction.get(MembreJury.Fonction.PRESIDENT)
        vice_president = par_fonction.get(MembreJury.Fonction.VICE_PRESIDENT)
        if vice_president and vice_president.present_le and not (president and president.present_le):
            return vice_president
        return president

    @property
    def tenue_le(self):
        """The day the jury sat: that of its opening, else the planned one."""
        return timezone.localdate(self.ouverte_le or self.debut)

    def places_restantes(self) -> int:
        return self.capacite - self.inscriptions.filter(retiree_le=None).count()


class MembreJury(models.Model):
    """A seat held in a session, by collège; presence is signed on the day."""

    class College(models.TextChoices):
        EMPLOYEURS = "employeurs", "collège employeurs"
        SALARIES = "salaries", "collège salariés"

    class Fonction(models.TextChoices):
        MEMBRE = "membre", "membre"
        PRESIDENT = "president", "président(e)"
        VICE_PRESIDENT = "vice_president", "vice-président(e)"

    finalite = "Prouver la composition paritaire du jury."
    conservation = "Avec le PV : 10 ans, puis archive."

    session = models.ForeignKey(SessionJury, on_delete=models.CASCADE, related_name="membres", verbose_name="session")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sieges", verbose_name="membre"
    )
    college = models.CharField("collège", max_length=10, choices=College.choices)
    fonction = models.CharField("fonction", max_length=14, choices=Fonction.choices, default=Fonction.MEMBRE)
    qualite = models.CharField("qualité", max_length=120, blank=True)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisme"
    )
    present_le = models.DateTimeField("présent depuis", null=True, blank=True)

    class Meta:
        verbose_name = "membre de jury"
        verbose_name_plural = "membres de jury"
        ordering = ["session", "college", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "utilisateur"],
                name="membre_unique",
                violation_error_message="Cette personne siège déjà à cette session : un siège, une voix.",
            ),
            models.UniqueConstraint(
                fields=["session", "fonction"],
                condition=~Q(fonction="membre"),
                name="presidence_unique",
                violation_error_message="Cette fonction est déjà tenue par un autre membre.",
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur} ({self.get_college_display()})"


class Inscription(models.Model):
    """A dossier on the list of a session, and what the jury concluded on it."""

    class Issue(models.TextChoices):
        DECIDEE = "decidee", "décision par bloc"
        AJOURNEE = "ajournee", "ajourné"
        ABSENTE = "absente", "absent"

    finalite = "Délibérer sur chaque dossier."
    conservation = "Avec le PV : 10 ans, puis archive."

    session = models.ForeignKey(
        SessionJury, on_delete=models.PROTECT, related_name="inscriptions", verbose_name="session"
    )
    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="inscriptions", verbose_name="candidature"
    )
    inscrite_le = models.DateTimeField("inscrite le")
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    issue = models.CharField("issue", max_length=8, choices=Issue.choices, blank=True)
    recommandations = models.TextField("recommandations du jury", blank=True)
    deliberee_le = models.DateTimeField("délibérée le", null=True, blank=True)

    class Meta:
        verbose_name = "inscription à un jury"
        verbose_name_plural = "inscriptions à un jury"
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "candidature"],
                condition=Q(retiree_le=None),
                name="inscription_unique",
                violation_error_message="Ce dossier est déjà inscrit à cette session.",
            )
        ]

    def __str__(self):
        return f"{self.candidature} – {self.session}"


class DecisionBloc(models.Model):
    """What the jury decides for one bloc; a decision against the evaluation carries its reason."""

    finalite = "Garder la décision du jury, bloc par bloc."
    conservation = "Avec le PV : 10 ans, puis archive."

    inscription = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="decisions", verbose_name="inscription"
    )
    bloc = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="+", verbose_name="bloc")
    acquis = models.BooleanField("acquis")
    motif = models.TextField("motif d’un écart avec l’évaluation", blank=True)

    class Meta:
        verbose_name = "décision sur un bloc"
        verbose_name_plural = "décisions sur les blocs"
        ordering = ["inscription", "bloc"]
        constraints = [
            models.UniqueConstraint(
                fields=["inscription", "bloc"],
                name="decision_bloc_unique",
                violation_error_message="Ce bloc a déjà une décision.",
            )
        ]

    def __str__(self):
        return f"{self.bloc_id} {'acquis' if self.acquis else 'non acquis'}"


class Deport(models.Model):
    """A member who does not sit on one dossier: found from the data, or declared."""

    finalite = "Garantir l’indépendance des décisions."
    conservation = "Avec le PV : 10 ans, puis archive."

    inscription = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="deports", verbose_name="inscription"
    )
    membre = models.ForeignKey(MembreJury, on_delete=models.CASCADE, related_name="deports", verbose_name="membre")
    raison = models.CharField("raison", max_length=250)
    declare = models.BooleanField("déclaré par le membre", default=False)

    class Meta:
        verbose_name = "déport"
        verbose_name_plural = "déports"
        ordering = ["inscription", "membre"]
        constraints = [
            models.UniqueConstraint(
                fields=["inscription", "membre"],
                name="deport_unique",
                violation_error_message="Ce membre est déjà déporté sur ce dossier.",
            )
        ]

    def __str__(self):
        return f"déport {self.membre_id}"
