"""Forms of the accrochage. A form checks the shape of what is given; the rules stand in workflow.py."""

import io

from django import forms
from django.utils import timezone

from registre.textes import valider_ligne

from . import flux
from .accuses import AccuseIllisible, lire
from .models import ParametresCPF
from .reponses import AccuseRecu

TAILLE_TELEVERSEE = 20 * 1024 * 1024
TAILLE_MAXIMALE_SCHEMA = 1024 * 1024


class VerbeForm(forms.Form):
    """Base of the forms of verbs: it knows the lot and the person."""

    def __init__(self, *args, objet, acteur, **kwargs):
        self.objet, self.acteur = objet, acteur
        super().__init__(*args, **kwargs)


class DateForm(VerbeForm):
    """The day when something happened on the portal of the Caisse des dépôts."""

    jour = forms.DateField(
        label="Date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def clean_jour(self):
        jour = self.cleaned_data["jour"]
        if jour > timezone.localdate():
            raise forms.ValidationError("Cette date est dans l’avenir.")
        if jour < timezone.localdate(self.objet.horodatage):
            raise forms.ValidationError("Cette date précède la constitution du lot.")
        return jour


class ReceptionForm(DateForm):
    """The acknowledgement of receipt that comes before the accusé de traitement."""

    reference = forms.CharField(
        label="Référence",
        required=False,
        max_length=100,
        validators=[valider_ligne],
        help_text="Facultatif\u00a0: le numéro ou l’objet du message reçu.",
    )


class AccuseForm(VerbeForm):
    """The accusé de traitement, as downloaded from the portal."""

    fichier = forms.FileField(
        label="Accusé de traitement",
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
        help_text="Le fichier XML remis par la Caisse des dépôts, sans le modifier, 20\u00a0Mo au plus.",
        error_messages={"empty": "Ce fichier est vide."},
    )

    def clean_fichier(self) -> AccuseRecu:
        televerse = self.cleaned_data["fichier"]
        if televerse.size > TAILLE_TELEVERSEE:
            raise forms.ValidationError("Ce fichier dépasse 20\u00a0Mo\u00a0: la commande «\u202fcpf\u202f» l’intègre.")
        octets = televerse.read()
        nom = "".join(caractere for caractere in televerse.name if caractere.isprintable())[:150]
        try:
            return AccuseRecu(lire(octets), octets, nom)
        except AccuseIllisible as illisible:
            raise forms.ValidationError(str(illisible)) from None


class MotifForm(VerbeForm):
    """Why a lot is taken back."""

    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=2000,
        help_text="Par exemple\u00a0: fichier rejeté en entier par la Caisse des dépôts.",
    )


class ParametresForm(forms.ModelForm):
    """The settings of a certificateur."""

    retirer_schema = forms.BooleanField(label="Revenir au schéma de la plateforme", required=False)

    class Meta:
        model = ParametresCPF
        fields = ["id_client", "id_contrat", "nature_deposant", "id_client_emetteur", "profil", "schema_officiel"]
        widgets = {"schema_officiel": forms.FileInput(attrs={"accept": ".xsd"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.schema_officiel:
            del self.fields["retirer_schema"]

    def clean_id_client(self) -> str:
        return self.cleaned_data["id_client"].upper()

    def clean_id_client_emetteur(self) -> str:
        return self.cleaned_data["id_client_emetteur"].upper()

    def _octets(self, fichier) -> bytes:
        """Content of the schema: sent just now, and left ready to be stored, or stored before."""
        if "schema_officiel" not in self.changed_data:
            with fichier.open("rb") as lisible:
                return lisible.read()
        octets = fichier.read()
        fichier.seek(0)
        return octets

    def clean(self):
        donnees = super().clean()
        if donnees.get("retirer_schema"):
            # False, not None: that is how a file field is emptied.
            donnees["schema_officiel"] = False
        fichier, profil = donnees.get("schema_officiel"), donnees.get("profil")
        # Kept from before, it must still be the one of the profile that is chosen now.
        if fichier and profil and {"schema_officiel", "profil"} & set(self.changed_data):
            try:
                if fichier.size > TAILLE_MAXIMALE_SCHEMA:
                    raise flux.SchemaRefuse("Ce schéma dépasse 1\u00a0Mo.")
                flux.schema(profil, io.BytesIO(self._octets(fichier)))
            except flux.SchemaRefuse as refus:
                self.add_error("schema_officiel", str(refus))
        if (
            donnees.get("nature_deposant") == "CERTIFICATEUR"
            and donnees.get("id_client")
            and donnees.get("id_client_emetteur")
            and donnees["id_client"] != donnees["id_client_emetteur"]
        ):
            self.add_error(
                "id_client_emetteur", "Quand le certificateur dépose lui-même, les deux matricules sont les mêmes."
            )
        return donnees
