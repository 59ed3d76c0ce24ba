"""Forms of the dossier and of its verbs. A form checks the shape of what is typed; rules stand in workflow.py."""

import re
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from registre.models import Titulaire
from registre.textes import valider_ligne, valider_texte
from registre.vraisemblance import PRENOMS, Avertissement, avertissements

from .fichiers import controler
from .naissance import LieuNaissanceMixin


class TextesSains:
    """A form whose texts hide nothing: they are printed, sent and read by others than who typed them."""

    def clean(self):
        donnees = super().clean()
        for nom, valeur in list(self.cleaned_data.items()):
            if isinstance(valeur, str):
                plusieurs_lignes = isinstance(self.fields[nom].widget, forms.Textarea)
                try:
                    (valider_texte if plusieurs_lignes else valider_ligne)(valeur)
                except ValidationError as erreur:
                    self.add_error(nom, erreur)
        return donnees


class VerbeForm(TextesSains, forms.Form):
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
        help_text="Ce texte est lu par la personne concernée\u00a0: dites ce qui manque et ce qu’il faut faire.",
    )


class PourquoiForm(MotifForm):
    """Why a person gives up or contests: nothing is missing, they explain themselves."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "motif"
        ].help_text = "Quelques mots suffisent. Le porteur, l’employeur et la personne candidate lisent ce texte."


class PieceForm(VerbeForm):
    """One pièce: which one it is, and the file."""

    requise = forms.ModelChoiceField(label="Pièce", queryset=None, empty_label="Choisir la pièce")
    fichier = forms.FileField(
        label="Fichier",
        help_text="PDF, JPEG ou PNG, 10 Mo et 50 pages au plus.",
        max_length=150,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["requise"].queryset = self.objet.parcours.pieces.all()
        self.fields["requise"].initial = next(iter(self.objet.pieces_manquantes()), None)

    def clean_fichier(self):
        return controler(self.cleaned_data["fichier"])


class RetraitPieceForm(VerbeForm):
    """Which pièce is taken out of the dossier."""

    piece = forms.ModelChoiceField(label="Pièce à retirer", queryset=None, empty_label="Choisir la pièce")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["piece"].queryset = self.objet.pieces.filter(retiree_le=None)


class ChampAverti(forms.BoundField):
    """A field that also carries doubts, told beside it and to screen readers."""

    @property
    def avertissements(self) -> list[Avertissement]:
        return [a for a in self.form.avertissements if a.champ == self.name]

    @property
    def aria_describedby(self):
        decrit = super().aria_describedby
        if not (self.auto_id and self.avertissements):
            return decrit
        return f"{decrit or ''} {self.auto_id}_avertissement".strip()


class EtatCivilForm(LieuNaissanceMixin):
    """The civil status, at the precision the SI CPF matches on, with the doubts that never block."""

    bound_field_class = ChampAverti

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
            "nom_naissance": "Celui de l’acte de naissance, avec ses accents. Le nom marital va dans «\u202fnom "
            "d’usage\u202f».",
            "prenom1": "Un seul prénom ici\u00a0: les suivants ont leur propre champ.",
            "commune_naissance": "Telle qu’elle s’appelait à la naissance.",
            "code_insee_naissance": "5 caractères, différent du code postal\u00a0: 69383 pour Lyon 3e, 2A004 pour "
            "Ajaccio. "
            "Laissez vide pour une naissance à l’étranger.",
            "pays_naissance": "99100 pour la France, 99139 pour le Portugal…",
            "courriel": "La personne y reçoit les nouvelles de son dossier.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sexe"].choices = [("", "Choisir"), *Titulaire.Sexe.choices]
        for champ in self.fields.values():
            champ.template_name = "candidatures/champ_averti.html"

    @cached_property
    def avertissements(self) -> list[Avertissement]:
        """Doubts about what is typed or, before that, stored; none on an empty form."""
        if not self.is_bound and not self.instance.pk:
            return []
        self.errors  # noqa: B018 - what is typed reaches the instance when the form is checked
        return avertissements(self.instance)

    def clean(self):
        donnees = super().clean()
        for champ in PRENOMS:
            # The SI CPF takes no such name: controles of the CPF would keep the person out of every lot.
            if re.search(r"[,;/]", donnees.get(champ) or ""):
                self.add_error(
                    champ, "Un seul prénom par champ\u00a0: placez les suivants dans les champs qui suivent."
                )
        return donnees
