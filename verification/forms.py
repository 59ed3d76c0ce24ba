"""The two words that a person may type to check a document."""

from django import forms


class VerificationForm(forms.Form):
    """Number and birth name, both printed on the document."""

    numero = forms.CharField(
        label="Numéro du document",
        max_length=40,
        help_text="Il est imprimé près de la date, par exemple FTC-2026-00001.",
        error_messages={"required": "Recopiez le numéro imprimé sur le document."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    nom_naissance = forms.CharField(
        label="Nom de naissance du titulaire",
        max_length=60,
        help_text="Les accents, les majuscules et les traits d’union ne comptent pas.",
        error_messages={"required": "Recopiez le nom de naissance imprimé sur le document."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
