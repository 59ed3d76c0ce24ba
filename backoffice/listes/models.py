"""What lists keep for their readers: saved views, acts on many rows, exports."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from registre.models import Organisme
from registre.models.parchemins import stockage_prive


class VueQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """One's own, and those that somebody shared with a body where one holds a role."""
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(Q(proprietaire=utilisateur) | Q(organisme__in=utilisateur.organismes_ids()))


class VueEnregistree(models.Model):
    """Filters and order of a list under a name. Never what was typed to search: that may be somebody's name."""

    finalite = "Retrouver une liste de travail sans en refaire les filtres."
    conservation = "Avec le compte de la personne qui l’a enregistrée."

    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="vues", verbose_name="propriétaire"
    )
    liste = models.CharField("liste", max_length=60)
    nom = models.CharField("nom", max_length=60)
    parametres = models.CharField("filtres et tri", max_length=1000, blank=True)
    par_defaut = models.BooleanField("ouvrir la liste sur cette vue", default=False)
    organisme = models.ForeignKey(
        Organisme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="partagée avec",
        help_text="Les personnes de cet organisme la voient\u202f; chacune n’y trouve que ce qu’elle peut lire.",
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)

    objects = VueQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["liste", "nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proprietaire", "liste", "nom"],
                name="vue_nom_unique",
                violation_error_message="Vous avez déjà une vue de ce nom sur cette liste.",
            ),
            models.UniqueConstraint(
                fields=["proprietaire", "liste"],
                condition=Q(par_defaut=True),
                name="vue_par_defaut_unique",
                violation_error_message="Une liste s’ouvre sur une seule vue.",
            ),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("listes:vue", args=[self.pk])

    @property
    def url(self) -> str:
        """The list, as this view shows it."""
        return f"{reverse(self.liste)}?{self.parametres or 'vue=toutes'}"


class PossedeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """One's own only: a selection or a file shows what its author may read, and nobody else."""
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(proprietaire=utilisateur)


class _FaitAuNomDe(models.Model):
    """What the worker does later for somebody, under the role they had chosen then: it sees what they saw."""

    sous_le_role = models.CharField("rôle choisi", max_length=20, blank=True, editable=False)

    class Meta:
        abstract = True

    @cached_property
    def auteur(self):
        """The person, acting under the role chosen when they asked."""
        self.proprietaire.sous_le_role = self.sous_le_role
        return self.proprietaire


class ActeGroupe(_FaitAuNomDe):
    """One verb on many rows: prepared, shown, launched once, then a report that stays."""

    finalite = "Rendre compte d’un acte fait sur plusieurs dossiers à la fois."
    conservation = "Un an\u202f; les actes eux-mêmes restent au journal."

    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="auteur"
    )
    liste = models.CharField("liste", max_length=60)
    modele = models.CharField("objet", max_length=60)
    verbe = models.CharField("acte", max_length=40)
    # What the common form holds (a reason): needed until the last row is done, then erased.
    saisie = models.JSONField("saisie", default=dict, blank=True)
    prepare_le = models.DateTimeField("préparé le", default=timezone.now, editable=False)
    lance_le = models.DateTimeField("lancé le", null=True, blank=True)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)

    objects = PossedeQuerySet.as_manager()

    class Meta:
        verbose_name = "acte groupé"
        verbose_name_plural = "actes groupés"
        ordering = ["-prepare_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fini_le=None) | Q(lance_le__isnull=False),
                name="acte_groupe_lance_avant_fini",
                violation_error_message="Un acte groupé est lancé avant d’être fini.",
            ),
        ]

    def __str__(self):
        return f"acte groupé n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("listes:lot", args=[self.pk])


class LigneGroupee(models.Model):
    """One row of a grouped act: done, or refused with the sentence that says why."""

    finalite = "Dire, ligne par ligne, ce qu’un acte groupé a fait."
    conservation = "Avec l’acte groupé."

    acte = models.ForeignKey(ActeGroupe, on_delete=models.CASCADE, related_name="lignes", verbose_name="acte groupé")
    objet_id = models.PositiveBigIntegerField("identifiant de l’objet")
    rang = models.PositiveIntegerField("rang")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    refus = models.TextField("raison du refus", blank=True)

    class Meta:
        verbose_name = "ligne d’un acte groupé"
        verbose_name_plural = "lignes d’un acte groupé"
        ordering = ["acte", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["acte", "objet_id"],
                name="ligne_groupee_unique",
                violation_error_message="Cet objet est déjà dans cet acte groupé.",
            ),
        ]

    def __str__(self):
        return f"ligne {self.rang}"


class Export(_FaitAuNomDe):
    """What somebody took out of a list: which filters, how many rows; the file itself for a few days."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel"
        PDF = "pdf", "PDF"

    finalite = "Remettre un fichier long à préparer, et savoir ce qui est sorti de la plateforme."
    conservation = "Le fichier\u00a0: sept jours. La trace\u00a0: un an."

    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="auteur"
    )
    liste = models.CharField("liste", max_length=60)
    format = models.CharField("format", max_length=4, choices=Format.choices)
    parametres = models.CharField("filtres et tri", max_length=1000, blank=True)
    # Needed by the worker to find the same rows; erased as soon as the file is made.
    texte = models.CharField("recherche", max_length=100, blank=True)
    lignes = models.PositiveIntegerField("lignes", default=0)
    faites = models.PositiveIntegerField("lignes écrites", default=0)
    fichier = models.FileField("fichier", storage=stockage_prive, blank=True, max_length=200)
    demande_le = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    echec = models.CharField("échec", max_length=200, blank=True)
    expire_le = models.DateTimeField("expire le", null=True, blank=True)

    objects = PossedeQuerySet.as_manager()

    class Meta:
        verbose_name = "export"
        verbose_name_plural = "exports"
        ordering = ["-demande_le", "-pk"]

    def __str__(self):
        return f"export n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("listes:export", args=[self.pk])

    @property
    def criteres(self) -> QueryDict:
        return QueryDict(self.parametres)

    @property
    def disponible(self) -> bool:
        """Is there a file to take now?"""
        return bool(self.fichier) and self.expire_le is not None and timezone.now() < self.expire_le
