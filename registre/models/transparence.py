"""The public log of what was issued: its leaves, the tiles that are full, the checkpoints published."""

from django.db import models
from django.db.models import Q

from .duplicatas import Duplicata
from .parchemins import Parchemin


class TeteTransparence(models.Model):
    """How many leaves the log has: locked by each new one, so that ranks follow one another."""

    finalite = "Ordonner le journal public."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    taille = models.PositiveBigIntegerField("nombre de feuilles", default=0)

    class Meta:
        verbose_name = "tête du journal public"
        verbose_name_plural = "têtes du journal public"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="tete_transparence_unique")]

    def __str__(self):
        return str(self.taille)


class Feuille(models.Model):
    """One event of the register, as the public log keeps it: what, which day, and a hash that says nothing more.

    `engagement` is SHA-256(salt ‖ canonical content ‖ SHA-256 of the PDF): with the salt gone, nobody can tell any more
    which person it was about, and the log still verifies.
    """

    class Evenement(models.TextChoices):
        EMISSION = "emission", "émission"
        ANNULATION = "annulation", "annulation"
        REMPLACEMENT = "remplacement", "remplacement"
        DUPLICATA = "duplicata", "duplicata"
        PV = "pv", "procès-verbal scellé"
        CLE = "cle", "clé ajoutée"
        CLE_RETIREE = "cle_retiree", "clé retirée"

    finalite = "Rendre visible à tous toute émission, annulation ou ajout antidaté."
    conservation = "Sans limite\u00a0: aucune donnée personnelle une fois le sel détruit."

    rang = models.PositiveBigIntegerField("rang", unique=True)
    evenement = models.CharField("événement", max_length=12, choices=Evenement.choices)
    jour = models.DateField("jour")
    engagement = models.CharField("engagement", max_length=64)
    hachage = models.CharField("hachage de la feuille", max_length=64)
    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, null=True, blank=True, related_name="feuilles", verbose_name="document"
    )
    duplicata = models.OneToOneField(
        Duplicata, on_delete=models.PROTECT, null=True, blank=True, related_name="feuille", verbose_name="duplicata"
    )

    class Meta:
        verbose_name = "feuille du journal public"
        verbose_name_plural = "feuilles du journal public"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["parchemin", "evenement"],
                condition=Q(evenement="emission"),
                name="feuille_une_emission",
                violation_error_message="L’émission de ce document est déjà au journal public.",
            )
        ]

    def __str__(self):
        return f"{self.rang} – {self.get_evenement_display()}"

    @property
    def entree(self) -> bytes:
        """The bytes that are hashed and published."""
        return f"cqp-journal-1\n{self.evenement}\n{self.jour.isoformat()}\n{self.engagement}\n".encode()


class Tuile(models.Model):
    """256 hashes of one level of the tree, kept once there are 256: they never change again."""

    finalite = "Servir le journal public sans le recalculer."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    niveau = models.PositiveSmallIntegerField("niveau")
    rang = models.PositiveBigIntegerField("rang")
    octets = models.BinaryField("hachages")

    class Meta:
        verbose_name = "tuile du journal public"
        verbose_name_plural = "tuiles du journal public"
        ordering = ["niveau", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["niveau", "rang"],
                name="tuile_unique",
                violation_error_message="Cette tuile est déjà gardée.",
            )
        ]

    def __str__(self):
        return f"{self.niveau}/{self.rang}"


class PointDeControle(models.Model):
    """A size and a root of the log, signed, and the cosignatures of those who saw it."""

    finalite = "Empêcher de réécrire ce qui a été publié."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    taille = models.PositiveBigIntegerField("nombre de feuilles", unique=True)
    racine = models.CharField("racine", max_length=64)
    note = models.TextField("note signée")
    publie_le = models.DateTimeField("publié le")

    class Meta:
        verbose_name = "point de contrôle"
        verbose_name_plural = "points de contrôle"
        ordering = ["-taille"]

    def __str__(self):
        return str(self.taille)


class Cosignature(models.Model):
    """The signature of a witness under a checkpoint."""

    finalite = "Montrer que d’autres que le certificateur ont vu le même journal."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    point = models.ForeignKey(
        PointDeControle, on_delete=models.CASCADE, related_name="cosignatures", verbose_name="point de contrôle"
    )
    temoin = models.CharField("témoin", max_length=100)
    ligne = models.CharField("signature", max_length=300)
    vue_le = models.DateTimeField("vu le")

    class Meta:
        verbose_name = "cosignature"
        verbose_name_plural = "cosignatures"
        ordering = ["point", "temoin"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "temoin"],
                name="cosignature_unique",
                violation_error_message="Ce témoin a déjà signé ce point de contrôle.",
            )
        ]

    def __str__(self):
        return f"{self.temoin}\u00a0: {self.point_id}"
