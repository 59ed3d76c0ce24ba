"""The guided form of a template: look and texts, logos in their places, one signatory per collège."""

from django import forms

from backoffice.candidatures.forms import TextesSains
from registre.models import Certification, ModeleDocument, Organisme, SignataireDeModele
from registre.textes import valider_nom

from .modeles_images import nettoyer, ranger

PLACES = 4
IMAGE = {"accept": ".png,.jpg,.jpeg"}


class NouveauModeleForm(forms.Form):
    """For whom, for which document, for which certification."""

    certificateur = forms.ModelChoiceField(label="Certificateur", queryset=Organisme.objects.none(), empty_label=None)
    nature = forms.ChoiceField(label="Document", choices=ModeleDocument.Nature.choices)
    certification = forms.ModelChoiceField(
        label="Certification",
        queryset=Certification.objects.none(),
        required=False,
        empty_label="Toutes celles du certificateur",
        help_text="Un modèle propre à une certification l’emporte sur celui du certificateur.",
    )

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        siens = acteur.organismes_ids("certificateur")
        self.fields["certificateur"].queryset = Organisme.objects.filter(pk__in=siens).order_by("raison_sociale")
        self.fields["certification"].queryset = (
            Certification.objects.filter(versions__roles__organisme__in=siens).distinct().order_by("intitule_usuel")
        )


class ModeleForm(TextesSains, forms.ModelForm):
    """Look and texts."""

    class Meta:
        model = ModeleDocument
        fields = ["orientation", "couleur", "formule", "texte_option", "mention", "montrer_blocs", "motif"]
        widgets = {"couleur": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "couleur": "Celle de la gravure, du nom et du titre. Elle doit rester lisible en noir et blanc.",
            "formule": "Entre l’intitulé et le nom, sur le parchemin\u00a0: «\u202fest décerné à\u202f».",
            "texte_option": "Imprimée quand la certification a une option. Gardez «\u202f{option}\u202f».",
            "mention": "Une phrase sous les mentions obligatoires. Mots permis\u00a0: voir la liste.",
            "motif": "Ce qui change, et sur quelle décision. Elle est rangée avec le spécimen.",
        }

    def _get_validation_exclusions(self):
        # A draft is saved as it is: what prevents its publication is the checker's to explain.
        return {champ.name for champ in ModeleDocument._meta.fields if champ.name not in self.fields} | {"etat"}


class _ImageForm(TextesSains, forms.Form):
    fichier = forms.FileField(label="Image", required=False, widget=forms.FileInput(attrs=IMAGE))
    retirer = forms.BooleanField(label="Retirer cette image", required=False)

    def __init__(self, *args, image=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.image = image
        if image is None:
            del self.fields["retirer"]
        else:
            self.fields["fichier"].label = "Autre image"

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        return nettoyer(fichier) if fichier else None

    def empreinte(self, acteur) -> str | None:
        """The image chosen, kept; None without one."""
        if contenu := self.cleaned_data["fichier"]:
            return ranger(contenu, acteur).pk
        return None if self.cleaned_data.get("retirer") or self.image is None else self.image.pk


class LogoForm(_ImageForm):
    """One place of the line of logos."""

    alternatif = forms.CharField(
        label="Texte alternatif",
        max_length=120,
        required=False,
        help_text="Ce que le logo représente, en quelques mots.",
    )
    field_order = ["fichier", "alternatif", "retirer"]


class SignataireForm(_ImageForm):
    """Who signs for one collège; all empty, the jury signs."""

    nom = forms.CharField(label="Prénom et nom", max_length=80, required=False, validators=[valider_nom])
    qualite = forms.CharField(label="Qualité", max_length=120, required=False)
    field_order = ["nom", "qualite", "fichier", "retirer"]

    def __init__(self, *args, college, **kwargs):
        self.college = college
        super().__init__(*args, **kwargs)
        self.fields["fichier"].label = "Image de la signature"


class FormulaireDeModele:
    """The forms of one draft, read and written together."""

    def __init__(self, modele, donnees=None, fichiers=None):
        self.modele = modele
        self.principal = ModeleForm(donnees, instance=modele)
        logos = list(modele.logos.select_related("image"))
        self.logos = [
            LogoForm(
                donnees,
                fichiers,
                prefix=f"logo{rang}",
                image=logo and logo.image,
                initial={"alternatif": logo.texte_alternatif if logo else ""},
            )
            for rang, logo in enumerate([*logos, *[None] * (PLACES - len(logos))], 1)
        ]
        connus = {s.college: s for s in modele.signataires.select_related("image")}
        self.signataires = [
            SignataireForm(
                donnees,
                fichiers,
                prefix=college,
                college=libelle,
                image=connus[college].image if college in connus else None,
                initial={
                    "nom": connus[college].nom if college in connus else "",
                    "qualite": connus[college].qualite if college in connus else "",
                },
            )
            for college, libelle in SignataireDeModele.College.choices
        ]

    @property
    def tous(self) -> list[forms.BaseForm]:
        return [self.principal, *self.logos, *self.signataires]

    def est_valide(self) -> bool:
        # Each one is asked, so that all mistakes show at once.
        return not any({form.prefix: form.errors for form in self.tous}.values())

    def donnees(self, acteur) -> dict:
        """What the verb stores."""
        logos = [(form.empreinte(acteur), form.cleaned_data["alternatif"]) for form in self.logos]
        signataires = [
            (form.prefix, form.cleaned_data["nom"], form.cleaned_data["qualite"], form.empreinte(acteur))
            for form in self.signataires
        ]
        return {
            "regles": self.principal.cleaned_data,
            "logos": [(image, alternatif) for image, alternatif in logos if image],
            "signataires": [s for s in signataires if any(s[1:])],
        }
