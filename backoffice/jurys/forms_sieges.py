"""Forms of the seats: who sits, who chairs, who leaves the list, who does not take part in a dossier."""

from django import forms

from backoffice.candidatures.forms import VerbeForm
from registre.textes import valider_ligne

from .models import Inscription, Mandat, MembreJury
from .nominations import mandats_a_asseoir


class ChoixDeMembre(forms.ModelChoiceField):
    """One seat of the session, told by its person and collège."""

    def label_from_instance(self, membre):
        suppleant = ", suppléant" if membre.suppleant else ""
        return f"{membre.utilisateur} – {membre.get_college_display()}{suppleant}"


class MembreForm(VerbeForm):
    """Seat the holder of a mandate that runs on the day of the session."""

    mandat = forms.ModelChoiceField(
        label="Membre",
        queryset=Mandat.objects.none(),
        empty_label="Choisir parmi les mandats en cours le jour de la session",
        help_text="Le collège, l’organisation et la qualité sont ceux du mandat.",
    )
    fonction = forms.ChoiceField(label="Fonction", choices=MembreJury.Fonction.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mandat"].queryset = mandats_a_asseoir(self.objet)
        self.fields["mandat"].label_from_instance = lambda m: (
            f"{m.personne} – {m.get_college_display()}{', suppléant' if m.suppleant else ''}"
            f"{f' ({m.organisation})' if m.organisation else ''}"
        )


class SortieForm(VerbeForm):
    """Which seat is freed, and why."""

    membre = ChoixDeMembre(
        label="Membre à retirer", queryset=MembreJury.objects.none(), empty_label="Choisir le membre"
    )
    motif = forms.CharField(
        label="Motif", max_length=250, required=False, help_text="Lu par la personne dans le courriel qui la prévient."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membre"].queryset = self.objet.membres.select_related("utilisateur")


class PresidenceForm(VerbeForm):
    """Who chairs this session, and who takes over."""

    president = ChoixDeMembre(label="Présidence", queryset=MembreJury.objects.none(), empty_label="Choisir le membre")
    vice_president = ChoixDeMembre(
        label="Vice-présidence", queryset=MembreJury.objects.none(), required=False, empty_label="Personne"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in ("president", "vice_president"):
            self.fields[nom].queryset = self.objet.membres.filter(suppleant=False).select_related("utilisateur")
            self.fields[nom].initial = self.objet.membres.filter(fonction=nom).first()


class DeportForm(VerbeForm):
    """A member recuses themself from one dossier, known by its candidate and employer only."""

    inscription = forms.ModelChoiceField(
        label="Dossier", queryset=Inscription.objects.none(), empty_label="Choisir le dossier"
    )
    raison = forms.CharField(
        label="Raison",
        max_length=250,
        min_length=5,
        validators=[valider_ligne],
        help_text="Elle figure au PV\u00a0: dites le lien, sans détail privé.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        siennes = self.objet.inscriptions.filter(retiree_le=None, issue="")
        siennes = siennes.exclude(deports__membre__utilisateur=self.acteur)
        self.fields["inscription"].queryset = siennes.select_related(
            "candidature__titulaire", "candidature__etablissement", "session"
        )
        self.fields["inscription"].label_from_instance = lambda i: (
            f"{i.candidature.reference} – {i.candidature.titulaire.nom_complet}, {i.candidature.etablissement}"
        )


class RetourForm(VerbeForm):
    """Which recusal its author takes back."""

    inscription = forms.ModelChoiceField(
        label="Dossier", queryset=Inscription.objects.none(), empty_label="Choisir le dossier"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["inscription"].queryset = self.objet.inscriptions.filter(
            retiree_le=None, issue="", deports__membre__utilisateur=self.acteur, deports__declare=True
        ).select_related("candidature", "session")
        self.fields["inscription"].label_from_instance = lambda i: i.candidature.reference
