"""The dossier of a candidate, and the pièces it holds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from backoffice.parcours.models import ModaliteAcces, Parcours, PieceRequise
from registre.models import Bloc, OptionCertification, Organisme, Titulaire, VersionCertification
from registre.models.parchemins import stockage_prive
from registre.textes import plier


class Etat(models.TextChoices):
    """States of a dossier and the status that people read (design of the ten steps)."""

    BROUILLON = "brouillon", "En cours d’inscription"
    DEPOSEE = "deposee", "En cours d’inscription – contrôle"
    INCOMPLETE = "incomplete", "En cours d’inscription – à compléter"
    IRRECEVABLE = "irrecevable", "Non recevable"
    RECEVABLE = "recevable", "En cours d’inscription – parcours et évaluateurs"
    EN_EVALUATION = "en_evaluation", "En attente d’évaluation"
    EVALUEE = "evaluee", "En attente de jury"
    INSCRITE_JURY = "inscrite_jury", "En attente de jury – inscrit"
    PROPOSEE = "proposee", "En attente de jury – proposition rendue"
    VALIDEE = "validee", "Validé"
    PARTIELLE = "partielle", "Partiel"
    NON_VALIDEE = "non_validee", "Non validé"
    AJOURNEE = "ajournee", "En attente de jury – ajourné"
    ABANDONNEE = "abandonnee", "Abandonné"
    ANNULEE = "annulee", "Annulé"


class Sortie(models.TextChoices):
    """Why a dossier was given up before its end."""

    DESISTEMENT = "desistement", "désistement"
    ABANDON = "abandon", "abandon"
    INACTIVITE = "inactivite", "clôture pour inactivité"
    SUPPRESSION = "suppression", "brouillon supprimé"


DECIDES = (Etat.VALIDEE, Etat.PARTIELLE, Etat.NON_VALIDEE)
# Written by their authors only: nobody else was ever told of them.
NON_DECLARES = (Etat.BROUILLON, Etat.ANNULEE)
CLOS = (Etat.IRRECEVABLE, Etat.NON_VALIDEE, Etat.ABANDONNEE, Etat.ANNULEE)

# States of a session whose minutes are not sealed yet (the room of the juries stands above this one).
SEANCES_EN_COURS = ("planifiee", "ouverte", "close")


def seances_lisibles(prefixe: str = "") -> Q:
    """The sessions whose dossiers their members read today: from the day they are given out until the minutes."""
    commencees = tuple(etat for etat in SEANCES_EN_COURS if etat != "planifiee")
    remis = Q(**{f"{prefixe}etat": "planifiee", f"{prefixe}dossiers_ouverts_le__lte": timezone.localdate()})
    return Q(**{f"{prefixe}etat__in": commencees}) | remis


# The step at which a dossier stands, by state (`recevable` spans 4 and 5).
ETAPE_DE_L_ETAT = {
    Etat.BROUILLON: 2,
    Etat.INCOMPLETE: 2,
    Etat.DEPOSEE: 3,
    Etat.IRRECEVABLE: 3,
    Etat.RECEVABLE: 5,
    Etat.EN_EVALUATION: 6,
    Etat.EVALUEE: 7,
    Etat.AJOURNEE: 7,
    Etat.INSCRITE_JURY: 8,
    Etat.PROPOSEE: 9,
    Etat.VALIDEE: 10,
    Etat.PARTIELLE: 10,
    Etat.NON_VALIDEE: 10,
}


class CandidatureQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The one scope rule of dossiers, read by every list, export, filter and file."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        filtre, portees = Q(pk__in=[]), self._portees(utilisateur)
        for portee in portees.values():
            filtre |= portee
        if "jury" not in portees:
            return self.filter(filtre)
        # By ids: the joins of the sessions would otherwise repeat rows.
        return self.filter(pk__in=self.model.objects.filter(filtre).values("pk"))

    def confies_a(self, utilisateur, role: str):
        """The dossiers on which this person holds this very role: what they may have to do with it."""
        if not utilisateur.is_authenticated or not utilisateur.a_role(role):
            return self.none()
        if role in ("certificateur", "auditeur"):
            return self
        portee = self._portees(utilisateur).get(role, Q(pk__in=[]))
        return self.filter(pk__in=self.model.objects.filter(portee).values("pk"))

    def _portees(self, utilisateur) -> dict[str, Q]:
        """What each role of this person opens to them, beside the roles that open everything."""
        portees = {}
        if utilisateur.a_role("candidat"):
            portees["candidat"] = Q(titulaire__utilisateur=utilisateur) & ~Q(etat__in=NON_DECLARES)
        if employeurs := utilisateur.organismes_ids("employeur"):
            portees["employeur"] = Q(etablissement__in=employeurs)
        if porteurs := utilisateur.organismes_ids("gestionnaire"):
            # A draft belongs to those who write it: the porteur sees it once it is declared, or when it opened it.
            declares = ~Q(etat__in=NON_DECLARES) | Q(ouverte_par=utilisateur)
            portees["gestionnaire"] = Q(porteur__in=porteurs) & declares
        if certificateurs := utilisateur.organismes_ids("signataire"):
            # A signataire answers for the documents of the bodies that empowered them, and for nothing else.
            versions = VersionCertification.objects.delivrees_par(certificateurs)
            portees["signataire"] = Q(version__in=versions, etat__in=DECIDES)
        if utilisateur.a_role("evaluateur"):
            portees["evaluateur"] = Q(evaluation__evaluateur=utilisateur) | Q(evaluation__second=utilisateur)
        if utilisateur.a_role("jury"):
            # Members read the dossiers of their sessions while these are given out, unless they are recused.
            recusees = Q(
                inscriptions__retiree_le=None,
                inscriptions__session__etat__in=SEANCES_EN_COURS,
                inscriptions__deports__membre__utilisateur=utilisateur,
            )
            siennes = Q(inscriptions__session__membres__utilisateur=utilisateur, inscriptions__retiree_le=None)
            siennes &= seances_lisibles("inscriptions__session__")
            portees["jury"] = siennes & ~Q(pk__in=self.model.objects.filter(recusees).values("pk"))
            # Who holds the pen of a session enters the sheets of its dossiers, without a seat there.
            portees["secretaire"] = Q(
                inscriptions__session__secretaire=utilisateur,
                inscriptions__session__etat__in=SEANCES_EN_COURS,
                inscriptions__retiree_le=None,
            )
        return portees

    def ouvertes(self):
        """Dossiers on which somebody still has something to do before the jury's decision."""
        return self.exclude(etat__in=[*CLOS, *DECIDES])

    def chercher(self, texte):
        """Dossiers whose person, reference, CQP or établissement holds each word, whatever accents and case."""
        resultat = self
        for mot in plier(texte).split():
            # The few that other tables name, by their ids; the name is on the dossier itself.
            versions = VersionCertification.objects.filter(intitule_plie__contains=mot).values("pk")
            etablissements = Organisme.objects.filter(nom_plie__contains=mot).values("pk")
            resultat = resultat.filter(
                Q(nom_plie__contains=mot)
                | Q(reference__icontains=mot)
                | Q(version__in=versions)
                | Q(etablissement__in=etablissements)
            )
        return resultat

    def completes(self):
        """With what lists and dossier pages read, in a constant number of queries."""
        return self.select_related(
            "titulaire", "version__certification", "etablissement", "porteur", "parcours", "option"
        )


