"""Who sits: the mandates of a jury by collège, the seats of one session, the proxies given there."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from registre.models import Certification, Organisme

from .sessions import SessionJury


class College(models.TextChoices):
    EMPLOYEURS = "employeurs", "collège employeurs"
    SALARIES = "salaries", "collège salariés"


def du_ressort(porteurs) -> Q:
    """Mandates valid for a certification of these porteurs; one that names none is valid for all those of its body."""
    return Q(certifications__porteur__in=porteurs) | Q(
        certifications=None,
        certificateur__roles_certification__role="cpne",
        certificateur__roles_certification__version__certification__porteur__in=porteurs,
    )


class MandatQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """All for the certificateur's staff; those of one's certifications for a porteur; one's own for a member."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        filtre = Q(personne=utilisateur) if utilisateur.a_role("jury") else Q(pk__in=[])
        if porteurs := utilisateur.organismes_ids("gestionnaire"):
            filtre |= du_ressort(porteurs)
        return self.filter(pk__in=self.model.objects.filter(filtre).values("pk"))

    def valables(self, jour):
        """Those that run that day."""
        return self.filter(Q(fin=None) | Q(fin__gte=jour), Q(retire_le=None), debut__lte=jour)

    def a_renouveler(self, jour=None, sous_jours: int = 60):
        """Those that run and end within so many days, soonest first."""
        jour = jour or timezone.localdate()
        return self.valables(jour).filter(fin__lte=jour + timedelta(days=sous_jours)).order_by("fin", "pk")

    def pour(self, certificateur, certifications):
        """Those given by this body for all its certifications, or for one of these."""
        return self.filter(
            Q(certifications=None) | Q(certifications__in=certifications), certificateur=certificateur
        ).distinct()


