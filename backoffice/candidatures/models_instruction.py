"""What the porteur writes while examining a dossier: prerequisites and pièces checked, points raised, blocs kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.parcours.models import Equivalence, PieceRequise, Prerequis
from registre.models import Bloc, Parchemin


class VerificationPrerequis(models.Model):
    """What was found about one prerequisite. May be incoherent while the examination lasts: `prerequis.py` judges."""

    class Conclusion(models.TextChoices):
        A_VERIFIER = "a_verifier", "pas encore vérifié"
        SATISFAIT = "satisfait", "satisfait"
        NON_SATISFAIT = "non_satisfait", "non satisfait"
        DISPENSE = "dispense", "dispense accordée"

    finalite = "Prouver que les conditions d’accès à l’évaluation ont été vérifiées."
    conservation = "Avec le dossier."

    candidature = models.ForeignKey(
        "candidatures.Candidature", on_delete=models.CASCADE, related_name="verifications", verbose_name="candidature"
    )
    prerequis = models.ForeignKey(Prerequis, on_delete=models.PROTECT, related_name="+", verbose_name="prérequis")
    conclusion = models.CharField(
        "conclusion", max_length=13, choices=Conclusion.choices, default=Conclusion.A_VERIFIER
    )
    valeur = models.DecimalField("valeur constatée", max_digits=7, decimal_places=2, null=True, blank=True)
    # Files of pièces are destroyed soon after their check: what was found in them stays.
    piece = models.ForeignKey(
        "candidatures.Piece",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="pièce qui le prouve",
    )
    justificatif_le = models.DateField("date du justificatif", null=True, blank=True)
    commentaire = models.TextField("commentaire", blank=True)
    verifie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="vérifié par"
    )
    verifie_le = models.DateTimeField("vérifié le")

    class Meta:
        verbose_name = "vérification d’un prérequis"
        verbose_name_plural = "vérifications de prérequis"
        ordering = ["candidature", "prerequis__ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "prerequis"],
                name="verification_unique",
                violation_error_message="Ce prérequis est déjà vérifié sur ce dossier.",
            )
        ]

    def __str__(self):
        return f"{self.prerequis_id}\u00a0: {self.get_conclusion_display()}"


class ControlePiece(models.Model):
    """A pièce was opened and found right: from this day on, its file may be destroyed."""

    finalite = "Savoir quand une pièce a été contrôlée, pour la détruire à temps."
    conservation = "Avec le dossier."

    piece = models.OneToOneField(
        "candidatures.Piece", on_delete=models.CASCADE, related_name="controle", verbose_name="pièce"
    )
    controlee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="contrôlée par"
    )
    controlee_le = models.DateTimeField("contrôlée le")

    class Meta:
        verbose_name = "contrôle d’une pièce"
        verbose_name_plural = "contrôles de pièces"
        ordering = ["-controlee_le", "-pk"]

    def __str__(self):
        return f"contrôle {self.piece_id}"


class Reserve(models.Model):
    """One point of a decision: what is missing or wrong, tied to the very thing, and what the applicant answered."""

    class Nature(models.TextChoices):
        COMPLEMENT = "complement", "complément demandé"
        IRRECEVABILITE = "irrecevabilite", "motif de non-recevabilité"

    class Champ(models.TextChoices):
        ETAT_CIVIL = "etat_civil", "l’état civil"
        COORDONNEES = "coordonnees", "les coordonnées"
        CHOIX = "choix", "l’option ou la voie d’accès"
        ETABLISSEMENT = "etablissement", "l’établissement ou l’organisme de formation"

    finalite = "Dire précisément ce qui manque, et recueillir la réponse."
    conservation = "Avec le dossier."

    candidature = models.ForeignKey(
        "candidatures.Candidature", on_delete=models.CASCADE, related_name="reserves", verbose_name="candidature"
    )
    nature = models.CharField("nature", max_length=14, choices=Nature.choices)
    requise = models.ForeignKey(
        PieceRequise, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pièce demandée"
    )
    prerequis = models.ForeignKey(
        Prerequis, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prérequis"
    )
    champ = models.CharField("renseignement", max_length=13, choices=Champ.choices, blank=True)
    texte = models.TextField("ce qui est demandé")
    posee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="posée par"
    )
    posee_le = models.DateTimeField("posée le")
    reponse = models.TextField("réponse", blank=True)
    repondue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="répondue par",
    )
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "réserve"
        verbose_name_plural = "réserves"
        ordering = ["candidature", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(requise=None, prerequis=None) | Q(requise=None, champ="") | Q(prerequis=None, champ=""),
                name="reserve_sur_une_chose",
                violation_error_message="Une réserve porte sur une seule chose\u00a0: une pièce, un prérequis ou "
                "un champ.",
            )
        ]

    def __str__(self):
        return f"réserve {self.pk}"

    @property
    def sujet(self) -> str:
        """What it is about, in words."""
        if self.requise_id:
            return self.requise.libelle
        if self.prerequis_id:
            return self.prerequis.libelle
        libelle = self.get_champ_display() or "remarque générale"
        return libelle[0].upper() + libelle[1:]

    @property
    def piece_attendue(self) -> PieceRequise | None:
        """The pièce that an upload here provides."""
        return self.requise or (self.prerequis.piece if self.prerequis_id else None)


class BlocAcquis(models.Model):
    """A bloc the person holds already, credited to this dossier: it is not evaluated again."""

    class Origine(models.TextChoices):
        DOCUMENT = "document", "document du registre"
        DECISION = "decision", "décision d’un jury"
        PREUVE = "preuve", "preuve extérieure"

    finalite = "Ne pas évaluer deux fois ce que la personne a déjà acquis."
    conservation = "Avec le dossier."

    candidature = models.ForeignKey(
        "candidatures.Candidature", on_delete=models.CASCADE, related_name="blocs_acquis", verbose_name="candidature"
    )
    bloc = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="+", verbose_name="bloc crédité")
    acquis = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="+", verbose_name="bloc acquis")
    equivalence = models.ForeignKey(
        Equivalence, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="équivalence"
    )
    origine = models.CharField("origine", max_length=8, choices=Origine.choices)
    acquis_le = models.DateField("acquis le")
    valide_jusqu_au = models.DateField("valable jusqu’au", null=True, blank=True)
    parchemin = models.ForeignKey(
        Parchemin, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="document"
    )
    decision = models.ForeignKey(
        "candidatures.Candidature",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dossier décidé",
    )
    piece = models.ForeignKey(
        "candidatures.Piece",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="pièce qui le prouve",
    )
    organisme = models.CharField("délivré par", max_length=150, blank=True)
    repris_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="repris par"
    )
    repris_le = models.DateTimeField("repris le")

    class Meta:
        verbose_name = "bloc acquis repris"
        verbose_name_plural = "blocs acquis repris"
        ordering = ["candidature", "bloc__ordre", "bloc__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "bloc"],
                name="bloc_acquis_unique",
                violation_error_message="Ce bloc est déjà repris dans ce dossier.",
            ),
            models.CheckConstraint(
                condition=Q(origine="document", parchemin__isnull=False)
                | Q(origine="decision", decision__isnull=False)
                | (Q(origine="preuve") & ~Q(organisme="")),
                name="bloc_acquis_avec_source",
                violation_error_message="Un bloc repris dit d’où il vient.",
            ),
            models.CheckConstraint(
                condition=Q(acquis=models.F("bloc")) | Q(equivalence__isnull=False),
                name="bloc_acquis_meme_ou_equivalent",
                violation_error_message="Le bloc acquis est le bloc visé, ou un bloc déclaré équivalent.",
            ),
            models.CheckConstraint(
                condition=Q(valide_jusqu_au=None) | Q(valide_jusqu_au__gte=models.F("acquis_le")),
                name="bloc_acquis_dates",
                violation_error_message="La validité d’un bloc finit après son acquisition.",
            ),
        ]

    def __str__(self):
        return f"{self.bloc_id} repris"

    def est_valide(self, jour=None) -> bool:
        """Does it still count on this day (today by default)? Not once its document is cancelled without another."""
        document = self.parchemin if self.parchemin_id else None
        if document and document.ne_vaut_plus:
            return False
        if self.decision_revoquee:
            return False
        return self.valide_jusqu_au is None or (jour or timezone.localdate()) <= self.valide_jusqu_au

    @property
    def decision_revoquee(self) -> bool:
        """Was the decision it comes from revoked, or replaced by one that does not hold this bloc any more?"""
        if self.origine != self.Origine.DECISION:
            return False
        if self.decision.etat not in ("validee", "partielle"):
            return True
        tient = self.decision.inscriptions.filter(session__etat="scellee", retiree_le=None, revoquee_le=None)
        return not tient.filter(decisions__bloc=self.acquis_id, decisions__acquis=True).exists()

    @property
    def provenance(self) -> str:
        """Where it comes from, in words: « attestation de réussite partielle FTC-2026-00001 »."""
        if self.origine == self.Origine.DOCUMENT:
            return f"{self.parchemin.get_nature_display()} {self.parchemin.numero}"
        if self.origine == self.Origine.DECISION:
            return f"décision du jury sur le dossier {self.decision.reference}"
        return f"preuve délivrée par {self.organisme}"

    @property
    def validite(self) -> str:
        """« jusqu’au 3 mai 2028 », or « sans limite de durée »."""
        if self.valide_jusqu_au is None:
            return "sans limite de durée"
        return f"jusqu’au {date_format(self.valide_jusqu_au, 'j F Y')}"
