"""A lot: the delivery of many dossiers, prepared by one person, approved by another, carried out row by row."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from backoffice.jurys.models import SessionJury
from registre.documents import phrases
from registre.models import Bloc, Organisme, Parchemin, VersionCertification


class LotQuerySet(models.QuerySet):
    def ouverts(self):
        """Those that still have something to do with their dossiers."""
        return self.filter(etat__in=LotDelivrance.OUVERTS)

    def visibles_par(self, utilisateur):
        """Those of one's porteurs; those one may sign once they are prepared; all for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        a_signer = Q(pk__in=self.model.objects.a_signer_par(utilisateur).values("pk")) & ~Q(etat="brouillon")
        return self.filter(a_signer | Q(porteur__in=utilisateur.organismes_ids("gestionnaire")))

    def a_signer_par(self, utilisateur):
        """Those of the bodies that empowered this person, whatever their place among the certificateurs of a fiche."""
        organismes = utilisateur.organismes_ids("signataire")
        if not organismes:
            return self.none()
        versions = VersionCertification.objects.delivrees_par(organismes)
        lignes = LigneLot.objects.filter(candidature__version__in=versions)
        return self.filter(Q(certificateur__in=organismes) | Q(pk__in=lignes.values("lot")))

    def confies_a(self, utilisateur, role: str):
        """Those on which this person has something to do in this very role; who prepared does not approve."""
        if role == "signataire":
            return self.a_signer_par(utilisateur).exclude(prepare_par=utilisateur)
        # What a certificateur's body prepares is its own affair, as it is the porteur's: who began goes on.
        return self.visibles_par(utilisateur).filter(Q(cree_par=utilisateur) | Q(prepare_par=utilisateur))

    def les_plus_anciens(self):
        return self.select_related("certificateur", "porteur", "session").order_by("etat_depuis", "pk")


class LotDelivrance(models.Model):
    """Dossiers of one certificateur and one porteur, delivered together. Two people answer for it, never one."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "En préparation"
        PREPARE = "prepare", "À approuver"
        EN_COURS = "en_cours", "Délivrance en cours"
        TERMINE = "termine", "Terminé"
        ABANDONNE = "abandonne", "Abandonné"

    class Genre(models.TextChoices):
        DOCUMENTS = "documents", "parchemins et attestations de réussite partielle"
        BLOCS = "blocs", "attestations de bloc de compétences"

    OUVERTS = ("brouillon", "prepare", "en_cours")

    finalite = "Délivrer ensemble les documents d’une session et dire ce qui a été délivré ou refusé."
    conservation = "50 ans, avec le registre."

    genre = models.CharField("ce qu’il délivre", max_length=9, choices=Genre.choices, default=Genre.DOCUMENTS)
    session = models.ForeignKey(
        SessionJury,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lots_de_delivrance",
        verbose_name="session de jury",
    )
    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="+", verbose_name="certificateur"
    )
    porteur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="+", verbose_name="porteur")
    lieu = models.CharField("lieu de délivrance", max_length=100, blank=True)
    etat = models.CharField("état", max_length=9, choices=Etat.choices, default=Etat.BROUILLON)
    etat_depuis = models.DateTimeField("dans cet état depuis", default=timezone.now, editable=False)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="ouvert par"
    )
    cree_le = models.DateTimeField("ouvert le", default=timezone.now, editable=False)
    prepare_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="préparé par",
    )
    prepare_le = models.DateTimeField("préparé le", null=True, blank=True)
    approuve_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="approuvé par",
    )
    approuve_le = models.DateTimeField("approuvé le", null=True, blank=True)
    sous_le_role = models.CharField("rôle choisi pour approuver", max_length=20, blank=True, editable=False)
    fini_le = models.DateTimeField("terminé le", null=True, blank=True)
    refusees = models.PositiveIntegerField("lignes refusées", default=0)
    classe_le = models.DateTimeField("compte rendu classé le", null=True, blank=True)
    # Why the worker could not go on; it tries again by itself.
    incident = models.CharField("incident", max_length=300, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de délivrance"
        verbose_name_plural = "lots de délivrance"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "prepare", "en_cours", "termine", "abandonne"]),
                name="lot_delivrance_etat_connu",
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(approuve_par=None) | ~Q(approuve_par=F("prepare_par")),
                name="lot_delivrance_quatre_yeux",
                violation_error_message="La personne qui approuve n’est pas celle qui a préparé.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["en_cours", "termine"])
                | Q(prepare_par__isnull=False, approuve_par__isnull=False),
                name="lot_delivrance_approuve_avant",
                violation_error_message="Un lot se délivre une fois préparé, puis approuvé.",
            ),
            models.UniqueConstraint(
                fields=["session", "certificateur", "porteur", "genre"],
                condition=Q(etat__in=["brouillon", "prepare", "en_cours"], session__isnull=False),
                name="lot_delivrance_ouvert_unique",
                violation_error_message="Un lot est déjà ouvert pour cette session.",
            ),
        ]

    def __str__(self):
        return f"lot n°\u00a0{self.pk}"

    def get_absolute_url(self):
        return reverse("delivrances:lot", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this lot; empty when it is out of their scope."""
        # The platform itself ends a lot, once its last document is stored.
        if hasattr(utilisateur, "roles_par_invitation"):
            return utilisateur.roles_par_invitation(self)
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {nom for nom in ("certificateur", "auditeur") if utilisateur.a_role(nom)}
        if self.porteur_id in utilisateur.organismes_ids("gestionnaire"):
            roles.add("gestionnaire")
        if self.etat != self.Etat.BROUILLON and (
            LotDelivrance.objects.a_signer_par(utilisateur).filter(pk=self.pk).exists()
        ):
            roles.add("signataire")
        return roles

    @property
    def versions(self):
        """The versions whose documents it delivers."""
        return VersionCertification.objects.filter(pk__in=self.lignes.values("candidature__version"))

    @property
    def auteur(self):
        """Who approved, acting under the role chosen then: the worker delivers in their name."""
        self.approuve_par.sous_le_role = self.sous_le_role
        return self.approuve_par

    # What « À faire » shows of it.
    @property
    def attend_depuis(self):
        return self.etat_depuis

    @property
    def certification(self) -> str:
        nom = str(self.session or self.porteur)
        return nom[:1].upper() + nom[1:]

    titulaire = echeance = en_retard = None


class LigneQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        return self.filter(lot__in=LotDelivrance.objects.all().visibles_par(utilisateur))

    def en_lot(self, genre: str):
        """The dossiers that a prepared lot of this kind holds: they go with it. A draft holds nothing back."""
        tenus = (LotDelivrance.Etat.PREPARE, LotDelivrance.Etat.EN_COURS)
        return self.filter(lot__etat__in=tenus, lot__genre=genre, ecartee=False)

    def en_attente(self):
        """Neither delivered, nor refused, nor left aside."""
        return self.filter(ecartee=False, traitee_le=None)

    def delivrees(self):
        return self.filter(parchemin__isnull=False)

    def refusees(self):
        return self.filter(traitee_le__isnull=False, parchemin=None)

    def a_fabriquer(self):
        """Those in force that have their number, and not their file yet: one cancelled since holds nobody."""
        return self._sans_fichier().filter(parchemin__impossible="")

    def impossibles(self):
        """Those whose file cannot be made: they have their number, and hold the lot no longer."""
        return self._sans_fichier().exclude(parchemin__impossible="")

    def _sans_fichier(self):
        return self.filter(parchemin__isnull=False, parchemin__sha256="", parchemin__annule_le=None)

    def completes(self):
        return self.select_related(
            "lot",
            "bloc",
            "parchemin",
            "candidature__titulaire",
            "candidature__version__certification",
            "candidature__porteur",
            "candidature__parcours",
            "candidature__option",
        ).prefetch_related("candidature__version__roles__organisme")


class LigneLot(models.Model):
    """One document of a lot: delivered, refused with the sentence that says why, or left aside by who prepared."""

    finalite = "Dire, dossier par dossier, ce qu’un lot a délivré ou refusé."
    conservation = "50 ans, avec le registre."

    lot = models.ForeignKey(LotDelivrance, on_delete=models.CASCADE, related_name="lignes", verbose_name="lot")
    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="lignes_de_lot", verbose_name="candidature"
    )
    # Of a lot of attestations de bloc: one row per bloc.
    bloc = models.ForeignKey(
        Bloc, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bloc"
    )
    rang = models.PositiveIntegerField("rang")
    ecartee = models.BooleanField("laissée de côté", default=False)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)
    parchemin = models.OneToOneField(
        Parchemin,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ligne_de_lot",
        verbose_name="document délivré",
    )
    refus = models.TextField("raison du refus", blank=True)

    objects = LigneQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’un lot de délivrance"
        verbose_name_plural = "lignes d’un lot de délivrance"
        ordering = ["lot", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "candidature"],
                condition=Q(bloc=None),
                name="ligne_lot_unique",
                violation_error_message="Ce dossier est déjà dans ce lot.",
            ),
            models.UniqueConstraint(
                fields=["lot", "candidature", "bloc"],
                condition=Q(bloc__isnull=False),
                name="ligne_lot_de_bloc_unique",
                violation_error_message="Ce bloc de ce dossier est déjà dans ce lot.",
            ),
            models.CheckConstraint(
                condition=Q(parchemin=None) | Q(refus="", ecartee=False, traitee_le__isnull=False),
                name="ligne_lot_delivree_ou_refusee",
                violation_error_message="Une ligne est délivrée, ou refusée.",
            ),
        ]

    def __str__(self):
        return f"ligne {self.rang}"

    @property
    def quoi(self) -> str:
        """The dossier, and the bloc where the row is one of a bloc: what a list says of it."""
        reference = self.candidature.reference
        return f"{reference}, {self.bloc.code}" if self.bloc_id else reference

    @property
    def naissance(self) -> str:
        """As the document will say it: who approves reads it here."""
        return phrases.naissance(self.candidature.titulaire.etat_civil())
