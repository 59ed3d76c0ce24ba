"""Form of the papers signed by hand."""

from django import forms

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import VerbeForm

from .models import PieceDeSeance


class PieceDeSeanceForm(VerbeForm):
    """Which paper it is, and the file."""

    nature = forms.ChoiceField(
        label="Pièce",
        choices=[(valeur, libelle[:1].upper() + libelle[1:]) for valeur, libelle in PieceDeSeance.Nature.choices],
        initial=PieceDeSeance.Nature.EMARGEMENT,
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text="PDF, JPEG ou PNG, 10 Mo et 50 pages au plus.",
        max_length=150,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean_fichier(self):
        return controler(self.cleaned_data["fichier"])
