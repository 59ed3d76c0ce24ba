"""Forms of what is asked about a document after its issue."""

from django import forms
from django.core.validators import MinLengthValidator

from backoffice.candidatures.forms import TextesSains
from registre.models import Duplicata
from registre.textes import valider_nom

from .models import DemandeAnnulation, DemandeRemplacement


class _DemandeForm(TextesSains, forms.Form):
    """A reason chosen in a short list, and what there is to say of it."""

    motif = forms.ChoiceField(label="Motif", widget=forms.RadioSelect)
    precisions = forms.CharField(
        label="Précisions", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, document, **kwargs):
        self.document = document
        super().__init__(*args, **kwargs)


class AnnulationForm(_DemandeForm):
    """Why a document should never be valid again; its holder reads it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].choices = DemandeAnnulation.Motif.choices
        precisions = self.fields["precisions"]
        precisions.required = True
        precisions.validators.append(MinLengthValidator(10))
        precisions.help_text = (
            "Le titulaire lit ces précisions\u00a0: dites les faits, sans citer d’autres personnes. La page de "
            "vérification ne les montre pas."
        )


class DuplicataForm(_DemandeForm):
    """What became of the first sheet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].choices = Duplicata.Motif.choices


class RemplacementForm(_DemandeForm):
    """What the new document corrects: the civil status of the register always, the place, what else was wrong."""

    lieu = forms.CharField(
        label="Lieu de délivrance",
        max_length=100,
        validators=[valider_nom],
        help_text="La ville imprimée sur le document.",
    )
    corriger = forms.MultipleChoiceField(
        label="Autres mentions à corriger",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Le registre dit aujourd’hui autre chose que le document. Ne cochez que ce qui était une erreur "
        "le jour de la délivrance.",
    )

    def __init__(self, *args, corrigibles: dict[str, str], coupe: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        cle = DemandeRemplacement.Motif.CLE
        self.fields["motif"].choices = [c for c in DemandeRemplacement.Motif.choices if coupe or c[0] != cle]
        self.fields["lieu"].initial = self.document.lieu
        self.fields["corriger"].choices = list(corrigibles.items())
        if not corrigibles:
            del self.fields["corriger"]
        self.order_fields(["motif", "corriger", "lieu", "precisions"])

    def clean(self):
        donnees = super().clean()
        erreur = donnees.get("motif") == DemandeRemplacement.Motif.ERREUR
        if erreur and len(donnees.get("precisions", "")) < 10:
            self.add_error("precisions", "Dites en une phrase quelle était l’erreur.")
        if not erreur and (donnees.get("corriger") or donnees.get("lieu", "") != self.document.lieu):
            self.add_error(
                "motif", "Corriger autre chose que l’état civil, c’est corriger une erreur\u00a0: choisissez-la."
            )
        return donnees
