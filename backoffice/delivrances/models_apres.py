"""What is asked about a document after its issue: by one person, with a reason, answered by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from registre.models import Duplicata, Parchemin, VersionCertification


def roles_sur(document: Parchemin, utilisateur) -> set[str]:
    """The roles this person holds on a document; empty when it is out of their scope (`Parchemin.visibles_par`)."""
    if not getattr(utilisateur, "is_authenticated", False):
        return set()
    roles = {nom for nom in ("certificateur", "auditeur") if utilisateur.a_role(nom)}
    if document.version.certification.porteur_id in utilisateur.organismes_ids("gestionnaire"):
        roles.add("gestionnaire")
    if utilisateur.organismes_ids("signataire").intersection(o.pk for o in document.version.certificateurs):
        roles.add("signataire")
    if document.titulaire.utilisateur_id == utilisateur.pk and utilisateur.a_role("candidat"):
        roles.add("candidat")
    return roles


def _selon_le_role(utilisateur, role: str) -> Q:
    """The requests on the documents that this person answers for in this very role."""
    if role == "certificateur":
        return Q()
    organismes = utilisateur.organismes_ids(role)
    if role == "signataire":
        return Q(parchemin__version__in=VersionCertification.objects.delivrees_par(organismes))
    return Q(parchemin__version__certification__porteur__in=organismes)


class DemandeQuerySet(models.QuerySet):
    # Whoever holds one of the roles of the awaited verb has it to do, not the first role alone.
    pour_chaque_role = True

    def visibles_par(self, utilisateur):
        """Those on the documents one answers for; holders follow what they may ask for themselves."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        filtre = _selon_le_role(utilisateur, "signataire") | _selon_le_role(utilisateur, "gestionnaire")
        if self.model.suivie_par_le_titulaire and utilisateur.a_role("candidat"):
            filtre |= Q(parchemin__titulaire__utilisateur=utilisateur)
        return self.filter(filtre)

    def en_attente(self):
        return self.filter(etat=DemandeSurDocument.Etat.DEMANDEE)

    def confies_a(self, utilisateur, role: str):
        """Those that this person may answer: neither their own request, nor one on their own document."""
        if not utilisateur.is_authenticated or not utilisateur.a_role(role):
            return self.none()
        siennes = Q(demandee_par=utilisateur) | Q(parchemin__titulaire__utilisateur=utilisateur)
        return self.filter(_selon_le_role(utilisateur, role)).exclude(siennes)

    def les_plus_anciens(self):
        """In the order in which they wait, with what « À faire » says of them."""
        return self.select_related("parchemin__titulaire").order_by("demandee_le", "pk")


