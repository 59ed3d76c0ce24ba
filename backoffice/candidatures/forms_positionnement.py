"""Forms of step 4: the blocs aimed at, those taken over from the registry or from an outside proof."""

from django import forms
from django.db.models import Q

from backoffice.parcours.validite import fin_de_validite
from registre.models import Bloc
from registre.textes import valider_ligne

from .credits import equivalences_de, sources_au_registre
from .forms import VerbeForm
from .models_instruction import BlocAcquis


class PositionnementForm(VerbeForm):
    """The blocs aimed at, those already held apart."""

    blocs_vises = forms.ModelMultipleChoiceField(
        label="Blocs à évaluer",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez tous les blocs pour viser la certification entière. Les blocs repris n’y figurent pas\u00a0: "
        "ils comptent déjà.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        repris = self.objet.blocs_acquis.values("bloc")
        offerts = self.objet.version.blocs.filter(Q(option=None) | Q(option=self.objet.option_id))
        self.fields["blocs_vises"].queryset = offerts.exclude(pk__in=repris)
        self.fields["blocs_vises"].initial = self.objet.blocs_a_evaluer()


class RepriseForm(VerbeForm):
    """One bloc that the registry knows, and the word of somebody that it is the same person."""

    source = forms.ChoiceField(label="Bloc déjà acquis", widget=forms.RadioSelect)
    meme_personne = forms.BooleanField(
        label="J’ai comparé l’état civil\u00a0: il s’agit bien de la même personne",
        error_messages={"required": "Comparez l’état civil des deux dossiers, puis cochez cette case."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sources = {s.cle: s for s in sources_au_registre(self.objet)}
        self.fields["source"].choices = [(cle, s.libelle) for cle, s in self.sources.items()]
        if not self.sources:
            self.fields["source"].help_text = (
                "Le registre ne connaît aucun bloc acquis par cette personne pour cette certification. "
                "La recherche compare le nom de naissance, le premier prénom et la date de naissance complète."
            )

    def clean_source(self):
        return self.sources[self.cleaned_data["source"]]


class PreuveForm(VerbeForm):
    """A bloc acquired elsewhere, with what proves it."""

    bloc = forms.ModelChoiceField(label="Bloc visé", queryset=Bloc.objects.none(), empty_label="Choisir le bloc")
    acquis = forms.ModelChoiceField(
        label="Bloc réellement acquis",
        queryset=Bloc.objects.none(),
        required=False,
        empty_label="Le même bloc",
        help_text="Si la preuve porte sur une autre version\u00a0: l’équivalence doit être déclarée.",
    )
    organisme = forms.CharField(label="Délivré par", max_length=150, validators=[valider_ligne])
    acquis_le = forms.DateField(label="Acquis le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valide_jusqu_au = forms.DateField(
        label="Valable jusqu’au",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    piece = forms.ModelChoiceField(label="Pièce qui le prouve", queryset=None, empty_label="Choisir la pièce")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        version, mois = self.objet.version, self.objet.parcours.validite_blocs_mois
        self.fields["bloc"].queryset = version.blocs.exclude(pk__in=self.objet.blocs_acquis.values("bloc"))
        autres = Bloc.objects.filter(
            Q(pk__in=equivalences_de(self.objet)) | Q(version__certification=version.certification_id)
        )
        self.fields["acquis"].queryset = autres.exclude(version=version).select_related("version")
        self.fields["acquis"].label_from_instance = lambda b: f"{b} ({b.version.numero or b.version.intitule})"
        self.fields["piece"].queryset = self.objet.pieces.filter(retiree_le=None, requise__isnull=False)
        selon_les_regles = f"{mois} mois après l’acquisition, comme le veut ce parcours" if mois else "sans limite"
        self.fields["valide_jusqu_au"].help_text = f"Vide\u00a0: {selon_les_regles}."

    def clean(self):
        donnees = super().clean()
        jour, fin = donnees.get("acquis_le"), donnees.get("valide_jusqu_au")
        if jour and fin and fin < jour:
            self.add_error("valide_jusqu_au", "La validité finit après l’acquisition\u00a0: vérifiez les deux dates.")
        mois = self.objet.parcours.validite_blocs_mois
        if jour and not fin and mois:
            donnees["valide_jusqu_au"] = fin_de_validite(jour, mois)
        return donnees


class RetraitRepriseForm(VerbeForm):
    """Which bloc is to be evaluated after all."""

    credit = forms.ModelChoiceField(
        label="Bloc repris", queryset=BlocAcquis.objects.none(), empty_label="Choisir le bloc"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credit"].queryset = self.objet.blocs_acquis.select_related("bloc")
        self.fields["credit"].label_from_instance = lambda credit: str(credit.bloc)
