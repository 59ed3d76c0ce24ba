"""Forms of the verbs of the evaluation, the grids apart (`grille.py`)."""

from django import forms
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm, VerbeForm
from backoffice.comptes.models import Utilisateur
from registre.models import Certification, Organisme
from registre.textes import valider_ligne, valider_nom

from .guides import assembler
from .independance import evaluateurs_possibles
from .models import Evaluation, Habilitation, LienDeclare

JOUR = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class ChoixEvaluateur(forms.ModelChoiceField):
    """A person habilitated one day for this CQP: those who may evaluate this dossier first, then why the others may
    not. Choosing one of these gives the reason of the refusal, instead of a silent absence."""

    def __init__(self, **options):
        super().__init__(queryset=Utilisateur.objects.none(), empty_label="Choisir une personne", **options)

    def proposer(self, candidature):
        possibles = evaluateurs_possibles(candidature)
        self.queryset = Utilisateur.objects.filter(pk__in=[p.pk for p, _ in possibles])
        oui = [(p.pk, str(p)) for p, raison in possibles if not raison]
        non = [(p.pk, f"{p}\u00a0: {raison}") for p, raison in possibles if raison]
        groupes = [("Peuvent évaluer ce dossier", oui), ("Ne le peuvent pas", non)]
        self.choices = [("", self.empty_label), *(groupe for groupe in groupes if groupe[1])]


