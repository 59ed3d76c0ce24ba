"""Lots sent to the SI CPF, passages they declare, accusés they got. A parchemin is read here, never touched."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from registre.models import Organisme, Parchemin
from registre.models.parchemins import stockage_prive

from . import flux


class Profil(models.TextChoices):
    KIT_2021 = flux.PROFIL_2021, "1.1.2 (kit 2.0.0, de 2021 à 2025)"
    KIT_2026 = flux.PROFIL_2026, "1.1.5 (kit de mars 2026)"


class NatureDeposant(models.TextChoices):
    CERTIFICATEUR = "CERTIFICATEUR", "le certificateur lui-même"
    TIERS_CONFIANCE = "TIERS_CONFIANCE", "un tiers de confiance"


class Action(models.TextChoices):
    CREATION = flux.CREATION, "déclaration"
    SUPPRESSION = flux.SUPPRESSION, "suppression"


valider_matricule = RegexValidator(
    r"^[0-9A-Za-z]{8}\Z", "Un matricule compte huit chiffres ou lettres, par exemple 12ABC345."
)
valider_contrat = RegexValidator(
    r"^[0-9A-Za-z._-]{1,20}\Z", "Un numéro de contrat compte vingt caractères au plus, par exemple MCFCER000123."
)


def porte_par(utilisateur, chemin: str) -> Q:
    """The one scope rule of the accrochage: a certificateur's staff sees what their own body declares."""
    if not utilisateur.is_authenticated:
        return Q(pk__in=[])
    return Q(**{f"{chemin}__in": utilisateur.organismes_ids("certificateur")})


class ParametresQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        return self.filter(porte_par(utilisateur, "certificateur"))


class ParametresCPF(models.Model):
    """What the Caisse des dépôts gave to a certificateur, and the profile of schema it follows."""

    finalite = "Composer les fichiers de l’accrochage au SI CPF."
    conservation = "Tant que le certificateur déclare."

    certificateur = models.OneToOneField(
        Organisme, on_delete=models.PROTECT, related_name="parametres_cpf", verbose_name="certificateur"
    )
    id_client = models.CharField(
        "matricule du certificateur",
        max_length=8,
        validators=[valider_matricule],
        help_text="Huit caractères, reçus de la Caisse des dépôts.",
    )
    id_contrat = models.CharField(
        "numéro de contrat",
        max_length=20,
        validators=[valider_contrat],
        help_text="Reçu avec le matricule, par exemple MCFCER000123.",
    )
    id_client_emetteur = models.CharField(
        "matricule de l’émetteur",
        max_length=8,
        validators=[valider_matricule],
        help_text="Celui de qui dépose\u00a0: le même, sauf dépôt par un tiers de confiance.",
    )
    nature_deposant = models.CharField(
        "déposant", max_length=15, choices=NatureDeposant.choices, default=NatureDeposant.CERTIFICATEUR
    )
    profil = models.CharField("version du schéma", max_length=10, choices=Profil.choices, default=Profil.KIT_2026)
    schema_officiel = models.FileField(
        "schéma officiel",
        storage=stockage_prive,
        upload_to="cpf/schemas/",
        blank=True,
        max_length=200,
        help_text="Facultatif\u00a0: le fichier XSD de la Caisse des dépôts, à la place de celui de la plateforme.",
    )

    objects = ParametresQuerySet.as_manager()

    class Meta:
        verbose_name = "paramètres SI CPF"
        verbose_name_plural = "paramètres SI CPF"
        constraints = [
            models.CheckConstraint(
                condition=Q(profil__in=Profil.values),
                name="parametres_cpf_profil_connu",
                violation_error_message="Cette version du schéma n’est pas connue.",
            ),
        ]

    def __str__(self):
        return f"SI CPF de {self.certificateur}"


class LotQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The lots of the bodies for which this person is certificateur."""
        return self.filter(porte_par(utilisateur, "certificateur"))

    def comptes(self):
        """With the number of passages by answer, in the same query."""
        return self.annotate(
            acceptes=models.Count("passages", filter=Q(passages__reponse=PassageCPF.Reponse.ACCEPTE)),
            refuses=models.Count("passages", filter=Q(passages__reponse=PassageCPF.Reponse.REFUSE)),
            en_attente=models.Count("passages", filter=Q(passages__reponse=PassageCPF.Reponse.EN_ATTENTE)),
            # An aggregate forgets the order of the model.
        ).order_by("-horodatage", "-pk")


class LotCPF(models.Model):
    """One file for the Caisse des dépôts: written once, kept as it was sent."""

    class Etat(models.TextChoices):
        ECRITURE = "ecriture", "En cours d’écriture"
        PREPARE = "prepare", "À déposer"
        DEPOSE = "depose", "Déposé, en attente d’accusé"
        TRAITE = "traite", "Traité"
        CLOS = "clos", "Clos"
        RETIRE = "retire", "Retiré"

    finalite = "Déclarer les certifications délivrées au SI CPF (L. 6113-8)."
    conservation = "5 ans\u202f; contenu effacé trois mois après acceptation."

    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="lots_cpf", verbose_name="certificateur"
    )
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.ECRITURE)
    action = models.CharField("action demandée", max_length=11, choices=Action.choices, default=Action.CREATION)
    id_flux = models.UUIDField("identifiant du flux", unique=True, default=uuid.uuid4, editable=False)
    horodatage = models.DateTimeField("constitué le")
    profil = models.CharField("version du schéma", max_length=10, choices=Profil.choices)
    id_client_emetteur = models.CharField("matricule de l’émetteur", max_length=8)
    id_client_certificateur = models.CharField("matricule du certificateur", max_length=8)
    id_contrat = models.CharField("numéro de contrat", max_length=20)
    nature_deposant = models.CharField("déposant", max_length=15, choices=NatureDeposant.choices)
    fichier = models.FileField("fichier du flux", storage=stockage_prive, blank=True, max_length=200)
    nom_fichier = models.CharField("nom du fichier", max_length=100, blank=True)
    sha256 = models.CharField("empreinte du fichier", max_length=64, blank=True)
    taille = models.PositiveBigIntegerField("taille du fichier", default=0)
    nombre = models.PositiveIntegerField("nombre de passages", default=0)
    # What was asked (period, choice), and how far the worker has come when the lot is too long to be written at once.
    selection = models.JSONField("passages demandés", default=dict, blank=True)
    a_examiner = models.PositiveIntegerField("passages à examiner", default=0)
    examines = models.PositiveIntegerField("passages examinés", default=0)
    incidents = models.JSONField("ce qui a empêché l’écriture", default=list, blank=True)
    schema_sha256 = models.CharField("empreinte du schéma officiel employé", max_length=64, blank=True)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="constitué par"
    )
    depose_le = models.DateField("déposé le", null=True, blank=True)
    accuse_reception_le = models.DateField("accusé de réception reçu le", null=True, blank=True)
    reference_reception = models.CharField("référence de l’accusé de réception", max_length=100, blank=True)
    traite_le = models.DateTimeField("traité le", null=True, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot SI CPF"
        verbose_name_plural = "lots SI CPF"
        ordering = ["-horodatage", "-pk"]
        indexes = [models.Index(fields=["certificateur", "-horodatage"], name="lot_cpf_par_certificateur")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["ecriture", "prepare", "depose", "traite", "clos", "retire"]),
                name="lot_cpf_etat_connu",
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["ecriture", "prepare", "retire"]) | Q(depose_le__isnull=False),
                name="lot_cpf_depose_date",
                violation_error_message="Un lot déposé a une date de dépôt.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["traite", "clos"]) | Q(traite_le__isnull=False),
                name="lot_cpf_traite_date",
                violation_error_message="Un lot traité a la date de son accusé.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["ecriture", "retire"]) | ~Q(sha256=""),
                name="lot_cpf_fige",
                violation_error_message="Un lot à déposer a son fichier et son empreinte.",
            ),
            models.CheckConstraint(
                condition=Q(action=flux.CREATION) | Q(action=flux.SUPPRESSION, profil__in=flux.PROFILS_AVEC_ACTION),
                name="lot_cpf_action_du_profil",
                violation_error_message="Cette version du schéma ne connaît pas la suppression.",
            ),
        ]

    def __str__(self):
        return self.nom_fichier or str(self.id_flux)

    def get_absolute_url(self):
        return reverse("cpf:lot", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this lot; empty when it is out of their scope."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        return {"certificateur"} if self.certificateur_id in utilisateur.organismes_ids("certificateur") else set()

    @property
    def emission(self) -> flux.Emission:
        """Header of the file, from what the lot froze."""
        return flux.Emission(
            id_flux=self.id_flux,
            horodatage=self.horodatage,
            profil=self.profil,
            id_client_emetteur=self.id_client_emetteur,
            id_client_certificateur=self.id_client_certificateur,
            id_contrat=self.id_contrat,
            nature_deposant=self.nature_deposant,
            action=self.action,
        )


class PassageQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The passages of the lots this person sees."""
        return self.filter(porte_par(utilisateur, "lot__certificateur"))

    def en_cours(self):
        """Those that forbid to declare their parchemin again: no answer yet, or accepted."""
        return self.filter(reponse__in=[PassageCPF.Reponse.EN_ATTENTE, PassageCPF.Reponse.ACCEPTE])


