"""A session of a jury, and the papers signed by hand that are kept with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from registre.models import Certification, Organisme
from registre.models.parchemins import stockage_prive


class SessionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """All for the certificateur's staff, those of one's porteurs, those where one sits or holds the pen."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        filtre = Q(pk__in=[])
        if porteurs := utilisateur.organismes_ids("gestionnaire"):
            filtre |= Q(certifications__porteur__in=porteurs)
        if utilisateur.a_role("jury"):
            filtre |= Q(membres__utilisateur=utilisateur)
        if employeurs := utilisateur.organismes_ids("employeur"):
            # Where one's own candidates pass, or wait for a place: when and where, never the others.
            filtre |= Q(inscriptions__candidature__etablissement__in=employeurs)
            filtre |= Q(demandes_de_place__candidature__etablissement__in=employeurs)
        filtre |= Q(secretaire=utilisateur)
        return self.filter(pk__in=self.model.objects.filter(filtre).values("pk"))

    def avec_places(self):
        """Annotate each session with `pris`: how many dossiers hold a place."""
        return self.annotate(pris=models.Count("inscriptions", filter=Q(inscriptions__retiree_le=None), distinct=True))


class SessionJury(models.Model):
    """One meeting of a jury: it is planned, opened when the rules are met, closed by its sealed minutes."""

    class Etat(models.TextChoices):
        PLANIFIEE = "planifiee", "Planifiée"
        OUVERTE = "ouverte", "Ouverte"
        CLOSE = "close", "Close, PV à signer"
        SCELLEE = "scellee", "PV scellé"
        ANNULEE = "annulee", "Annulée"

    class Instance(models.TextChoices):
        UNIQUE = "unique", "jury paritaire qui décide"
        EVALUATION = "evaluation", "jury paritaire d’évaluation (propose)"
        CERTIFICATION = "certification", "jury de certification de la CPNE (décide)"

    finalite = "Tenir les jurys et prouver leur régularité."
    conservation = "PV scellé\u00a0: 10 ans, puis archive."

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
    secretaire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_tenues",
        verbose_name="secrétaire de séance",
        help_text="Tient la feuille de décision quand le jury délibère sur papier.",
    )
    acces_membres_jours = models.PositiveSmallIntegerField(
        "dossiers ouverts aux membres avant le jury (jours)",
        null=True,
        blank=True,
        help_text="Vide\u00a0: le délai du parcours.",
    )
    # Kept with the session: rooms below ask it without knowing how it is counted (`acces_membres.py`).
    dossiers_ouverts_le = models.DateField("dossiers ouverts aux membres le", null=True, blank=True, editable=False)
    duree_minutes = models.PositiveSmallIntegerField("durée prévue (minutes)", null=True, blank=True)
    candidats_recus = models.BooleanField("le jury reçoit les candidats", default=False)
    consignes = models.TextField(
        "ce que les candidats apportent", blank=True, help_text="Une pièce d’identité, une réalisation, un carnet…"
    )
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True)
    close_le = models.DateTimeField("délibérations closes le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session de jury"
        verbose_name_plural = "sessions de jury"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=("close", "scellee")) | Q(close_le__isnull=False),
                name="session_close_datee",
                violation_error_message="Une session close porte la date de sa clôture.",
            ),
        ]

    def __str__(self):
        return f"{self.get_instance_display()} du {timezone.localdate(self.debut):%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("jurys:session", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this session (« president » for who chairs, « secretaire » for who writes)."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {n for n in ("certificateur", "auditeur") if utilisateur.a_role(n)}
        if self.pk is None:
            return roles | ({"gestionnaire"} if utilisateur.a_role("gestionnaire") else set())
        porteurs = utilisateur.organismes_ids("gestionnaire")
        if porteurs and self.certifications.filter(porteur__in=porteurs).exists():
            roles.add("gestionnaire")
        if self.secretaire_id == utilisateur.pk:
            roles.add("secretaire")
        if employeurs := utilisateur.organismes_ids("employeur"):
            siens = Q(inscriptions__candidature__etablissement__in=employeurs)
            siens |= Q(demandes_de_place__candidature__etablissement__in=employeurs)
            if SessionJury.objects.filter(siens, pk=self.pk).exists():
                roles.add("employeur")
        if utilisateur.a_role("jury"):
            membres = list(self.membres.all())
            if any(m.utilisateur_id == utilisateur.pk for m in membres):
                roles.add("jury")
            if (meneur := self._meneur(membres)) and meneur.utilisateur_id == utilisateur.pk:
                roles.add("president")
        return roles

    @staticmethod
    def _meneur(membres: list):
        """Who chairs: the chair, unless only the vice-chair has signed in."""
        par_fonction = {m.fonction: m for m in membres}
        president, vice_president = par_fonction.get("president"), par_fonction.get("vice_president")
        if vice_president and vice_president.present_le and not (president and president.present_le):
            return vice_president
        return president

    @property
    def tenue_le(self):
        """The day the jury sat: that of its opening, else the planned one."""
        return timezone.localdate(self.ouverte_le or self.debut)

    @property
    def decisions_revoquees(self):
        """The dossiers whose decision, taken here, was revoked since: the minutes stay as they were signed."""
        return self.inscriptions.filter(revoquee_le__isnull=False).select_related("candidature").order_by("revoquee_le")

    @property
    def pv(self):
        """The minutes of this session, from its closing on; None before. Its corrections have a rank of their own."""
        return next((pv for pv in self.proces_verbaux.all() if pv.rang == 0), None)

    @property
    def rectificatif_a_signer(self):
        """The correction of the minutes that waits for its signatures; there is one at a time."""
        return next((pv for pv in self.proces_verbaux.all() if pv.rang and not pv.scelle_le), None)

    def places_restantes(self) -> int:
        """How many dossiers may still come (no query on a session read `avec_places`)."""
        pris = getattr(self, "pris", None)
        return self.capacite - (self.inscriptions.filter(retiree_le=None).count() if pris is None else pris)


class PieceDeSeance(models.Model):
    """A paper signed by hand and brought back: the attendance sheet, a decision sheet."""

    class Nature(models.TextChoices):
        EMARGEMENT = "emargement", "feuille d’émargement signée"
        DECISION = "decision", "feuille de décision signée"
        AUTRE = "autre", "autre pièce de séance"

    finalite = "Garder la preuve signée de ce qui s’est passé en séance."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    session = models.ForeignKey(SessionJury, on_delete=models.PROTECT, related_name="pieces", verbose_name="session")
    inscription = models.ForeignKey(
        "jurys.Inscription",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pieces",
        verbose_name="dossier",
        help_text="Vide\u00a0: la pièce vaut pour toute la session.",
    )
    nature = models.CharField("nature", max_length=10, choices=Nature.choices)
    fichier = models.FileField("fichier", storage=stockage_prive, max_length=200)
    nom = models.CharField("nom du fichier", max_length=150)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    deposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposée par"
    )
    deposee_le = models.DateTimeField("déposée le")

    class Meta:
        verbose_name = "pièce de séance"
        verbose_name_plural = "pièces de séance"
        ordering = ["session", "-deposee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "sha256"],
                name="piece_de_seance_unique",
                violation_error_message="Cette pièce est déjà jointe à la session.",
            )
        ]

    def __str__(self):
        return self.get_nature_display()