class DemandeSurDocument(models.Model):
    """A request about one document: who asked and why, who answered and what. Nobody answers their own."""

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", "à traiter"
        ACCEPTEE = "acceptee", "acceptée"
        REFUSEE = "refusee", "refusée"
        RETIREE = "retiree", "retirée"

    # May the holder ask for it, and follow it?
    suivie_par_le_titulaire = False

    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.DEMANDEE, editable=False)
    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="document"
    )
    precisions = models.TextField("précisions", blank=True, max_length=2000)
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    demandee_le = models.DateTimeField("demandée le")
    tranchee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tranchée par",
    )
    tranchee_le = models.DateTimeField("tranchée le", null=True, blank=True)
    reponse = models.TextField("motif du refus", blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-demandee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parchemin"],
                condition=Q(etat="demandee"),
                name="%(class)s_en_attente_unique",
                violation_error_message="Une demande de ce genre attend déjà sa réponse sur ce document.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["acceptee", "refusee"])
                | (Q(tranchee_par__isnull=False) & ~Q(tranchee_par=F("demandee_par"))),
                name="%(class)s_quatre_yeux",
                violation_error_message="La personne qui répond n’est pas celle qui a demandé.",
            ),
            models.CheckConstraint(
                condition=Q(etat="demandee", tranchee_le=None) | (~Q(etat="demandee") & Q(tranchee_le__isnull=False)),
                name="%(class)s_datee",
                violation_error_message="Une demande traitée porte la date de sa réponse.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} du document {self.parchemin.numero}"

    @property
    def titulaire(self):
        return self.parchemin.titulaire

    @property
    def porteur_id(self) -> int:
        """The body in whose name its mails leave."""
        return self.parchemin.version.certification.porteur_id

    @property
    def attend_depuis(self):
        return self.demandee_le

    @property
    def sans_objet(self) -> bool:
        """Still waiting, although the document has been cancelled or replaced meanwhile?"""
        return self.etat == self.Etat.DEMANDEE and self.parchemin.annule_le is not None

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this request; empty when it is out of their scope."""
        roles = roles_sur(self.parchemin, utilisateur)
        return roles if self.suivie_par_le_titulaire else roles - {"candidat"}


class DemandeAnnulation(DemandeSurDocument):
    """Cancel one document by itself, while the decision of the jury stands."""

    class Motif(models.TextChoices):
        FRAUDE = "fraude", "fraude découverte"
        ERREUR = "erreur", "document délivré par erreur"
        JUSTICE = "justice", "décision de justice"
        AUTRE = "autre", "autre raison"

    finalite = "Annuler un document à deux, avec un motif qui reste."
    conservation = "50 ans, avec le registre."

    motif = models.CharField("motif", max_length=7, choices=Motif.choices)

    class Meta(DemandeSurDocument.Meta):
        verbose_name = "demande d’annulation"
        verbose_name_plural = "demandes d’annulation"

    def get_absolute_url(self):
        return reverse("delivrances:annulation", args=[self.pk])


class DemandeRemplacement(DemandeSurDocument):
    """Replace one document by another, whose record is corrected: prepared by one person, approved by another."""

    class Motif(models.TextChoices):
        ETAT_CIVIL = "etat_civil", "état civil corrigé"
        ERREUR = "erreur", "erreur dans l’enregistrement"
        CLE = "cle", "clé de signature révoquée"

    finalite = "Remplacer à deux un document dont une mention a été corrigée."
    conservation = "50 ans, avec le registre."

    motif = models.CharField("motif", max_length=10, choices=Motif.choices)
    # The whole record to issue, its number and its day excepted: what is compared, then frozen.
    enregistrement = models.JSONField("enregistrement corrigé")
    nouveau = models.OneToOneField(
        Parchemin, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nouveau document"
    )

    class Meta(DemandeSurDocument.Meta):
        verbose_name = "demande de remplacement"
        verbose_name_plural = "demandes de remplacement"
        constraints = [
            *DemandeSurDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(etat="acceptee", nouveau__isnull=False) | (~Q(etat="acceptee") & Q(nouveau=None)),
                name="demanderemplacement_donne_un_document",
                violation_error_message="Un remplacement approuvé donne un nouveau document, et lui seul.",
            ),
        ]

    def get_absolute_url(self):
        return reverse("delivrances:remplacement", args=[self.pk])


class DemandeDuplicata(DemandeSurDocument):
    """Issue one more copy of a document that was lost, stolen or destroyed: asked by its holder, or for them."""

    suivie_par_le_titulaire = True

    finalite = "Délivrer le duplicata d’un document perdu, volé ou détruit."
    conservation = "50 ans, avec le registre."

    motif = models.CharField("motif", max_length=7, choices=Duplicata.Motif.choices)
    duplicata = models.OneToOneField(
        Duplicata, on_delete=models.PROTECT, null=True, blank=True, related_name="demande", verbose_name="duplicata"
    )

    class Meta(DemandeSurDocument.Meta):
        verbose_name = "demande de duplicata"
        verbose_name_plural = "demandes de duplicata"
        constraints = [
            *DemandeSurDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(etat="acceptee", duplicata__isnull=False) | (~Q(etat="acceptee") & Q(duplicata=None)),
                name="demandeduplicata_donne_un_duplicata",
                violation_error_message="Une demande de duplicata acceptée en donne un, et un seul.",
            ),
        ]

    def get_absolute_url(self):
        return reverse("delivrances:demande_duplicata", args=[self.pk])
