"""What people write about mails: a corrected address, a text, a delay."""

from django import forms


class RenvoiForm(forms.Form):
    """Where the mail goes this time."""

    adresse = forms.EmailField(
        label="Adresse du destinataire",
        max_length=254,
        help_text="Corrigez-la si elle était fausse : celle du candidat est alors corrigée dans son dossier.",
    )