class PassageCPF(models.Model):
    """One parchemin declared in one lot: what was sent, and what was answered."""

    class Reponse(models.TextChoices):
        EN_ATTENTE = "en_attente", "en attente de réponse"
        ACCEPTE = "accepte", "accepté"
        REFUSE = "refuse", "refusé"
        RETIRE = "retire", "retiré avec son lot"

    finalite = "Prouver ce qui a été déclaré et ce qui a été répondu."
    conservation = "5 ans\u202f; instantané effacé trois mois après acceptation."

    lot = models.ForeignKey(LotCPF, on_delete=models.PROTECT, related_name="passages", verbose_name="lot")
    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="passages_cpf", verbose_name="parchemin"
    )
    id_technique = models.CharField("identifiant technique", max_length=255)
    action = models.CharField("action demandée", max_length=11, choices=Action.choices, default=Action.CREATION)
    code = models.CharField("code de la certification", max_length=20)
    instantane = models.JSONField("instantané envoyé")
    reponse = models.CharField("réponse", max_length=10, choices=Reponse.choices, default=Reponse.EN_ATTENTE)
    messages = models.JSONField("messages reçus", default=list, blank=True)
    repondu_le = models.DateTimeField("réponse reçue le", null=True, blank=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = "passage SI CPF"
        verbose_name_plural = "passages SI CPF"
        ordering = ["lot", "code", "id_technique"]
        indexes = [models.Index(fields=["lot", "reponse"], name="passage_cpf_par_reponse")]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "id_technique"],
                name="passage_cpf_identifiant_unique_par_lot",
                violation_error_message="Cet identifiant technique figure déjà dans ce lot.",
            ),
            models.UniqueConstraint(
                fields=["parchemin", "action"],
                condition=Q(reponse__in=["en_attente", "accepte"]),
                name="passage_cpf_vivant_unique",
                violation_error_message="Ce parchemin est déjà déclaré, ou attend une réponse.",
            ),
            models.CheckConstraint(
                condition=Q(reponse__in=["en_attente", "accepte", "refuse", "retire"]),
                name="passage_cpf_reponse_connue",
                violation_error_message="Cette réponse n’existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(reponse__in=["accepte", "refuse"]) | Q(repondu_le__isnull=False),
                name="passage_cpf_reponse_datee",
                violation_error_message="Une réponse a une date.",
            ),
        ]

    def __str__(self):
        return f"{self.instantane.get('numero', self.id_technique)} ({self.get_reponse_display()})"


class AccuseQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The accusés of the lots this person sees."""
        return self.filter(porte_par(utilisateur, "lot__certificateur"))


class AccuseCPF(models.Model):
    """An accusé de traitement as it was received, and what it changed."""

    finalite = "Conserver la preuve de la réponse de la Caisse des dépôts."
    conservation = "5 ans\u202f; contenu effacé trois mois après acceptation."

    lot = models.ForeignKey(LotCPF, on_delete=models.PROTECT, related_name="accuses", verbose_name="lot")
    fichier = models.FileField("fichier reçu", storage=stockage_prive, max_length=200)
    nom_origine = models.CharField("nom du fichier reçu", max_length=150, blank=True)
    sha256 = models.CharField("empreinte du fichier", max_length=64, unique=True)
    id_traitement = models.CharField("numéro de traitement", max_length=50, blank=True)
    recu_le = models.DateTimeField("intégré le")
    rapport = models.JSONField("rapport d’intégration", default=dict)

    objects = AccuseQuerySet.as_manager()

    class Meta:
        verbose_name = "accusé SI CPF"
        verbose_name_plural = "accusés SI CPF"
        ordering = ["-recu_le", "-pk"]

    def __str__(self):
        return self.nom_origine or self.sha256[:12]


from .models_file import ControleCPF  # noqa: E402, F401
from .models_suites import DemandeCDC, SuppressionManuelle  # noqa: E402, F401
