"""Accounts: one per person, with any number of roles, each on a body."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from registre.models import Organisme
from registre.models.organismes import valider_siret
from registre.textes import valider_nom

from . import periodes
from .recherche import Cherchable


class UtilisateurQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The people who hold a role on a body that this person manages; everybody for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        geres = utilisateur.organismes_ids("gestionnaire")
        return self.filter(pk__in=Role.objects.filter(organisme__in=geres).values("utilisateur"))


# Roles that one holds for an act, without an account or within a sitting.
ROLES_DE_CIRCONSTANCE = {
    "demandeur": "personne qui demande un compte",
    "invite": "personne invitée",
    "metier": "évaluateur métier invité",
    "president": "présidence de la séance",
    "secretaire": "secrétaire de séance",
    "passant": "visiteur",
    "titulaire": "titulaire, par un lien personnel",
    "plateforme": "plateforme, d’elle-même",
}


class UtilisateurManager(BaseUserManager.from_queryset(UtilisateurQuerySet)):
    """Accounts are known by their address; there is no user name."""

    def create_user(self, email, password=None, **champs):
        if not email:
            raise ValueError("une adresse électronique est nécessaire")
        utilisateur = self.model(email=self.normalize_email(email).lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email, password=None, **champs):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)


class Utilisateur(Cherchable, AbstractUser):
    """A person who logs in. What they may do comes from their roles only."""

    finalite = "Donner accès à la plateforme et savoir qui a fait quoi."
    conservation = "Deux ans sans connexion, avec un préavis de 30 jours."

    CHERCHES = ("prenom", "nom", "email")

    username = None
    first_name = None
    last_name = None
    email = models.EmailField("adresse électronique", unique=True)
    prenom = models.CharField("prénom", max_length=60)
    nom = models.CharField("nom", max_length=60)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UtilisateurManager()

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        ordering = ["nom", "prenom", "pk"]

    def __str__(self):
        return self.get_full_name() or self.email

    def get_absolute_url(self):
        return reverse("comptes:personne", args=[self.pk])

    def get_full_name(self):
        return f"{self.prenom} {self.nom}".strip()

    def get_short_name(self):
        return self.prenom

    # What this person chose in the top bar, for the time of a session (see `bascule.py`); empty: all their roles.
    sous_le_role = ""

    @cached_property
    def tous_les_roles(self) -> list["Role"]:
        """Today's roles, read once per request, whatever the one they act under."""
        return list(self.roles.actifs().select_related("organisme"))

    @property
    def roles_actifs(self) -> list["Role"]:
        """Today's roles, narrowed to what the person chose to act under: every right and every scope reads this."""
        return [role for role in self.tous_les_roles if role.repond_a(self.sous_le_role)]

    @property
    def organismes_d_appartenance(self) -> set[int]:
        """Every body of this person, whatever they act under: a conflict of interest does not hide behind a switch."""
        return {role.organisme_id for role in self.tous_les_roles if role.organisme_id}

    def a_role(self, *noms: str) -> bool:
        """Does this person hold one of these roles today, on any body?"""
        return any(role.nom in noms for role in self.roles_actifs)

    def organismes_ids(self, *noms: str) -> set[int]:
        """The bodies on which this person holds one of these roles (any role when none is named)."""
        return {r.organisme_id for r in self.roles_actifs if r.organisme_id and (not noms or r.nom in noms)}

    @property
    def exige_double_authentification(self) -> bool:
        """Staff, jury, évaluateurs and editors log in with a second factor."""
        return self.is_superuser or any(role.nom in Role.NOMS_PROTEGES for role in self.tous_les_roles)


class RoleQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """All of them for the certificateur's staff, those of one's own bodies for who manages a porteur."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        return self.filter(organisme__in=utilisateur.organismes_ids("gestionnaire"))

    def actifs(self, jour=None):
        return self.non_finis(jour).filter(debut__lte=jour or timezone.localdate())

    def non_finis(self, jour=None):
        """Those of today and those to come."""
        return self.filter(Q(fin=None) | Q(fin__gte=jour or timezone.localdate()))


class Role(models.Model):
    """What a person may do, for which body, from when to when."""

    class Nom(models.TextChoices):
        CANDIDAT = "candidat", "candidat"
        EMPLOYEUR = "employeur", "employeur"
        EVALUATEUR = "evaluateur", "évaluateur habilité"
        GESTIONNAIRE = "gestionnaire", "gestionnaire du porteur"
        JURY = "jury", "membre de jury"
        CERTIFICATEUR = "certificateur", "certificateur"
        SIGNATAIRE = "signataire", "signataire habilité"
        AUDITEUR = "auditeur", "auditeur"
        EDITEUR = "editeur", "éditeur du site"
        PUBLICATEUR = "publicateur", "publicateur du site"

    # They write the public site, and open no screen of the management.
    DU_SITE = ("editeur", "publicateur")
    NOMS_PROTEGES = ("evaluateur", "gestionnaire", "jury", "certificateur", "signataire", "auditeur", *DU_SITE)

    finalite = "Donner à chacun les droits de sa fonction, et eux seuls."
    conservation = "Avec le compte\u202f; l’historique des actes reste au journal."

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.CASCADE, related_name="roles", verbose_name="utilisateur"
    )
    nom = models.CharField("rôle", max_length=13, choices=Nom.choices)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="roles", verbose_name="organisme"
    )
    debut = models.DateField("du", default=timezone.localdate)
    fin = models.DateField("au", null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle"
        verbose_name_plural = "rôles"
        ordering = ["utilisateur", "nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "nom", "organisme"],
                name="role_unique",
                violation_error_message="Cette personne a déjà ce rôle pour cet organisme.",
            ),
            models.CheckConstraint(
                condition=Q(nom__in=["candidat", "editeur", "publicateur", "auditeur"]) | Q(organisme__isnull=False),
                name="role_organisme_requis",
                violation_error_message="Ce rôle s’exerce pour un organisme\u00a0: indiquez lequel.",
            ),
        ]

    def __str__(self):
        return f"{self.get_nom_display()} – {self.organisme}" if self.organisme else self.get_nom_display()

    @property
    def periode(self) -> str:
        return periodes.en_mots(self.debut, self.fin)

    @property
    def moment(self) -> str:
        """« a_venir », « en_cours », « bientot_fini » or « fini »."""
        return periodes.moment(self.debut, self.fin)

    def repond_a(self, choix: str) -> bool:
        """Is this role among those chosen: all of them (empty), those of a name, or one row by its number?"""
        return choix in ("", self.nom, str(self.pk))


class DemandeCompteQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The requests sent to a porteur of this person; all of them for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        return self.filter(porteur__in=utilisateur.organismes_ids("gestionnaire"))


class DemandeCompte(Cherchable):
    """An établissement asks for its first account; the porteur it names, or the certificateur, answers."""

    class Etat(models.TextChoices):
        DEPOSEE = "deposee", "à traiter"
        APPROUVEE = "approuvee", "approuvée"
        REFUSEE = "refusee", "refusée"

    finalite = "Ouvrir un compte à un établissement, après contrôle de la personne qui le demande."
    conservation = "Un an après la réponse\u202f; sans réponse, un an après le dépôt."

    CHERCHES = ("raison_sociale", "siret", "commune", "prenom", "nom", "courriel")

    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.DEPOSEE, editable=False)
    porteur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="demandes_recues", verbose_name="organisme sollicité"
    )
    siret = models.CharField("SIRET", max_length=14, validators=[valider_siret])
    raison_sociale = models.CharField("raison sociale", max_length=255)
    adresse = models.CharField("adresse", max_length=255)
    code_postal = models.CharField("code postal", max_length=9)
    commune = models.CharField("commune", max_length=100)
    prenom = models.CharField("prénom", max_length=60, validators=[valider_nom])
    nom = models.CharField("nom", max_length=60, validators=[valider_nom])
    fonction = models.CharField("fonction", max_length=120)
    courriel = models.EmailField("adresse électronique")
    telephone = models.CharField("téléphone", max_length=20)
    deposee_le = models.DateTimeField("déposée le", default=timezone.now, editable=False)
    decidee_le = models.DateTimeField("traitée le", null=True, editable=False)
    etablissement = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="établissement"
    )
    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="compte"
    )

    objects = DemandeCompteQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de compte"
        verbose_name_plural = "demandes de compte"
        ordering = ["-deposee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=Q(etat="deposee"),
                name="demande_compte_en_attente_unique",
                violation_error_message="Une demande est déjà en attente pour cet établissement.",
            ),
            models.CheckConstraint(
                condition=Q(etat="deposee", decidee_le=None) | (~Q(etat="deposee") & Q(decidee_le__isnull=False)),
                name="demande_compte_datee",
                violation_error_message="Une demande traitée porte la date de sa réponse.",
            ),
        ]

    def __str__(self):
        return f"demande n°\u00a0{self.pk} – {self.raison_sociale}"

    def get_absolute_url(self):
        return reverse("comptes:demande", args=[self.pk])

    @property
    def demandeur(self) -> str:
        return f"{self.prenom} {self.nom}"

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this request; a visitor holds one on what they are sending only."""
        if hasattr(utilisateur, "roles_par_demande"):
            return utilisateur.roles_par_demande(self)
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {nom for nom in ("certificateur", "auditeur") if utilisateur.a_role(nom)}
        if self.porteur_id in utilisateur.organismes_ids("gestionnaire"):
            roles.add("gestionnaire")
        return roles


class InvitationQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those sent in the name of a body of this person; all of them for the certificateur's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        du_porteur = Q(porteur__in=utilisateur.organismes_ids("gestionnaire"))
        des_collegues = Q(role=Role.Nom.EMPLOYEUR, organisme__in=utilisateur.organismes_ids("employeur"))
        return self.filter(du_porteur | des_collegues)


class Invitation(Cherchable):
    """A role offered to a person by mail: a single-use link, which opens an account when they have none."""

    class Etat(models.TextChoices):
        ENVOYEE = "envoyee", "en attente"
        ACCEPTEE = "acceptee", "acceptée"
        REVOQUEE = "revoquee", "révoquée"
        DECLINEE = "declinee", "déclinée"

    finalite = "Donner un rôle à une personne qui l’accepte, à l’adresse qu’elle lit."
    conservation = "Un an après la réponse ou l’expiration."

    CHERCHES = ("courriel",)

    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.ENVOYEE, editable=False)
    courriel = models.EmailField("adresse électronique")
    role = models.CharField("rôle", max_length=13, choices=Role.Nom.choices)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisme"
    )
    # In whose name it was sent; empty for the certificateur and for colleagues of an établissement.
    porteur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="porteur"
    )
    debut = models.DateField("du", null=True, blank=True)
    fin = models.DateField("au", null=True, blank=True)
    # The token itself is in the mail only: a stolen database opens no link.
    empreinte_jeton = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    envoyee_le = models.DateTimeField("envoyée le", editable=False)
    expire_le = models.DateTimeField("expire le", editable=False)
    repondue_le = models.DateTimeField("close le", null=True, editable=False)
    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="compte"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-envoyee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["courriel", "role", "organisme"],
                condition=Q(etat="envoyee"),
                name="invitation_en_attente_unique",
                violation_error_message="Cette personne a déjà une invitation en attente pour ce rôle.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["candidat", "editeur", "publicateur", "auditeur"]) | Q(organisme__isnull=False),
                name="invitation_organisme_requis",
                violation_error_message="Ce rôle s’exerce pour un organisme\u00a0: indiquez lequel.",
            ),
        ]

    def __str__(self):
        return f"invitation de {self.courriel}"

    def get_absolute_url(self):
        return reverse("comptes:invitation", args=[self.pk])

    @property
    def fonction(self) -> str:
        nom = str(self.get_role_display())
        fonction = f"{nom}, {self.organisme.raison_sociale}" if self.organisme else nom
        dates = periodes.en_mots(self.debut, self.fin) if self.debut or self.fin else ""
        return f"{fonction}, {dates}" if dates else fonction

    def raison_de_fermeture(self) -> str:
        """Why its link does not serve: accepted, revoked, declined, expired; empty when it does."""
        if self.etat != self.Etat.ENVOYEE:
            return self.etat
        passee = self.fin and self.fin < timezone.localdate()
        return "expiree" if passee or timezone.now() >= self.expire_le else ""

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this invitation; whoever holds its link holds one."""
        if hasattr(utilisateur, "roles_par_lien"):
            return utilisateur.roles_par_lien(self)
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {nom for nom in ("certificateur", "auditeur") if utilisateur.a_role(nom)}
        if self.porteur_id in utilisateur.organismes_ids("gestionnaire"):
            roles.add("gestionnaire")
        if self.role == Role.Nom.EMPLOYEUR and self.organisme_id in utilisateur.organismes_ids("employeur"):
            roles.add("employeur")
        return roles
