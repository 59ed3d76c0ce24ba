"""Forms of the appeals."""

from django import forms
from django.utils import timezone

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import VerbeForm

from .models import Recours


class RecoursForm(VerbeForm):
    """What a candidate contests, and why."""

    objet = forms.ChoiceField(label="Ce que vous contestez", widget=forms.RadioSelect)
    expose = forms.CharField(
        label="Vos raisons",
        widget=forms.Textarea(attrs={"rows": 10}),
        min_length=20,
        max_length=6000,
        help_text="Dites ce qui s’est passé, ce qui ne va pas, et ce que vous demandez. Restez factuel\u00a0: les "
        "personnes qui examinent le recours ne connaissent pas votre dossier.",
    )
    fichier = forms.FileField(
        label="Pièce jointe",
        required=False,
        help_text="Facultatif. PDF, JPEG ou PNG, 10 Mo et 50 pages au plus.",
        max_length=150,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["objet"].choices = [(v, nom[:1].upper() + nom[1:]) for v, nom in Recours.Objet.choices]

    def clean_fichier(self):
        recu = self.cleaned_data.get("fichier")
        return controler(recu) if recu else None


class RecoursRecuForm(RecoursForm):
    """A letter recorded by the staff: when it came, and why it is taken when it came too late."""

    field_order = ["recu_le", "objet", "expose", "fichier", "motif"]

    recu_le = forms.DateField(
        label="Lettre envoyée le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Le cachet de la poste fait foi\u00a0: c’est la date qui compte pour le délai.",
    )
    motif = forms.CharField(
        label="Motif d’un enregistrement hors délai",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="À remplir seulement si la lettre est partie après la fin du délai.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["objet"].label = "Ce que la personne conteste"
        self.fields["expose"].label = "Ce que dit la lettre"
        self.fields["expose"].help_text = "L’essentiel, avec ses mots. Joignez la lettre numérisée."

    def clean_recu_le(self):
        jour = self.cleaned_data["recu_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir\u00a0: vérifiez-la.")
        return jour


class ReponseForm(VerbeForm):
    """What the candidate reads."""

    reponse = forms.CharField(
        label="Réponse",
        widget=forms.Textarea(attrs={"rows": 10}),
        min_length=20,
        max_length=6000,
        help_text="Le candidat lit ce texte en entier. Répondez à chacune de ses raisons.",
    )


class RejetForm(ReponseForm):
    """A refusal says what remains possible."""

    voies = forms.CharField(
        label="Voies qui restent ouvertes",
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=1000,
        help_text="Par exemple\u00a0: la médiation de la branche, le tribunal compétent, et dans quel délai.",
    )
