"""The journal of every act: append-only, hash-chained, ids only. Texts stand beside it, where they can be erased."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class TeteJournal(models.Model):
    """The last link of the chain: locked by each act, so that links follow one another."""

    finalite = "Ordonner le journal."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    sequence = models.PositiveBigIntegerField("dernier numéro", default=0)
    empreinte = models.CharField("dernière empreinte", max_length=64, default="0" * 64)

    class Meta:
        verbose_name = "tête du journal"
        verbose_name_plural = "têtes du journal"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="tete_journal_unique")]

    def __str__(self):
        return str(self.sequence)


class JournalQuerySet(models.QuerySet):
    def de(self, objet):
        """The acts done on `objet`, oldest first."""
        return self.filter(objet_type=objet._meta.label_lower, objet_id=objet.pk).order_by("sequence")


class EntreeJournal(models.Model):
    """One act: who, with which role, what, on what, from which state to which."""

    finalite = "Prouver qui a fait quoi et quand."
    conservation = "50 ans, avec le registre."

    sequence = models.PositiveBigIntegerField("numéro", unique=True)
    horodatage = models.DateTimeField("date et heure")
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="acteur",
    )
    role = models.CharField("rôle", max_length=20)
    verbe = models.CharField("acte", max_length=60)
    objet_type = models.CharField("type d’objet", max_length=60)
    objet_id = models.PositiveBigIntegerField("identifiant de l’objet")
    etat_avant = models.CharField("état avant", max_length=30, blank=True)
    etat_apres = models.CharField("état après", max_length=30, blank=True)
    details = models.JSONField("détails", default=dict, blank=True)
    cle = models.CharField("clé d’idempotence", max_length=64, blank=True)
    empreinte_precedente = models.CharField("empreinte précédente", max_length=64)
    empreinte = models.CharField("empreinte", max_length=64)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["sequence"]
        indexes = [models.Index(fields=["objet_type", "objet_id", "sequence"], name="journal_par_objet")]
        constraints = [
            models.UniqueConstraint(
                fields=["cle", "verbe", "objet_type", "objet_id"],
                condition=~Q(cle=""),
                name="journal_cle_unique",
                violation_error_message="Cet acte a déjà été fait.",
            ),
            models.CheckConstraint(condition=~Q(empreinte=F("empreinte_precedente")), name="journal_chaine"),
        ]

    def __str__(self):
        return f"{self.sequence} {self.verbe}"


class Motif(models.Model):
    """The reason given with an act: kept beside the journal, since a text may have to be erased."""

    finalite = "Expliquer une décision à la personne concernée."
    conservation = "5 ans après la décision."

    entree = models.OneToOneField(
        EntreeJournal, on_delete=models.PROTECT, related_name="motif", verbose_name="entrée du journal"
    )
    texte = models.TextField("motif")

    class Meta:
        verbose_name = "motif"
        verbose_name_plural = "motifs"

    def __str__(self):
        return self.texte[:60]
