"""People: candidates, then holders, with the civil status that the SI CPF matches on."""

import calendar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from registre.textes import normaliser, plier, valider_nom

FRANCE = "99100"


class EtatCivil(models.Model):
    """Civil status as the SI CPF reads it: 60 characters a name, partial birth dates, INSEE codes."""

    class Sexe(models.TextChoices):
        FEMININ = "F", "féminin"
        MASCULIN = "M", "masculin"

    sexe = models.CharField("sexe", max_length=1, choices=Sexe.choices)
    nom_naissance = models.CharField("nom de naissance", max_length=60, validators=[valider_nom])
    nom_usage = models.CharField("nom d’usage", max_length=60, blank=True, validators=[valider_nom])
    prenom1 = models.CharField("premier prénom", max_length=60, validators=[valider_nom])
    prenom2 = models.CharField("deuxième prénom", max_length=60, blank=True, validators=[valider_nom])
    prenom3 = models.CharField("troisième prénom", max_length=60, blank=True, validators=[valider_nom])
    # Null while a draft is being typed; no dossier is declared without it.
    annee_naissance = models.PositiveSmallIntegerField(
        "année de naissance", null=True, validators=[MinValueValidator(1900), MaxValueValidator(2099)]
    )
    mois_naissance = models.PositiveSmallIntegerField(
        "mois de naissance", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    jour_naissance = models.PositiveSmallIntegerField(
        "jour de naissance", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    code_insee_naissance = models.CharField(
        "code INSEE de la commune de naissance",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^(\d{5}|2[AB]\d{3})$", "Un code INSEE a 5 caractères\u00a0: 69383, 2A004.")],
    )
    code_postal_naissance = models.CharField("code postal de naissance", max_length=9, blank=True)
    commune_naissance = models.CharField("commune de naissance", max_length=60, blank=True, validators=[valider_nom])
    pays_naissance = models.CharField(
        "pays de naissance (code INSEE)",
        max_length=5,
        default=FRANCE,
        validators=[RegexValidator(r"^99\d{3}$", "Un pays a un code INSEE qui commence par 99.")],
    )
    libelle_pays_naissance = models.CharField("pays de naissance", max_length=60, default="France")

    class Meta:
        abstract = True

    CHAMPS = (
        "sexe",
        "nom_naissance",
        "nom_usage",
        "prenom1",
        "prenom2",
        "prenom3",
        "annee_naissance",
        "mois_naissance",
        "jour_naissance",
        "code_insee_naissance",
        "code_postal_naissance",
        "commune_naissance",
        "pays_naissance",
        "libelle_pays_naissance",
    )

    def clean(self):
        """Refuse a birth date that cannot exist and normalise the spelling.

        Raises:
            ValidationError: by field, in French.
        """
        for champ in ("nom_naissance", "nom_usage", "prenom1", "prenom2", "prenom3", "commune_naissance"):
            setattr(self, champ, normaliser(getattr(self, champ)))
        if self.jour_naissance and not self.mois_naissance:
            raise ValidationError({"mois_naissance": "Indiquez le mois, ou effacez le jour."})
        if self.jour_naissance and self.annee_naissance:
            dernier = calendar.monthrange(self.annee_naissance, self.mois_naissance)[1]
            if self.jour_naissance > dernier:
                raise ValidationError({"jour_naissance": f"Ce mois n’a que {dernier} jours."})

    @property
    def prenoms(self) -> str:
        return " ".join(p for p in (self.prenom1, self.prenom2, self.prenom3) if p)

    @property
    def nom_complet(self) -> str:
        """« Anne DUPONT », with the used name when there is one; says so while nobody has typed a name."""
        nom = f"{self.prenom1} {(self.nom_usage or self.nom_naissance).upper()}".strip()
        return nom or "Personne à préciser"

    def etat_civil(self) -> dict:
        """The civil status as plain data, for a frozen record."""
        return {champ: getattr(self, champ) for champ in self.CHAMPS}


class TitulaireQuerySet(models.QuerySet):
    def chercher(self, texte):
        """People whose names hold each word of `texte`, whatever accents and case."""
        resultat = self
        for mot in plier(texte).split():
            resultat = resultat.filter(nom_plie__contains=mot)
        return resultat


class Titulaire(EtatCivil):
    """A person who aims at, then holds, a certification."""

    finalite = "Identifier la personne certifiée et la déclarer au SI CPF (L. 6113-8)."
    conservation = "50 ans si une certification est obtenue\u202f; sinon un an après la dernière action."

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="titulaire",
        verbose_name="compte",
    )
    courriel = models.EmailField("adresse électronique")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    nom_plie = models.CharField("nom pour la recherche", max_length=400, editable=False, default="", db_index=True)

    objects = TitulaireQuerySet.as_manager()

    class Meta:
        verbose_name = "titulaire"
        verbose_name_plural = "titulaires"
        ordering = ["nom_plie", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(annee_naissance__gte=1900) & Q(annee_naissance__lte=2099),
                name="titulaire_annee_naissance",
                violation_error_message="L’année de naissance s’écrit avec quatre chiffres, de 1900 à 2099.",
            ),
        ]

    def __str__(self):
        return self.nom_complet

    def save(self, *args, **kwargs):
        self.nom_plie = plier(f"{self.nom_naissance} {self.nom_usage} {self.prenoms}")[:400]
        super().save(*args, **kwargs)
        for lien in self._meta.related_objects:
            # Lists sort by name: a model above that keeps its own copy of it says so, and never goes stale.
            if getattr(lien.related_model, "recopie_le_nom", False):
                copies = lien.related_model._base_manager.filter(**{lien.field.name: self})
                copies.exclude(nom_plie=self.nom_plie).update(nom_plie=self.nom_plie)
