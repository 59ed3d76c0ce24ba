"""What the verbs of the rules ask when they are carried out."""

from django import forms


class _FormulaireDActe(forms.Form):
    def __init__(self, *args, objet, acteur, **kwargs):
        super().__init__(*args, **kwargs)


class PublicationForm(_FormulaireDActe):
    """On which decision this version rests."""

    motif = forms.CharField(
        label="Décision qui fonde cette version",
        required=False,
        max_length=500,
        help_text="Par exemple\u00a0: «\u202fDécision de la CPNE du 12 mars 2026\u202f». Elle figure au journal.",
    )


class RetraitForm(_FormulaireDActe):
    """Why these rules are taken out of force."""

    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=2000,
        help_text="Il figure au journal\u00a0: dites ce qui change et à partir de quand.",
    )
