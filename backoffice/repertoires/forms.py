"""The file, and what to look for in it."""

import re

from django import forms

from registre.flux_xml import verifier_le_debut
from registre.france_competences import MOTIF_NUMERO, FichierIllisible
from registre.models import VersionCertification

from .models import ImportDeFiches

TAILLE_MAXIMALE = 120 * 1024 * 1024


class DepotForm(forms.ModelForm):
    """Numbers, words of a certificateur or of a title, or all that the registry holds already."""

    fichier = forms.FileField(
        label="Fichier de France compétences",
        max_length=150,
        help_text="L’export XML V4.1 du RNCP ou du répertoire spécifique, de préférence dans son zip (120\u00a0Mo au "
        "plus). Rien ne change avant votre accord.",
        widget=forms.FileInput(attrs={"accept": ".zip,.xml"}),
    )
    deja_au_registre = forms.BooleanField(
        label="Toutes les fiches que le registre tient déjà",
        required=False,
        help_text="Pour un rafraîchissement\u00a0: elles s’ajoutent aux numéros ci-dessous.",
    )

    class Meta:
        model = ImportDeFiches
        fields = ["fichier", "deja_au_registre", "numeros", "certificateur", "titre"]
        labels = {"numeros": "Numéros de fiche", "certificateur": "Certificateur", "titre": "Titre"}
        help_texts = {
            "numeros": "RNCP41346, RS6610… séparés par des espaces.",
            "certificateur": "Des mots de son nom, ou son SIRET. Seuls les CQP sont cherchés ainsi.",
            "titre": "Des mots de l’intitulé. Avec un certificateur, les deux doivent convenir.",
        }
        widgets = {"numeros": forms.Textarea(attrs={"rows": 2}), "titre": forms.TextInput()}

    def clean_numeros(self):
        donnes = [n for n in re.split(r"[\s,;]+", self.cleaned_data["numeros"].upper()) if n]
        faux = [n for n in donnes if not MOTIF_NUMERO.fullmatch(n)]
        if faux:
            raise forms.ValidationError(
                f"Un numéro s’écrit RNCP41346 ou RS6610. À revoir\u00a0: {', '.join(faux[:5])}."
            )
        return " ".join(dict.fromkeys(donnes))

    def clean_fichier(self):
        """The beginning is looked at now: what is no flux is refused at once, the rest is for the worker."""
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAXIMALE:
            raise forms.ValidationError(
                "Ce fichier dépasse 120\u00a0Mo\u00a0: déposez le zip tel que vous l’avez reçu."
            )
        try:
            verifier_le_debut(fichier)
        except FichierIllisible as erreur:
            raise forms.ValidationError(str(erreur)) from erreur
        finally:
            fichier.seek(0)
        return fichier

    def clean(self):
        choix = super().clean()
        if choix.get("deja_au_registre"):
            tenus = VersionCertification.objects.exclude(numero="").values_list("numero", flat=True)
            choix["numeros"] = " ".join(dict.fromkeys([*choix.get("numeros", "").split(), *sorted(tenus)]))
        if not any(choix.get(nom) for nom in ("numeros", "certificateur", "titre")) and not self.errors:
            self.add_error("numeros", "Dites quelles fiches chercher\u00a0: des numéros, un certificateur ou un titre.")
        return choix
