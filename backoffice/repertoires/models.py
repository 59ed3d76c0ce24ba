"""A file of France compétences as it was sent, what was looked for in it, what each fiche would change and did."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from registre.france_competences import Choix
from registre.models import VersionCertification
from registre.models.parchemins import stockage_prive

CONSERVATION = timedelta(days=30)


class ImportQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The certificateur's staff share one registry: each sees what the others brought in."""
        if utilisateur.is_authenticated and utilisateur.a_role("certificateur"):
            return self
        return self.none()

    def a_purger(self):
        return self.filter(purge_le=None, depose_le__lt=timezone.now() - CONSERVATION)


class ImportDeFiches(models.Model):
    """One file: read by the worker without changing anything; then, if a person chooses so, written to the registry."""

    finalite = "Mettre le registre à jour d’après les répertoires nationaux, après contrôle de chaque différence."
    conservation = "Le fichier est effacé 30 jours après son dépôt\u202f; le compte rendu reste avec le registre."

    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    depose_le = models.DateTimeField("déposé le", default=timezone.now)
    nom_origine = models.CharField("nom du fichier reçu", max_length=150)
    sha256 = models.CharField("empreinte", max_length=64)
    fichier = models.FileField("fichier", storage=stockage_prive, max_length=200, blank=True)
    date_export = models.DateField("date de l’export", null=True, blank=True)
    numeros = models.TextField("numéros cherchés", blank=True)
    certificateur = models.CharField("certificateur cherché", max_length=200, blank=True)
    titre = models.CharField("titre cherché", max_length=200, blank=True)
    analyse_le = models.DateTimeField("contrôlé le", null=True, blank=True)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    confirme_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="confirmé par",
    )
    termine_le = models.DateTimeField("terminé le", null=True, blank=True)
    echec = models.TextField("échec", blank=True)
    absents = models.JSONField("numéros absents du fichier", default=list, blank=True)
    purge_le = models.DateTimeField("effacé le", null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de fiches"
        verbose_name_plural = "imports de fiches"
        ordering = ["-depose_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirme_le=None) | Q(analyse_le__isnull=False, confirme_par__isnull=False),
                name="import_de_fiches_controle_avant",
                violation_error_message="Un fichier se contrôle avant de changer le registre.",
            ),
        ]

    def __str__(self):
        return f"import de fiches n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("repertoires:un_import", args=[self.pk])

    @property
    def choix(self) -> Choix:
        return Choix(frozenset(self.numeros.split()), self.certificateur, self.titre)

    @property
    def en_cours(self) -> bool:
        """Is the worker busy with it?"""
        return not self.echec and (not self.analyse_le or bool(self.confirme_le and not self.termine_le))

    @property
    def a_confirmer(self) -> bool:
        return bool(self.analyse_le and not self.confirme_le and not self.echec and not self.purge_le)

    def comptes(self) -> dict[str, int]:
        """How many fiches of each fate."""
        sorts = dict(self.fiches.order_by().values_list("sort").annotate(Count("pk")))
        return {sort: sorts.get(sort, 0) for sort in FicheLue.Sort.values}


class FicheLue(models.Model):
    """One fiche of the file: its differences with the registry, what was chosen, what was done."""

    class Sort(models.TextChoices):
        NOUVELLE = "nouvelle", "Nouvelle version"
        CHANGEE = "changee", "Différences"
        IDENTIQUE = "identique", "Rien à changer"
        REFUSEE = "refusee", "Illisible"
        REPRISE = "reprise", "Reprise"
        LAISSEE = "laissee", "Laissée de côté"
        A_REVOIR = "a_revoir", "À revoir"

    finalite = "Dire fiche par fiche ce qui diffère du registre, et ce qui en a été repris."
    conservation = "Avec le registre\u00a0: aucune donnée personnelle."

    import_de_fiches = models.ForeignKey(
        ImportDeFiches, on_delete=models.CASCADE, related_name="fiches", verbose_name="import de fiches"
    )
    rang = models.PositiveIntegerField("rang dans le fichier")
    numero = models.CharField("numéro de fiche", max_length=40)
    intitule = models.TextField("intitulé")
    sort = models.CharField("résultat", max_length=10, choices=Sort.choices)
    ecarts = models.JSONField("différences", default=list, blank=True)
    gardes = models.JSONField("corrections gardées", default=list, blank=True)
    avertissements = models.JSONField("à voir", default=list, blank=True)
    laisser = models.JSONField("différences laissées", default=list, blank=True)
    ecraser = models.JSONField("corrections abandonnées", default=list, blank=True)
    version = models.ForeignKey(
        VersionCertification,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="version",
    )

    class Meta:
        verbose_name = "fiche lue"
        verbose_name_plural = "fiches lues"
        ordering = ["import_de_fiches", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["import_de_fiches", "rang"],
                name="fiche_lue_unique",
                violation_error_message="Cette fiche du fichier est déjà lue.",
            ),
        ]

    def __str__(self):
        return self.numero

    @property
    def a_choisir(self) -> bool:
        """Is there anything to take from it?"""
        return self.sort in (self.Sort.NOUVELLE, self.Sort.CHANGEE) or bool(
            self.sort == self.Sort.IDENTIQUE and self.gardes
        )
