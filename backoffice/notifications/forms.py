"""What people write about mails: a corrected address, a text, a delay."""

from django import forms

from registre.textes import valider_ligne

from .catalogue import CORPS_MAXIMUM, SUJET_MAXIMUM, Courriel, fautes
from .models import ReglageRelance


class RenvoiForm(forms.Form):
    """Where the mail goes this time."""

    adresse = forms.EmailField(
        label="Adresse du destinataire",
        max_length=254,
        help_text="Corrigez-la si elle était fausse\u00a0: celle du candidat est alors corrigée dans son dossier.",
    )


class TexteForm(forms.Form):
    """Subject and body of a mail; its words are checked against the closed list of this mail."""

    sujet = forms.CharField(
        label="Objet",
        max_length=SUJET_MAXIMUM,
        validators=[valider_ligne],
        help_text="Une ligne, sans donnée personnelle\u00a0: l’objet se lit sur un écran verrouillé.",
    )
    corps = forms.CharField(
        label="Texte",
        max_length=CORPS_MAXIMUM,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Texte simple. Insérez une variable en écrivant son nom entre accolades, comme dans la liste.",
    )

    def __init__(self, *args, courriel: Courriel, **kwargs):
        super().__init__(*args, **kwargs)
        self.courriel = courriel

    def clean(self):
        saisie = super().clean()
        for champ, phrase in fautes(self.courriel, saisie.get("sujet", ""), saisie.get("corps", "")):
            if champ in saisie:
                self.add_error(champ, phrase)
        return saisie


class RelanceForm(forms.ModelForm):
    """One kind of reminder. Without a delay of its own, that of the parcours of each dossier counts."""

    jours = forms.IntegerField(label="Délai (jours)", min_value=1, max_value=365, required=False)
    maximum = forms.IntegerField(label="Relances au plus", min_value=1, max_value=10)

    class Meta:
        model = ReglageRelance
        fields = ["active", "jours", "maximum"]

    def __init__(self, *args, genre, **kwargs):
        super().__init__(*args, **kwargs)
        if genre.avant:
            # Before a deadline there is one reminder.
            del self.fields["maximum"]
        sans = "celui du parcours" if genre.du_parcours else "sept jours"
        self.fields["jours"].help_text = f"Vide\u00a0: {sans}."
