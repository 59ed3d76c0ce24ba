"""Forms of the attestations of blocs: which ones, and where they are issued."""

from django import forms

from .blocs import blocs_a_attester
from .forms import PreparationForm


class AttestationsDeBlocForm(PreparationForm):
    """The place, and the blocs to attest: all that may be, until some are left out."""

    blocs = forms.ModelMultipleChoiceField(
        label="Blocs à attester",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une attestation par bloc, avec son numéro.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        blocs = [bloc.pk for bloc in blocs_a_attester(self.objet)]
        self.fields["blocs"].queryset = self.objet.version.blocs.filter(pk__in=blocs).order_by("ordre", "code")
        self.fields["blocs"].initial = blocs
        self.fields["blocs"].label_from_instance = lambda bloc: f"{bloc.code}, {bloc.libelle}"
