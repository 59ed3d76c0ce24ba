"""Inviting somebody, and accepting."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from registre.models import Organisme
from registre.textes import normaliser, valider_nom

from .forms import AIDE_MOT_DE_PASSE
from .invitations import OFFRES, SANS_ORGANISME, offre_permise, organismes_offerts, titres
from .models import Role, Utilisateur


def champ_de_date(libelle: str, aide: str, **options) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=libelle, help_text=aide, required=False, widget=widget, **options)


def verifier_periode(debut, fin) -> None:
    """Raise ValidationError, beside the field, when these days are past or in disorder."""
    jour = timezone.localdate()
    if debut and debut < jour:
        raise forms.ValidationError({"debut": "Cette date est passée\u00a0: choisissez aujourd’hui ou plus tard."})
    if fin and fin < max(debut or jour, jour):
        raise forms.ValidationError({"fin": "Le dernier jour précède le premier, ou il est passé."})


class DatesForm(forms.Form):
    """From when to when a role is held; the first day of a role that has begun does not change any more."""

    debut = champ_de_date("Premier jour", "")
    fin = champ_de_date("Dernier jour", "Facultatif. Sans date, il dure jusqu’à ce qu’on le retire.")

    def __init__(self, *args, role: Role, **kwargs):
        super().__init__(*args, initial={"debut": role.debut, "fin": role.fin}, **kwargs)
        self.role = role
        if role.debut < timezone.localdate():
            self.fields["debut"].disabled = True
            self.fields["debut"].help_text = "Ce rôle a commencé\u00a0: son premier jour ne change plus."
        else:
            self.fields["debut"].required = True

    def clean(self):
        saisie = self.cleaned_data
        if not self.errors:
            change = saisie["debut"] != self.role.debut
            verifier_periode(saisie["debut"] if change else None, saisie["fin"])
            if saisie["fin"] and saisie["fin"] < saisie["debut"]:
                raise forms.ValidationError({"fin": "Le dernier jour précède le premier."})
        return saisie


class InvitationForm(forms.Form):
    """Whom, to which role, for which body: only what this person may offer is proposed."""

    courriel = forms.EmailField(label="Adresse électronique", help_text="Le lien y est envoyé, pour quatorze jours.")
    role = forms.ChoiceField(label="Rôle")
    organisme = forms.ModelChoiceField(
        label="Organisme", queryset=None, required=False, empty_label="Choisir un organisme"
    )

    debut = champ_de_date("Premier jour", "Facultatif. Sans date, le rôle s’ouvre dès que la personne accepte.")
    fin = champ_de_date("Dernier jour", "Facultatif. Sans date, il dure jusqu’à ce qu’on le retire.")

    def __init__(self, *args, acteur: Utilisateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.acteur = acteur
        roles = {role for titre in titres(acteur) for role in OFFRES[titre]}
        self.fields["role"].choices = [
            ("", "Choisir un rôle"),
            *((valeur, str(libelle).capitalize()) for valeur, libelle in Role.Nom.choices if valeur in roles),
        ]
        offerts = Organisme.objects.none()
        for titre in titres(acteur):
            offerts = offerts | organismes_offerts(acteur, titre)
        self.fields["organisme"].queryset = offerts.distinct().order_by("raison_sociale")
        self.fields["organisme"].label_from_instance = lambda organisme: organisme.raison_sociale

    def clean(self):
        role, organisme = self.cleaned_data.get("role"), self.cleaned_data.get("organisme")
        if not role or self.errors:
            return self.cleaned_data
        if role in SANS_ORGANISME:
            organisme = self.cleaned_data["organisme"] = None
        elif organisme is None:
            raise forms.ValidationError({"organisme": "Ce rôle s’exerce pour un organisme\u00a0: indiquez lequel."})
        possibles = [titre for titre in titres(self.acteur) if offre_permise(self.acteur, titre, role, organisme)]
        if not possibles:
            raise forms.ValidationError("Votre rôle ne permet pas d’inviter à celui-ci pour cet organisme.")
        verifier_periode(self.cleaned_data["debut"], self.cleaned_data["fin"])
        self.cleaned_data["au_titre_de"] = possibles[0]
        return self.cleaned_data


class CompteForm(forms.Form):
    """The account of somebody who has none yet."""

    prenom = forms.CharField(
        label="Prénom",
        max_length=60,
        validators=[valider_nom],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    nom = forms.CharField(
        label="Nom",
        max_length=60,
        validators=[valider_nom],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        strip=False,
        max_length=500,
        help_text=AIDE_MOT_DE_PASSE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_prenom(self):
        return normaliser(self.cleaned_data["prenom"])

    def clean_nom(self):
        return normaliser(self.cleaned_data["nom"])

    def clean_mot_de_passe(self):
        validate_password(self.cleaned_data["mot_de_passe"])
        return self.cleaned_data["mot_de_passe"]
