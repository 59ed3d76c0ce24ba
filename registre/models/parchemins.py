"""What has been certified: numbered documents, written once."""

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .certifications import VersionCertification
from .organismes import Organisme
from .titulaires import Titulaire


def stockage_prive():
    return storages["prive"]


class SerieNumeros(models.Model):
    """A counter locked by each issue: numbers 1..N without gap nor duplicate."""

    class Nature(models.TextChoices):
        PARCHEMIN = "parchemin", "parchemin"
        ATTESTATION = "attestation", "attestation de réussite partielle"
        BLOC = "bloc", "attestation de bloc de compétences"
        PV = "pv", "procès-verbal"
        CANDIDATURE = "candidature", "candidature"

    finalite = "Numéroter sans trou ni doublon."
    conservation = "50 ans, avec le registre."

    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="series", verbose_name="certificateur"
    )
    nature = models.CharField("nature", max_length=11, choices=Nature.choices)
    annee = models.PositiveSmallIntegerField("année")
    prefixe = models.CharField("préfixe", max_length=12)
    dernier = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "série de numéros"
        verbose_name_plural = "séries de numéros"
        ordering = ["certificateur", "nature", "annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificateur", "nature", "annee"],
                name="serie_unique",
                violation_error_message="Cette série existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["prefixe", "nature", "annee"],
                name="serie_prefixe_unique",
                violation_error_message="Un autre certificateur numérote déjà avec ce préfixe.",
            ),
        ]

    def __str__(self):
        return f"{self.prefixe}-{self.annee} ({self.get_nature_display()})"


class ParcheminQuerySet(models.QuerySet):
    def vivants(self):
        """Neither cancelled nor replaced."""
        return self.filter(annule_le=None)

    def edites(self):
        """Those whose document is stored."""
        return self.exclude(sha256="")

    def visibles_par(self, utilisateur):
        """One's own; those of one's porteurs; those one may sign; all for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        signees = VersionCertification.objects.delivrees_par(utilisateur.organismes_ids("signataire"))
        siens = Q(titulaire__utilisateur=utilisateur) if utilisateur.a_role("candidat") else Q(pk__in=[])
        return self.filter(
            siens
            | Q(version__in=signees)
            | Q(version__certification__porteur__in=utilisateur.organismes_ids("gestionnaire"))
        )


class Parchemin(models.Model):
    """A parchemin or an attestation de réussite partielle: frozen record, number, token, stored PDF.

    Nothing is recomputed later: page, badge, PDF and CPF passage all read `enregistrement`.
    """

    class Nature(models.TextChoices):
        PARCHEMIN = "parchemin", "parchemin"
        ATTESTATION = "attestation", "attestation de réussite partielle"
        BLOC = "bloc", "attestation de bloc de compétences"

    finalite = "Tenir le registre des certifications délivrées et permettre leur vérification."
    conservation = "50 ans."

    nature = models.CharField("nature", max_length=11, choices=Nature.choices)
    serie = models.ForeignKey(SerieNumeros, on_delete=models.PROTECT, related_name="+", verbose_name="série")
    rang = models.PositiveIntegerField("rang dans la série")
    numero = models.CharField("numéro", max_length=40, unique=True)
    titulaire = models.ForeignKey(
        Titulaire, on_delete=models.PROTECT, related_name="parchemins", verbose_name="titulaire"
    )
    version = models.ForeignKey(
        VersionCertification, on_delete=models.PROTECT, related_name="parchemins", verbose_name="version"
    )
    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="parchemins_delivres", verbose_name="certificateur"
    )
    delivre_le = models.DateField("délivré le")
    lieu = models.CharField("lieu", max_length=100)
    enregistrement = models.JSONField("enregistrement figé")
    identifiant = models.CharField("identifiant public", max_length=32, unique=True)
    sel = models.CharField("sel", max_length=64)
    kid = models.PositiveSmallIntegerField("clé de signature")
    jeton = models.CharField("jeton signé", max_length=168)
    fichier = models.FileField("document", storage=stockage_prive, blank=True, max_length=200)
    sha256 = models.CharField("empreinte du document", max_length=64, blank=True, db_index=True)
    scelle_le = models.DateTimeField("scellé le", null=True, blank=True)
    # Why its file cannot be made, as long as it cannot: « » once it is stored.
    impossible = models.CharField("raison de l’échec de fabrication", max_length=300, blank=True, editable=False)
    statut_liste = models.PositiveSmallIntegerField("liste des annulations", null=True, blank=True)
    statut_rang = models.PositiveIntegerField("rang dans cette liste", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="annulé par",
    )
    motif_annulation = models.TextField("motif d’annulation", blank=True)
    remplace_par = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace", verbose_name="remplacé par"
    )

    objects = ParcheminQuerySet.as_manager()

    class Meta:
        verbose_name = "parchemin"
        verbose_name_plural = "parchemins"
        ordering = ["-delivre_le", "-pk"]
        indexes = [
            # The public list is read every few minutes: its few cancelled documents, never its tens of thousands.
            models.Index(fields=["statut_liste"], condition=Q(annule_le__isnull=False), name="parchemin_annules")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["serie", "rang"],
                name="parchemin_rang_unique",
                violation_error_message="Ce numéro est déjà pris.",
            ),
            models.UniqueConstraint(
                fields=["titulaire", "version"],
                condition=Q(nature="parchemin", annule_le=None),
                name="parchemin_vivant_unique",
                violation_error_message="Cette personne a déjà un parchemin valable pour cette certification.",
            ),
            models.UniqueConstraint(
                fields=["statut_liste", "statut_rang"],
                name="parchemin_statut_unique",
                violation_error_message="Cette place de la liste des annulations est déjà prise.",
            ),
            models.CheckConstraint(
                condition=Q(remplace_par=None) | Q(annule_le__isnull=False),
                name="parchemin_remplace_donc_annule",
                violation_error_message="Un parchemin remplacé est d’abord annulé.",
            ),
            # A replacement is younger than what it replaces: with the unique link, a chain neither forks nor turns.
            models.CheckConstraint(
                condition=Q(remplace_par=None) | Q(remplace_par__gt=F("pk")),
                name="parchemin_remplace_par_plus_recent",
                violation_error_message="Un parchemin est remplacé par un document plus récent.",
            ),
        ]

    def __str__(self):
        return self.numero

    def get_absolute_url(self):
        return reverse("delivrances:fiche", args=[self.pk])

    @property
    def precedent(self) -> "Parchemin | None":
        """The document that this one replaced; None for a first one. (A template takes an absent link for a text.)"""
        return getattr(self, "remplace", None)

    @property
    def dernier(self) -> "Parchemin":
        """The last document of the chain of replacements: itself when nothing replaced it."""
        document = self
        while document.remplace_par_id:
            document = document.remplace_par
        return document

    @property
    def ne_vaut_plus(self) -> bool:
        """Cancelled, and nothing that replaced it is in force."""
        return self.dernier.annule_le is not None

    @property
    def repris(self) -> dict | None:
        """`{"registre": …, "le": …}` when it was issued before this platform, and taken over from another register."""
        return self.enregistrement.get("repris")

    @property
    def est_partiel(self) -> bool:
        """Does it certify blocs only? Each of them then has its validity, and none stands for the certification."""
        return self.nature != self.Nature.PARCHEMIN
