"""The dossiers a session hears: their place on its list, the ballots, the recusals, the decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backoffice.candidatures.models import Candidature
from registre.models import Bloc

from .membres import MembreJury
from .sessions import SessionJury


class InscriptionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """What lists and figures of the juries count: all for the certificateur's staff, a porteur's own dossiers."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        return self.filter(candidature__porteur__in=utilisateur.organismes_ids("gestionnaire"))


class Inscription(models.Model):
    """A dossier on the list of a session, and what the jury concluded on it."""

    class Issue(models.TextChoices):
        DECIDEE = "decidee", "décision par bloc"
        AJOURNEE = "ajournee", "ajourné"
        ABSENTE = "absente", "absent"
        EXCUSEE = "excusee", "excusé"

    finalite = "Délibérer sur chaque dossier."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    session = models.ForeignKey(
        SessionJury, on_delete=models.PROTECT, related_name="inscriptions", verbose_name="session"
    )
    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="inscriptions", verbose_name="candidature"
    )
    inscrite_le = models.DateTimeField("inscrite le")
    convoquee_le = models.DateTimeField("convocation envoyée le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    issue = models.CharField("issue", max_length=8, choices=Issue.choices, blank=True)
    recommandations = models.TextField("recommandations du jury", blank=True)
    motif = models.CharField("motif de l’ajournement, de l’absence ou de l’excuse", max_length=500, blank=True)
    deliberee_le = models.DateTimeField("délibérée le", null=True, blank=True)
    notifiee_le = models.DateTimeField("résultat notifié le", null=True, blank=True)
    revoquee_le = models.DateTimeField("décision révoquée le", null=True, blank=True)

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription à un jury"
        verbose_name_plural = "inscriptions à un jury"
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "candidature"],
                condition=Q(retiree_le=None),
                name="inscription_unique",
                violation_error_message="Ce dossier est déjà inscrit à cette session.",
            )
        ]

    def __str__(self):
        return f"{self.candidature} – {self.session}"


class DemandeDePlace(models.Model):
    """A dossier that waits for a place in a full session; the oldest request takes the first free one."""

    finalite = "Donner les places qui se libèrent dans l’ordre des demandes."
    conservation = "Avec le dossier."

    session = models.ForeignKey(
        SessionJury, on_delete=models.PROTECT, related_name="demandes_de_place", verbose_name="session"
    )
    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="demandes_de_place", verbose_name="candidature"
    )
    demandee_le = models.DateTimeField("demandée le")
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    placee_le = models.DateTimeField("place obtenue le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "demande de place"
        verbose_name_plural = "demandes de place"
        ordering = ["session", "demandee_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature"],
                condition=Q(placee_le=None, retiree_le=None),
                name="demande_de_place_unique",
                violation_error_message="Ce dossier attend déjà une place dans une session.",
            )
        ]

    def __str__(self):
        return f"{self.candidature} attend {self.session}"


