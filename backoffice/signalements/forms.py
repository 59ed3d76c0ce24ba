"""What a visitor says of a document, and what the certificateur answers to it."""

from django import forms

from backoffice.automates import SansAutomateForm
from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import TextesSains, VerbeForm
from registre.textes import normaliser

from .models import Signalement


class SignalementForm(TextesSains, SansAutomateForm, forms.ModelForm):
    """Only what helps to look into it. Nobody has to say who they are."""

    sel = "signalements.signaler"

    photo = forms.FileField(
        label="Photographie du document",
        required=False,
        max_length=150,
        help_text="PDF, JPEG ou PNG, 10 Mo au plus. Seul le document\u00a0: ni visage, ni pièce d’identité.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    class Meta:
        model = Signalement
        fields = ["nature", "numero", "recit", "contact"]
        labels = {"nature": "Que signalez-vous\u202f?", "contact": "Votre adresse électronique"}
        help_texts = {
            "numero": "Imprimé près de la date, par exemple FTC-2026-00001.",
            "recit": "Où, quand, ce qui vous a fait douter. Sur les personnes, n’écrivez que ce qui est utile.",
            "contact": "Si vous acceptez qu’on vous pose une question. Elle ne sert à rien d’autre.",
        }
        widgets = {
            "nature": forms.RadioSelect,
            "numero": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "recit": forms.Textarea(attrs={"rows": 6, "minlength": 20}),
            "contact": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [(v, mots[0].upper() + mots[1:]) for v, mots in Signalement.Nature.choices]

    def clean_numero(self):
        return normaliser(self.cleaned_data["numero"]).upper()

    def clean_photo(self):
        televerse = self.cleaned_data["photo"]
        return controler(televerse) if televerse else None

    def clean(self):
        donnees = super().clean()
        if len(self.cleaned_data.get("recit", "")) < 20 and "recit" not in self.errors:
            self.add_error("recit", "Dites-en un peu plus\u00a0: une phrase, au moins vingt caractères.")
        self.controler_le_delai()
        return donnees


class ConclusionForm(VerbeForm):
    """What was found, or done: for the colleagues and the controllers."""

    conclusion = forms.CharField(
        label="Conclusion",
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=10,
        max_length=2000,
        help_text="Ce qui a été constaté et fait. Lu par vos collègues et par les auditeurs, jamais envoyé.",
    )
