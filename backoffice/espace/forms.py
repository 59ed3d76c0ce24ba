"""The form of a correction: the civil status as it should be, and its proof."""

from django import forms

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import EtatCivilForm
from registre.models import EtatCivil

from .models import DemandeCorrection


class CorrectionForm(EtatCivilForm):
    """Starts from what is stored: one corrects what is wrong and leaves the rest. Nothing of it is saved as it is."""

    precisions = DemandeCorrection._meta.get_field("precisions").formfield(
        label="Précisions",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Facultatif\u00a0: ce qui aide à comprendre, par exemple la date d’un changement de nom.",
    )
    justificatif = forms.FileField(
        label="Justificatif",
        max_length=150,
        help_text="Acte de naissance, carte d’identité ou passeport. PDF, JPEG ou PNG, 10 Mo au plus. "
        "Une photo nette suffit. Il est détruit dès que votre demande a sa réponse.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    class Meta(EtatCivilForm.Meta):
        fields = list(EtatCivil.CHAMPS)

    def clean_justificatif(self):
        return controler(self.cleaned_data["justificatif"])
