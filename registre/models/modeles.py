"""How a certificateur's documents look: versioned templates, their signatories, and their images kept by content."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .certifications import Certification
from .organismes import Organisme
from .parchemins import stockage_prive
from .redaction import Redige


class ImageDeDocument(models.Model):
    """A logo or a signature, named by what it holds: the same file is kept once, and a record names it for ever."""

    finalite = "Imprimer les logos et les signatures des documents."
    conservation = "50 ans, avec le registre, dès qu’un modèle publié l’emploie."

    sha256 = models.CharField("empreinte", max_length=64, primary_key=True)
    fichier = models.FileField("fichier", storage=stockage_prive, max_length=120)
    largeur = models.PositiveIntegerField("largeur en pixels")
    hauteur = models.PositiveIntegerField("hauteur en pixels")
    deposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="déposée par",
    )
    deposee_le = models.DateTimeField("déposée le")

    class Meta:
        verbose_name = "image de document"
        verbose_name_plural = "images de documents"

    def __str__(self):
        return self.sha256[:12]


class ModeleQuerySet(models.QuerySet):
    # « À faire »: a signataire may publish too.
    pour_chaque_role = True

    def visibles_par(self, utilisateur):
        """Those of one's own certificateurs; all for an auditeur."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("auditeur"):
            return self
        return self.filter(certificateur__in=utilisateur.organismes_ids("certificateur", "signataire"))

    def confies_a(self, utilisateur, role: str):
        """The drafts whose last word is somebody else's: those this person may publish."""
        siens = self.filter(certificateur__in=utilisateur.organismes_ids(role))
        return siens.exclude(redige_par=utilisateur)

    def les_plus_anciens(self):
        return self.select_related("certificateur", "certification").order_by("propose_le", "pk")

    def pour(self, certificateur: Organisme, certification: Certification, nature: str):
        """The template in force for this document, the most precise first; None when nobody published one.

        The attestation of a bloc takes the template of the attestation de réussite partielle.
        """
        genre = "parchemin" if nature == "parchemin" else "attestation"
        siens = self.filter(etat="publie", certificateur=certificateur, nature=genre)
        siens = siens.filter(Q(certification=certification) | Q(certification=None))
        return siens.order_by(F("certification").asc(nulls_last=True)).first()


def _uniques(nom: str, champs: list[str], message: str, **condition) -> list[models.UniqueConstraint]:
    """Unique per (certificateur, nature, certification), twice: two rows without certification are not alike."""
    return [
        models.UniqueConstraint(
            fields=["certificateur", "nature", *champs, *certification],
            condition=Q(certification__isnull=not certification, **condition),
            name=f"modele_{nom}_unique{suffixe}",
            violation_error_message=message,
        )
        for certification, suffixe in (([], ""), (["certification"], "_d_une_certification"))
    ]


