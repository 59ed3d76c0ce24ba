"""The register of what was handed over, and what is to be sent by post."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from registre.models import Parchemin

from . import adresses


class EnvoiQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """One's own; those of one's porteurs; all for the certificateur: an address concerns nobody else."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur"):
            return self
        siens = Q(parchemin__titulaire__utilisateur=utilisateur) if utilisateur.a_role("candidat") else Q(pk__in=[])
        porteurs = utilisateur.organismes_ids("gestionnaire")
        return self.filter(siens | Q(parchemin__version__certification__porteur__in=porteurs))

    def en_cours(self):
        """Those that are not sent yet."""
        return self.filter(etat__in=EN_COURS)

    def confies_a(self, utilisateur, role: str):
        """The sendings on which this person holds this very role."""
        siens = self.visibles_par(utilisateur)
        if role == "candidat" and utilisateur.is_authenticated:
            return siens.filter(parchemin__titulaire__utilisateur=utilisateur)
        tenu = role in ("certificateur", "gestionnaire") and utilisateur.is_authenticated and utilisateur.a_role(role)
        return siens if tenu else self.none()

    def les_plus_anciens(self):
        """In the order in which they wait."""
        return self.select_related("parchemin__titulaire").order_by("demande_le", "pk")


class Envoi(models.Model):
    """A document to be sent by post: who asked for it, where to, what became of it."""

    class Etat(models.TextChoices):
        A_COMPLETER = "a_completer", "adresse attendue"
        A_ENVOYER = "a_envoyer", "à envoyer"
        ENVOYE = "envoye", "envoyé"
        REVENU = "revenu", "revenu"
        RENONCE = "renonce", "sans suite"

    class Retour(models.TextChoices):
        NPAI = "npai", "n’habite pas à l’adresse indiquée (NPAI)"
        NON_RECLAME = "non_reclame", "pli avisé et non réclamé"
        INCOMPLETE = "incomplete", "adresse incomplète ou illisible"
        REFUSE = "refuse", "pli refusé par le destinataire"

    finalite = "Envoyer un document sur papier à son titulaire, à l’adresse qu’il donne pour cela seulement."
    conservation = (
        "5 ans\u202f; l’adresse est effacée 30 jours après l’envoi, et aussitôt si l’on y renonce ou si le document "
        "est annulé."
    )

    etat = models.CharField("état", max_length=11, choices=Etat.choices, default=Etat.A_COMPLETER, editable=False)
    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="envois", verbose_name="document à envoyer"
    )
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="demandé par"
    )
    demande_le = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    destinataire = models.CharField("destinataire", max_length=38, blank=True)
    complement = models.CharField("appartement, étage, chez", max_length=38, blank=True)
    batiment = models.CharField("bâtiment, résidence", max_length=38, blank=True)
    voie = models.CharField("numéro et voie", max_length=38, blank=True)
    lieu_dit = models.CharField("lieu-dit, boîte postale", max_length=38, blank=True)
    code_postal = models.CharField("code postal", max_length=10, blank=True)
    commune = models.CharField("commune", max_length=32, blank=True)
    pays = models.CharField("pays, hors de France", max_length=38, blank=True)
    envoye_le = models.DateField("envoyé le", null=True, blank=True)
    revenu_le = models.DateField("revenu le", null=True, blank=True)
    retour = models.CharField("motif du retour", max_length=11, choices=Retour.choices, blank=True)
    adresse_effacee_le = models.DateTimeField("adresse effacée le", null=True, blank=True, editable=False)

    CHAMPS_ADRESSE = (
        *("destinataire", "complement", "batiment", "voie"),
        *("lieu_dit", "code_postal", "commune", "pays"),
    )

    objects = EnvoiQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi postal"
        verbose_name_plural = "envois postaux"
        ordering = ["-demande_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parchemin"],
                condition=Q(etat__in=("a_completer", "a_envoyer")),
                name="envoi_en_cours_unique",
                violation_error_message="Un envoi de ce document est déjà en cours.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="a_envoyer") | ~Q(commune=""),
                name="envoi_a_une_adresse",
                violation_error_message="Il manque l’adresse\u00a0: un pli sans adresse ne part pas.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=("envoye", "revenu")) | Q(envoye_le__isnull=False),
                name="envoi_date",
                violation_error_message="Un envoi fait porte sa date.",
            ),
        ]

    def __str__(self):
        return f"envoi du document {self.parchemin.numero}"

    def get_absolute_url(self):
        return reverse("remises:envoi", args=[self.pk])

    @property
    def titulaire(self):
        return self.parchemin.titulaire

    @property
    def attend_depuis(self):
        return self.demande_le

    @property
    def adresse(self) -> list[str]:
        """The lines of the label; none while no address is known, nor once it is erased."""
        return adresses.lignes(**{champ: getattr(self, champ) for champ in self.CHAMPS_ADRESSE})

    def effacer_l_adresse(self) -> None:
        """Forget where the person lives; their name stays with the document."""
        for champ in self.CHAMPS_ADRESSE:
            setattr(self, champ, "")
        self.adresse_effacee_le = timezone.now()

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this sending."""
        # The platform itself ceases it, when its document is cancelled.
        if hasattr(utilisateur, "roles_par_invitation"):
            return utilisateur.roles_par_invitation(self)
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {"certificateur"} if utilisateur.a_role("certificateur") else set()
        if self.parchemin.titulaire.utilisateur_id == utilisateur.pk and utilisateur.a_role("candidat"):
            roles.add("candidat")
        if self.parchemin.version.certification.porteur_id in utilisateur.organismes_ids("gestionnaire"):
            roles.add("gestionnaire")
        return roles


EN_COURS = (Envoi.Etat.A_COMPLETER, Envoi.Etat.A_ENVOYER)


class RemiseQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the documents that one may read."""
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(parchemin__in=Parchemin.objects.all().visibles_par(utilisateur))


class Remise(models.Model):
    """One line of the register: this document was handed over, by this means, that day, to this person."""

    class Moyen(models.TextChoices):
        PORTAIL = "portail", "téléchargement par le titulaire"
        POSTE = "poste", "courrier postal"
        MAIN = "main", "en main propre"

    finalite = "Prouver qu’un document a été remis à son titulaire, quand et comment."
    conservation = "50 ans, avec le registre."

    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="remises", verbose_name="document remis"
    )
    moyen = models.CharField("moyen", max_length=7, choices=Moyen.choices)
    le = models.DateField("remis le")
    a_qui = models.CharField("remis à", max_length=80)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="notée par",
    )
    envoi = models.OneToOneField(
        Envoi, on_delete=models.SET_NULL, null=True, blank=True, related_name="remise", verbose_name="envoi"
    )
    revenue_le = models.DateField("pli revenu le", null=True, blank=True)
    notee_le = models.DateTimeField("notée le", default=timezone.now, editable=False)

    objects = RemiseQuerySet.as_manager()

    class Meta:
        verbose_name = "remise"
        verbose_name_plural = "remises"
        ordering = ["-le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parchemin"],
                condition=Q(moyen="portail"),
                name="remise_portail_unique",
                violation_error_message="Le premier téléchargement de ce document est déjà noté.",
            ),
            models.CheckConstraint(
                condition=Q(revenue_le=None) | Q(moyen="poste"),
                name="remise_revenue_par_la_poste",
                violation_error_message="Seul un pli postal revient.",
            ),
        ]

    def __str__(self):
        return f"{self.parchemin.numero}, {self.get_moyen_display()}"
