"""The grids that évaluateurs fill in: an answer or a mark per compétence, with a comment."""

from decimal import Decimal
from typing import NamedTuple

from django import forms
from django.utils import timezone

from backoffice.candidatures.forms import VerbeForm

from .calcul import Regles
from .models import BrouillonGrille, Evaluation, ResultatCompetence

CHOIX = [("oui", "Acquise"), ("non", "Non acquise")]
ENSEMBLE = ("date_evaluation", "observations_candidat", "sans_observation")


class Reponse(NamedTuple):
    """What is said of one compétence; where the parcours marks, the mark alone counts."""

    acquis: bool | None = None
    commentaire: str = ""
    note: Decimal | None = None


def ecrire_note(note: Decimal | None) -> str:
    """A mark as people write it: « 12,5 », « 8 »."""
    if note is None:
        return ""
    texte = f"{note:f}"
    return (texte.rstrip("0").rstrip(".") if "." in texte else texte).replace(".", ",")


class GrilleForm(VerbeForm):
    """One answer (or mark) and one comment per compétence of the blocs aimed at."""

    source = ResultatCompetence.Source.HABILITE
    exiger_tout = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.evaluation = getattr(self.objet, "evaluation", None)
        self.regles = Regles.de(self.objet.parcours)
        self.en_notes = self.regles.en_notes and self.source != ResultatCompetence.Source.METIER
        self.grille = []
        connus = {r.competence_id: r for r in self._deja_saisis()}
        for bloc in self.objet.blocs_a_evaluer():
            competences = list(bloc.competences.all())
            for competence in competences:
                self._ajouter(competence, connus.get(competence.pk))
            self.grille.append((bloc, competences))

    def _deja_saisis(self):
        if self.evaluation is None:
            return ResultatCompetence.objects.none()
        return self.evaluation.resultats.filter(source=self.source)

    def _ajouter(self, competence, connu):
        libelle = f"{competence.code} {competence.libelle}".strip()
        if self.en_notes:
            self.fields[f"n{competence.pk}"] = self._champ_de_note(libelle, connu)
        else:
            self.fields[f"r{competence.pk}"] = forms.ChoiceField(
                label=libelle,
                choices=CHOIX,
                widget=forms.RadioSelect,
                required=self.exiger_tout,
                initial={True: "oui", False: "non"}.get(connu.acquis) if connu else None,
            )
        self.fields[f"c{competence.pk}"] = forms.CharField(
            label=f"Commentaire sur la compétence {competence.code or competence.libelle}",
            required=False,
            max_length=1000,
            initial=connu.commentaire if connu else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def _champ_de_note(self, libelle, connu):
        return forms.DecimalField(
            label=libelle,
            required=self.exiger_tout,
            localize=True,
            min_value=0,
            max_value=self.regles.note_maximale,
            max_digits=5,
            decimal_places=2,
            initial=ecrire_note(connu.note) if connu else "",
            help_text=f"Note sur {self.regles.note_maximale}, par exemple 12,5. "
            f"Acquise à partir de {ecrire_note(self.regles.seuil_competence)}.",
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
            error_messages={
                "invalid": "Écrivez la note en chiffres, avec une virgule s’il le faut\u00a0: 12,5.",
                "min_value": "Une note ne descend pas sous 0.",
                "max_value": f"La note va de 0 à {self.regles.note_maximale}.",
                "max_decimal_places": "Deux chiffres après la virgule suffisent.",
            },
        )

    def lignes(self):
        """Per bloc, each compétence with its two bound fields, for the template."""
        lettre = "n" if self.en_notes else "r"
        return [
            {
                "bloc": bloc,
                "lignes": [
                    {"competence": c, "reponse": self[f"{lettre}{c.pk}"], "remarque": self[f"c{c.pk}"]}
                    for c in competences
                ],
            }
            for bloc, competences in self.grille
        ]

    def clean(self):
        donnees = super().clean()
        donnees["resultats"] = {
            c.pk: Reponse(
                {"oui": True, "non": False}.get(donnees.get(f"r{c.pk}")),
                donnees.get(f"c{c.pk}", ""),
                donnees.get(f"n{c.pk}"),
            )
            for _, competences in self.grille
            for c in competences
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
    """What an évaluateur habilité records; may be saved unfinished. The second one gives a grid and a comment only."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
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
        help_text="Recopiez ce que la personne a dit ou écrit de son évaluation. Elle peut aussi les écrire elle-même, "
        "dans son espace.",
    )
    sans_observation = forms.BooleanField(label="Le candidat n’a pas d’observation", required=False)

    def __init__(self, *args, **kwargs):
        evaluation = getattr(kwargs["objet"], "evaluation", None)
        if evaluation is not None:
            self.source = evaluation.source_de(kwargs["acteur"]) or self.source
        super().__init__(*args, **kwargs)
        if evaluation is not None:
            self._reprendre(evaluation)

    def _reprendre(self, evaluation):
        second = self.source == ResultatCompetence.Source.SECOND
        if second or evaluation.observations_par == Evaluation.Observateur.CANDIDAT:
            # Their own words are not ours to rewrite.
            del self.fields["observations_candidat"], self.fields["sans_observation"]
        if second:
            del self.fields["date_evaluation"]
        for champ in set(ENSEMBLE) & set(self.fields):
            self.fields[champ].initial = getattr(evaluation, champ)
        self.fields["commentaire"].initial = evaluation.commentaire_second if second else evaluation.commentaire
        brouillon = BrouillonGrille.objects.filter(evaluation=evaluation, source=self.source).first()
        self.fields["version"].initial = brouillon.version if brouillon else 0
        self.brouillon = brouillon if brouillon and brouillon.contenu else None
        if self.brouillon:
            for nom in set(self.brouillon.contenu) & set(self.fields) - {"version"}:
                self.fields[nom].initial = self.brouillon.contenu[nom]
            if "sans_observation" in self.fields:  # a box without its tick sends nothing
                self.fields["sans_observation"].initial = "sans_observation" in self.brouillon.contenu

    def clean_date_evaluation(self):
        jour = self.cleaned_data["date_evaluation"]
        if jour and jour > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir\u00a0: indiquez le jour où l’évaluation a eu lieu.")
        return jour

    def clean(self):
        donnees = super().clean()
        if donnees.get("sans_observation") and donnees.get("observations_candidat", "").strip():
            self.add_error(
                "sans_observation",
                "Des observations sont écrites au-dessus\u00a0: décochez cette case, ou effacez-les.",
            )
        return donnees
