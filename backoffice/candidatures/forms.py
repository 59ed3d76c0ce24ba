"""Forms of the dossier and of its verbs. A form checks the shape of what is typed; rules stand in workflow.py."""

from django import forms

from backoffice.parcours.models import Parcours
from registre.models import Organisme, Titulaire, VersionCertification

from .fichiers import controler
from .models import Candidature


class VerbeForm(forms.Form):
    """Base of the forms of verbs: it knows the object and the person."""

    def __init__(self, *args, objet, acteur, **kwargs):
        self.objet, self.acteur = objet, acteur
        super().__init__(*args, **kwargs)


class MotifForm(VerbeForm):
    """A decision that the person concerned will read the reason of."""

    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=10,
        max_length=2000,
        help_text="Ce texte est lu par la personne concernée : dites ce qui manque et ce qu’il faut faire.",
    )


class PieceForm(VerbeForm):
    """One pièce: which one it is, and the file."""

    requise = forms.ModelChoiceField(label="Pièce", queryset=None, empty_label="Choisir la pièce")
    fichier = forms.FileField(label="Fichier", help_text="PDF, JPEG ou PNG, 10 Mo et 50 pages au plus.", max_length=150)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["requise"].queryset = self.objet.parcours.pieces.all()

    def clean_fichier(self):
        return controler(self.cleaned_data["fichier"])


class RetraitPieceForm(VerbeForm):
    """Which pièce is taken out of the dossier."""

    piece = forms.ModelChoiceField(label="Pièce à retirer", queryset=None, empty_label="Choisir la pièce")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["piece"].queryset = self.objet.pieces.filter(retiree_le=None)


class PositionnementForm(VerbeForm):
    """The blocs aimed at."""

    blocs_vises = forms.ModelMultipleChoiceField(
        label="Blocs visés",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez tous les blocs pour viser la certification entière.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["blocs_vises"].queryset = self.objet.version.blocs.all()


class EtatCivilForm(forms.ModelForm):
    """The civil status, at the precision the SI CPF matches on."""

    class Meta:
        model = Titulaire
        fields = [
            "sexe",
            "nom_naissance",
            "nom_usage",
            "prenom1",
            "prenom2",
            "prenom3",
            "jour_naissance",
            "mois_naissance",
            "annee_naissance",
            "commune_naissance",
            "code_insee_naissance",
            "code_postal_naissance",
            "libelle_pays_naissance",
            "pays_naissance",
            "courriel",
            "telephone",
        ]
        help_texts = {
            "nom_naissance": "Celui de l’acte de naissance, avec ses accents. Le nom marital va dans « nom d’usage ».",
            "prenom1": "Un seul prénom ici : les suivants ont leur propre champ.",
            "commune_naissance": "Telle qu’elle s’appelait à la naissance.",
            "code_insee_naissance": "5 caractères, différent du code postal : 69383 pour Lyon 3e, 2A004 pour Ajaccio. "
            "Laissez vide pour une naissance à l’étranger.",
            "pays_naissance": "99100 pour la France, 99139 pour le Portugal…",
            "courriel": "La personne y reçoit les nouvelles de son dossier.",
        }


class CandidatureForm(forms.ModelForm):
    """What the person aims at, and for whom they work."""

    version = forms.ModelChoiceField(
        label="Certification visée", queryset=VersionCertification.objects.none(), empty_label="Choisir un CQP"
    )

    class Meta:
        model = Candidature
        fields = ["version", "option", "etablissement", "organisme_formation", "modalite_acces"]

    def __init__(self, *args, acteur, **kwargs):
        self.acteur = acteur
        super().__init__(*args, **kwargs)
        publies = Parcours.objects.filter(publie_le__isnull=False).values("certification")
        versions = VersionCertification.objects.delivrables().filter(certification__in=publies)
        etablissements = Organisme.objects.filter(pk__in=acteur.organismes_ids("employeur"))
        if acteur.a_role("gestionnaire") and not acteur.a_role("employeur"):
            versions = versions.filter(certification__porteur__in=acteur.organismes_ids("gestionnaire"))
            etablissements = Organisme.objects.filter(roles__nom="employeur").distinct()
        self.fields["version"].queryset = versions.select_related("certification").order_by("intitule")
        self.fields["etablissement"].queryset = etablissements
        self.fields["etablissement"].empty_label = "Choisir l’établissement"
        if etablissements.count() == 1 and not self.instance.pk:
            self.fields["etablissement"].initial = etablissements.first()
        self.fields["organisme_formation"].queryset = Organisme.objects.exclude(siret="")
        self.fields["organisme_formation"].empty_label = "Aucun"
        self.fields["option"].required = False
        self.fields["option"].empty_label = "Sans option"

    def clean(self):
        donnees = super().clean()
        version, option = donnees.get("version"), donnees.get("option")
        if version and option and option.version_id != version.pk:
            self.add_error("option", "Cette option n’est pas celle de la certification choisie.")
        if version and not option and version.options.exists():
            self.add_error("option", "Cette certification a des options : choisissez celle qui est visée.")
        return donnees
