"""What a holder shows of a document, to whom they want and for as long as they say; and how often it was checked."""

import hashlib
import re
import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .parchemins import Parchemin

_OCTETS = 24
_JETON = re.compile(r"[A-Za-z0-9_-]{32}")


def empreinte(jeton: str) -> str:
    """What is kept of the key of a link."""
    return hashlib.sha256(b"cqp-partage-1\x00" + jeton.encode()).hexdigest()


class PartageQuerySet(models.QuerySet):
    def ouverts(self):
        """Neither revoked nor past their last day."""
        return self.filter(etat=Partage.Etat.ACTIF, expire_le__gt=timezone.now())

    def du_jeton(self, jeton: str):
        """The open link of this key, None otherwise: unknown, revoked and past are one answer."""
        if not _JETON.fullmatch(jeton):
            return None
        return self.ouverts().select_related("parchemin").filter(empreinte=empreinte(jeton)).first()

    def visibles_par(self, utilisateur):
        """One's own: to whom a holder shows a document is nobody else's business."""
        if not utilisateur.is_authenticated or not utilisateur.a_role("candidat"):
            return self.none()
        return self.filter(parchemin__titulaire__utilisateur=utilisateur)


class Partage(models.Model):
    """A link by which its holder shows part of a document. Its key is known to who received it, never stored."""

    class Etat(models.TextChoices):
        ACTIF = "actif", "ouvert"
        REVOQUE = "revoque", "fermé"

    class Champ(models.TextChoices):
        """What may be shown beside the title. Marks and jury are no choice at all; birth goes with the PDF only."""

        NOM = "nom", "mon nom et mes prénoms"
        DATE = "date", "la date de délivrance"
        NUMERO = "numero", "le numéro du document"
        BLOCS = "blocs", "les blocs de compétences acquis"
        PDF = "pdf", "le document lui-même (PDF), ma naissance comprise"

    finalite = "Laisser le titulaire montrer ce qu’il choisit de son document, à qui il veut, pour un temps."
    conservation = "30 jours après la fermeture du lien ou son dernier jour."

    etat = models.CharField("état", max_length=7, choices=Etat.choices, default=Etat.ACTIF, editable=False)
    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="partages", verbose_name="document partagé"
    )
    libelle = models.CharField("pour qui, ou pour quoi", max_length=60)
    champs = models.JSONField("ce que le lien montre", default=list)
    empreinte = models.CharField("empreinte de la clé", max_length=64, unique=True, editable=False)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    expire_le = models.DateTimeField("ouvert jusqu’au")
    revoque_le = models.DateTimeField("fermé le", null=True, blank=True, editable=False)
    ouvertures = models.PositiveIntegerField("nombre d’ouvertures", default=0, editable=False)

    objects = PartageQuerySet.as_manager()

    class Meta:
        verbose_name = "lien de partage"
        verbose_name_plural = "liens de partage"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(etat="actif", revoque_le=None) | models.Q(etat="revoque", revoque_le__isnull=False),
                name="partage_ferme_date",
                violation_error_message="Un lien fermé porte la date de sa fermeture.",
            ),
            models.CheckConstraint(
                condition=models.Q(expire_le__gt=models.F("cree_le")),
                name="partage_borne_dans_le_temps",
                violation_error_message="Un lien de partage a un dernier jour.",
            ),
        ]

    def __str__(self):
        return f"lien «\u202f{self.libelle}\u202f»"

    def get_absolute_url(self):
        return reverse("espace:partage", args=[self.pk])

    def clean(self):
        """Refuse anything but the closed list.

        Raises:
            ValidationError: in French.
        """
        if not isinstance(self.champs, list) or not set(self.champs) <= set(self.Champ.values):
            raise ValidationError({"champs": "Choisissez dans la liste ce que le lien montre."})

    @property
    def est_ouvert(self) -> bool:
        return self.etat == self.Etat.ACTIF and self.expire_le > timezone.now()

    @property
    def montre(self) -> list[str]:
        """In words, what the link shows beside the title."""
        return [str(champ.label) for champ in self.Champ if champ in self.champs]

    def roles_de(self, utilisateur) -> set[str]:
        """The holder alone."""
        sien = getattr(utilisateur, "pk", None) == self.parchemin.titulaire.utilisateur_id
        return {"candidat"} if sien and utilisateur.pk and utilisateur.a_role("candidat") else set()

    def prendre_cle(self) -> str:
        """Give the link its key, and return it: this is the only time that anybody may read it."""
        jeton = secrets.token_urlsafe(_OCTETS)
        self.empreinte = empreinte(jeton)
        return jeton


class ComptageVerification(models.Model):
    """How many times a document was checked in one month, by one way in: a number, and nothing about who checked."""

    class Voie(models.TextChoices):
        CODE = "code", "code QR ou adresse de vérification"
        SAISIE = "saisie", "numéro et nom"
        FICHIER = "fichier", "fichier PDF"

    finalite = "Dire au titulaire et au certificateur combien de fois un document a été vérifié."
    conservation = "5 ans. Aucune adresse, aucune heure, rien de la personne qui vérifie."

    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="comptages", verbose_name="document vérifié"
    )
    mois = models.DateField("mois")
    voie = models.CharField("moyen", max_length=7, choices=Voie.choices)
    nombre = models.PositiveIntegerField("nombre", default=0)

    class Meta:
        verbose_name = "compte de vérifications"
        verbose_name_plural = "comptes de vérifications"
        ordering = ["-mois", "voie"]
        constraints = [
            models.UniqueConstraint(
                fields=["parchemin", "mois", "voie"],
                name="comptage_unique",
                violation_error_message="Ce mois est déjà compté.",
            )
        ]

    def __str__(self):
        return f"{self.nombre} en {self.mois:%m/%Y}"
