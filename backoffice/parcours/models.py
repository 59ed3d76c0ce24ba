"""The path of a certification as data: which steps, which pièces, which rules. Versioned; a dossier keeps its own."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from registre.models import Certification


class ParcoursQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The rules of the certifications this person manages."""
        return self.filter(certification__in=Certification.objects.all().visibles_par(utilisateur))

    def publie(self, certification):
        """The version in force for this certification, None when nothing is published."""
        return self.filter(certification=certification, publie_le__isnull=False).order_by("-numero").first()


class Parcours(models.Model):
    """One published set of rules. What differs between branches and porteurs stands here, never in code."""

    finalite = "Fixer les règles du chemin vers une certification."
    conservation = "Aussi longtemps que les dossiers qui les suivent."

    certification = models.ForeignKey(
        Certification, on_delete=models.PROTECT, related_name="parcours", verbose_name="certification"
    )
    numero = models.PositiveSmallIntegerField("version du parcours", default=1)
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    recevabilite_active = models.BooleanField("examen de recevabilité", default=True)
    positionnement_actif = models.BooleanField("étape de positionnement", default=False)
    metier_requis = models.BooleanField("évaluateur métier requis", default=True)
    jurys_fusionnes = models.BooleanField("un seul jury propose et décide", default=True)
    membres_minimum_par_college = models.PositiveSmallIntegerField("membres présents au moins par collège", default=1)
    parite_stricte = models.BooleanField("autant de présents dans chaque collège", default=True)
    presidence_alternee = models.BooleanField("présidence et vice-présidence de collèges différents", default=True)
    delai_inscription_jury = models.PositiveSmallIntegerField(
        "clôture des inscriptions avant le jury (jours)", default=15
    )
    validite_invitation = models.PositiveSmallIntegerField("validité d’une invitation (jours)", default=30)
    validite_blocs_mois = models.PositiveSmallIntegerField(
        "validité des blocs acquis (mois)", null=True, blank=True, help_text="Vide : acquis pour toujours."
    )

    objects = ParcoursQuerySet.as_manager()

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        ordering = ["certification", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["certification", "numero"],
                name="parcours_numero_unique",
                violation_error_message="Cette version du parcours existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(membres_minimum_par_college__gte=1),
                name="parcours_paritaire",
                violation_error_message="Un jury paritaire compte au moins un membre présent par collège.",
            ),
        ]

    def __str__(self):
        return f"{self.certification} – parcours {self.numero}"

    def publier(self):
        """Put these rules in force for the dossiers to come."""
        self.publie_le = timezone.now()
        self.save(update_fields=["publie_le"])


class PieceRequise(models.Model):
    """A pièce that the dossier must hold before it is declared."""

    finalite = "Savoir quelles pièces demander."
    conservation = "Avec le parcours."

    parcours = models.ForeignKey(Parcours, on_delete=models.CASCADE, related_name="pieces", verbose_name="parcours")
    code = models.SlugField("code", max_length=30)
    libelle = models.CharField("libellé", max_length=120)
    aide = models.CharField("ce qui est attendu", max_length=250, blank=True)
    obligatoire = models.BooleanField("obligatoire", default=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "pièce requise"
        verbose_name_plural = "pièces requises"
        ordering = ["parcours", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "code"],
                name="piece_requise_code_unique",
                violation_error_message="Ce parcours demande déjà cette pièce.",
            )
        ]

    def __str__(self):
        return self.libelle
