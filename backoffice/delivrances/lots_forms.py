"""Forms of the lots: the place, and who is left aside."""

from django import forms

from backoffice.candidatures.forms import VerbeForm
from registre.textes import valider_nom


class PreparationLotForm(VerbeForm):
    """Where the documents are delivered; which dossiers wait for another lot."""

    lieu = forms.CharField(
        label="Lieu de délivrance",
        max_length=100,
        validators=[valider_nom],
        help_text="La ville imprimée sur tous les documents du lot.",
    )
    ecartees = forms.ModelMultipleChoiceField(
        label="Laisser de côté",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ces dossiers resteront à préparer. Ceux qui ne peuvent pas partir y restent d’eux-mêmes.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lot = self.objet
        self.fields["lieu"].initial = lot.lieu or lot.certificateur.commune
        self.fields["ecartees"].queryset = lot.lignes.select_related("candidature__titulaire", "bloc")
        self.fields["ecartees"].label_from_instance = lambda ligne: (
            f"{ligne.candidature.titulaire.nom_complet} ({ligne.quoi})"
        )