class ModeleDocument(Redige):
    """One version of how a certificateur's documents look. Published by a second person, then never changed.

    A template is filed with the request for registration: each change is an act of governance, with its reason, its
    date, who wrote it and who published it, and the specimen that was read that day.
    """

    class Nature(models.TextChoices):
        PARCHEMIN = "parchemin", "parchemin"
        ATTESTATION = "attestation", "attestation de réussite partielle"

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        PUBLIE = "publie", "en vigueur"
        REMPLACE = "remplace", "remplacé"
        RETIRE = "retire", "retiré"

    class Orientation(models.TextChoices):
        PAYSAGE = "paysage", "paysage (à l’italienne)"
        PORTRAIT = "portrait", "portrait (à la française)"

    finalite = "Fixer la présentation des documents délivrés, et prouver quelle version valait à chaque date."
    conservation = "50 ans, avec le registre."

    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="modeles", verbose_name="certificateur"
    )
    certification = models.ForeignKey(
        Certification,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="modeles",
        verbose_name="certification",
        help_text="Vide\u00a0: toutes celles du certificateur.",
    )
    nature = models.CharField("document", max_length=11, choices=Nature.choices)
    numero = models.PositiveSmallIntegerField("version", default=1)
    etat = models.CharField("état", max_length=9, choices=Etat.choices, default=Etat.BROUILLON, editable=False)

    orientation = models.CharField(
        "orientation", max_length=8, choices=Orientation.choices, default=Orientation.PAYSAGE
    )
    couleur = models.CharField("couleur d’accent", max_length=7, default="#8a4b0f")
    formule = models.CharField("formule de remise", max_length=60, default="est décerné à")
    texte_option = models.CharField("mention de l’option", max_length=80, default="Option\u00a0: {option}")
    mention = models.CharField("mention libre", max_length=300, blank=True)
    montrer_blocs = models.BooleanField("citer les blocs de compétences", default=False)

    motif = models.CharField("raison du changement", max_length=300, blank=True)
    publie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="publié par",
    )
    specimen = models.FileField("spécimen", storage=stockage_prive, max_length=120, blank=True, editable=False)
    specimen_sha256 = models.CharField("empreinte du spécimen", max_length=64, blank=True, editable=False)

    objects = ModeleQuerySet.as_manager()

    class Meta:
        verbose_name = "modèle de document"
        verbose_name_plural = "modèles de documents"
        ordering = ["certificateur", "nature", "certification", "-numero"]
        constraints = [
            *_uniques("numero", ["numero"], "Cette version du modèle existe déjà."),
            *_uniques("brouillon", [], "Une nouvelle version est déjà en préparation.", etat="brouillon"),
            *_uniques("publie", [], "Une version est déjà en vigueur.", etat="publie"),
            models.CheckConstraint(
                condition=Q(etat="brouillon", publie_le=None, retire_le=None)
                | Q(etat="publie", publie_le__isnull=False, retire_le=None)
                | Q(etat="remplace", publie_le__isnull=False, retire_le__isnull=False)
                | Q(etat="retire", retire_le__isnull=False),
                name="modele_dates_de_l_etat",
                violation_error_message="Les dates de ce modèle ne vont pas avec son état.",
            ),
            models.CheckConstraint(
                condition=Q(publie_par=None) | ~Q(publie_par=F("redige_par")),
                name="modele_quatre_yeux",
                violation_error_message="La personne qui publie n’est pas celle qui a écrit en dernier.",
            ),
        ]

    def __str__(self):
        portee = self.certification or "toutes les certifications"
        return f"{self.get_nature_display()}, {portee}, version {self.numero}"

    def get_absolute_url(self):
        return reverse("delivrances:modele", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this template; empty when it is out of their scope."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {
            nom for nom in ("certificateur", "signataire") if self.certificateur_id in utilisateur.organismes_ids(nom)
        }
        return roles | {"auditeur"} if utilisateur.a_role("auditeur") else roles


class LogoDeModele(models.Model):
    """One logo of a template, in its place."""

    finalite = "Imprimer les logos d’un modèle dans leur ordre."
    conservation = "Avec le modèle."

    modele = models.ForeignKey(ModeleDocument, on_delete=models.CASCADE, related_name="logos", verbose_name="modèle")
    rang = models.PositiveSmallIntegerField("rang")
    image = models.ForeignKey(ImageDeDocument, on_delete=models.PROTECT, related_name="+", verbose_name="image")
    texte_alternatif = models.CharField("texte alternatif", max_length=120, blank=True)

    class Meta:
        verbose_name = "logo de modèle"
        verbose_name_plural = "logos de modèles"
        ordering = ["modele", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["modele", "rang"],
                name="logo_rang_unique",
                violation_error_message="Deux logos ne tiennent pas la même place.",
            )
        ]

    def __str__(self):
        return self.texte_alternatif or f"logo {self.rang}"


class SignataireDeModele(models.Model):
    """Who signs for a collège on the documents of this template; a collège left out is signed by its jury."""

    class College(models.TextChoices):
        EMPLOYEURS = "employeurs", "collège des employeurs"
        SALARIES = "salaries", "collège des salariés"
        CERTIFICATEUR = "certificateur", "certificateur"

    finalite = "Imprimer le nom, la qualité et la signature de qui signe pour le certificateur."
    conservation = "Avec le modèle."

    modele = models.ForeignKey(
        ModeleDocument, on_delete=models.CASCADE, related_name="signataires", verbose_name="modèle"
    )
    college = models.CharField("au nom de", max_length=13, choices=College.choices)
    nom = models.CharField("prénom et nom", max_length=80, blank=True)
    qualite = models.CharField("qualité", max_length=120, blank=True)
    image = models.ForeignKey(
        ImageDeDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="image de la signature",
    )

    class Meta:
        verbose_name = "signataire de modèle"
        verbose_name_plural = "signataires de modèles"
        ordering = ["modele", "college"]
        constraints = [
            models.UniqueConstraint(
                fields=["modele", "college"],
                name="signataire_college_unique",
                violation_error_message="Une seule personne signe pour chaque collège.",
            )
        ]

    def __str__(self):
        return self.nom or self.get_college_display()
