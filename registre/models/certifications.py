"""What can be certified: the family of a CQP, and its versions as the registers know them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from registre.textes import plier

from .organismes import Organisme


def adresse_fiche(repertoire: str, numero: str) -> str:
    """Return the address of a fiche on the public site of France compétences."""
    return f"https://www.francecompetences.fr/recherche/{repertoire}/{numero.lstrip('RNCPS')}/"


class Filiere(models.Model):
    """A family of trades, used to sort the catalogue."""

    finalite = "Classer les certifications pour le public."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    libelle = models.CharField("libellé", max_length=100)
    slug = models.SlugField("identifiant dans les adresses", unique=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "filière"
        verbose_name_plural = "filières"
        ordering = ["ordre", "libelle"]

    def __str__(self):
        return self.libelle


class Echeances:
    """What the dates of a version say: read by the model, and by whoever reads the dates without it."""

    def est_en_vigueur(self, jour=None) -> bool:
        """Is the registration running? « Actif » is not « délivrable »: see `est_delivrable`."""
        jour = jour or timezone.localdate()
        return self.date_fin_enregistrement is None or self.date_fin_enregistrement >= jour

    def est_delivrable(self, jour=None) -> bool:
        """May a jury still award it? (L. 6113-9: the limit may stand years after the end of registration.)"""
        jour = jour or timezone.localdate()
        limite = self.date_limite_delivrance or self.date_fin_enregistrement
        return limite is None or limite >= jour

    @property
    def delivrable_jusqu_au(self):
        """Last day on which a jury may award it, None when nothing bounds it."""
        return self.date_limite_delivrance or self.date_fin_enregistrement


def choisir_version(versions, jour=None):
    """Of the versions of one certification, the one to show the public: see `Certification.version_actuelle`."""
    versions, jour = list(versions), jour or timezone.localdate()
    delivrables = [v for v in versions if v.est_delivrable(jour)]
    actives = [v for v in delivrables if v.est_en_vigueur(jour)]
    for choix in (actives, delivrables, versions):
        if choix:
            return max(choix, key=lambda v: (v.date_fin_enregistrement or v.date_decision or jour, v.pk))
    return None


class CertificationQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The certifications this person manages: those of one's porteurs, all for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        return self.filter(porteur__in=utilisateur.organismes_ids("gestionnaire"))


class Certification(models.Model):
    """A CQP over time: what stays when a renewal gives it a new fiche number, a new title or a new level."""

    class Nature(models.TextChoices):
        CQP = "CQP", "CQP"
        CQPI = "CQPI", "CQPI (interbranches)"

    finalite = "Tenir le registre des certifications."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    slug = models.SlugField("identifiant dans les adresses", max_length=120, unique=True)
    intitule_usuel = models.CharField("intitulé usuel", max_length=255)
    nature = models.CharField("nature", max_length=4, choices=Nature.choices, default=Nature.CQP)
    filiere = models.ForeignKey(
        Filiere, on_delete=models.PROTECT, related_name="certifications", verbose_name="filière"
    )
    porteur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="certifications_portees", verbose_name="porteur"
    )
    accroche = models.TextField("accroche", blank=True)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        verbose_name = "certification"
        verbose_name_plural = "certifications"
        ordering = ["intitule_usuel", "pk"]

    def __str__(self):
        return self.intitule_usuel

    def version_actuelle(self, jour=None):
        """The version to show the public: the newest still deliverable, else the newest of all; None without any."""
        return choisir_version(self.versions.all(), jour)


class VersionQuerySet(models.QuerySet):
    def en_vigueur(self, jour=None):
        """Versions whose registration has not ended (a branch-only CQP never ends by itself)."""
        jour = jour or timezone.localdate()
        return self.filter(Q(date_fin_enregistrement=None) | Q(date_fin_enregistrement__gte=jour))

    def delivrees_par(self, organismes):
        """Versions of which one of these bodies is a certificateur."""
        roles = RoleCertification.objects.filter(organisme__in=organismes, role__in=("cpne", "certificateur"))
        return self.filter(pk__in=roles.values("version"))

    def delivrables(self, jour=None):
        """Versions a jury may still award: the delivery limit counts, not the end of registration."""
        jour = jour or timezone.localdate()
        return self.filter(
            Q(date_limite_delivrance__gte=jour)
            | Q(date_limite_delivrance=None, date_fin_enregistrement=None)
            | Q(date_limite_delivrance=None, date_fin_enregistrement__gte=jour)
        )


class VersionCertification(Echeances, models.Model):
    """One fiche: a certification as registered (RNCP, RS) or as decided by the branch, with its own dates.

    A candidature and a parchemin point to the version, never to the family: each renewal is a new fiche number.
    """

    class Repertoire(models.TextChoices):
        RNCP = "rncp", "RNCP"
        RS = "rs", "Répertoire spécifique"
        BRANCHE = "branche", "CQP de branche"

    finalite = "Tenir le registre des certifications et de leurs versions."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    certification = models.ForeignKey(
        Certification, on_delete=models.PROTECT, related_name="versions", verbose_name="certification"
    )
    repertoire = models.CharField("répertoire", max_length=8, choices=Repertoire.choices)
    numero = models.CharField(
        "numéro de fiche",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^(RNCP|RS)\d{1,6}$", "Un numéro s’écrit RNCP41346 ou RS6610.")],
    )
    intitule = models.CharField("intitulé exact", max_length=400)
    niveau = models.PositiveSmallIntegerField("niveau du cadre national", null=True, blank=True)
    niveau_cec = models.PositiveSmallIntegerField("niveau du cadre européen", null=True, blank=True)
    ancien_niveau = models.CharField("niveau conventionnel de la branche", max_length=30, blank=True)
    date_decision = models.DateField("date de la décision", null=True, blank=True)
    duree_enregistrement = models.PositiveSmallIntegerField("durée d’enregistrement (années)", null=True, blank=True)
    date_effet = models.DateField("date d’effet", null=True, blank=True)
    date_fin_enregistrement = models.DateField("fin d’enregistrement", null=True, blank=True)
    date_limite_delivrance = models.DateField("date limite de délivrance", null=True, blank=True)
    activites_visees = models.TextField("activités visées", blank=True)
    capacites_attestees = models.TextField("capacités attestées", blank=True)
    secteurs_activite = models.TextField("secteurs d’activité", blank=True)
    emplois_accessibles = models.TextField("emplois accessibles", blank=True)
    objectifs_contexte = models.TextField("objectifs et contexte", blank=True)
    prerequis_entree = models.TextField("prérequis à l’entrée", blank=True)
    prerequis_validation = models.TextField("prérequis à la validation", blank=True)
    reglementation = models.TextField("réglementation de l’activité", blank=True)
    validation_partielle = models.BooleanField("validation partielle possible", default=True)
    blocs_exemple = models.BooleanField("blocs donnés en exemple", default=False)
    source = models.CharField("source", max_length=255, blank=True)
    source_date = models.DateField("date de la source", null=True, blank=True)
    succede_a = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successeurs", verbose_name="succède à"
    )
    organismes = models.ManyToManyField(
        Organisme, through="RoleCertification", related_name="versions", verbose_name="organismes"
    )
    intitule_plie = models.CharField("intitulé pour la recherche", max_length=450, editable=False, default="")
    entree_le = models.DateTimeField("entrée au registre le", default=timezone.now, editable=False)
    modifiee_le = models.DateTimeField("modifiée le", default=timezone.now, editable=False)
    # What the last import wrote, field by field: a value that differs was corrected by hand since, and stays.
    empreintes_du_flux = models.JSONField("empreintes de la dernière fiche reprise", default=dict, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version de certification"
        verbose_name_plural = "versions de certification"
        ordering = ["intitule", "-date_fin_enregistrement", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["numero"],
                condition=~Q(numero=""),
                name="version_numero_unique",
                violation_error_message="Une version porte déjà ce numéro de fiche.",
            ),
            models.CheckConstraint(
                condition=Q(repertoire="branche", numero="")
                | Q(repertoire="rncp", numero__startswith="RNCP")
                | Q(repertoire="rs", numero__startswith="RS"),
                name="version_numero_du_repertoire",
                violation_error_message="Le numéro de fiche ne va pas avec le répertoire.",
            ),
            models.CheckConstraint(
                # France compétences gives a level to RNCP certifications only.
                condition=Q(repertoire="rncp") | Q(niveau=None, niveau_cec=None),
                name="version_niveau_rncp_seulement",
                violation_error_message="Seule une certification du RNCP a un niveau.",
            ),
        ]

    def __str__(self):
        return f"{self.intitule} ({self.numero})" if self.numero else self.intitule

    # Facts whose change is not news for the public.
    SANS_NOUVELLE = frozenset({"id", "entree_le", "modifiee_le", "empreintes_du_flux", "source", "source_date"})

    def save(self, *args, **kwargs):
        self.intitule_plie = plier(f"{self.intitule} {self.numero}")[:450]
        if self.pk and self._a_change():
            self.modifiee_le = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "modifiee_le"}
        super().save(*args, **kwargs)

    def _a_change(self) -> bool:
        """Does the public read something else than what is stored?"""
        champs = [c.attname for c in self._meta.concrete_fields if c.attname not in self.SANS_NOUVELLE]
        tenu = type(self).objects.filter(pk=self.pk).values(*champs).first()
        return tenu is not None and any(getattr(self, champ) != valeur for champ, valeur in tenu.items())

    @property
    def certificateurs(self) -> list[Organisme]:
        """The bodies which deliver it, CPNE first, in the order of the fiche."""
        roles = sorted(
            (r for r in self.roles.all() if r.role in {"cpne", "certificateur"}),
            key=lambda r: (r.role != "cpne", r.ordre, r.pk),
        )
        return [r.organisme for r in roles]

    @property
    def url_france_competences(self) -> str:
        """Address of the public fiche at France compétences; empty for a branch-only CQP."""
        return adresse_fiche(self.repertoire, self.numero) if self.numero else ""


class RoleCertification(models.Model):
    """What a body is for a version: one certification has several co-certificateurs, some without SIRET."""

    class Role(models.TextChoices):
        CPNE = "cpne", "CPNE"
        CERTIFICATEUR = "certificateur", "certificateur"
        PORTEUR = "porteur", "porteur"
        CO_PORTEUR = "co_porteur", "co-porteur"

    finalite = "Savoir qui délivre et qui porte chaque version."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    version = models.ForeignKey(
        VersionCertification, on_delete=models.CASCADE, related_name="roles", verbose_name="version"
    )
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="roles_certification", verbose_name="organisme"
    )
    role = models.CharField("rôle", max_length=13, choices=Role.choices)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "rôle sur une certification"
        verbose_name_plural = "rôles sur les certifications"
        ordering = ["version", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisme", "role"],
                name="role_certification_unique",
                violation_error_message="Cet organisme a déjà ce rôle sur cette version.",
            )
        ]

    def __str__(self):
        return f"{self.organisme} – {self.get_role_display()}"


class OptionCertification(models.Model):
    """An option of a version (« Enrobés », « Production »…)."""

    finalite = "Décrire la certification."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    version = models.ForeignKey(
        VersionCertification, on_delete=models.CASCADE, related_name="options", verbose_name="version"
    )
    code = models.CharField("code", max_length=20, blank=True)
    libelle = models.CharField("libellé", max_length=255)

    class Meta:
        verbose_name = "option"
        verbose_name_plural = "options"
        ordering = ["version", "libelle"]

    def __str__(self):
        return self.libelle


class Bloc(models.Model):
    """A bloc de compétences; the key is (version, code), since codes are not unique across fiches."""

    finalite = "Décrire la certification et ce qui s’évalue."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    version = models.ForeignKey(
        VersionCertification, on_delete=models.CASCADE, related_name="blocs", verbose_name="version"
    )
    code = models.CharField("code", max_length=20)
    libelle = models.CharField("libellé", max_length=400)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    facultatif = models.BooleanField("facultatif", default=False)
    option = models.ForeignKey(
        OptionCertification,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="blocs",
        verbose_name="option",
    )
    liste_competences = models.TextField("compétences, texte de la fiche", blank=True)
    modalites_evaluation = models.TextField("modalités d’évaluation", blank=True)

    class Meta:
        verbose_name = "bloc de compétences"
        verbose_name_plural = "blocs de compétences"
        ordering = ["version", "ordre", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="bloc_code_unique_par_version",
                violation_error_message="Un bloc de cette version porte déjà ce code.",
            )
        ]

    def __str__(self):
        return f"{self.code} – {self.libelle}"


class Competence(models.Model):
    """One compétence of a bloc: the grain at which évaluateurs answer."""

    finalite = "Décrire ce qui s’évalue."
    conservation = "Sans limite\u00a0: aucune donnée personnelle."

    bloc = models.ForeignKey(Bloc, on_delete=models.CASCADE, related_name="competences", verbose_name="bloc")
    code = models.CharField("code", max_length=20)
    libelle = models.TextField("libellé")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "compétence"
        verbose_name_plural = "compétences"
        ordering = ["bloc", "ordre", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc", "code"],
                name="competence_code_unique_par_bloc",
                violation_error_message="Une compétence de ce bloc porte déjà ce code.",
            )
        ]

    def __str__(self):
        return f"{self.code} – {self.libelle}"
