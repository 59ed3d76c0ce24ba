"""Bodies: CPNE, certificateurs, porteurs, établissements, organismes de formation."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from stdnum.fr import siret as stdnum_siret

from registre.textes import plier


def valider_siret(valeur: str) -> None:
    """Check the 14 digits and their key (Luhn; La Poste has its own rule).

    Raises:
        ValidationError: in French, when the number cannot exist.
    """
    if not stdnum_siret.is_valid(valeur):
        raise ValidationError("Ce numéro SIRET n’existe pas\u00a0: vérifiez ses 14 chiffres.", code="siret")


class OrganismeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The bodies where this person holds a role; every body for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        return self.filter(pk__in=utilisateur.organismes_ids())


class Organisme(models.Model):
    """A legal body, or a joint commission which has no SIRET of its own (most CPNE)."""

    finalite = "Identifier qui délivre, porte, emploie ou forme."
    conservation = "Aussi longtemps que le registre\u00a0: 50 ans."

    raison_sociale = models.CharField("raison sociale", max_length=255)
    sigle = models.CharField("sigle", max_length=30, blank=True)
    nom_commercial = models.CharField("nom commercial", max_length=255, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[valider_siret])
    adresse = models.CharField("adresse", max_length=255, blank=True)
    code_postal = models.CharField("code postal", max_length=9, blank=True)
    commune = models.CharField("commune", max_length=100, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    site = models.URLField("site internet", blank=True)
    nom_plie = models.CharField("nom pour la recherche", max_length=300, editable=False, default="", db_index=True)

    objects = OrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme"
        verbose_name_plural = "organismes"
        ordering = ["raison_sociale", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="organisme_siret_unique",
                violation_error_message="Un organisme porte déjà ce numéro SIRET.",
            ),
        ]

    def __str__(self):
        return self.sigle or self.raison_sociale

    def save(self, *args, **kwargs):
        self.nom_plie = plier(f"{self.sigle} {self.raison_sociale} {self.nom_commercial}")[:300]
        super().save(*args, **kwargs)
