"""Forms of the evaluation: one line per compétence, whatever their number."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import VerbeForm
from backoffice.comptes.models import Utilisateur
from registre.textes import valider_ligne, valider_nom

from .models import Habilitation, ResultatCompetence

CHOIX = [("oui", "Acquise"), ("non", "Non acquise")]


class EvaluateurForm(VerbeForm):
    """The évaluateur habilité of the dossier, among those the CPNE has habilitated for this CQP."""

    evaluateur = forms.ModelChoiceField(
        label="Évaluateur habilité", queryset=Utilisateur.objects.none(), empty_label="Choisir une personne"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        certification = self.objet.version.certification
        # Expired ones stay in the list: choosing one gives the reason of the refusal, instead of a silent absence.
        self.fields["evaluateur"].queryset = Utilisateur.objects.filter(
            pk__in=Habilitation.objects.filter(certification=certification).values("evaluateur")
        )


class InvitationForm(VerbeForm):
    """The person of the trade who is asked for an opinion."""

    # Both are printed in a mail that leaves for somebody who does not know us.
    nom = forms.CharField(label="Nom et prénom", max_length=120, validators=[valider_nom])
    fonction = forms.CharField(
        label="Fonction",
        max_length=120,
        validators=[valider_ligne],
        help_text="Par exemple : chef d’équipe, tuteur.",
    )
    courriel = forms.EmailField(label="Adresse électronique")


class GuideForm(VerbeForm):
    """The signed guide d’évaluation des compétences (outil n° 4)."""

    fichier = forms.FileField(
        label="Guide d’évaluation signé",
        help_text="PDF, ou photo lisible de chaque page réunie en un fichier : 10 Mo et 50 pages au plus.",
        max_length=150,
    )

    def clean_fichier(self):
        return controler(self.cleaned_data["fichier"])


class GrilleForm(VerbeForm):
    """One answer and one comment per compétence of the blocs aimed at."""

    source = ResultatCompetence.Source.HABILITE
    exiger_tout = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.grille = []
        resultats = {r.competence_id: r for r in self._deja_saisis()}
        for bloc in self.objet.blocs_a_evaluer():
            lignes = []
            for competence in bloc.competences.all():
                connu = resultats.get(competence.pk)
                initial = {True: "oui", False: "non"}.get(connu.acquis) if connu else None
                reponse, remarque = f"r{competence.pk}", f"c{competence.pk}"
                self.fields[reponse] = forms.ChoiceField(
                    label=f"{competence.code} {competence.libelle}".strip(),
                    choices=CHOIX,
                    widget=forms.RadioSelect,
                    required=self.exiger_tout,
                    initial=initial,
                )
                self.fields[remarque] = forms.CharField(
                    label=f"Commentaire sur la compétence {competence.code or competence.libelle}",
                    required=False,
                    max_length=1000,
                    initial=connu.commentaire if connu else "",
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
                lignes.append((competence, reponse, remarque))
            self.grille.append((bloc, lignes))

    def _deja_saisis(self):
        evaluation = getattr(self.objet, "evaluation", None)
        if evaluation is None:
            return ResultatCompetence.objects.none()
        return evaluation.resultats.filter(Q(source=self.source))

    def lignes(self):
        """Per bloc, each compétence with its two bound fields, for the template."""
        return [
            {
                "bloc": bloc,
                "lignes": [{"competence": c, "reponse": self[r], "remarque": self[k]} for c, r, k in lignes],
            }
            for bloc, lignes in self.grille
        ]

    def clean(self):
        donnees = super().clean()
        donnees["resultats"] = {
            competence.pk: ({"oui": True, "non": False}.get(donnees.get(reponse)), donnees.get(remarque, ""))
            for _, lignes in self.grille
            for competence, reponse, remarque in lignes
        }
        return donnees


class ReponseMetierForm(GrilleForm):
    """What the évaluateur métier answers from the link: every compétence, and a general comment."""

    source = ResultatCompetence.Source.METIER
    exiger_tout = True

    commentaire = forms.CharField(
        label="Votre avis général", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False
    )


class EvaluationForm(GrilleForm):
    """What the évaluateur habilité records; may be saved unfinished."""

    date_evaluation = forms.DateField(
        label="Date de l’évaluation", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    commentaire = forms.CharField(
        label="Commentaire général", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False
    )
    observations_candidat = forms.CharField(
        label="Observations du candidat",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
        help_text="Recopiez ce que la personne a dit ou écrit de son évaluation.",
    )
    sans_observation = forms.BooleanField(label="Le candidat n’a pas d’observation", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        evaluation = getattr(self.objet, "evaluation", None)
        if evaluation:
            for champ in ("date_evaluation", "commentaire", "observations_candidat", "sans_observation"):
                self.fields[champ].initial = getattr(evaluation, champ)

    def clean_date_evaluation(self):
        jour = self.cleaned_data["date_evaluation"]
        if jour and jour > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir : indiquez le jour où l’évaluation a eu lieu.")
        return jour

    def clean(self):
        donnees = super().clean()
        if donnees.get("sans_observation") and donnees.get("observations_candidat", "").strip():
            self.add_error(
                "sans_observation", "Des observations sont écrites au-dessus : décochez cette case, ou effacez-les."
            )
        return donnees
