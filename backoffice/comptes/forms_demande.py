"""The request of an établissement, as a visitor types it, and the answers it gets."""

from django import forms
from stdnum.fr import siret as stdnum_siret

from backoffice.automates import SansAutomateForm
from registre.models import Organisme
from registre.models.organismes import valider_siret
from registre.textes import normaliser

from .models import DemandeCompte


class RefusForm(forms.Form):
    """Why no account is opened; the person reads it."""

    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=10,
        max_length=2000,
        help_text="Ce texte part par courriel à la personne\u00a0: dites ce qui manque et ce qu’elle peut faire.",
    )

    def __init__(self, *args, objet, acteur, **kwargs):
        super().__init__(*args, **kwargs)


class DemandeCompteForm(SansAutomateForm, forms.ModelForm):
    """What an employer says to open an account. Its answers never tell what is already known of a SIRET."""

    sel = "comptes.demande"

    siret = forms.CharField(
        label="SIRET",
        max_length=20,
        help_text="14 chiffres, celui de votre établissement. Les espaces ne comptent pas.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = DemandeCompte
        fields = [
            "siret",
            "raison_sociale",
            "adresse",
            "code_postal",
            "commune",
            "porteur",
            "prenom",
            "nom",
            "fonction",
            "courriel",
            "telephone",
        ]
        labels = {"porteur": "À qui s’adresse votre demande", "courriel": "Adresse électronique professionnelle"}
        help_texts = {
            "porteur": "L’organisme qui porte les CQP de votre métier.",
            "courriel": "La réponse y est envoyée\u00a0; ce sera aussi votre identifiant.",
        }
        autocompletes = {
            "raison_sociale": "organization",
            "adresse": "street-address",
            "code_postal": "postal-code",
            "commune": "address-level2",
            "prenom": "given-name",
            "nom": "family-name",
            "fonction": "organization-title",
            "courriel": "email",
            "telephone": "tel",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        porteurs = Organisme.objects.filter(certifications_portees__isnull=False).distinct()
        self.fields["porteur"].queryset = porteurs.order_by("raison_sociale")
        self.fields["porteur"].empty_label = "Choisir un organisme"
        self.fields["porteur"].label_from_instance = lambda organisme: organisme.raison_sociale
        for nom, valeur in self.Meta.autocompletes.items():
            self.fields[nom].widget.attrs["autocomplete"] = valeur

    def clean_siret(self):
        siret = stdnum_siret.compact(self.cleaned_data["siret"].replace("\u202f", " ").replace("\u00a0", " "))
        valider_siret(siret)
        return siret

    def clean_courriel(self):
        return self.cleaned_data["courriel"].lower()

    def clean(self):
        # Not ModelForm's own `clean`: it would check what is unique, and so tell which SIRET already waits.
        for nom in ("raison_sociale", "adresse", "commune", "prenom", "nom", "fonction"):
            if nom in self.cleaned_data:
                self.cleaned_data[nom] = normaliser(self.cleaned_data[nom])
        self.controler_le_delai()
        return self.cleaned_data
