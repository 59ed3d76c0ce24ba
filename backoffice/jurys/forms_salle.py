"""Forms of the room: the decision, the ballot paper, the sheet of the secretary."""

from django import forms

from backoffice.candidatures.forms import VerbeForm
from backoffice.candidatures.models import Etat
from backoffice.evaluations.resultats import resultats_par_bloc
from backoffice.parcours.models import Majorite, ModeDecision

from .composition import corps
from .corps import COLLEGES, Siege
from .models import DecisionBloc, Inscription, MembreJury, Voix
from .votes import aux_voix, decision_du_vote, en_cours
from .workflow import AVANT_SCEAU, inscription_active

COMPTES = (("pour", "Pour"), ("contre", "Contre"), ("abstentions", "Abstentions"))


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
        self.inscription = inscription_active(self.objet)
        self.blocs = self.objet.blocs_a_evaluer()
        self.vote_attendu = self._vote_attendu()
        if self.vote_attendu:
            # The blocs wait for a ballot: until then the dossier may only be put off.
            self.fields["issue"].choices = [
                c for c in self.fields["issue"].choices if c[0] != Inscription.Issue.DECIDEE
            ]
            self.fields["issue"].initial, self.blocs = None, []
        propositions = self._propositions()
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
        self.fields["motif"] = forms.CharField(
            label="Motif de l’ajournement, de l’absence ou de l’excuse",
            required=False,
            max_length=500,
            initial=self.inscription.motif if self.inscription else "",
        )
        self.fields["recommandations"] = forms.CharField(
            label="Recommandations du jury",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            initial=self.inscription.recommandations if self.inscription else "",
        )
        if self.inscription and self.inscription.issue:
            self.fields["issue"].initial = self.inscription.issue

    def _vote_attendu(self) -> bool:
        """Does this jury decide by a vote that has not settled everything yet?"""
        par_vote = self.objet.parcours.mode_decision == ModeDecision.VOTE
        return bool(par_vote and self.inscription and aux_voix(self.inscription))

    def _propositions(self) -> dict[int, tuple[bool | None, str]]:
        """Per bloc, what the form starts from: this session's decision, else its vote, else the first jury's proposal
        when the CPNE decides, else the evaluation; nothing where both évaluateurs diverge, the jury examines."""
        siennes = self.objet.inscriptions.filter(retiree_le=None)
        propose = siennes.exclude(session__etat__in=AVANT_SCEAU).filter(issue=Inscription.Issue.DECIDEE)
        if self.inscription and self.inscription.issue:
            connues = self.inscription.decisions.all()
        elif self.objet.etat == Etat.PROPOSEE:
            connues = DecisionBloc.objects.filter(inscription=propose.last())
        else:
            connues = ()
        depart = {
            ligne["bloc"].pk: (None if ligne["diverge"] else ligne["acquis"], "")
            for ligne in resultats_par_bloc(self.objet)
        }
        vote = decision_du_vote(self.inscription) if self.inscription else {}
        dites = {d.bloc_id: (d.acquis, d.motif) for d in connues}
        return depart | dites | {b: (acquis, dites.get(b, (None, ""))[1]) for b, acquis in vote.items()}

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


class FeuilleForm(DeliberationForm):
    """The sheet filled in by hand: the conclusion, and the voices counted on each bloc."""

    def _vote_attendu(self) -> bool:
        return False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        parcours = self.objet.parcours
        self.par_vote = parcours.mode_decision == ModeDecision.VOTE
        # One count for all, unless each collège must have its own majority.
        self.colleges = COLLEGES if parcours.majorite == Majorite.COLLEGES else ("",)
        for bloc in self.blocs:
            for college in self.colleges:
                for nom, libelle in COMPTES:
                    precision = f" ({MembreJury.College(college).label})" if college else ""
                    self.fields[f"{nom}{college}{bloc.pk}"] = forms.IntegerField(
                        label=f"{libelle}{precision}", required=False, min_value=0, max_value=99
                    )

    def lignes(self):
        """(bloc, decision field, reason field, counts) for the template."""
        return [
            (bloc, decision, motif, [self[f"{nom}{c}{bloc.pk}"] for c in self.colleges for nom, _ in COMPTES])
            for bloc, decision, motif in super().lignes()
        ]

    def clean(self):
        donnees = super().clean()
        donnees["comptes"] = {}
        for bloc in self.blocs:
            lus = {c: [donnees.get(f"{nom}{c}{bloc.pk}") for nom, _ in COMPTES] for c in self.colleges}
            if any(nombre is not None for nombres in lus.values() for nombre in nombres):
                donnees["comptes"][bloc.pk] = {c: tuple(n or 0 for n in nombres) for c, nombres in lus.items()}
        return donnees


class BulletinForm(VerbeForm):
    """The ballot paper of one seat: a choice for each bloc put to the vote."""

    siege = forms.ModelChoiceField(label="Voix", queryset=MembreJury.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.inscription = inscription_active(self.objet)
        ouvert = self.inscription and en_cours(self.inscription)
        self.blocs = aux_voix(self.inscription) if ouvert else []
        sieges = voix_portees(self.inscription, self.acteur) if ouvert else []
        self.fields["siege"].queryset = MembreJury.objects.filter(pk__in=[s.membre.pk for s in sieges])
        self.fields["siege"].label_from_instance = lambda m: (
            "Ma voix" if m.utilisateur_id == self.acteur.pk else f"Procuration de {m.utilisateur}"
        )
        if sieges:
            self.fields["siege"].initial = sieges[0].membre.pk
        for bloc in self.blocs:
            self.fields[f"b{bloc.pk}"] = forms.ChoiceField(
                label=f"{bloc.code} – {bloc.libelle}", choices=Voix.Choix.choices, widget=forms.RadioSelect
            )

    def clean(self):
        donnees = super().clean()
        donnees["choix"] = {bloc.pk: donnees.get(f"b{bloc.pk}", "") for bloc in self.blocs}
        return donnees


def voix_portees(inscription: Inscription, utilisateur) -> list[Siege]:
    """The voices that this person casts on this dossier: their own first, then the proxies."""
    return corps(inscription.session, inscription).portees_par(utilisateur)


class ClotureForm(VerbeForm):
    """Close a vote, with all the voices called or without those that did not come."""

    sans_attendre = forms.BooleanField(
        label="Clore avec les voix exprimées",
        required=False,
        help_text="Les voix qui manquent comptent comme des abstentions.",
    )


class AnnulationForm(VerbeForm):
    """Cancel a vote: the reason stays in the journal."""

    motif = forms.CharField(
        label="Pourquoi annuler ce vote",
        min_length=5,
        max_length=500,
        help_text="Les voix sont détruites. Un autre tour peut s’ouvrir ensuite.",
    )
