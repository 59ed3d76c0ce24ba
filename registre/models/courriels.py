"""The outbox and its echo: a mail is a row written with the act that causes it; whoever has an account reads it too."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from .journal import EntreeJournal
from .organismes import Organisme

MASQUE = "•••"


class Panne(models.TextChoices):
    """Why a mail did not arrive, as people read it."""

    ADRESSE = "adresse", "L’adresse n’existe pas ou ne reçoit plus de courriel"
    BOITE = "boite", "La boîte du destinataire est pleine"
    REFUS = "refus", "Le serveur du destinataire refuse ce message"
    SANS_REPONSE = "sans_reponse", "Le serveur du destinataire n’a pas répondu pendant plusieurs jours"
    DIFFERE = "differe", "Le serveur de courrier demande de réessayer plus tard"
    DELAI = "delai", "Le serveur de courrier n’a pas répondu à temps"
    INJOIGNABLE = "injoignable", "Le serveur de courrier est injoignable"
    EXPEDITEUR = "expediteur", "Le serveur de courrier refuse notre adresse d’expédition"
    IDENTIFIANTS = "identifiants", "Le serveur de courrier refuse nos identifiants"


class CourrielQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """All of them for the certificateur's staff, those sent in the name of one's porteurs for a gestionnaire."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        return self.filter(porteur__in=utilisateur.organismes_ids("gestionnaire"))

    def en_attente(self):
        return self.filter(envoye_le=None, echec_le=None)

    def envoyes(self):
        return self.filter(envoye_le__isnull=False, retour_le=None)

    def en_echec(self):
        return self.filter(echec_le__isnull=False)

    def revenus(self):
        return self.filter(retour_le__isnull=False)

    def a_reparer(self):
        """Those that did not arrive and that nobody has dealt with yet."""
        perdus = Q(echec_le__isnull=False) | Q(retour_le__isnull=False)
        return self.exclude(motif_echec="").filter(perdus, remplace_par=None, classe_le=None)

    def avec_adresse_signalee(self):
        """Annotate each mail with `adresse_signalee`: this address refused a mail, and none has arrived since."""
        suivants = CourrielSortant.objects.filter(
            destinataire=OuterRef("destinataire"), cree_le__gt=OuterRef("cree_le"), envoye_le__isnull=False
        ).filter(retour_le=None)
        refus = (
            CourrielSortant.objects.filter(destinataire=OuterRef("destinataire"), motif_echec=Panne.ADRESSE)
            .exclude(echec_le=None, retour_le=None)
            .exclude(Exists(suivants))
        )
        return self.annotate(adresse_signalee=Exists(refus))