class Candidature(models.Model):
    """One person aiming at one version of a CQP, under one version of the parcours."""

    finalite = "Instruire la candidature à une certification."
    conservation = "5 ans après la décision, ou fin de validité d’un résultat partiel plus un an."

    Etat = Etat

    # Its own copy of the folded name of its person: lists sort and search by it without a join (kept by both saves).
    recopie_le_nom = True

    reference = models.CharField("référence", max_length=40, unique=True)
    nom_plie = models.CharField("nom pour la recherche", max_length=400, editable=False, default="")
    etat = models.CharField("état", max_length=14, choices=Etat.choices, default=Etat.BROUILLON)
    version = models.ForeignKey(
        VersionCertification, on_delete=models.PROTECT, related_name="candidatures", verbose_name="certification visée"
    )
    option = models.ForeignKey(
        OptionCertification, on_delete=models.PROTECT, null=True, blank=True, verbose_name="option"
    )
    parcours = models.ForeignKey(
        Parcours, on_delete=models.PROTECT, related_name="candidatures", verbose_name="parcours"
    )
    porteur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="+", verbose_name="porteur")
    titulaire = models.ForeignKey(
        Titulaire, on_delete=models.PROTECT, related_name="candidatures", verbose_name="candidat"
    )
    etablissement = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="candidatures", verbose_name="établissement"
    )
    organisme_formation = models.ForeignKey(
        Organisme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisme de formation",
    )
    modalite_acces = models.CharField("voie d’accès", max_length=60, choices=ModaliteAcces.choices)
    blocs_vises = models.ManyToManyField(Bloc, blank=True, related_name="+", verbose_name="blocs visés")
    ouverte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="ouverte par"
    )
    ouverte_le = models.DateTimeField("ouverte le")
    deposee_le = models.DateTimeField("déposée le", null=True, blank=True)
    complete_le = models.DateTimeField("complète le", null=True, blank=True)
    recevable_le = models.DateTimeField("recevable le", null=True, blank=True)
    positionnee_le = models.DateTimeField("positionnée le", null=True, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    etat_depuis = models.DateTimeField("dans cet état depuis")
    # What was typed and cannot be stored where it belongs yet: a draft loses nothing. {step: {field: text}}.
    saisie = models.JSONField("saisie à corriger", default=dict, blank=True, editable=False)
    # How the dossier was given up, and from where: what may be taken up again.
    sortie = models.CharField("sortie", max_length=12, choices=Sortie.choices, blank=True, editable=False)
    sortie_de = models.CharField("statut quitté", max_length=14, choices=Etat.choices, blank=True, editable=False)
    relancee_le = models.DateTimeField("relancée le", null=True, blank=True, editable=False)
    contestee_le = models.DateTimeField("clôture contestée le", null=True, blank=True, editable=False)
    contestation_refusee_le = models.DateTimeField("contestation refusée le", null=True, blank=True, editable=False)

    objects = CandidatureQuerySet.as_manager()

    class Meta:
        verbose_name = "candidature"
        verbose_name_plural = "candidatures"
        ordering = ["-ouverte_le", "-pk"]
        # Each ends with an order of the list: a page is then read from the index, whatever the number of dossiers.
        indexes = [
            models.Index(fields=["-ouverte_le", "-id"], name="candidature_par_date"),
            models.Index(fields=["etat", "-ouverte_le", "-id"], name="candidature_par_etat_et_date"),
            models.Index(fields=["porteur", "-ouverte_le", "-id"], name="candidature_du_porteur"),
            models.Index(fields=["etablissement", "-ouverte_le", "-id"], name="candidature_de_l_employeur"),
            models.Index(fields=["nom_plie", "id"], name="candidature_par_nom"),
            models.Index(fields=["etat", "nom_plie", "id"], name="candidature_par_etat_et_nom"),
            models.Index(fields=["etat", "etat_depuis", "id"], name="candidature_par_etat"),
            models.Index(fields=["etat_depuis", "id"], name="candidature_par_attente"),
            models.Index(fields=["porteur", "etat"], name="candidature_par_porteur"),
            models.Index(fields=["etablissement", "etat"], name="candidature_par_employeur"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["titulaire", "version"],
                condition=~Q(etat__in=["irrecevable", "partielle", "non_validee", "abandonnee", "annulee"]),
                name="candidature_vivante_unique",
                violation_error_message="Cette personne a déjà une candidature en cours pour cette certification.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=Etat.values),
                name="candidature_etat_connu",
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(deposee_le=None) | Q(deposee_le__gte=F("ouverte_le")),
                name="candidature_deposee_apres_ouverture",
                violation_error_message="Une candidature se dépose après son ouverture.",
            ),
        ]

    def __str__(self):
        return self.reference

    def save(self, *args, **kwargs):
        # Asked of the database: the person may have been saved through another instance in the same act.
        noms = Titulaire.objects.filter(pk=self.titulaire_id).values_list("nom_plie", flat=True)
        self.nom_plie = noms.first() or ""
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("candidatures:dossier", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on this dossier; empty when it is out of their scope."""
        roles = set()
        if hasattr(utilisateur, "roles_par_invitation"):
            return utilisateur.roles_par_invitation(self)
        if not getattr(utilisateur, "is_authenticated", False):
            return roles
        for nom in ("certificateur", "auditeur"):
            if utilisateur.a_role(nom):
                roles.add(nom)
        if self.etat in DECIDES and utilisateur.organismes_ids("signataire").intersection(
            o.pk for o in self.version.certificateurs
        ):
            roles.add("signataire")
        if self.etablissement_id in utilisateur.organismes_ids("employeur"):
            roles.add("employeur")
        if self.porteur_id in utilisateur.organismes_ids("gestionnaire") and (
            self.etat not in NON_DECLARES or self.ouverte_par_id == utilisateur.pk
        ):
            roles.add("gestionnaire")
        if self.pk is None:
            return roles
        if (
            self.titulaire.utilisateur_id == utilisateur.pk
            and self.etat not in NON_DECLARES
            and utilisateur.a_role("candidat")
        ):
            roles.add("candidat")
        evaluation = getattr(self, "evaluation", None)
        siens = (evaluation.evaluateur_id, evaluation.second_id) if evaluation else ()
        if utilisateur.pk in siens and utilisateur.a_role("evaluateur"):
            roles.add("evaluateur")
        return roles | self._roles_de_seance(utilisateur)

    def _roles_de_seance(self, utilisateur) -> set[str]:
        """What this person is for the session that hears this dossier: a member of the jury, its secretary."""
        if not utilisateur.a_role("jury"):
            return set()
        entendues = self.inscriptions.filter(session__etat__in=SEANCES_EN_COURS, retiree_le=None)
        tenues = {
            "jury": entendues.filter(seances_lisibles("session__"), session__membres__utilisateur=utilisateur),
            "secretaire": entendues.filter(session__secretaire=utilisateur),
        }
        return {role for role, siennes in tenues.items() if siennes.exists()}

    @property
    def etape(self) -> int | None:
        """Number of the step where the dossier stands, None once it is abandoned or cancelled."""
        if self.etat == Etat.RECEVABLE and self.parcours.positionnement_actif and not self.positionnee_le:
            return 4
        return ETAPE_DE_L_ETAT.get(self.etat)

    @property
    def certificateur(self):
        """The body in whose series the documents are numbered: the first of the fiche."""
        return self.version.certificateurs[0]

    @property
    def examen_requis(self) -> bool:
        """Does the porteur examine its recevabilité? The parcours may spare every dossier, or a way of access."""
        regles = self.parcours
        return regles.recevabilite_active and self.modalite_acces not in regles.modalites_sans_recevabilite

    def blocs_a_evaluer(self):
        """The blocs this candidate aims at (those chosen, else all of the version and option) and does not hold yet."""
        repris = {credit.bloc_id for credit in self.blocs_acquis.all()}
        vises = list(self.blocs_vises.all()) or [
            b
            for b in self.version.blocs.all()
            if not b.facultatif and (b.option_id is None or b.option_id == self.option_id)
        ]
        return [b for b in vises if b.pk not in repris]

    def blocs_repris(self):
        """The blocs credited to this dossier, with what is said of where they come from."""
        return self.blocs_acquis.select_related("bloc", "acquis__version", "parchemin", "decision", "equivalence")

    def pieces_manquantes(self) -> list[PieceRequise]:
        """The compulsory pièces that nobody has uploaded yet."""
        fournies = {p.requise_id for p in self.pieces.all() if p.retiree_le is None}
        return [r for r in self.parcours.pieces.all() if r.obligatoire and r.pk not in fournies]


class PieceQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The pièces of the dossiers this person sees."""
        return self.filter(candidature__in=Candidature.objects.all().visibles_par(utilisateur))


class Piece(models.Model):
    """A file of a dossier, in private storage, under a random name."""

    finalite = "Justifier les prérequis de la candidature."
    conservation = "Détruite au plus tard 30 jours après son contrôle."

    candidature = models.ForeignKey(
        Candidature, on_delete=models.CASCADE, related_name="pieces", verbose_name="candidature"
    )
    requise = models.ForeignKey(
        PieceRequise, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pièce demandée"
    )
    libelle = models.CharField("libellé", max_length=120)
    fichier = models.FileField("fichier", storage=stockage_prive, max_length=200)
    nom_origine = models.CharField("nom du fichier reçu", max_length=150)
    type_mime = models.CharField("type", max_length=30)
    taille = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte", max_length=64)
    deposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposée par"
    )
    deposee_le = models.DateTimeField("déposée le")
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce"
        verbose_name_plural = "pièces"
        ordering = ["candidature", "pk"]

    def __str__(self):
        return self.libelle


# The same room, in files of their own: registered with the others.
from .models_instruction import BlocAcquis, ControlePiece, Reserve, VerificationPrerequis  # noqa: E402, F401
from .saisies_models import LigneSaisie, SaisieGroupee  # noqa: E402, F401