class Scrutin(models.Model):
    """One vote of the jury on one dossier. What was counted stays in `depouillement` when the voices are destroyed.

    `depouillement`, by bloc id as text: pour, contre, abstentions, corps (voices called), majorite (needed),
    acquis (true, false, or null on an equal split), preponderante.
    """

    finalite = "Voter, et prouver le compte des voix."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    inscription = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="scrutins", verbose_name="inscription"
    )
    tour = models.PositiveSmallIntegerField("tour", default=1)
    ouvert_le = models.DateTimeField("ouvert le")
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    depouillement = models.JSONField("dépouillement", default=dict, blank=True)
    # The only door through sealed minutes (`scelles.py`): once dated, the voices may go, and the date stays.
    voix_detruites_le = models.DateTimeField("voix individuelles détruites le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "scrutin"
        verbose_name_plural = "scrutins"
        ordering = ["inscription", "tour"]
        constraints = [
            models.UniqueConstraint(
                fields=["inscription", "tour"],
                name="scrutin_tour_unique",
                violation_error_message="Ce tour de scrutin existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["inscription"],
                condition=Q(clos_le=None, annule_le=None),
                name="scrutin_ouvert_unique",
                violation_error_message="Un vote est déjà ouvert sur ce dossier.",
            ),
        ]

    def __str__(self):
        return f"scrutin {self.inscription_id}, tour {self.tour}"


class Voix(models.Model):
    """What one seat says on one bloc; `portee_par` is the present member who voted for an absent one."""

    class Choix(models.TextChoices):
        POUR = "pour", "Acquis"
        CONTRE = "contre", "Non acquis"
        ABSTENTION = "abstention", "Abstention"

    finalite = "Compter les voix d’un vote."
    conservation = "Jusqu’au PV définitif et à la fin du délai de recours."

    scrutin = models.ForeignKey(Scrutin, on_delete=models.CASCADE, related_name="voix", verbose_name="scrutin")
    membre = models.ForeignKey(MembreJury, on_delete=models.CASCADE, related_name="voix", verbose_name="siège")
    bloc = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="+", verbose_name="bloc")
    choix = models.CharField("voix", max_length=10, choices=Choix.choices)
    portee_par = models.ForeignKey(
        MembreJury, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="portée par"
    )
    exprimee_le = models.DateTimeField("exprimée le")

    class Meta:
        verbose_name = "voix"
        verbose_name_plural = "voix"
        ordering = ["scrutin", "bloc", "membre"]
        constraints = [
            models.UniqueConstraint(
                fields=["scrutin", "membre", "bloc"],
                name="un_siege_une_voix",
                violation_error_message="Ce siège a déjà voté sur ce bloc\u00a0: un siège, une voix.",
            )
        ]

    def __str__(self):
        return f"voix {self.scrutin_id}"


class DecisionBloc(models.Model):
    """What the jury decides for one bloc; a decision against the evaluation carries its reason."""

    finalite = "Garder la décision du jury, bloc par bloc."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    inscription = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="decisions", verbose_name="inscription"
    )
    bloc = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="+", verbose_name="bloc")
    acquis = models.BooleanField("acquis")
    rattrapage = models.BooleanField("rattrapage", default=False)
    motif = models.TextField("motif d’un écart avec l’évaluation", blank=True)
    # What was counted outlives the individual votes; empty when the jury agreed without voting.
    pour = models.PositiveSmallIntegerField("voix pour", null=True, blank=True)
    contre = models.PositiveSmallIntegerField("voix contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    preponderante = models.BooleanField("voix prépondérante de la présidence", default=False)

    class Meta:
        verbose_name = "décision sur un bloc"
        verbose_name_plural = "décisions sur les blocs"
        ordering = ["inscription", "bloc"]
        constraints = [
            models.UniqueConstraint(
                fields=["inscription", "bloc"],
                name="decision_bloc_unique",
                violation_error_message="Ce bloc a déjà une décision.",
            ),
            models.CheckConstraint(
                condition=Q(rattrapage=False) | (Q(acquis=True) & ~Q(motif="")),
                name="rattrapage_motive",
                violation_error_message="Un rattrapage accorde un bloc, avec un motif.",
            ),
        ]

    def __str__(self):
        return f"{self.bloc_id} {'acquis' if self.acquis else 'non acquis'}"


class Deport(models.Model):
    """A member who does not sit on one dossier: found from the data, or declared."""

    finalite = "Garantir l’indépendance des décisions."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    inscription = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="deports", verbose_name="inscription"
    )
    membre = models.ForeignKey(MembreJury, on_delete=models.CASCADE, related_name="deports", verbose_name="membre")
    raison = models.CharField("raison", max_length=250)
    declare = models.BooleanField("déclaré par le membre", default=False)

    class Meta:
        verbose_name = "déport"
        verbose_name_plural = "déports"
        ordering = ["inscription", "membre"]
        constraints = [
            models.UniqueConstraint(
                fields=["inscription", "membre"],
                name="deport_unique",
                violation_error_message="Ce membre est déjà déporté sur ce dossier.",
            )
        ]

    def __str__(self):
        return f"déport {self.membre_id}"
