"""Where people are born: communes with their periods, countries, as INSEE's code officiel géographique numbers them."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

# INSEE's history begins on that day: a commune « since » then may be far older.
ORIGINE = date(1943, 1, 1)


class CommuneQuerySet(models.QuerySet):
    def en_vigueur(self, debut: date, fin: date):
        """Communes that existed at some moment from `debut` to `fin`, both included."""
        ouverte = Q(debut__lte=fin) | Q(debut=ORIGINE)
        return self.filter(ouverte, Q(fin=None) | Q(fin__gt=debut))


class Commune(models.Model):
    """A commune under one name, from `debut` to the eve of `fin`; one code may have several periods."""

    class Type(models.TextChoices):
        COMMUNE = "COM", "commune"
        ARRONDISSEMENT = "ARM", "arrondissement municipal"
        OUTREMER = "COMER", "commune d’une collectivité d’outre-mer"

    finalite = "Aider à saisir le lieu de naissance et vérifier son code."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    code = models.CharField(
        "code INSEE",
        max_length=5,
        validators=[RegexValidator(r"^(\d{5}|2[AB]\d{3})$", "Un code INSEE a 5 caractères.")],
    )
    libelle = models.CharField("libellé", max_length=200)
    libelle_plie = models.CharField("libellé pour la recherche", max_length=200, editable=False, db_index=True)
    type = models.CharField("nature", max_length=5, choices=Type.choices, default=Type.COMMUNE)
    code_postal = models.CharField("code postal principal", max_length=5, blank=True)
    debut = models.DateField("existe depuis", default=ORIGINE)
    fin = models.DateField("n’existe plus depuis", null=True, blank=True)
    code_successeur = models.CharField("code de la commune qui lui succède", max_length=5, blank=True)
    libelle_successeur = models.CharField("commune qui lui succède", max_length=200, blank=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "communes"
        ordering = ["libelle_plie", "code", "debut"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "debut"],
                name="commune_code_debut",
                violation_error_message="Ce code de commune a déjà une période qui commence ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gt=F("debut")),
                name="commune_fin_apres_debut",
                violation_error_message="Une commune ne disparaît pas avant d’exister.",
            ),
        ]

    def __str__(self):
        return f"{self.libelle} ({self.code})"

    def existe(self, debut: date, fin: date) -> bool:
        """Did it exist at some moment from `debut` to `fin`, both included?"""
        return (self.debut == ORIGINE or self.debut <= fin) and (self.fin is None or self.fin > debut)


class Pays(models.Model):
    """A country or territory, present or past, by its INSEE code."""

    finalite = "Aider à saisir le pays de naissance et vérifier son code."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    code = models.CharField(
        "code INSEE",
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^99\d{3}$", "Un pays a un code INSEE qui commence par 99.")],
    )
    libelle = models.CharField("libellé", max_length=60)
    libelle_plie = models.CharField("libellé pour la recherche", max_length=200, editable=False, db_index=True)
    iso2 = models.CharField("code ISO", max_length=2, blank=True)

    class Meta:
        verbose_name = "pays"
        verbose_name_plural = "pays"
        ordering = ["libelle_plie"]

    def __str__(self):
        return f"{self.libelle} ({self.code})"
