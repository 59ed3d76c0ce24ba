"""Forms of the juries."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.candidatures.forms import VerbeForm
from backoffice.candidatures.models import Etat
from backoffice.evaluations.resultats import resultats_par_bloc
from registre.models import Certification, Organisme

from .models import DecisionBloc, Inscription, SessionJury


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


class DeliberationForm(VerbeForm):
    """The decision on one dossier: an outcome, then a decision per bloc, proposed from what is already known."""

    issue = forms.ChoiceField(
        label="Conclusion du jury",
        choices=[(valeur, libelle.capitalize()) for valeur, libelle in Inscription.Issue.choices],
        widget=forms.RadioSelect,
        initial=Inscription.Issue.DECIDEE,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        siennes = self.objet.inscriptions.filter(retiree_le=None)
        inscription = siennes.filter(session__etat__in=("planifiee", "ouverte")).last()
        self.blocs = self.objet.blocs_a_evaluer()
        propositions = self._propositions(siennes, inscription)
        for bloc in self.blocs:
            acquis, motif = propositions[bloc.pk]
            self.fields[f"b{bloc.pk}"] = forms.ChoiceField(
                label=f"{bloc.code} – {bloc.libelle}",
                choices=[("oui", "Acquis"), ("non", "Non acquis")],
                widget=forms.RadioSelect,
                required=False,
                initial={True: "oui", False: "non"}.get(acquis),
            )
            self.fields[f"m{bloc.pk}"] = forms.CharField(
                label=f"Motif, si la décision sur {bloc.code} s’écarte de l’évaluation",
                required=False,
                max_length=1000,
                initial=motif,
            )
        self.fields["recommandations"] = forms.CharField(
            label="Recommandations du jury",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            initial=inscription.recommandations if inscription else "",
        )
        if inscription and inscription.issue:
            self.fields["issue"].initial = inscription.issue

    def _propositions(self, siennes, inscription) -> dict[int, tuple[bool | None, str]]:
        """Per bloc, what the form starts from: this session's decision, else the first jury's proposal when the CPNE
        decides, else the evaluation; nothing where both évaluateurs diverge, the jury examines."""
        propose = siennes.filter(session__etat="scellee", issue=Inscription.Issue.DECIDEE)
        if inscription and inscription.issue:
            connues = inscription.decisions.all()
        elif self.objet.etat == Etat.PROPOSEE:
            connues = DecisionBloc.objects.filter(inscription=propose.last())
        else:
            connues = ()
        depart = {
            ligne["bloc"].pk: (None if ligne["diverge"] else ligne["acquis"], "")
            for ligne in resultats_par_bloc(self.objet)
        }
        return depart | {d.bloc_id: (d.acquis, d.motif) for d in connues}

    def lignes(self):
        """(bloc, decision field, reason field) for the template."""
        return [(bloc, self[f"b{bloc.pk}"], self[f"m{bloc.pk}"]) for bloc in self.blocs]

    def clean(self):
        donnees = super().clean()
        donnees["blocs"] = {
            bloc.pk: ({"oui": True, "non": False}.get(donnees.get(f"b{bloc.pk}")), donnees.get(f"m{bloc.pk}", ""))
            for bloc in self.blocs
        }
        return donnees