class CourrielSortant(models.Model):
    """A mail to send or sent. Its subject never holds personal data. What became of it is told by dates."""

    finalite = "Prévenir les personnes et prouver qu’elles l’ont été."
    conservation = "5 ans après la décision, avec le dossier."

    Panne = Panne

    destinataire = models.EmailField("destinataire")
    sujet = models.CharField("sujet", max_length=200)
    corps = models.TextField("texte")
    secret = models.CharField("lien à usage unique", max_length=100, blank=True)
    modele = models.CharField("modèle", max_length=60)
    # What is attached, by the name of who builds it and ids: the file is made when the mail leaves.
    piece = models.JSONField("pièce jointe", default=dict, blank=True)
    cause = models.ForeignKey(
        EntreeJournal, on_delete=models.PROTECT, related_name="courriels", verbose_name="acte d’origine"
    )
    # In whose name it leaves: whose people read it and repair it.
    porteur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="porteur"
    )
    identifiant_message = models.CharField("Message-ID", max_length=120, unique=True)
    cree_le = models.DateTimeField("créé le")
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    prochain_essai = models.DateTimeField("prochain essai", null=True, blank=True)
    derniere_erreur = models.CharField("dernière erreur", max_length=200, blank=True)
    motif_echec = models.CharField("motif de l’échec", max_length=12, choices=Panne.choices, blank=True)
    code_reponse = models.CharField("réponse du serveur", max_length=20, blank=True)
    echec_le = models.DateTimeField("abandonné le", null=True, blank=True)
    retour_le = models.DateTimeField("revenu le", null=True, blank=True)
    remplace_par = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace", verbose_name="remplacé par"
    )
    classe_le = models.DateTimeField("classé sans suite le", null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel sortant"
        verbose_name_plural = "courriels sortants"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["prochain_essai"], condition=Q(envoye_le=None), name="courriel_a_envoyer"),
            models.Index(fields=["porteur", "-cree_le"], name="courriel_par_porteur"),
            models.Index(fields=["destinataire", "-cree_le"], name="courriel_par_adresse"),
            models.Index(
                fields=["porteur"],
                condition=~Q(motif_echec="") & Q(remplace_par=None, classe_le=None),
                name="courriel_a_reparer",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(echec_le=None) | Q(envoye_le=None),
                name="courriel_parti_ou_abandonne",
                violation_error_message="Un courriel parti n’est pas abandonné.",
            ),
            models.CheckConstraint(
                condition=Q(retour_le=None) | Q(envoye_le__isnull=False),
                name="courriel_revenu_apres_envoi",
                violation_error_message="Un courriel revient après être parti.",
            ),
        ]

    def __str__(self):
        return self.sujet

    def get_absolute_url(self):
        return reverse("notifications:courriel", args=[self.pk])

    @property
    def situation(self) -> str:
        """What became of it, in one word: a slug for filters and colours."""
        if self.remplace_par_id:
            return "remplace"
        if self.classe_le:
            return "classe"
        if self.retour_le:
            return "retour"
        if self.echec_le:
            return "echec"
        return "envoye" if self.envoye_le else "en_attente"

    @property
    def situation_lisible(self) -> dict:
        """Colour, icon and words of its situation."""
        ton, icone, libelle = {
            "remplace": ("neutre", "courriel", "Renvoyé depuis"),
            "classe": ("neutre", "courriel", "Classé sans suite"),
            "retour": ("refus", "alerte", "Revenu"),
            "echec": ("refus", "alerte", "Non parti"),
            "envoye": ("valide", "courriel", "Envoyé"),
            "en_attente": ("attente", "attente", "En attente d’envoi"),
        }[self.situation]
        return {"ton": ton, "icone": icone, "libelle": libelle}

    @property
    def texte_lisible(self) -> str:
        """The text as others than its recipient may read it: a link that still works is masked."""
        return self.corps.replace(self.secret, MASQUE) if self.secret else self.corps

    @property
    def lien_perdu(self) -> bool:
        """Did it carry a link that is kept nowhere any more?"""
        return not self.secret and MASQUE in self.corps

    def masquer(self) -> None:
        """Forget the single-use link."""
        self.corps, self.secret = self.texte_lisible, ""


class NotificationQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """One's own."""
        return self.filter(destinataire=utilisateur) if utilisateur.is_authenticated else self.none()

    def non_lues(self):
        return self.filter(lue_le=None)

    def a_purger(self, maintenant=None):
        """What its retention no longer covers."""
        maintenant = maintenant or timezone.now()
        return self.filter(
            Q(lue_le__lt=maintenant - Notification.GARDE_LUE) | Q(cree_le__lt=maintenant - Notification.GARDE)
        )


class Notification(models.Model):
    """What an act tells a person who has an account, read in the application. Its title holds no personal data."""

    finalite = "Dire à chacun, dans l’application, ce qui le concerne et ce qu’il a à faire."
    conservation = "90 jours après lecture\u202f; un an sans lecture."
    GARDE_LUE = timedelta(days=90)
    GARDE = timedelta(days=365)

    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", verbose_name="destinataire"
    )
    cause = models.ForeignKey(
        EntreeJournal, on_delete=models.PROTECT, related_name="notifications", verbose_name="acte d’origine"
    )
    modele = models.CharField("modèle", max_length=60)
    titre = models.CharField("titre", max_length=200)
    lien = models.CharField("adresse de la page", max_length=200, blank=True)
    cree_le = models.DateTimeField("créée le")
    lue_le = models.DateTimeField("lue le", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        verbose_name_plural = "notifications"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["destinataire"], condition=Q(lue_le=None), name="notification_non_lue"),
            models.Index(fields=["destinataire", "-cree_le"], name="notification_par_personne"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "modele", "destinataire"],
                name="notification_unique",
                violation_error_message="Cette personne a déjà cette notification.",
            )
        ]

    def __str__(self):
        return self.titre


class PreferenceNotification(models.Model):
    """One kind of message that a person wants in the application only (or again by mail)."""

    finalite = "Respecter le choix de la personne."
    conservation = "Avec le compte."

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="preferences_notification",
        verbose_name="utilisateur",
    )
    modele = models.CharField("modèle", max_length=60)
    par_courriel = models.BooleanField("aussi par courriel", default=True)

    class Meta:
        verbose_name = "préférence de notification"
        verbose_name_plural = "préférences de notification"
        ordering = ["utilisateur", "modele"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "modele"],
                name="preference_notification_unique",
                violation_error_message="Cette préférence existe déjà.",
            )
        ]

    def __str__(self):
        return self.modele