class Mandat(models.Model):
    """A seat held for a time in the juries of a body: by whom, for which collège, titulaire or suppléant."""

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "Donné"
        RETIRE = "retire", "Retiré"

    College = College

    finalite = "Savoir qui peut siéger dans un jury, au titre de quelle organisation."
    conservation = "10 ans après la fin du mandat."

    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.EN_COURS, editable=False)
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandats", verbose_name="membre"
    )
    certificateur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="mandats", verbose_name="certificateur"
    )
    certifications = models.ManyToManyField(
        Certification, blank=True, related_name="mandats", verbose_name="certifications"
    )
    college = models.CharField("collège", max_length=10, choices=College.choices)
    organisation = models.CharField("organisation représentée", max_length=120, blank=True)
    organisme = models.ForeignKey(
        Organisme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="entreprise ou organisme de la personne",
    )
    qualite = models.CharField("qualité", max_length=120, blank=True)
    suppleant_de = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="suppleances", verbose_name="suppléant de"
    )
    suppleant = models.BooleanField("suppléant", default=False)
    debut = models.DateField("début du mandat")
    fin = models.DateField("fin du mandat", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True, editable=False)

    objects = MandatQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        verbose_name_plural = "mandats"
        ordering = ["certificateur", "college", "suppleant", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                name="mandat_dates_dans_l_ordre",
                violation_error_message="Un mandat finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(suppleant_de=None) | Q(suppleant=True),
                name="mandat_suppleant_d_un_titulaire",
                violation_error_message="Seul un suppléant remplace un titulaire.",
            ),
        ]

    def __str__(self):
        return f"{self.personne} ({self.get_college_display()})"

    def get_absolute_url(self):
        return reverse("jurys:mandat", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this mandate; empty when it is out of their scope."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {n for n in ("certificateur", "auditeur") if utilisateur.a_role(n)}
        if self.pk is None:
            return roles
        if utilisateur.a_role("gestionnaire") and self._est_du_ressort(utilisateur.organismes_ids("gestionnaire")):
            roles.add("gestionnaire")
        if utilisateur.a_role("jury") and self.personne_id == utilisateur.pk:
            roles.add("jury")
        return roles

    def _est_du_ressort(self, porteurs: set[int]) -> bool:
        """Is this mandate valid for a certification of these porteurs?"""
        return type(self).objects.filter(du_ressort(porteurs), pk=self.pk).exists()

    @property
    def finit_bientot(self) -> bool:
        """Does it end within two months?"""
        return self.fin is not None and self.fin <= timezone.localdate() + timedelta(days=60)

    def manque(self, jour=None) -> str:
        """What this mandate lacks on that day (today by default), as the end of a sentence; empty when it runs."""
        jour = jour or timezone.localdate()
        if self.retire_le is not None:
            return f"a été retiré le {timezone.localdate(self.retire_le):%d/%m/%Y}"
        if self.debut > jour:
            return f"ne commence que le {self.debut:%d/%m/%Y}"
        if self.fin is not None and self.fin < jour:
            return f"a pris fin le {self.fin:%d/%m/%Y}"
        return ""


class MembreJury(models.Model):
    """A seat held in a session, by collège; presence is signed on the day."""

    College = College

    class Fonction(models.TextChoices):
        MEMBRE = "membre", "membre"
        PRESIDENT = "president", "président(e)"
        VICE_PRESIDENT = "vice_president", "vice-président(e)"

    finalite = "Prouver la composition paritaire du jury."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    session = models.ForeignKey(SessionJury, on_delete=models.CASCADE, related_name="membres", verbose_name="session")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sieges", verbose_name="membre"
    )
    college = models.CharField("collège", max_length=10, choices=College.choices)
    fonction = models.CharField("fonction", max_length=14, choices=Fonction.choices, default=Fonction.MEMBRE)
    qualite = models.CharField("qualité", max_length=120, blank=True)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisme"
    )
    organisation = models.CharField("organisation représentée", max_length=120, blank=True)
    mandat = models.ForeignKey(
        Mandat, on_delete=models.PROTECT, null=True, blank=True, related_name="sieges", verbose_name="mandat"
    )
    suppleant = models.BooleanField(
        "suppléant", default=False, help_text="Siège avec voix quand un titulaire de son collège est absent."
    )
    remplace = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="suppleants", verbose_name="remplace"
    )
    convoque_le = models.DateTimeField("convoqué le", null=True, blank=True)
    excuse_le = models.DateTimeField("excusé le", null=True, blank=True)
    present_le = models.DateTimeField("présent depuis", null=True, blank=True)
    parti_le = models.DateTimeField("parti à", null=True, blank=True)

    class Meta:
        verbose_name = "membre de jury"
        verbose_name_plural = "membres de jury"
        ordering = ["session", "college", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "utilisateur"],
                name="membre_unique",
                violation_error_message="Cette personne siège déjà à cette session\u00a0: un siège, une voix.",
            ),
            models.UniqueConstraint(
                fields=["session", "fonction"],
                condition=~Q(fonction="membre"),
                name="presidence_unique",
                violation_error_message="Cette fonction est déjà tenue par un autre membre.",
            ),
            models.CheckConstraint(
                condition=Q(parti_le=None) | Q(present_le__isnull=False),
                name="membre_parti_apres_avoir_emarge",
                violation_error_message="Un membre quitte une séance où il a émargé.",
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur} ({self.get_college_display()})"

    @property
    def est_la(self) -> bool:
        """In the room now: signed in, not gone."""
        return self.present_le is not None and self.parti_le is None


class Procuration(models.Model):
    """A voice handed over by an absent member to a present one, for one session."""

    finalite = "Compter la voix d’un membre représenté."
    conservation = "Avec le PV\u00a0: 10 ans, puis archive."

    mandant = models.ForeignKey(
        MembreJury, on_delete=models.PROTECT, related_name="procurations_donnees", verbose_name="membre représenté"
    )
    mandataire = models.ForeignKey(
        MembreJury, on_delete=models.PROTECT, related_name="procurations_recues", verbose_name="représenté par"
    )
    donnee_le = models.DateTimeField("donnée le")
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "procuration"
        verbose_name_plural = "procurations"
        ordering = ["mandant", "-donnee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandant"],
                condition=Q(retiree_le=None),
                name="procuration_unique",
                violation_error_message="Ce membre a déjà donné procuration\u00a0: un siège, une voix.",
            ),
            models.CheckConstraint(
                condition=~Q(mandant=F("mandataire")),
                name="procuration_a_un_autre",
                violation_error_message="On ne se donne pas procuration à soi-même.",
            ),
        ]

    def __str__(self):
        return f"procuration {self.mandant_id} → {self.mandataire_id}"
