"""Forms of what is handed over and sent."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from backoffice.candidatures.forms import TextesSains, VerbeForm
from registre.textes import normaliser

from .adresses import fautes, lignes
from .models import Envoi


class AdresseForm(TextesSains, forms.ModelForm):
    """Where to send the document, line by line, as the label prints it."""

    commune = Envoi._meta.get_field("commune").formfield(
        label="Commune", widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )

    class Meta:
        model = Envoi
        fields = list(Envoi.CHAMPS_ADRESSE)
        labels = {"destinataire": "Nom sur l’enveloppe", "complement": "Appartement, étage, ou «\u202fchez\u202f»"}
        help_texts = {
            "destinataire": "Tel qu’il figure sur la boîte aux lettres.",
            "voie": "Par exemple\u00a0: 3 bis rue des Ardoises.",
            "pays": "Laissez vide pour la France.",
        }
        autocompletes = {
            "destinataire": "name",
            "voie": "address-line1",
            "complement": "address-line2",
            "code_postal": "postal-code",
            "pays": "country-name",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in ("destinataire", "code_postal", "commune"):
            self.fields[nom].required = True
        for nom, valeur in self.Meta.autocompletes.items():
            self.fields[nom].widget.attrs["autocomplete"] = valeur
        if titulaire := self._titulaire():
            self.fields["destinataire"].initial = self.initial["destinataire"] = (
                self.instance.destinataire or titulaire.nom_complet[:38]
            )

    def _titulaire(self):
        return self.instance.parchemin.titulaire if self.instance.parchemin_id else None

    def clean(self):
        donnees = super().clean()
        for nom, valeur in list(self.cleaned_data.items()):
            if isinstance(valeur, str):
                self.cleaned_data[nom] = normaliser(valeur)
        adresse = {nom: self.cleaned_data.get(nom, "") for nom in Envoi.CHAMPS_ADRESSE}
        if not adresse["pays"] and adresse["code_postal"] and not _est_un_code_francais(adresse["code_postal"]):
            self.add_error(
                "code_postal", "Un code postal français compte cinq chiffres\u00a0; hors de France, dites le pays."
            )
        if not adresse["voie"] and not adresse["lieu_dit"]:
            self.add_error("voie", "Donnez la voie, ou le lieu-dit.")
        if not self.errors and (phrases := fautes(lignes(**adresse))):
            raise forms.ValidationError(phrases)
        return donnees


def _est_un_code_francais(code: str) -> bool:
    return len(code) == 5 and code.isascii() and code.isdigit()


class DonnerAdresseForm(AdresseForm):
    """The same, as the form of a verb: it writes on the object that the verb saves."""

    def __init__(self, *args, objet, acteur, **kwargs):
        self.objet = objet
        super().__init__(*args, instance=Envoi.objects.get(pk=objet.pk), **kwargs)

    def _post_clean(self):
        """Nothing: the verb locks the row, then writes what was typed on it."""


class _JourForm(VerbeForm):
    """A day that is past, or today."""

    le = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate)

    def clean_le(self):
        le, aujourd_hui = self.cleaned_data["le"], timezone.localdate()
        if le > aujourd_hui:
            raise forms.ValidationError("Cette date est à venir\u00a0: notez l’acte le jour où il est fait.")
        if le < aujourd_hui - timedelta(days=366):
            raise forms.ValidationError("Cette date a plus d’un an\u00a0: vérifiez l’année.")
        return le


class EnvoyeForm(_JourForm):
    """The day it went, the same for every row of a batch."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["le"].label = "Envoyé le"


class RetourForm(_JourForm):
    """Why a letter came back, as the sticker of the post office says."""

    retour = forms.ChoiceField(
        label="Motif du retour", choices=Envoi.Retour.choices, widget=forms.RadioSelect, initial=Envoi.Retour.NPAI
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["le"].label = "Revenu le"


class MainPropreForm(_JourForm):
    """To whom the paper was given."""

    a_qui = forms.CharField(
        label="Remis à",
        max_length=80,
        help_text="Le titulaire, ou la personne qui le reçoit pour lui, avec sa qualité.",
    )
    field_order = ("a_qui", "le")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["le"].label = "Remis le"
        self.fields["a_qui"].initial = self.objet.titulaire.nom_complet[:80]


class ProposerForm(TextesSains, forms.Form):
    """Documents that the certificateur wants on paper, by their numbers."""

    numeros = forms.CharField(
        label="Numéros des documents",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=10_000,
        help_text="Un par ligne, 300 au plus. Chaque titulaire reçoit un courriel qui lui demande son adresse.",
    )

    MAXIMUM = 300

    def clean_numeros(self):
        numeros = list(dict.fromkeys(n.strip().upper() for n in self.cleaned_data["numeros"].splitlines() if n.strip()))
        if len(numeros) > self.MAXIMUM:
            raise forms.ValidationError(f"{len(numeros)} numéros\u00a0: {self.MAXIMUM} au plus à la fois.")
        return numeros
