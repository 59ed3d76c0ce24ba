"""Forms of the delivery."""

from django import forms

from backoffice.candidatures.forms import VerbeForm
from registre.textes import valider_nom


class PreparationForm(VerbeForm):
    """Where the document is delivered: a mandatory mention."""

    lieu = forms.CharField(
        label="Lieu de délivrance",
        max_length=100,
        validators=[valider_nom],
        help_text="La ville imprimée sur le document.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        certificateurs = self.objet.version.certificateurs
        self.fields["lieu"].initial = certificateurs[0].commune if certificateurs else ""


class PublicationForm(VerbeForm):
    """Which writing was read: the draft may have been corrected, and proposed again, since the page was opened."""

    lu = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lu"].initial = self.objet.redige_le and self.objet.redige_le.isoformat()
