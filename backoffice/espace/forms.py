"""The form of a correction: the civil status as it should be, and its proof."""

from django import forms

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import EtatCivilForm, TextesSains
from registre.models import EtatCivil, Titulaire

from .corrections import changements
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

    def __init__(self, *args, preuve_demandee: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["justificatif"].required = preuve_demandee
        if not preuve_demandee:
            self.fields["justificatif"].help_text += " Facultatif ici."

    def clean_justificatif(self):
        joint = self.cleaned_data["justificatif"]
        return controler(joint) if joint else None

    def demande(self, titulaire: Titulaire, par=None) -> DemandeCorrection:
        """The request that this valid form makes about the person as stored."""
        sain = self.cleaned_data["justificatif"]
        return DemandeCorrection(
            titulaire=titulaire,
            valeurs=changements(self.instance, titulaire),
            precisions=self.cleaned_data["precisions"],
            justificatif=sain.fichier() if sain else "",
            type_mime=sain.type_mime if sain else "",
            deposee_par=par,
        )


class VerificationForm(TextesSains, forms.Form):
    """What the staff asks a holder to check."""

    consigne = forms.CharField(
        label="Ce qui est à vérifier",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La personne lit ces lignes après s’être fait reconnaître. Par exemple\u00a0: «\u202fVotre deuxième "
        "prénom figure-t-il sur l’acte de naissance\u202f?\u202f»",
    )
    preuve = forms.BooleanField(
        label="Demander un justificatif si elle corrige quelque chose",
        required=False,
        initial=True,
        help_text="Acte de naissance ou pièce d’identité, détruit dès votre réponse.",
    )


class ReconnaissanceForm(TextesSains, forms.Form):
    """What only the holder knows; either answer is enough."""

    naissance = forms.DateField(
        label="Votre date de naissance",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    numero = forms.CharField(
        label="Ou le numéro de votre parchemin",
        required=False,
        max_length=40,
        help_text="Il est imprimé sur le document. Utile si votre date de naissance y est fausse.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args, par_la_date: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if not par_la_date:
            del self.fields["naissance"]
            self.fields["numero"].label = "Le numéro de votre parchemin"

    def clean(self):
        donnees = super().clean()
        if not self.errors and not (donnees.get("naissance") or donnees.get("numero")):
            raise forms.ValidationError("Donnez l’une des deux réponses.")
        return donnees
