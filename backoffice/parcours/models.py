"""The path of a certification as data: which steps, which pièces, which rules. Versioned; a dossier keeps its own."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from registre.models import Bloc, Certification, Competence, Organisme
from registre.models.redaction import Redige

from .choix import Concordance, Etat, Majorite, ModaliteAcces, ModeDecision, ModeEvaluation  # noqa: F401 - ways are read from here
from .contraintes import achevees, uniques
from .portee import LECTEURS, ParcoursQuerySet


class Parcours(Redige):
    """One version of a set of rules. What differs between branches and porteurs stands here, never in code.

    A draft may be incoherent while it is written; the database and `controle.py` judge it when it is published.
    """

    finalite = "Fixer les règles du chemin vers une certification."
    conservation = "Aussi longtemps que les dossiers qui les suivent."

    Etat = Etat

    certification = models.ForeignKey(
        Certification, on_delete=models.PROTECT, related_name="parcours", verbose_name="certification"
    )
    porteur = models.ForeignKey(
        Organisme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parcours",
        verbose_name="porteur",
        help_text="Vide\u00a0: pour tous les porteurs de cette certification.",
    )
    numero = models.PositiveSmallIntegerField("version du parcours", default=1)
    etat = models.CharField("état", max_length=9, choices=Etat.choices, default=Etat.BROUILLON, editable=False)

    # Step 2: who may open a dossier, by which ways.
    employeur_ouvre = models.BooleanField("l’employeur ouvre les dossiers", default=True)
    porteur_ouvre = models.BooleanField("le porteur ouvre les dossiers", default=True)
    modalites = models.JSONField(
        "voies d’accès admises", default=list, blank=True, help_text="Vide\u00a0: toutes celles de la certification."
    )
    delai_nouvelle_candidature_mois = models.PositiveSmallIntegerField(
        "délai avant une nouvelle candidature après un échec (mois)", default=0
    )

    # Step 3.
    recevabilite_active = models.BooleanField("examen de recevabilité", default=True)
    modalites_sans_recevabilite = models.JSONField(
        "voies d’accès dispensées de l’examen de recevabilité", default=list, blank=True
    )
    positionnement_actif = models.BooleanField("étape de positionnement", default=False)

    # Steps 5 and 6.
    metier_requis = models.BooleanField("évaluateur métier requis", default=True)
    nombre_evaluateurs = models.PositiveSmallIntegerField("évaluateurs habilités par dossier", default=1)
    mode_evaluation = models.CharField(
        "résultat par compétence", max_length=6, choices=ModeEvaluation.choices, default=ModeEvaluation.ACQUIS
    )
    note_maximale = models.PositiveSmallIntegerField("note maximale", default=20)
    seuil_competence = models.DecimalField(
        "note à partir de laquelle une compétence est acquise", max_digits=5, decimal_places=2, default=Decimal("10")
    )
    seuil_bloc = models.PositiveSmallIntegerField(
        "part du bloc à obtenir (%)",
        default=100,
        help_text="Part des compétences acquises, ou de la note pondérée du bloc, à partir de laquelle il est acquis.",
    )
    concordance = models.CharField(
        "quand les évaluateurs divergent", max_length=10, choices=Concordance.choices, default=Concordance.HABILITE
    )
    guide_requis = models.BooleanField("guide d’évaluation signé (outil n° 4) requis", default=True)

    # Steps 7 to 9.
    jurys_fusionnes = models.BooleanField("un seul jury propose et décide", default=True)
    membres_minimum_par_college = models.PositiveSmallIntegerField("membres présents au moins par collège", default=1)
    parite_stricte = models.BooleanField("autant de présents dans chaque collège", default=True)
    sieges_par_college = models.PositiveSmallIntegerField("sièges par collège", default=3)
    quorum_represente = models.BooleanField("les membres représentés comptent dans le quorum", default=False)
    un_siege_par_organisation = models.BooleanField("un seul siège par organisation", default=False)
    procurations_par_membre = models.PositiveSmallIntegerField("procurations par membre présent au plus", default=0)
    procuration_meme_college = models.BooleanField("procuration à un membre du même collège", default=True)
    presidence_alternee = models.BooleanField("présidence et vice-présidence de collèges différents", default=True)
    alternance_annuelle = models.BooleanField("la présidence change de collège chaque année", default=False)
    mode_decision = models.CharField(
        "le jury décide", max_length=9, choices=ModeDecision.choices, default=ModeDecision.CONSENSUS
    )
    majorite = models.CharField(
        "majorité pour qu’un bloc soit acquis", max_length=9, choices=Majorite.choices, default=Majorite.PRESENTS
    )
    voix_preponderante = models.BooleanField("voix prépondérante de la présidence", default=False)
    vote_secret = models.BooleanField("vote secret", default=False)
    rattrapage_permis = models.BooleanField("le jury peut accorder un bloc sous le seuil, avec un motif", default=True)
    validation_partielle = models.BooleanField("des blocs peuvent être acquis séparément", default=True)
    delai_inscription_jury = models.PositiveSmallIntegerField(
        "clôture des inscriptions avant le jury (jours)", default=15
    )
    delai_envoi_dossiers = models.PositiveSmallIntegerField(
        "dossiers remis aux membres avant le jury (jours)", default=15
    )
    validite_invitation = models.PositiveSmallIntegerField("validité d’une invitation (jours)", default=30)
    validite_blocs_mois = models.PositiveSmallIntegerField(
        "validité des blocs acquis (mois)", null=True, blank=True, help_text="Vide\u00a0: acquis pour toujours."
    )

    # After the jury, in days.
    delai_notification = models.PositiveSmallIntegerField("résultat notifié après le jury (jours)", default=30)
    delai_notification_vae = models.PositiveSmallIntegerField(
        "résultat notifié après le jury, en VAE (jours)", default=15
    )
    delai_recours = models.PositiveSmallIntegerField("recours après la notification (jours)", default=60)
    delai_reponse_recours = models.PositiveSmallIntegerField("réponse à un recours (jours)", default=60)

    # Clocks, in days.
    relance_avant_jours = models.PositiveSmallIntegerField("rappel avant une échéance (jours)", default=14)
    relance_apres_jours = models.PositiveSmallIntegerField("relance sans réponse (jours)", default=7)
    relance_inactivite_jours = models.PositiveSmallIntegerField("relance d’un dossier inactif (jours)", default=60)
    cloture_inactivite_jours = models.PositiveSmallIntegerField(
        "clôture d’un dossier inactif, après la relance (jours)", default=30
    )
    contestation_jours = models.PositiveSmallIntegerField("délai pour contester une clôture (jours)", default=30)

    objects = ParcoursQuerySet.as_manager()

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        ordering = ["certification", "-numero"]
        constraints = [
            *uniques("numero", ["numero"], "Cette version du parcours existe déjà."),
            *uniques("brouillon", [], "Une nouvelle version est déjà en préparation.", etat="brouillon"),
            *uniques("publie", [], "Une version est déjà en vigueur.", etat="publie"),
            models.CheckConstraint(
                condition=Q(etat="brouillon", publie_le=None, retire_le=None)
                | Q(etat="publie", publie_le__isnull=False, retire_le=None)
                | Q(etat="remplace", publie_le__isnull=False, retire_le__isnull=False)
                | Q(etat="retire", retire_le__isnull=False),
                name="parcours_dates_de_l_etat",
                violation_error_message="Les dates de ce parcours ne vont pas avec son état.",
            ),
            *achevees(
                models.CheckConstraint(
                    condition=Q(nombre_evaluateurs__in=(1, 2)),
                    name="parcours_un_ou_deux_evaluateurs",
                    violation_error_message="Un ou deux évaluateurs habilités se prononcent sur un dossier.",
                ),
                models.CheckConstraint(
                    condition=Q(seuil_bloc__gte=1, seuil_bloc__lte=100),
                    name="parcours_seuil_de_bloc",
                    violation_error_message="La part à obtenir dans un bloc va de 1 à 100 %.",
                ),
                models.CheckConstraint(
                    condition=Q(note_maximale__gte=1, seuil_competence__gt=0, seuil_competence__lte=F("note_maximale")),
                    name="parcours_seuil_de_note",
                    violation_error_message="La note à obtenir est comprise entre 0 et la note maximale.",
                ),
                models.CheckConstraint(
                    condition=Q(membres_minimum_par_college__gte=1),
                    name="parcours_paritaire",
                    violation_error_message="Un jury paritaire compte au moins un membre présent par collège.",
                ),
            ),
        ]

    def __str__(self):
        return f"parcours {self.numero} – {self.certification}"

    def get_absolute_url(self):
        return reverse("parcours:version", args=[self.pk])

    def roles_de(self, utilisateur) -> set[str]:
        """The roles this person holds on these rules; empty when they are out of their scope."""
        if not getattr(utilisateur, "is_authenticated", False):
            return set()
        roles = {nom for nom in ("certificateur", "auditeur") if utilisateur.a_role(nom)}
        if self.certification.porteur_id in utilisateur.organismes_ids("gestionnaire"):
            roles.add("gestionnaire")
        if self.pk is None:
            return roles
        siens = type(self).objects.filter(pk=self.pk)
        for role, portee in siens.portees(utilisateur).items():
            if role in LECTEURS and siens.filter(portee).exists():
                roles.add(role)
        return roles


class PieceRequise(models.Model):
    """A pièce that the dossier must hold before it is declared."""

    finalite = "Savoir quelles pièces demander."
    conservation = "Avec le parcours."

    parcours = models.ForeignKey(Parcours, on_delete=models.CASCADE, related_name="pieces", verbose_name="parcours")
    code = models.SlugField("code", max_length=30)
    libelle = models.CharField("libellé", max_length=120)
    aide = models.CharField("ce qui est attendu", max_length=250, blank=True)
    obligatoire = models.BooleanField("obligatoire", default=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "pièce requise"
        verbose_name_plural = "pièces requises"
        ordering = ["parcours", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "code"],
                name="piece_requise_code_unique",
                violation_error_message="Ce parcours demande déjà cette pièce.",
            )
        ]

    def __str__(self):
        return self.libelle


class Prerequis(models.Model):
    """A condition to be admitted to the evaluation, checked one by one at the step of recevabilité."""

    class Nature(models.TextChoices):
        JUSTIFICATIF = "justificatif", "un justificatif"
        SEUIL = "seuil", "une valeur à atteindre"
        DECLARATION = "declaration", "une déclaration"

    finalite = "Savoir ce qui est exigé avant l’évaluation."
    conservation = "Avec le parcours."

    parcours = models.ForeignKey(Parcours, on_delete=models.CASCADE, related_name="prerequis", verbose_name="parcours")
    code = models.SlugField("code", max_length=30)
    libelle = models.CharField("libellé", max_length=160)
    aide = models.CharField("ce qui est vérifié", max_length=250, blank=True)
    nature = models.CharField("nature", max_length=12, choices=Nature.choices, default=Nature.JUSTIFICATIF)
    piece = models.ForeignKey(
        PieceRequise,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="prerequis",
        verbose_name="pièce qui le prouve",
    )
    seuil = models.DecimalField("valeur à atteindre", max_digits=7, decimal_places=2, null=True, blank=True)
    unite = models.CharField("unité", max_length=30, blank=True)
    validite_mois = models.PositiveSmallIntegerField(
        "validité (mois)", null=True, blank=True, help_text="Vide\u00a0: le justificatif n’expire pas."
    )
    obligatoire = models.BooleanField("obligatoire", default=True)
    modalites = models.JSONField(
        "voies d’accès concernées", default=list, blank=True, help_text="Vide\u00a0: toutes les voies d’accès."
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "prérequis"
        verbose_name_plural = "prérequis"
        ordering = ["parcours", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "code"],
                name="prerequis_code_unique",
                violation_error_message="Ce parcours a déjà un prérequis de ce code.",
            ),
            models.CheckConstraint(
                condition=~Q(nature="seuil") | Q(seuil__isnull=False),
                name="prerequis_seuil_dit",
                violation_error_message="Indiquez la valeur à atteindre.",
            ),
        ]

    def __str__(self):
        return self.libelle


class Ponderation(models.Model):
    """The weight of a compétence within its bloc, where the parcours marks; 1 when nothing is said."""

    finalite = "Calculer la note d’un bloc."
    conservation = "Avec le parcours."

    parcours = models.ForeignKey(
        Parcours, on_delete=models.CASCADE, related_name="ponderations", verbose_name="parcours"
    )
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="+", verbose_name="compétence")
    coefficient = models.DecimalField("coefficient", max_digits=4, decimal_places=2, default=Decimal("1"))

    class Meta:
        verbose_name = "pondération"
        verbose_name_plural = "pondérations"
        ordering = ["parcours", "competence"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "competence"],
                name="ponderation_unique",
                violation_error_message="Cette compétence a déjà un coefficient.",
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gt=0),
                name="ponderation_positive",
                violation_error_message="Un coefficient est supérieur à zéro.",
            ),
        ]

    def __str__(self):
        return f"{self.competence_id} × {self.coefficient}"


class Equivalence(models.Model):
    """A bloc of an older (or sister) version that is worth a bloc of a newer one."""

    finalite = "Reprendre les blocs déjà acquis d’une version à l’autre."
    conservation = "Aussi longtemps que les versions qu’elle relie."

    acquis = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="vaut", verbose_name="bloc déjà acquis")
    vise = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="equivaut", verbose_name="bloc visé")
    source = models.CharField("fondement", max_length=200, blank=True, help_text="Décision de la CPNE, fiche…")

    class Meta:
        verbose_name = "équivalence"
        verbose_name_plural = "équivalences"
        ordering = ["vise", "acquis"]
        constraints = [
            models.UniqueConstraint(
                fields=["acquis", "vise"],
                name="equivalence_unique",
                violation_error_message="Cette équivalence existe déjà.",
            ),
            models.CheckConstraint(
                condition=~Q(acquis=F("vise")),
                name="equivalence_entre_deux_blocs",
                violation_error_message="Un bloc équivaut de lui-même à lui-même.",
            ),
        ]

    def __str__(self):
        return f"{self.acquis_id} → {self.vise_id}"
