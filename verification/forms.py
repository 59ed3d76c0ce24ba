"""What a person may give to check a document: two words, or a file."""

from django import forms

from .depot import TAILLE_MAXIMALE


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


class FichierForm(forms.Form):
    """The PDF that the holder sent."""

    fichier = forms.FileField(
        label="Fichier PDF reçu",
        help_text="Tel que le titulaire l’a transmis, 10 Mo au plus. Il est comparé, puis oublié.",
        error_messages={
            "required": "Choisissez le fichier à vérifier.",
            "empty": "Ce fichier est vide\u00a0: choisissez-le de nouveau.",
        },
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAXIMALE:
            raise forms.ValidationError("Ce fichier dépasse 10 Mo\u00a0: ce n’est pas un document de ce registre.")
        return fichier
