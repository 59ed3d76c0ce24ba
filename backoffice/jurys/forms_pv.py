"""Forms of the minutes."""

from django import forms

from backoffice.candidatures.forms import MotifForm, VerbeForm

from .lecture_pv import lire_pv


class ReouvertureForm(MotifForm):
    """Why the session is opened again."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].help_text = "Dites ce qui est à revoir. Ce motif reste au journal de la session."


class SignatureForm(VerbeForm):
    """Sign the text that is on the page: its hash goes with the signature."""

    empreinte = forms.CharField(widget=forms.HiddenInput, max_length=64)
    lu = forms.BooleanField(
        label="J’ai lu ce procès-verbal, et ce texte est conforme à ce que le jury a décidé.",
        error_messages={"required": "Lisez le procès-verbal, puis cochez cette case."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lecture = lire_pv(self.objet.pv)
        self.fields["empreinte"].initial = self.objet.pv.empreinte
