"""Forms of the juries."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.candidatures.forms import VerbeForm
from registre.models import Certification, Organisme

from .models import SessionJury


class SessionForm(forms.ModelForm):
    """Plan a session."""

    lien_visio = forms.URLField(label="Lien de visioconférence", required=False, assume_scheme="https")

    class Meta:
        model = SessionJury
        fields = [
            "instance",
            "certificateur",
            "certifications",
            "debut",
            "lieu",
            "lien_visio",
            "capacite",
            "limite_inscription",
        ]
        widgets = {
            "debut": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "limite_inscription": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "certifications": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["certifications"].queryset = Certification.objects.all().visibles_par(acteur)
        self.fields["certificateur"].queryset = Organisme.objects.filter(
            roles_certification__role="cpne",
            roles_certification__version__certification__in=self.fields["certifications"].queryset,
        ).distinct()
        self.fields["certificateur"].empty_label = "Choisir le certificateur"
        if len(certificateurs := self.fields["certificateur"].queryset[:2]) == 1:
            self.fields["certificateur"].initial = certificateurs[0]
        self.fields["instance"].label = "Jury"
        self.fields["instance"].choices = [(v, nom[0].upper() + nom[1:]) for v, nom in SessionJury.Instance.choices]
        self.fields["debut"].input_formats = ["%Y-%m-%dT%H:%M"]

    def clean(self):
        donnees = super().clean()
        debut, limite = donnees.get("debut"), donnees.get("limite_inscription")
        if debut and debut <= timezone.now():
            self.add_error("debut", "Cette date est passée : choisissez une date à venir.")
        if debut and limite and limite > timezone.localdate(debut):
            self.add_error("limite_inscription", "Les inscriptions se terminent avant le jury.")
        if not donnees.get("lieu") and not donnees.get("lien_visio"):
            self.add_error("lieu", "Indiquez un lieu ou un lien de visioconférence.")
        return donnees


class InscriptionForm(VerbeForm):
    """Choose a coming session."""

    session = forms.ModelChoiceField(
        label="Session de jury", queryset=SessionJury.objects.none(), empty_label="Choisir une session"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        instance = (
            [SessionJury.Instance.CERTIFICATION]
            if self.objet.etat == "proposee"
            else [SessionJury.Instance.UNIQUE, SessionJury.Instance.EVALUATION]
        )
        self.fields["session"].queryset = SessionJury.objects.filter(
            etat=SessionJury.Etat.PLANIFIEE,
            certifications=self.objet.version.certification_id,
            instance__in=instance,
        ).order_by("debut")
        self.fields["session"].label_from_instance = lambda s: (
            f"{date_format(timezone.localtime(s.debut), 'j F Y')} – {s.lieu or 'visioconférence'} "
            f"(inscriptions jusqu’au {date_format(s.limite_inscription, 'j F Y')})"
        )