class EvaluateurForm(VerbeForm):
    """The évaluateurs habilités of the dossier, among those the CPNE has habilitated for this CQP."""

    evaluateur = ChoixEvaluateur(label="Évaluateur habilité")
    second = ChoixEvaluateur(
        label="Second évaluateur habilité",
        help_text="Ce parcours demande deux évaluateurs\u00a0: chacun remplit sa grille sans lire celle de l’autre.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.objet.parcours.nombre_evaluateurs < 2:
            del self.fields["second"]
        for champ in self.fields.values():
            champ.proposer(self.objet)

    def clean(self):
        donnees = super().clean()
        if donnees.get("second") and donnees["second"] == donnees.get("evaluateur"):
            self.add_error("second", "Choisissez deux personnes différentes.")
        return donnees


class RemplacementForm(MotifForm):
    """Who leaves the evaluation, who takes it over, and why."""

    remplace = forms.ModelChoiceField(
        label="Personne remplacée", queryset=Utilisateur.objects.none(), empty_label="Choisir une personne"
    )
    evaluateur = ChoixEvaluateur(label="Nouvel évaluateur habilité")
    field_order = ["remplace", "evaluateur", "motif"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        evaluation = getattr(self.objet, "evaluation", None)
        actuels = [e.pk for e in evaluation.evaluateurs] if evaluation else []
        self.fields["remplace"].queryset = Utilisateur.objects.filter(pk__in=actuels)
        if len(actuels) == 1:
            self.fields["remplace"].initial = actuels[0]
        self.fields["evaluateur"].proposer(self.objet)


class LienForm(VerbeForm):
    """A tie with the candidate: an évaluateur speaks of themselves, the employer and the porteur of anyone."""

    personne = forms.ModelChoiceField(
        label="Évaluateur concerné", queryset=Utilisateur.objects.none(), empty_label="Choisir une personne"
    )
    nature = forms.ChoiceField(
        label="Cette personne", choices=LienDeclare.Nature.choices, widget=forms.RadioSelect, required=True
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        evaluation = getattr(self.objet, "evaluation", None)
        if evaluation and evaluation.source_de(self.acteur):
            self.fields["personne"].queryset = Utilisateur.objects.filter(pk=self.acteur.pk)
            self.fields["personne"].initial = self.acteur.pk
        else:
            self.fields["personne"].queryset = Utilisateur.objects.filter(
                pk__in=[p.pk for p, _ in evaluateurs_possibles(self.objet)]
            )


class InvitationForm(VerbeForm):
    """The person of the trade who is asked for an opinion."""

    # Both are printed in a mail that leaves for somebody who does not know us.
    nom = forms.CharField(label="Nom et prénom", max_length=120, validators=[valider_nom])
    fonction = forms.CharField(
        label="Fonction",
        max_length=120,
        validators=[valider_ligne],
        help_text="Par exemple\u00a0: chef d’équipe, tuteur.",
    )
    courriel = forms.EmailField(label="Adresse électronique")


class PlusieursFichiers(forms.FileInput):
    """A file input that takes several photos at once; on a phone it offers the camera."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []


class ChampPages(forms.FileField):
    """One or several files, put together in one document."""

    widget = PlusieursFichiers

    def clean(self, data, initial=None):
        recus = [super(ChampPages, self).clean(fichier, initial) for fichier in data or [None]]
        return assembler(recus)


class GuideForm(VerbeForm):
    """The signed guide d’évaluation des compétences (outil n° 4)."""

    fichier = ChampPages(
        label="Guide d’évaluation signé",
        help_text="Un PDF, ou une photo lisible de chaque page, dans l’ordre\u00a0: elles sont réunies en un seul PDF. "
        "10 Mo par fichier et 50 pages au plus.",
        max_length=150,
        widget=PlusieursFichiers(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True}),
    )


class ObservationsForm(VerbeForm):
    """What the candidate says of their evaluation, or that they have nothing to say."""

    observations_candidat = forms.CharField(
        label="Observations",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        required=False,
        help_text="Lues par les évaluateurs et par le jury.",
    )
    sans_observation = forms.BooleanField(label="Pas d’observation", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        evaluation = getattr(self.objet, "evaluation", None)
        if evaluation and evaluation.observations_par in ("", self._voix(evaluation)):
            for nom, champ in self.fields.items():
                champ.initial = getattr(evaluation, nom)

    def _voix(self, evaluation):
        roles = Evaluation.Observateur
        return roles.EVALUATEUR if evaluation.source_de(self.acteur) else roles.CANDIDAT

    def clean(self):
        donnees = super().clean()
        texte, sans = donnees.get("observations_candidat", "").strip(), donnees.get("sans_observation")
        if bool(texte) == bool(sans):
            raise forms.ValidationError("Écrivez les observations, ou cochez «\u202fPas d’observation\u202f».")
        return donnees


class HabilitationForm(forms.ModelForm):
    """Grant the permission to evaluate one CQP."""

    class Meta:
        model = Habilitation
        fields = ["evaluateur", "certification", "organisme", "debut", "fin", "decision"]
        widgets = dict.fromkeys(("debut", "fin"), JOUR["widget"])

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        evaluateurs = Utilisateur.objects.filter(is_active=True, roles__nom="evaluateur").distinct()
        certifications = Certification.objects.all()
        if not acteur.a_role("certificateur"):
            geres = acteur.organismes_ids("gestionnaire")
            certifications = certifications.filter(porteur__in=geres)
        self.fields["evaluateur"].queryset = evaluateurs.order_by("nom", "prenom", "pk")
        self.fields["evaluateur"].empty_label = "Choisir une personne"
        self.fields["certification"].queryset = certifications
        self.fields["certification"].empty_label = "Choisir un CQP"
        self.fields["organisme"].queryset = Organisme.objects.order_by("nom_plie", "pk")
        self.fields["organisme"].empty_label = "Aucun"
        self.fields[
            "organisme"
        ].help_text = "Celui qui l’emploie\u00a0: il ne peut être ni l’employeur ni le formateur."
        self.fields["debut"].initial = timezone.localdate()


class ProlongationForm(VerbeForm):
    """Until when the habilitation now holds."""

    fin = forms.DateField(label="Nouvelle fin", **JOUR)
    decision = forms.CharField(label="Décision de la CPNE", max_length=120, required=False, validators=[valider_ligne])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].initial = self.objet.decision
