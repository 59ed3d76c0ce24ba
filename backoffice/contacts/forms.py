"""What a visitor writes, and what is noted of the answer."""

from django import forms

from backoffice.automates import SansAutomateForm
from backoffice.candidatures.forms import TextesSains, VerbeForm
from registre.models import Certification

from .models import Message


class MessageForm(TextesSains, SansAutomateForm, forms.ModelForm):
    """A subject, a text, an address to answer to: nothing else is needed."""

    sel = "contacts.ecrire"

    class Meta:
        model = Message
        fields = ["sujet", "certification", "texte", "courriel"]
        labels = {
            "sujet": "Votre message porte sur",
            "certification": "Le CQP concerné",
            "texte": "Votre message",
            "courriel": "Votre adresse électronique",
        }
        help_texts = {
            "certification": "S’il y en a un\u00a0: votre message va à l’organisme qui le porte.",
            "texte": "N’écrivez ni numéro de sécurité sociale, ni information de santé, ni coordonnées bancaires.",
            "courriel": "Pour vous répondre. Elle ne sert à rien d’autre.",
        }
        widgets = {
            "sujet": forms.RadioSelect,
            "texte": forms.Textarea(attrs={"rows": 7, "minlength": 20}),
            "courriel": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sujet"].choices = [(v, mots[0].upper() + mots[1:]) for v, mots in Message.Sujet.choices]
        publiees = Certification.objects.filter(page__live=True).order_by("intitule_usuel")
        self.fields["certification"].queryset = publiees
        self.fields["certification"].empty_label = "Aucun en particulier"
        self.fields["certification"].to_field_name = "slug"

    def clean(self):
        donnees = super().clean()
        if len(self.cleaned_data.get("texte", "")) < 20 and "texte" not in self.errors:
            self.add_error("texte", "Dites-en un peu plus\u00a0: une phrase, au moins vingt caractères.")
        self.controler_le_delai()
        return donnees


class ReponseForm(VerbeForm):
    """What was answered, for the colleagues."""

    suite = forms.CharField(
        label="Suite donnée",
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=5,
        max_length=1000,
        help_text="«\u202fRépondu par courriel\u202f», «\u202fRenvoyé vers l’OPCO\u202f»… Lu par vos collègues, jamais "
        "envoyé.",
    )
