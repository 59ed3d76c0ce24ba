"""Forms of presence and proxies. Who holds the pen says of whom; a member speaks for themself."""

from django import forms

from backoffice.candidatures.forms import VerbeForm

from .forms_sieges import ChoixDeMembre
from .models import MembreJury, Procuration, SessionJury

PLUMES = {"secretaire", "gestionnaire", "certificateur"}


def tient_la_plume(session: SessionJury, acteur) -> bool:
    """May this person write for the members: secretary of the session, or organiser?"""
    return bool(session.roles_de(acteur) & PLUMES)


def siege_vise(session: SessionJury, acteur, donnees, champ: str = "membre") -> MembreJury | None:
    """The seat of which the form speaks, that of the person when it names none."""
    return donnees.get(champ) or session.membres.filter(utilisateur=acteur).first()


class MembreViseForm(VerbeForm):
    """Base: the field `membre` is there for who holds the pen only."""

    membre = ChoixDeMembre(label="Membre", queryset=MembreJury.objects.none(), empty_label="Choisir le membre")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if tient_la_plume(self.objet, self.acteur):
            self.fields["membre"].queryset = self.possibles(self.objet.membres.select_related("utilisateur"))
            self.fields["membre"].initial = self.objet.membres.filter(utilisateur=self.acteur).first()
        else:
            del self.fields["membre"]

    @staticmethod
    def possibles(membres):
        """The members of whom this may be said."""
        return membres


class ExcuseForm(MembreViseForm):
    """Who cannot come, and why."""

    motif = forms.CharField(
        label="Motif",
        max_length=250,
        min_length=3,
        help_text="Lu par les organisateurs et le secrétaire. Ne donnez pas de détail de santé.",
    )

    @staticmethod
    def possibles(membres):
        return membres.filter(present_le=None, excuse_le=None)


class DepartForm(MembreViseForm):
    """Who leaves the room."""

    @staticmethod
    def possibles(membres):
        return membres.filter(present_le__isnull=False, parti_le=None)


class CorrectionForm(VerbeForm):
    """Who was not there after all."""

    membre = ChoixDeMembre(
        label="Personne notée présente par erreur", queryset=MembreJury.objects.none(), empty_label="Choisir le membre"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        presents = self.objet.membres.filter(present_le__isnull=False)
        self.fields["membre"].queryset = presents.select_related("utilisateur")


class ChoixDeMembres(forms.ModelMultipleChoiceField):
    """Several seats, told as one is."""

    label_from_instance = ChoixDeMembre.label_from_instance


class PresenceForm(VerbeForm):
    """Who signed the sheet."""

    membres = ChoixDeMembres(label="Présents", queryset=MembreJury.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        absents = self.objet.membres.exclude(present_le__isnull=False, parti_le=None)
        self.fields["membres"].queryset = absents.select_related("utilisateur").order_by("college", "suppleant", "pk")


class ProcurationForm(VerbeForm):
    """Who carries the voice of whom."""

    mandant = ChoixDeMembre(
        label="Membre absent", queryset=MembreJury.objects.none(), empty_label="Choisir le membre absent"
    )
    mandataire = ChoixDeMembre(
        label="Représenté par",
        queryset=MembreJury.objects.none(),
        empty_label="Choisir le membre",
        help_text="Sa présence est nécessaire\u00a0: une voix portée par un absent ne compte pas.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        membres = self.objet.membres.select_related("utilisateur").order_by("college", "pk")
        if tient_la_plume(self.objet, self.acteur):
            self.fields["mandant"].queryset = membres.filter(suppleant=False)
            self.fields["mandataire"].queryset = membres.filter(excuse_le=None)
        else:
            del self.fields["mandant"]
            self.fields["mandataire"].queryset = membres.filter(excuse_le=None).exclude(utilisateur=self.acteur)


class RetraitDeProcurationForm(VerbeForm):
    """Which proxy is taken back."""

    procuration = forms.ModelChoiceField(
        label="Procuration", queryset=Procuration.objects.none(), empty_label="Choisir la procuration"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        siennes = Procuration.objects.filter(mandant__session=self.objet, retiree_le=None)
        if not tient_la_plume(self.objet, self.acteur):
            siennes = siennes.filter(mandant__utilisateur=self.acteur)
        self.fields["procuration"].queryset = siennes.select_related("mandant__utilisateur", "mandataire__utilisateur")
        self.fields["procuration"].label_from_instance = lambda p: (
            f"{p.mandant.utilisateur}, représenté(e) par {p.mandataire.utilisateur}"
        )
